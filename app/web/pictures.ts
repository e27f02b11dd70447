/** `/photo/p/<id>/<size>?k=<key>`: pixels for the page, straight from the engine. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CancelSignal, Result } from '../../main/base/index.ts';
import { parsePicturePath, statusOfPictureError } from '../../main/contract/index.ts';
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
  const picture = path.startsWith('/photo/p/') ? parsePicturePath(path.slice('/photo/p'.length)) : null;
  return picture ? { ...picture, hasKey: /^k=[A-Za-z0-9._~-]{1,200}$/.test(query) } : null;
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
