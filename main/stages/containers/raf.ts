/** Fujifilm RAF (ExifTool's FujiFilm.pm): a header with the places of a JPEG, of a list of records, and of the sensor data. */
import type { Range } from './jpeg.ts';
import { isRange, u16, u32 } from './reader.ts';
import type { ByteReader } from './reader.ts';

export interface RafHeader {
  /** The camera's JPEG, which has all EXIF. */
  readonly jpeg: Range;
  /** The sensor data; length 0 where the header names none. */
  readonly data: Range;
  /** Pixels of the picture as it lies, from the records; null where they do not say. */
  readonly size: { readonly width: number; readonly height: number } | null;
}

const maxRecords = 256;

/** Null where the file ends inside the header. */
export function readRafHeader(reader: ByteReader): RafHeader | null {
  const head = reader.view(84, 24)?.slice();
  if (!head) return null;
  const rangeAt = (at: number): Range => ({ offset: u32(head, at, false), length: u32(head, at + 4, false) });
  return { jpeg: rangeAt(0), data: rangeAt(16), size: sizeOf(reader, rangeAt(8)) };
}

/** Records of tag, length, value: 0x0111 is the cropped size and 0x0100 that of the whole sensor, height before width. */
function sizeOf(reader: ByteReader, records: Range): RafHeader['size'] {
  const head = isRange(records.offset, records.length, reader.size) && records.length >= 4 ? reader.view(records.offset, 4) : null;
  if (!head) return null;
  let at = records.offset + 4;
  let left = Math.min(u32(head, 0, false), maxRecords);
  let whole: RafHeader['size'] = null;
  for (; left > 0; left--) {
    const record = reader.view(at, Math.min(8, reader.size - at));
    if (!record || record.length < 8) break;
    const tag = u16(record, 0, false);
    const size = { width: u16(record, 6, false), height: u16(record, 4, false) };
    if (size.width > 0 && size.height > 0) {
      if (tag === 0x0111) return size;
      if (tag === 0x0100) whole = size;
    }
    at += 4 + u16(record, 2, false);
  }
  return whole;
}
