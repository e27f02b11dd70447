/**
 * Walks the marker segments of a JPEG up to the first scan (ITU-T T.81 annex B; Exif 2.32 section 4.7 for APP1), reading
 * headers only.
 */
import { latin1, u16 } from './reader.ts';
import type { ByteReader } from './reader.ts';

export interface Range {
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly length: number;
}

export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** `lossless` (SOF3) inside a RAW file is the sensor's data, not a picture to be shown. */
  readonly coding: 'baseline' | 'progressive' | 'lossless' | 'other';
  /** The TIFF block inside APP1 Exif. */
  readonly exif: Range | null;
  /** The packet inside APP1 XMP. */
  readonly xmp: Range | null;
  /** The TIFF block inside APP2 MPF (CIPA DC-007): the list of further pictures behind this one. */
  readonly mpf: Range | null;
  readonly hasIcc: boolean;
}

const exifMark = 'Exif\0';
const xmpMark = 'http://ns.adobe.com/xap/1.0/\0';
const iccMark = 'ICC_PROFILE\0';
const mpfMark = 'MPF\0';
/** A real file has well under a hundred; a hostile one may have a million. */
const maxSegments = 2_000;
const maxResync = 512;

/** What the segments before the first scan hold. */
interface Segments extends Pick<JpegHeader, 'exif' | 'xmp' | 'mpf' | 'hasIcc'> {
  readonly frame: Pick<JpegHeader, 'width' | 'height' | 'components' | 'coding'> | null;
}

/** Reads the header of the JPEG that starts at `offset`; null where there is none (no SOI, no frame, a marker where none may be). */
export function readJpegHeader(reader: ByteReader, offset: number, length?: number): JpegHeader | null {
  const { frame, ...blocks } = readSegments(reader, offset, length);
  return frame ? { ...frame, ...blocks } : null;
}

/** Where the metadata of a JPEG lie, also of one whose picture is damaged. */
export function readJpegBlocks(reader: ByteReader, offset: number, length?: number): Pick<JpegHeader, 'exif' | 'xmp' | 'mpf'> {
  return readSegments(reader, offset, length);
}

function readSegments(reader: ByteReader, offset: number, length = reader.size - offset): Segments {
  const end = Math.min(offset + length, reader.size);
  const start = reader.view(offset, 2);
  let exif: Range | null = null;
  let xmp: Range | null = null;
  let mpf: Range | null = null;
  let hasIcc = false;
  const stop = (frame: Segments['frame'] = null): Segments => ({ frame, exif, xmp, mpf, hasIcc });
  if (!start || start[0] !== 0xff || start[1] !== 0xd8) return stop();
  let at = offset + 2;
  for (let count = 0; count < maxSegments && at + 4 <= end; count++) {
    const head = reader.view(at, 4);
    if (!head) return stop();
    if (head[0] !== 0xff) {
      // A segment whose length is a little wrong; decoders look for the next marker, and so do we.
      const next = findMarker(reader, at, end);
      if (next === null) return stop();
      at = next;
      continue;
    }
    const marker = head[1]!;
    if (marker === 0xff) {
      at += 1; // a fill byte before a marker
      continue;
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2; // no length
      continue;
    }
    if (marker === 0xd9 || marker === 0xda) return stop(); // the end, or a scan, before any frame
    const size = u16(head, 2, false);
    if (size < 2) return stop();
    const body = at + 4;
    if (isFrame(marker)) {
      const frame = reader.view(body, 6);
      if (!frame || size < 8) return stop();
      const height = u16(frame, 1, false);
      const width = u16(frame, 3, false);
      if (width === 0 || height === 0) return stop();
      return stop({ width, height, components: frame[5]!, coding: codingOf(marker) });
    }
    if (marker === 0xe1 || marker === 0xe2) {
      const mark = reader.view(body, Math.min(size - 2, xmpMark.length, reader.size - body));
      const text = mark ? latin1(mark) : '';
      if (marker === 0xe2) {
        hasIcc ||= text.startsWith(iccMark);
        if (text.startsWith(mpfMark) && size > 6) mpf ??= { offset: body + 4, length: size - 6 };
      } else if (text.startsWith(exifMark) && size > 8) exif ??= { offset: body + 6, length: size - 8 };
      else if (text === xmpMark) xmp ??= { offset: body + xmpMark.length, length: size - 2 - xmpMark.length };
    }
    at += 2 + size;
  }
  return stop();
}

function findMarker(reader: ByteReader, from: number, end: number): number | null {
  const bytes = reader.view(from, Math.min(maxResync, end - from));
  for (let index = 0; bytes && index + 1 < bytes.length; index++) {
    const next = bytes[index + 1]!;
    if (bytes[index] === 0xff && next >= 0xc0 && next < 0xff) return from + index;
  }
  return null;
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function codingOf(marker: number): JpegHeader['coding'] {
  if (marker === 0xc0 || marker === 0xc1) return 'baseline';
  if (marker === 0xc2) return 'progressive';
  return marker === 0xc3 ? 'lossless' : 'other';
}
