/** Puts metadata into a finished JPEG, and finds the IPTC block of an original one (ITU-T T.81 annex B; Exif 2.32 section 4.5). */
import { joinSegments, makeSegment, maxSegmentBytes } from '../containers/jpeg-writer.ts';
import { latin1, u16, u32 } from '../containers/reader.ts';
import type { ByteReader } from '../containers/reader.ts';

const exifMark = 'Exif\0\0';
const xmpMark = 'http://ns.adobe.com/xap/1.0/\0';
const photoshopMark = 'Photoshop 3.0\0';
const maxSegments = 500;
/** The IPTC-NAA record among Photoshop's image resources; others hold thumbnails, paths and print settings. */
const iptcResource = 0x0404;

export interface PictureMetadata {
  /** A TIFF block. */
  readonly exif: Uint8Array | null;
  readonly xmp: Uint8Array | null;
  /** IPTC-NAA records. */
  readonly iptc: Uint8Array | null;
}

/** The same picture with `metadata` before everything else; its JFIF header goes, because Exif has to come first. */
export function insertMetadata(jpeg: Uint8Array, metadata: PictureMetadata): Uint8Array {
  const parts: Uint8Array[] = [jpeg.subarray(0, 2)];
  const add = (marker: number, mark: string, body: Uint8Array | null): void => {
    if (body && mark.length + body.length <= maxSegmentBytes) parts.push(makeSegment(marker, mark, body));
  };
  add(0xe1, exifMark, metadata.exif);
  add(0xe1, xmpMark, metadata.xmp);
  add(0xed, photoshopMark, metadata.iptc ? imageResource(metadata.iptc) : null);
  const isJfif = jpeg[2] === 0xff && jpeg[3] === 0xe0;
  parts.push(jpeg.subarray(isJfif && metadata.exif ? 4 + u16(jpeg, 4, false) : 2));
  return joinSegments(parts);
}

/** The IPTC records of a JPEG; null where it has none. */
export function findIptc(reader: ByteReader): Uint8Array | null {
  let at = 2;
  for (let count = 0; count < maxSegments; count++) {
    const head = reader.view(at, 4);
    if (head?.[0] !== 0xff) return null;
    const marker = head[1]!;
    // Metadata come before the picture; anything but a segment with a length ends the search.
    if (marker === 0xda || marker < 0xc0) return null;
    const size = u16(head, 2, false);
    if (size < 2) return null;
    if (marker === 0xed) {
      const body = reader.view(at + 4, size - 2);
      const found = body ? iptcOf(body) : null;
      if (found) return found;
    }
    at += 2 + size;
  }
  return null;
}

function iptcOf(body: Uint8Array): Uint8Array | null {
  if (latin1(body, 0, photoshopMark.length) !== photoshopMark) return null;
  let at = photoshopMark.length;
  while (at + 12 <= body.length && latin1(body, at, at + 4) === '8BIM') {
    const id = u16(body, at + 4, false);
    const nameBytes = 1 + body[at + 6]!;
    const sizeAt = at + 6 + nameBytes + (nameBytes & 1);
    const size = u32(body, sizeAt, false);
    const start = sizeAt + 4;
    if (start + size > body.length) return null;
    if (id === iptcResource && size > 0) return body.slice(start, start + size);
    at = start + size + (size & 1);
  }
  return null;
}

function imageResource(iptc: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + iptc.length + (iptc.length & 1));
  bytes.set([0x38, 0x42, 0x49, 0x4d, iptcResource >> 8, iptcResource & 0xff]);
  new DataView(bytes.buffer).setUint32(8, iptc.length);
  bytes.set(iptc, 12);
  return bytes;
}
