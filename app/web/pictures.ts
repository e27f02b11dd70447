/** `/photo/p/<id>/<size>?k=<key>&from=<source>`: pixels for the page, straight from the engine. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CancelSignal, Result } from '../../main/base/index.ts';
import { headersOfPicture, parsePicturePath, parsePictureQuery, statusOfPictureError } from '../../main/contract/index.ts';
import type { SourceChoice } from '../../main/domain/index.ts';
import type { Picture, PictureView } from '../../main/ports/index.ts';

export type PictureSource = (id: number, size: PictureView, from?: SourceChoice, signal?: CancelSignal) => Promise<Result<Picture>>;

export interface PictureAddress {
  readonly id: number;
  readonly size: PictureView;
  readonly from: SourceChoice;
  /** The key names the content, so the answer never changes. */
  readonly hasKey: boolean;
}

/** Reads the path and query of a picture's address; null where it is not one. */
export function parsePictureAddress(path: string, query: string): PictureAddress | null {
  const picture = path.startsWith('/photo/p/') ? parsePicturePath(path.slice('/photo/p'.length)) : null;
  const wish = parsePictureQuery(query);
  return picture && wish ? { ...picture, ...wish } : null;
}

/** Answers with image/jpeg or with a coded error as JSON; a client that goes away cancels the work. */
export async function sendPicture(source: PictureSource, address: PictureAddress, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const answer = await source(address.id, address.size, address.from, gone.signal);
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
  response.writeHead(200, { ...headersOfPicture(answer.value, address.hasKey), 'Content-Length': jpeg.byteLength });
  response.end(request.method === 'HEAD' ? undefined : jpeg);
}
