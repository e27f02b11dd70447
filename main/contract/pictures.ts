/** Pixels by URL: what the two shells that serve them have in common. */
import type { CodedError } from '../base/index.ts';
import { isPassing, sourceChoices } from '../domain/index.ts';
import type { PreviewSource, SourceChoice } from '../domain/index.ts';

export const pictureSizes = ['grid', 'screen', 'full'] as const;

/** Reads `/<id>/<size>`, what stands behind a shell's prefix; null where it is no picture's address. */
export function parsePicturePath(path: string): { readonly id: number; readonly size: (typeof pictureSizes)[number] } | null {
  const match = /^\/([1-9]\d{0,14})\/([a-z]+)$/.exec(path);
  const size = pictureSizes.find((known) => known === match?.[2]);
  return match && size ? { id: Number(match[1]), size } : null;
}

/**
 * Reads what stands behind a picture's `?`: `k=<key>`, then `from=<source>`, each or none; null where it is anything else. A key
 * names the content, so that the answer never changes.
 */
export function parsePictureQuery(query: string): { readonly hasKey: boolean; readonly from: SourceChoice } | null {
  const match = /^(?:(k=[A-Za-z0-9._~-]{1,200})(?:&from=([a-z]+))?|from=([a-z]+)|)$/.exec(query);
  if (!match) return null;
  const asked = match[2] ?? match[3] ?? 'auto';
  const from = sourceChoices.find((choice) => choice === asked);
  return from ? { hasKey: match[1] !== undefined, from } : null;
}

/** What an answer says of its picture beside the pixels: where they come from, and the code of what kept better ones away. */
export const pictureHeaders = { source: 'Picture-Source', refusal: 'Picture-Refusal' } as const;

export interface PictureOrigin {
  readonly source: Exclude<PreviewSource, 'none'>;
  readonly refusal?: CodedError;
}

/** @param hasKey as of `parsePictureQuery`. Failures of the moment must not be remembered by a browser. */
export function headersOfPicture({ source, refusal }: PictureOrigin, hasKey: boolean): Record<string, string> {
  const isLasting = hasKey && (!refusal || !isPassing(refusal));
  return {
    'Content-Type': 'image/jpeg',
    'Cache-Control': isLasting ? 'private, max-age=31536000, immutable' : 'no-store',
    [pictureHeaders.source]: source,
    ...(refusal ? { [pictureHeaders.refusal]: refusal.code } : {}),
  };
}

const absent: ReadonlySet<string> = new Set(['not-found', 'file-vanished', 'folder-missing']);

/** 404: not there (any more). 503: trying again may help. 422: this file has no such picture. */
export function statusOfPictureError(error: CodedError): 404 | 422 | 503 {
  if (absent.has(error.code)) return 404;
  return isPassing(error) ? 503 : 422;
}
