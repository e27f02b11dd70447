/**
 * The boxes of ISO base media files (ISO/IEC 14496-12): HEIF pictures with their items (ISO/IEC 23008-12), and Canon CR3, whose
 * boxes are described by L. Lestrade's canon_cr3 notes and ExifTool's Canon.pm. Only headers are read.
 */
import type { Range } from './jpeg.ts';
import { latin1, u16, u32 } from './reader.ts';
import type { ByteReader } from './reader.ts';

export interface Box {
  /** Four characters; for `uuid` boxes the 32 hex digits of the identifier follow in {@link uuid}. */
  readonly type: string;
  readonly uuid: string;
  /** The content, without header and identifier. */
  readonly start: number;
  readonly end: number;
  /** False where the box reaches beyond the file or beyond its parent. */
  readonly isWhole: boolean;
}

/** A real file has well under a hundred boxes at one level; a hostile one may have a million. */
const maxBoxes = 1_000;
const maxItems = 4_096;

/** The boxes between two places of the file, in order; a box that is cut off is the last. */
export function readBoxes(reader: ByteReader, start = 0, end = reader.size): Box[] {
  const boxes: Box[] = [];
  let at = start;
  while (boxes.length < maxBoxes && at + 8 <= end) {
    const head = reader.view(at, Math.min(32, reader.size - at));
    if (!head) break;
    const type = latin1(head, 4, 8);
    let size = u32(head, 0, false);
    let headSize = 8;
    if (size === 1) {
      if (head.length < 16) break;
      size = u32(head, 8, false) * 4_294_967_296 + u32(head, 12, false);
      headSize = 16;
    } else if (size === 0) size = end - at;
    let uuid = '';
    if (type === 'uuid' && head.length >= headSize + 16) {
      for (const byte of head.subarray(headSize, headSize + 16)) uuid += byte.toString(16).padStart(2, '0');
      headSize += 16;
    }
    if (size < headSize || !Number.isSafeInteger(at + size)) break;
    boxes.push({ type, uuid, start: at + headSize, end: Math.min(at + size, end), isWhole: at + size <= end });
    at += size;
  }
  return boxes;
}

/** The first box at the end of a path of types, each inside the one before. */
export function findBox(reader: ByteReader, path: readonly string[], within: Pick<Box, 'start' | 'end'> = { start: 0, end: reader.size }): Box | null {
  let place: Pick<Box, 'start' | 'end'> = within;
  let found: Box | null = null;
  for (const type of path) {
    found = readBoxes(reader, place.start, place.end).find((box) => box.type === type) ?? null;
    if (!found) return null;
    place = found;
  }
  return found;
}

export interface Item {
  readonly id: number;
  readonly type: string;
  /** MIME type of `mime` items. */
  readonly content: string;
}

export interface PlacedItems {
  /** Boxes of the file's `meta` box. */
  readonly boxes: readonly Box[];
  readonly items: readonly Item[];
  /** By item: its pieces in order. Missing where they are in another file or item. */
  readonly places: ReadonlyMap<number, readonly Range[]>;
}

/** The items of a HEIF file and where they lie; null where it has no such lists. */
export function readHeifItems(reader: ByteReader): PlacedItems | null {
  const meta = findBox(reader, ['meta']);
  // A full box: version and flags come before its content.
  const boxes = meta ? readBoxes(reader, meta.start + 4, meta.end) : [];
  const of = (type: string): Box | undefined => boxes.find((box) => box.type === type);
  const [infos, locations, idat] = [of('iinf'), of('iloc'), of('idat')];
  return infos && locations ? { boxes, items: readItems(reader, infos), places: readLocations(reader, locations, idat?.start ?? null) } : null;
}

/** The place of an item that lies in one piece. */
function placeOf({ places }: PlacedItems, id: number | undefined): Range | null {
  const pieces = id === undefined ? undefined : places.get(id);
  return pieces?.length === 1 ? pieces[0]! : null;
}

/** Items that are JPEGs of their own (Sony's thumbnails). */
export function findHeifPictures(reader: ByteReader): Range[] {
  const placed = readHeifItems(reader);
  return (placed?.items ?? []).flatMap(({ id, type }) => (type === 'jpeg' ? (placeOf(placed!, id) ?? []) : []));
}

