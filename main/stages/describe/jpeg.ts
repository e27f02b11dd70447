/** A JPEG without anything but its picture (ITU-T T.81 annex B). */
import { joinSegments } from '../containers/jpeg-writer.ts';
import { u16 } from '../containers/reader.ts';

/** JFIF says how the numbers are meant, and so does Adobe's segment; every other one tells about the photo, or about who took it and where. */
const kept: ReadonlySet<number> = new Set([0xe0, 0xee]);

/**
 * Leaves out application segments and comments: EXIF with GPS, XMP, IPTC, profiles, thumbnails, and whatever stands behind the picture's end.
 * Null where the bytes are no JPEG that can be walked to its end, so that nothing unknown is sent.
 */
export function keepPixelsOnly(jpeg: Uint8Array): Uint8Array | null {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return null;
  const parts: Uint8Array[] = [jpeg.subarray(0, 2)];
  let at = 2;
  for (;;) {
    while (jpeg[at] === 0xff && jpeg[at + 1] === 0xff) at += 1;
    const marker = jpeg[at + 1];
    if (jpeg[at] !== 0xff || marker === undefined) return null;
    if (marker === 0xd9) return joinSegments([...parts, jpeg.subarray(at, at + 2)]);
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8) || at + 4 > jpeg.length) return null;
    const end = at + 2 + u16(jpeg, at + 2, false);
    if (end < at + 4 || end > jpeg.length) return null;
    const isTelling = (marker >= 0xe0 && marker <= 0xef && !kept.has(marker)) || marker === 0xfe;
    // a JFIF segment may hold a thumbnail, which may show more than the picture does
    const isExtension = marker === 0xe0 && end - at > 18;
    if (!isTelling && !isExtension) parts.push(jpeg.subarray(at, end));
    at = end;
    if (marker !== 0xda) continue;
    const scan = at;
    while (at < jpeg.length && !(jpeg[at] === 0xff && jpeg[at + 1] !== 0 && !isRestart(jpeg[at + 1]))) at += 1;
    parts.push(jpeg.subarray(scan, at));
  }
}

function isRestart(marker: number | undefined): boolean {
  return marker !== undefined && marker >= 0xd0 && marker <= 0xd7;
}
