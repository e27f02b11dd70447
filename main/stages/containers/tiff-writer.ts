/** Writes a small TIFF block (TIFF 6.0 section 2; Exif 2.32 section 4.6), big-endian: IFD0, Exif and GPS directories, values. */
import type { TiffBlock, TiffEntry } from './tiff.ts';

export interface Field {
  readonly tag: number;
  /** TIFF's: 1 BYTE, 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL, 7 UNDEFINED, ... */
  readonly type: number;
  readonly count: number;
  /** Big-endian. */
  readonly value: Uint8Array;
}

export interface TiffFields {
  readonly ifd0: readonly Field[];
  readonly exif: readonly Field[];
  readonly gps: readonly Field[];
}

/** What is turned round when the byte order changes: a rational is two words of four bytes. */
const unitSizes: readonly number[] = [0, 1, 1, 2, 4, 4, 1, 1, 2, 4, 4, 4, 8, 4];

/** Directories without fields are left out, except for IFD0; the pointers to the others are added. Tags come out in order. */
export function writeTiff({ ifd0: first, exif, gps }: TiffFields): Uint8Array {
  const pointer = (tag: number): Field => ({ tag, type: 4, count: 1, value: new Uint8Array(4) });
  const ifd0 = [...first, ...(exif.length > 0 ? [pointer(0x8769)] : []), ...(gps.length > 0 ? [pointer(0x8825)] : [])];
  const directories = [ifd0, exif, gps].filter((fields) => fields === ifd0 || fields.length > 0);
  const starts: number[] = [];
  let end = 8;
  for (const fields of directories) {
    starts.push(end);
    end += 6 + fields.length * 12;
  }
  const values = directories.flat().reduce((sum, field) => sum + (field.value.length > 4 ? field.value.length + (field.value.length & 1) : 0), 0);
  const bytes = new Uint8Array(end + values);
  const view = new DataView(bytes.buffer);
  bytes.set([0x4d, 0x4d, 0, 42]);
  view.setUint32(4, 8);
  const startOf = (fields: readonly Field[]): number => starts[directories.indexOf(fields)] ?? 0;
  directories.forEach((fields, index) => {
    let at = starts[index]!;
    view.setUint16(at, fields.length);
    at += 2;
    for (const field of [...fields].sort((a, b) => a.tag - b.tag)) {
      view.setUint16(at, field.tag);
      view.setUint16(at + 2, field.type);
      view.setUint32(at + 4, field.count);
      if (fields === ifd0 && field.tag === 0x8769) view.setUint32(at + 8, startOf(exif));
      else if (fields === ifd0 && field.tag === 0x8825) view.setUint32(at + 8, startOf(gps));
      else if (field.value.length <= 4) bytes.set(field.value, at + 8);
      else {
        view.setUint32(at + 8, end);
        bytes.set(field.value, end);
        end += field.value.length + (field.value.length & 1);
      }
      at += 12;
    }
  });
  return bytes;
}

/** A copy of an entry's value, big-endian; null where it is longer than `maxBytes` or cannot be read. */
export function bigEndianValue(block: TiffBlock, entry: TiffEntry, maxBytes: number): Uint8Array | null {
  if (entry.length > maxBytes) return null;
  const bytes = block.reader.view(entry.offset, entry.length);
  if (!bytes) return null;
  const copy = bytes.slice();
  const size = unitSizes[entry.type] ?? 1;
  if (block.little && size > 1) for (let at = 0; at + size <= copy.length; at += size) copy.subarray(at, at + size).reverse();
  return copy;
}
