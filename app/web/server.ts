/**
 * The web shell: the same page in any browser on this machine, over loopback HTTP and one WebSocket.
 * Who may speak to it is decided in access.ts.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { fail, ok } from '../../main/base/index.ts';
import type { Result } from '../../main/base/index.ts';
import { maxMessageCharacters } from '../../main/contract/index.ts';
import type { HandlersOf, ParjanyaContract, Transport } from '../../main/contract/index.ts';
import { createAccess } from './access.ts';
import type { Access } from './access.ts';
import { readPageFiles } from './page-files.ts';
import type { PageFile } from './page-files.ts';
import { parsePictureAddress, sendPicture } from './pictures.ts';
import type { PictureSource } from './pictures.ts';
import { closing, createSocketTransport } from './socket.ts';

type ShellHandlers = HandlersOf<ParjanyaContract>['shell'];

/** What the web shell needs of the engine (main/engine.ts). */
export interface ServedEngine {
  grant(path: string, kind: 'shoot' | 'destination'): Promise<Result<{ grant: string; name: string }>>;
  serve(transport: Transport, shell: ShellHandlers): () => void;
  readonly picture: PictureSource;
}

export interface WebShellOptions {
  readonly engine: ServedEngine;
  /** 0 or none: any free port. */
  readonly port?: number;
  /** The built page (dist/renderer). */
  readonly rendererFolder: string;
  /** Folders that the page may open, and those that it may export to. The page sees grants and names, never paths. */
  readonly shoots?: readonly string[];
  readonly destinations?: readonly string[];
  readonly version?: string;
  /** A throw while a request is served, which is a bug; the client gets a plain 500. */
  readonly onBug?: (error: unknown) => void;
}

export interface WebShell {
  /** `http://127.0.0.1:<port>/?t=<token>`: the first link, for the person who started it. */
  readonly url: string;
  readonly port: number;
  /** Ends every connection and stops listening. The engine stays; its owner closes it. */
  close(): Promise<void>;
}

/**
 * Starts the web shell on 127.0.0.1. The engine is not closed with it.
 * Errors: folder-missing (the page is not built, or a shoot is not there), not-available (the port is in use or not allowed),
 * and what granting a folder may answer.
 */
export async function startWebShell(options: WebShellOptions): Promise<Result<WebShell>> {
  const page = await readPageFiles(options.rendererFolder);
  if (!page.ok) return page;
  for (const [kind, folders] of [['shoot', options.shoots ?? []], ['destination', options.destinations ?? []]] as const)
    for (const folder of folders) {
      const granted = await options.engine.grant(folder, kind);
      if (!granted.ok) return granted;
    }

  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000, maxHeaderSize: 16_384 });
  const listening = await listen(server, options.port ?? 0);
  if (!listening.ok) return listening;
  const port = listening.value;
  const access = createAccess(port);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageCharacters, perMessageDeflate: false, clientTracking: true });
  const shell = describeShell(options.version ?? '0.0.0');
  const headers = securityHeaders(port);

  server.on('request', (request, response) => {
    answer(request, response, access, page.value, options.engine.picture, headers).catch((error: unknown) => {
      options.onBug?.(error);
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'Something unexpected went wrong.');
    });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { path } = splitTarget(request);
    const allowed = access.isOurHost(request) && access.isOurOrigin(request) && access.hasCookie(request);
    if (!allowed) return refuseUpgrade(socket, '403 Forbidden');
    if (path !== '/socket') return refuseUpgrade(socket, '404 Not Found');
    sockets.handleUpgrade(request, socket, head, (client) => {
      options.engine.serve(createSocketTransport(client), shell);
    });
  });

  let closed: Promise<void> | null = null;
  const close = (): Promise<void> =>
    (closed ??= new Promise((resolve) => {
      for (const client of sockets.clients) client.close(closing.goingAway);
      sockets.close();
      server.close(() => resolve());
      // whoever does not answer the closing frame at once, or reads too slowly, is not waited for
      setImmediate(() => {
        for (const client of sockets.clients) client.terminate();
        server.closeAllConnections();
      });
    }));
  return ok({ url: `http://127.0.0.1:${port}/?t=${access.token}`, port, close });
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<Result<number>> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE') resolve(fail('not-available', `Port ${port} is in use by another program; choose another one.`));
      else if (error.code === 'EACCES') resolve(fail('not-available', `Port ${port} may not be used by this user; choose one above 1023.`));
      else resolve(fail('not-available', `Cannot listen on port ${port}: ${error.message}`));
    };
    server.once('error', failed);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', failed);
      resolve(ok((server.address() as AddressInfo).port));
    });
  });
}

function securityHeaders(port: number): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' blob: data:",
      "font-src 'self'",
      // 'self' covers the socket in Chromium and Firefox, not in every Safari
      `connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  };
}

/** The path and the query as they came: nothing is decoded, because nothing of ours needs it. */
function splitTarget(request: IncomingMessage): { path: string; query: string } {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  return mark < 0 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  page: ReadonlyMap<string, PageFile>,
  picture: PictureSource,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // no request of ours has a body
  request.resume();
  if (!access.isOurHost(request)) return refuse(response, 403, 'Wrong host.');
  const { path, query } = splitTarget(request);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return refuse(response, 405, 'Only GET and HEAD.');
  }
  if (path === '/' && query.startsWith('t=')) {
    if (!access.isToken(query.slice(2))) return refuse(response, 403, 'This link is not valid (any more). Use the one that was printed at the start.');
    response.setHeader('Set-Cookie', access.cookieHeader());
    response.setHeader('Location', '/');
    return refuse(response, 303, 'See /');
  }
  if (!access.hasCookie(request)) return refuse(response, 403, 'Open the link that was printed when Parjanya was started.');
  if (path !== '/' && !access.isOurPage(request)) return refuse(response, 403, 'Not for other sites.');

  const address = parsePictureAddress(path, query);
  if (address) return sendPicture(picture, address, request, response);
  const file = page.get(path);
  if (!file) return refuse(response, 404, 'Not found.');
  response.writeHead(200, {
    'Content-Type': file.type,
    'Content-Length': file.bytes.length,
    'Cache-Control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-cache',
  });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(response.req.method === 'HEAD' ? undefined : `${text}\n`);
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function describeShell(version: string): ShellHandlers {
  return {
    info: () => ok({ shell: 'web' as const, version, pixels: '/photo/p/', canPickFolder: false, platform: process.platform }),
    pickFolder: () =>
      fail('not-available', 'A browser cannot open folders here. Start Parjanya with the folder: parjanya serve <folder>.'),
  };
}
