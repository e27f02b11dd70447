/** Pixels by URL: what the two shells that serve them have in common. */
import type { CodedError } from '../base/index.ts';
import { isPassing, sourceChoices } from '../domain/index.ts';
import type { PreviewSource, Region, SourceChoice } from '../domain/index.ts';

export const pictureSizes = ['grid', 'screen', 'full'] as const;

/** Regions are told to this fraction of the picture. */
const regionParts = 10_000;

/** `crop-2500-5000-1000-800`: the size in a picture's address that means a part of it at 100 %; x, y, width, height in ten-thousandths. */
export function writeCrop({ x, y, w, h }: Region): string {
  const part = (value: number, least: number): number => Math.min(regionParts, Math.max(least, Math.round(regionParts * value)));
  const [left, top] = [Math.min(part(x, 0), regionParts - 1), Math.min(part(y, 0), regionParts - 1)];
  return `crop-${left}-${top}-${Math.min(part(w, 1), regionParts - left)}-${Math.min(part(h, 1), regionParts - top)}`;
}

function parseCrop(text: string): Region | null {
  const found = /^crop-(0|[1-9]\d{0,4})-(0|[1-9]\d{0,4})-([1-9]\d{0,4})-([1-9]\d{0,4})$/.exec(text);
  if (!found) return null;
  const [x, y, w, h] = found.slice(1).map(Number) as [number, number, number, number];
  return x + w <= regionParts && y + h <= regionParts ? { x: x / regionParts, y: y / regionParts, w: w / regionParts, h: h / regionParts } : null;
}

/** Reads `/<id>/<size>`, what stands behind a shell's prefix, with a part of the picture for a size as `writeCrop` writes it; null where it is no picture's address. */
export function parsePicturePath(path: string): { readonly id: number; readonly size: (typeof pictureSizes)[number] | Region } | null {
  const crop = /^\/([1-9]\d{0,14})\/(crop-[\d-]{7,24})$/.exec(path);
  const region = crop ? parseCrop(crop[2]!) : null;
  if (region) return { id: Number(crop![1]), size: region };
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
