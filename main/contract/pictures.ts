/** Pixels by URL: what the two shells that serve them have in common. */
import type { CodedError } from '../base/index.ts';
import { isPassing } from '../domain/index.ts';

export const pictureSizes = ['grid', 'screen', 'full'] as const;

/** Reads `/<id>/<size>`, what stands behind a shell's prefix; null where it is no picture's address. */
export function parsePicturePath(path: string): { readonly id: number; readonly size: (typeof pictureSizes)[number] } | null {
  const match = /^\/([1-9]\d{0,14})\/([a-z]+)$/.exec(path);
  const size = pictureSizes.find((known) => known === match?.[2]);
  return match && size ? { id: Number(match[1]), size } : null;
}

const absent: ReadonlySet<string> = new Set(['not-found', 'file-vanished', 'folder-missing']);

/** 404: not there (any more). 503: trying again may help. 422: this file has no such picture. */
export function statusOfPictureError(error: CodedError): 404 | 422 | 503 {
  if (absent.has(error.code)) return 404;
  return isPassing(error) ? 503 : 422;
}
