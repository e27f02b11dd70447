/** `/photo/p/<id>/<size>?k=<key>`: pixels for the page, straight from the engine. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CancelSignal, CodedError, ErrorCode, Result } from '../../main/base/index.ts';
import type { Picture, PictureSize } from '../../main/ports/index.ts';

export type PictureSource = (id: number, size: PictureSize, signal?: CancelSignal) => Promise<Result<Picture>>;

export interface PictureAddress {
  readonly id: number;
  readonly size: PictureSize;
  /** The key names the content, so the answer never changes. */
  readonly hasKey: boolean;
}

/** Reads the path and query of a picture's address; null where it is not one. */
export function parsePictureAddress(path: string, query: string): PictureAddress | null {
  const match = /^\/photo\/p\/([1-9]\d{0,14})\/(grid|screen|full)$/.exec(path);
  if (!match) return null;
  return { id: Number(match[1]), size: match[2] as PictureSize, hasKey: /^k=[A-Za-z0-9._~-]{1,200}$/.test(query) };
}

const absent: ReadonlySet<ErrorCode> = new Set(['not-found', 'file-vanished', 'folder-missing']);
const passing: ReadonlySet<ErrorCode> = new Set(['timeout', 'worker-crashed', 'closed', 'cancelled', 'internal', 'catalog-busy', 'folder-unreadable', 'file-unreadable']);

/** 404: not there (any more). 503: trying again may help. 422: this file has no such picture. */
export function statusOfPictureError(error: CodedError): 404 | 422 | 503 {
  if (absent.has(error.code)) return 404;
  return error.retry || passing.has(error.code) ? 503 : 422;
}

/** Answers with image/jpeg or with a coded error as JSON; a client that goes away cancels the work. */
export async function sendPicture(source: PictureSource, address: PictureAddress, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const answer = await source(address.id, address.size, gone.signal);
  if (gone.signal.aborted || response.destroyed) return;
  if (!answer.ok) {
    const { code, message, retry } = answer.error;
    const body = Buffer.from(JSON.stringify({ code, message, retry }));
    response.writeHead(statusOfPictureError(answer.error), {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': body.length,
      'Cache-Control': 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
    return;
  }
  const { jpeg } = answer.value;
  response.writeHead(200, {
    'Content-Type': 'image/jpeg',
    'Content-Length': jpeg.byteLength,
    'Cache-Control': address.hasKey ? 'private, max-age=31536000, immutable' : 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : jpeg);
}