/** Where a HEIF file keeps its EXIF (the TIFF block itself) and XMP items; null for what it has not. */
export function findHeifMetadata(reader: ByteReader): { readonly exif: Range | null; readonly xmp: Range | null } {
  const placed = readHeifItems(reader);
  if (!placed) return { exif: null, xmp: null };
  const find = (isWanted: (item: Item) => boolean): Range | null => placeOf(placed, placed.items.find(isWanted)?.id);
  return { exif: tiffInside(reader, find((item) => item.type === 'Exif')), xmp: find((item) => item.type === 'mime' && item.content === 'application/rdf+xml') };
}

/** Colours by numbers (ITU-T H.273) of a HEIF or AVIF file that has no ICC profile (box `colr`, ISO/IEC 14496-12 section 12.1.5). */
export function findNclx(reader: ByteReader): { readonly primaries: number; readonly transfer: number } | null {
  const meta = findBox(reader, ['meta']);
  const properties = meta ? findBox(reader, ['iprp', 'ipco'], { start: meta.start + 4, end: meta.end }) : null;
  let found: { primaries: number; transfer: number } | null = null;
  for (const box of properties ? readBoxes(reader, properties.start, properties.end) : []) {
    const bytes = box.type === 'colr' && box.isWhole && box.end - box.start >= 10 ? reader.view(box.start, 10) : null;
    if (!bytes) continue;
    if (latin1(bytes, 0, 4) !== 'nclx') return null;
    found ??= { primaries: u16(bytes, 4, false), transfer: u16(bytes, 6, false) };
  }
  return found;
}

/** The Exif item starts with the distance from there to the TIFF block (ISO/IEC 23008-12 annex A.2.1). */
function tiffInside(reader: ByteReader, item: Range | null): Range | null {
  const head = item && item.length > 8 ? reader.view(item.offset, 4) : null;
  if (!item || !head) return null;
  const skip = 4 + u32(head, 0, false);
  return skip < item.length ? { offset: item.offset + skip, length: item.length - skip } : null;
}

function readItems(reader: ByteReader, infos: Box): Item[] {
  const version = reader.view(infos.start, 1)?.[0] ?? 0;
  const items: Item[] = [];
  for (const entry of readBoxes(reader, infos.start + (version === 0 ? 6 : 8), infos.end)) {
    const bytes = entry.type === 'infe' ? reader.view(entry.start, Math.min(entry.end - entry.start, 128)) : null;
    if (!bytes || bytes.length < 12 || bytes[0]! < 2) continue;
    const isWide = bytes[0] === 3;
    const at = isWide ? 10 : 8;
    const [, content = ''] = latin1(bytes, at + 4).split('\0'); // item name, then content type
    items.push({ id: isWide ? u32(bytes, 4, false) : u16(bytes, 4, false), type: latin1(bytes, at, at + 4), content });
  }
  return items;
}

/** The pieces of items, by id (ISO/IEC 14496-12 section 8.11.3). */
function readLocations(reader: ByteReader, box: Box, idat: number | null): Map<number, Range[]> {
  const places = new Map<number, Range[]>();
  const bytes = reader.view(box.start, box.end - box.start);
  if (!bytes || bytes.length < 8) return places;
  const version = bytes[0]!;
  const [offsetSize, lengthSize, baseSize, indexSize] = [bytes[4]! >> 4, bytes[4]! & 15, bytes[5]! >> 4, version > 0 ? bytes[5]! & 15 : 0];
  let at = 6;
  const number = (size: number): number => {
    let value = 0;
    for (let count = 0; count < size; count++) value = value * 256 + (bytes[at++] ?? 0);
    return value;
  };
  const idSize = version < 2 ? 2 : 4;
  const count = Math.min(number(idSize), maxItems);
  for (let index = 0; index < count && at < bytes.length; index++) {
    const id = number(idSize);
    const method = version > 0 ? number(2) & 15 : 0;
    at += 2; // data reference: 0, this file
    const base = number(baseSize);
    const extents = number(2);
    const pieces: Range[] = [];
    for (let extent = 0; extent < extents && at < bytes.length; extent++) {
      at += indexSize;
      const offset = base + number(offsetSize);
      pieces.push({ offset, length: number(lengthSize) });
    }
    if (pieces.length === 0 || pieces.length !== extents) continue;
    if (method === 0) places.set(id, pieces);
    else if (method === 1 && idat !== null) places.set(id, pieces.map(({ offset, length }) => ({ offset: idat + offset, length })));
  }
  return places;
}

