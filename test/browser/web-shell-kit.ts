/** A small engine behind the real contract, a page folder on disk, and raw requests, for the tests of the web shell. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { WebSocket } from 'ws';
import { startWebShell } from '../../app/web/index.ts';
import type { ServedEngine, WebShell } from '../../app/web/index.ts';
import { createEmitter, fail, ok } from '../../main/base/index.ts';
import type { CancelSignal, Result } from '../../main/base/index.ts';
import { contract, serveContract } from '../../main/contract/index.ts';
import type { HandlersOf, Job, ParjanyaContract } from '../../main/contract/index.ts';
import type { Picture } from '../../main/ports/index.ts';

export interface SmallEngine extends ServedEngine {
  readonly jobsChanged: ReturnType<typeof createEmitter<Job[]>>;
  /** Pages served now. */
  readonly pages: () => number;
  /** Pictures asked for with id 9 wait for ever; this counts those that were cancelled. */
  readonly cancelledPictures: () => number;
  readonly pictureStarted: Promise<void>;
}

/** Photo 1 is a picture, 2 is not known, 3 has no preview, 4 makes the decoder stop, 9 takes for ever. */
export async function createSmallEngine(): Promise<SmallEngine> {
  const jpeg = await sharp({ create: { width: 48, height: 32, channels: 3, background: { r: 90, g: 120, b: 150 } } }).jpeg().toBuffer();
  const granted: { grant: string; name: string; kind: 'shoot' | 'destination' }[] = [];
  const jobsChanged = createEmitter<Job[]>();
  let pages = 0;
  let cancelled = 0;
  let started: () => void = () => undefined;
  const pictureStarted = new Promise<void>((resolve) => (started = resolve));
  const unknown = (): Result<never> => fail('not-found', 'There is no such thing here.');
  const handlers: Omit<HandlersOf<ParjanyaContract>, 'shell'> = {
    library: {
      open: unknown,
      grants: () => ok(granted),
      photos: unknown,
      photo: unknown,
      look: () => ok({}),
      changed: createEmitter(),
    },
    cull: { decide: unknown, undo: unknown, redo: unknown, history: unknown },
    jobs: { list: () => ok([]), cancel: unknown, changed: jobsChanged },
    deliver: { plan: unknown, run: async () => unknown() },
  };
  const never = (signal?: CancelSignal): Promise<Result<Picture>> =>
    new Promise((resolve) => {
      started();
      signal?.addEventListener('abort', () => {
        cancelled += 1;
        resolve(fail('cancelled', 'It was cancelled.'));
      });
    });
  return {
    jobsChanged,
    pages: () => pages,
    cancelledPictures: () => cancelled,
    pictureStarted,
    async grant(path, kind) {
      if (path.includes('missing')) return fail('folder-missing', `The folder ${path} does not exist.`);
      const grant = { grant: `g${granted.length + 1}`, name: path.split('/').at(-1) ?? path, kind };
      granted.push(grant);
      return ok(grant);
    },
    serve(transport, shell) {
      pages += 1;
      transport.onClose(() => (pages -= 1));
      return serveContract(contract, { ...handlers, shell }, transport);
    },
    async picture(id, _size, signal) {
      if (id === 1) return ok({ jpeg, width: 48, height: 32, source: 'self' });
      if (id === 3) return fail('preview-none', 'No embedded preview was found in this file.');
      if (id === 4) return fail('worker-crashed', 'The decoder stopped on this file, twice.');
      if (id === 9) return never(signal);
      return fail('not-found', 'There is no such photo.');
    },
  };
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
  const engine = await createSmallEngine();
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
