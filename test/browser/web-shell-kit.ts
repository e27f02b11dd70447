/** A web shell on a small engine, a page folder on disk, and raw requests, for the tests of the web shell. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { WebSocket } from 'ws';
import { startWebShell } from '../../app/web/index.ts';
import type { WebShell } from '../../app/web/index.ts';
import { createSmallEngine } from './small-engine.ts';
import type { SmallEngine } from './small-engine.ts';

/** A real JPEG, 48 x 32. */
export function makeSmallJpeg(): Promise<Buffer> {
  return sharp({ create: { width: 48, height: 32, channels: 3, background: { r: 90, g: 120, b: 150 } } }).jpeg().toBuffer();
}

export interface Site {
  readonly shell: WebShell;
  readonly engine: SmallEngine;
  readonly folder: string;
  readonly origin: string;
  /** `Cookie` header of somebody who followed the first link. */
  readonly cookie: string;
  close(): Promise<void>;
}

/** A page folder with a secret beside it, a shell on it, and a cookie. */
export async function openSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'parjanya-web-'));
  const rendererFolder = join(folder, 'renderer');
  await mkdir(join(rendererFolder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'nobody may read this');
  await writeFile(join(rendererFolder, 'index.html'), '<!doctype html><title>page</title><div id="root"></div>');
  await writeFile(join(rendererFolder, 'assets', 'index-1a2b.js'), 'globalThis.loaded = true;\n');
  await writeFile(join(rendererFolder, '.hidden.js'), 'hidden');
  await writeFile(join(rendererFolder, 'notes.map'), 'a source map');
  const engine = createSmallEngine(await makeSmallJpeg());
  const started = await startWebShell({ engine, rendererFolder, shoots: ['/photos/wedding'], destinations: ['/photos/out'], version: '1.2.3' });
  if (!started.ok) throw new Error(started.error.message);
  const shell = started.value;
  const first = await fetch(shell.url, { redirect: 'manual' });
  const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return {
    shell,
    engine,
    folder,
    origin: `http://127.0.0.1:${shell.port}`,
    cookie,
    async close() {
      await shell.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Sends exactly these bytes and answers with everything that came back until the server closed. */
export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    socket.end(bytes, 'latin1');
  });
}

/** Opens a socket with these headers; answers with the open socket or the HTTP status that refused it. */
export function openSocket(site: Site, headers: Record<string, string>, path = '/socket'): Promise<WebSocket | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${site.shell.port}${path}`, { headers, perMessageDeflate: false });
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.once('error', (error) => {
      if (socket.readyState === WebSocket.CONNECTING) reject(error);
    });
  });
}

export function pageHeaders(site: Site): Record<string, string> {
  return { Cookie: site.cookie, Origin: site.origin };
}