const canonMetadata = '85c0b687820f11e08111f4ce462b6a48';
const canonPreview = 'eaf42b5e1c984b88b9fbb7dc406e4d16';
const adobeXmp = 'be7acfcb97a942e89c71999491e3afac';

/** The blocks of a Canon CR3: four TIFF blocks with one directory each (IFD0, Exif, maker's note, GPS), and XMP. */
export function findCr3Metadata(reader: ByteReader): Record<'ifd0' | 'exif' | 'note' | 'gps' | 'xmp', Range | null> {
  const canon = canonBoxes(reader);
  const of = (type: string): Range | null => rangeOf(canon.find((box) => box.type === type));
  const packet = readBoxes(reader).find((box) => box.uuid === adobeXmp);
  return { ifd0: of('CMT1'), exif: of('CMT2'), note: of('CMT3'), gps: of('CMT4'), xmp: rangeOf(packet) };
}

/** Where a CR3's JPEGs may lie: the preview, the thumbnail and the first sample of each track (the first is the whole picture). */
export function findCr3Pictures(reader: ByteReader): Range[] {
  const found: Range[] = [];
  for (const box of readBoxes(reader)) {
    if (box.uuid !== canonPreview) continue;
    const preview = readBoxes(reader, box.start + 8, box.end).find((inner) => inner.type === 'PRVW');
    const head = preview ? reader.view(preview.start, 16) : null;
    if (preview && head) found.push({ offset: preview.start + 16, length: u32(head, 12, false) });
  }
  const thumbnail = canonBoxes(reader).find((box) => box.type === 'THMB');
  const head = thumbnail ? reader.view(thumbnail.start, 16) : null;
  if (thumbnail && head) found.push({ offset: thumbnail.start + 16, length: u32(head, 8, false) });
  const movie = findBox(reader, ['moov']);
  for (const track of movie ? readBoxes(reader, movie.start, movie.end).filter((box) => box.type === 'trak') : []) {
    const sample = firstSample(reader, track);
    if (sample) found.push(sample);
  }
  return found;
}

/** Phones put data of their own behind the last box; only these are the file's. */
const topLevel = new Set(['meta', 'moov', 'mdat', 'uuid', 'free']);

/** True where a box at the top level reaches beyond the end of the file. */
export function isCutOff(reader: ByteReader): boolean {
  return readBoxes(reader).some((box) => !box.isWhole && topLevel.has(box.type));
}

function canonBoxes(reader: ByteReader): Box[] {
  const movie = findBox(reader, ['moov']);
  const canon = movie ? readBoxes(reader, movie.start, movie.end).find((box) => box.uuid === canonMetadata) : undefined;
  return canon ? readBoxes(reader, canon.start, canon.end) : [];
}

function firstSample(reader: ByteReader, track: Box): Range | null {
  const table = findBox(reader, ['mdia', 'minf', 'stbl'], track);
  if (!table) return null;
  const boxes = readBoxes(reader, table.start, table.end);
  const [sizes, wide, narrow] = ['stsz', 'co64', 'stco'].map((type) => boxes.find((box) => box.type === type));
  const size = sizes ? reader.view(sizes.start, Math.min(16, sizes.end - sizes.start)) : null;
  const offsets = wide ?? narrow;
  const offset = offsets ? reader.view(offsets.start, Math.min(16, offsets.end - offsets.start)) : null;
  if (!size || size.length < 12 || !offset || offset.length < (wide ? 16 : 12)) return null;
  // One size for all samples, or, where that is 0, a table of them.
  const length = u32(size, 4, false) || (size.length >= 16 ? u32(size, 12, false) : 0);
  return { offset: wide ? u32(offset, 8, false) * 4_294_967_296 + u32(offset, 12, false) : u32(offset, 8, false), length };
}

function rangeOf(box: Box | undefined): Range | null {
  return box?.isWhole ? { offset: box.start, length: box.end - box.start } : null;
}
