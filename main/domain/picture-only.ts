/** What may leave the computer: a JPEG with its picture and nothing else (ITU-T T.81 annex B). */
import { fail, ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';

/**
 * The same picture, bit by bit, without EXIF (and so without place and time), XMP, IPTC, comments, thumbnails, and whatever lies behind its end: of the segments only
 * those that decoding needs are kept. Errors: bad-input for what is no JPEG, truncated for one that has no end: nothing is let through that has not been gone through.
 * @param keep `profile`: an ICC profile too, for pictures that are not in sRGB
 */
export function keepPictureOnly(jpeg: Uint8Array, keep: 'picture' | 'profile' = 'picture'): Result<Uint8Array> {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return fail('bad-input', 'Only JPEGs are sent.');
  const kept = new Uint8Array(jpeg.length);
  let length = 0;
  const take = (from: number, to: number): void => {
    kept.set(jpeg.subarray(from, to), length);
    length += to - from;
  };
  take(0, 2);
  for (let at = 2; ; ) {
    // any number of fill bytes may stand before a marker
    while (jpeg[at] === 0xff && jpeg[at + 1] === 0xff) at += 1;
    const marker = jpeg[at + 1];
    if (jpeg[at] !== 0xff || marker === undefined) return fail('truncated', 'The JPEG ends before its picture does.');
    if (marker === 0xd9) {
      take(at, at + 2);
      return ok(kept.slice(0, length));
    }
    // markers without a length have no place here, and none is below the first frame's
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8)) return fail('bad-input', 'The JPEG has parts that are not known.');
    const end = at + 2 + (jpeg[at + 2] ?? 0) * 256 + (jpeg[at + 3] ?? 0);
    if (end < at + 4 || end > jpeg.length) return fail('truncated', 'The JPEG ends before its picture does.');
    const isScan = marker === 0xda;
    const next = isScan ? endOfScan(jpeg, end) : end;
    if (isScan || isNeeded(marker, jpeg.subarray(at + 4, end), keep)) take(at, next);
    at = next;
  }
}

/** Where the next marker stands that is neither a stuffed zero nor a restart. */
function endOfScan(jpeg: Uint8Array, start: number): number {
  for (let at = jpeg.indexOf(0xff, start); at >= 0; at = jpeg.indexOf(0xff, at + 1)) {
    const next = jpeg[at + 1];
    if (next === undefined) break;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return jpeg.length;
}

function isNeeded(marker: number, content: Uint8Array, keep: 'picture' | 'profile'): boolean {
  const startsWith = (text: string): boolean => content.length >= text.length && [...text].every((letter, index) => content[index] === letter.charCodeAt(0));
  // tables, frames and what belongs to them
  if (marker <= 0xdf) return true;
  // without a thumbnail, which may show more than the picture does
  if (marker === 0xe0) return startsWith('JFIF\0') && content.length === 14;
  if (marker === 0xe2) return keep === 'profile' && startsWith('ICC_PROFILE\0');
  // which colours are meant
  return marker === 0xee && startsWith('Adobe') && content.length === 12;
}
