/** Marker segments put into a finished JPEG, whose picture stays as it is (ITU-T T.81 annex B). */

/** What a segment holds besides marker and length, the mark of its kind included. */
export const maxSegmentBytes = 65_533;
const iccMark = 'ICC_PROFILE\0';

/** `mark` is the Latin-1 text that application segments begin with; mark and body together have at most {@link maxSegmentBytes}. */
export function makeSegment(marker: number, mark: string, body: Uint8Array): Uint8Array {
  const size = 2 + mark.length + body.length;
  const bytes = new Uint8Array(2 + size);
  bytes.set([0xff, marker, size >> 8, size & 0xff]);
  for (let index = 0; index < mark.length; index++) bytes[4 + index] = mark.charCodeAt(index);
  bytes.set(body, 4 + mark.length);
  return bytes;
}

export function joinSegments(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * A copy with an ICC profile that fits one segment (ICC.1:2022 annex B.4), behind the JFIF and EXIF segments that have to be
 * first. For a JPEG that has none.
 */
export function insertIccProfile(jpeg: Uint8Array, profile: Uint8Array): Uint8Array {
  let at = 2;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff && (jpeg[at + 1] === 0xe0 || jpeg[at + 1] === 0xe1)) at += 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!;
  if (at > jpeg.length) at = 2;
  const body = joinSegments([new Uint8Array([1, 1]), profile]); // the first segment of one
  return joinSegments([jpeg.subarray(0, at), makeSegment(0xe2, iccMark, body), jpeg.subarray(at)]);
}
