/** What leaves the computer: a JPEG with its picture and nothing else. */
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';

/**
 * The same picture, bit by bit, without EXIF (and so without place and time), XMP, IPTC, comments, thumbnails, and whatever lies behind its
 * end: of the segments (ITU-T T.81, B.1) only those that decoding needs are kept, and an ICC profile. Errors: bad-input for what is no JPEG,
 * truncated for one that has no end: nothing is sent that has not been gone through.
 */
export function stripToPicture(jpeg: Uint8Array): Result<Uint8Array> {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return fail('bad-input', 'Only JPEGs are sent.');
  const kept: Uint8Array[] = [jpeg.subarray(0, 2)];
  for (let at = 2; ; ) {
    // any number of fill bytes may stand before a marker
    while (jpeg[at] === 0xff && jpeg[at + 1] === 0xff) at += 1;
    const marker = jpeg[at + 1];
    if (jpeg[at] !== 0xff || marker === undefined) return fail('truncated', 'The JPEG ends before its picture does.');
    if (marker === 0xd9) {
      kept.push(jpeg.subarray(at, at + 2));
      return ok(Buffer.concat(kept));
    }
    const length = (jpeg[at + 2] ?? 0) * 256 + (jpeg[at + 3] ?? 0);
    let end = at + 2 + length;
    if (length < 2 || end > jpeg.length) return fail('truncated', 'The JPEG ends before its picture does.');
    const isScan = marker === 0xda;
    if (isScan) end = endOfScan(jpeg, end);
    if (isScan || isNeeded(marker, jpeg.subarray(at + 4, end))) kept.push(jpeg.subarray(at, end));
    at = end;
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

const jfif = 'JFIF\0';
const icc = 'ICC_PROFILE\0';
const adobe = 'Adobe';

function isNeeded(marker: number, content: Uint8Array): boolean {
  const startsWith = (text: string): boolean => Buffer.from(content.buffer, content.byteOffset, Math.min(text.length, content.length)).toString('latin1') === text;
  // tables, frames and what belongs to them
  if (marker >= 0xc0 && marker <= 0xdf) return true;
  // without a thumbnail
  if (marker === 0xe0) return startsWith(jfif) && content.length === 14;
  if (marker === 0xe2) return startsWith(icc);
  // which colours are meant
  return marker === 0xee && startsWith(adobe) && content.length === 12;
}
