/**
 * Sigma and Foveon X3F (ExifTool's SigmaRaw.pm; R. Klimkin's x3f notes): a header, sections, and at the end of the file the
 * place of the directory that lists them. All numbers are little-endian.
 */
import type { Range } from './jpeg.ts';
import { isRange, latin1, u16, u32 } from './reader.ts';
import type { ByteReader } from './reader.ts';

export interface X3fSection extends Range {
  /** Four characters: IMAG and IMA2 pictures, PROP properties, CAMF camera data. */
  readonly id: string;
}

export interface X3fHeader {
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise. */
  readonly rotation: number;
}

const maxSections = 100;
const maxProperties = 500;
const sectionHeadBytes = 28;

export function readX3fHeader(reader: ByteReader): X3fHeader | null {
  const head = reader.view(0, Math.min(64, reader.size));
  if (!head || head.length < 52 || latin1(head, 0, 4) !== 'FOVb') return null;
  // From version 4 on three more words come before the size.
  const at = u16(head, 6, true) >= 4 ? 40 : 28;
  return { width: u32(head, at, true), height: u32(head, at + 4, true), rotation: u32(head, at + 8, true) };
}

/** Sections that lie inside the file, in the directory's order; null where the directory is missing (the file is cut off). */
export function readX3fSections(reader: ByteReader): X3fSection[] | null {
  const tail = reader.view(reader.size - 4, 4);
  const place = tail ? u32(tail, 0, true) : 0;
  const head = reader.view(place, 12);
  if (!head || latin1(head, 0, 4) !== 'SECd') return null;
  const count = Math.min(u32(head, 8, true), maxSections);
  const table = reader.view(place + 12, count * 12)?.slice();
  if (!table) return null;
  const sections: X3fSection[] = [];
  for (let at = 0; at < table.length; at += 12) {
    const section = { offset: u32(table, at, true), length: u32(table, at + 4, true), id: latin1(table, at + 8, at + 12) };
    if (isRange(section.offset, section.length, reader.size)) sections.push(section);
  }
  return sections;
}

/** The JPEGs among the picture sections: type 2 (preview), format 18 (JPEG), behind a head of 28 bytes. */
export function findX3fPictures(reader: ByteReader, sections: readonly X3fSection[]): Range[] {
  const found: Range[] = [];
  for (const { id, offset, length } of sections) {
    const head = (id === 'IMA2' || id === 'IMAG') && length > sectionHeadBytes ? reader.view(offset, sectionHeadBytes) : null;
    if (!head || latin1(head, 0, 4) !== 'SECi' || u32(head, 8, true) !== 2 || u32(head, 12, true) !== 18) continue;
    found.push({ offset: offset + sectionHeadBytes, length: length - sectionHeadBytes });
  }
  return found;
}

/** What the PROP section says: names and values in UTF-16, as the camera writes them (`ISO` -> `100`). */
export function readX3fProperties(reader: ByteReader, sections: readonly X3fSection[]): Map<string, string> {
  const values = new Map<string, string>();
  const section = sections.find(({ id }) => id === 'PROP');
  const bytes = section && section.length >= 24 && section.length <= 1024 * 1024 ? reader.view(section.offset, section.length) : null;
  if (!bytes || latin1(bytes, 0, 4) !== 'SECp' || u32(bytes, 12, true) !== 0) return values;
  const count = Math.min(u32(bytes, 8, true), maxProperties);
  const texts = 24 + u32(bytes, 8, true) * 8;
  const textAt = (index: number): string => {
    let text = '';
    for (let at = texts + index * 2; at + 1 < bytes.length && text.length < 256; at += 2) {
      const unit = u16(bytes, at, true);
      if (unit === 0) break;
      text += String.fromCharCode(unit);
    }
    return text;
  };
  for (let index = 0; index < count; index++) {
    const name = textAt(u32(bytes, 24 + index * 8, true));
    if (name !== '' && !values.has(name)) values.set(name, textAt(u32(bytes, 28 + index * 8, true)));
  }
  return values;
}
