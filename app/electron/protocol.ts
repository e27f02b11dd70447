/** The two schemes of the desktop shell: `app://parjanya/` for the page and `photo://p/<id>/<size>?k=<key>&from=<source>` for pixels. */
import { readFile, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { protocol } from 'electron';
import type { Session } from 'electron';
import type { CodedError } from '../../main/base/index.ts';
import { headersOfPicture, parsePicturePath, parsePictureQuery, pictureHeaders, statusOfPictureError } from '../../main/contract/index.ts';
import type { EngineProcess } from './engine-process.ts';

export const pageOrigin = 'app://parjanya';
export const pageAddress = `${pageOrigin}/index.html`;

/** Must run before Electron is ready. */
export function registerSchemes(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    { scheme: 'photo', privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true } },
  ]);
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' photo: blob: data:",
  "font-src 'self'",
  "connect-src 'self' photo:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Address to file, made once: a request is looked up here and never turned into a path. */
async function listPageFiles(folder: string, address = ''): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) for (const [name, file] of await listPageFiles(path, `${address}/${entry.name}`)) files.set(name, file);
    else if (entry.isFile() && types[extname(entry.name)]) files.set(`${address}/${entry.name}`, path);
  }
  return files;
}

/**
 * Answers requests for the page and for pixels.
 * @param rendererFolder the built page; a build without it is broken, which throws.
 */
export async function handleSchemes(session: Session, rendererFolder: string, engine: () => EngineProcess): Promise<void> {
  const files = await listPageFiles(rendererFolder);
  session.protocol.handle('app', async (request) => {
    const address = new URL(request.url);
    const file = address.host === 'parjanya' ? files.get(address.pathname === '/' ? '/index.html' : address.pathname) : undefined;
    if (!file || request.method !== 'GET') return new Response('Not found', { status: 404, headers: { 'Content-Security-Policy': policy } });
    return new Response(toBody(await readFile(file)), {
      headers: {
        'Content-Type': types[extname(file)]!,
        'Content-Security-Policy': policy,
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Referrer-Policy': 'no-referrer',
        'Cache-Control': 'no-cache',
      },
    });
  });
  session.protocol.handle('photo', (request) => answerPicture(request, engine()));
}

async function answerPicture(request: Request, engine: EngineProcess): Promise<Response> {
  const own = {
    'Access-Control-Allow-Origin': pageOrigin,
    'Access-Control-Expose-Headers': Object.values(pictureHeaders).join(', '),
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'X-Content-Type-Options': 'nosniff',
  };
  const address = new URL(request.url);
  const picture = address.host === 'p' ? parsePicturePath(address.pathname) : null;
  const wish = parsePictureQuery(address.search.slice(1));
  if (!picture || !wish || request.method !== 'GET') return new Response('Not found', { status: 404, headers: own });
  const answer = await engine.picture(picture.id, picture.size, wish.from, request.signal);
  if (!answer.ok) return new Response(describeError(answer.error), { status: statusOfPictureError(answer.error), headers: { ...own, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' } });
  const { jpeg, origin } = answer.value;
  return new Response(toBody(jpeg), { headers: { ...own, ...headersOfPicture(origin, wish.hasKey), 'Content-Length': String(jpeg.byteLength) } });
}

function describeError({ code, message, retry }: CodedError): string {
  return JSON.stringify({ code, message, retry });
}

/** Bytes for a Response: always backed by a plain ArrayBuffer, which is what the platform's type asks for. */
function toBody(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
