/**
 * A bounded reader of TIFF structure (TIFF 6.0 section 2; Exif 2.32 section 4.6): directories and their entries with the
 * absolute place of each value. Nothing is trusted: ranges are checked against the file, entries against their counts,
 * directories against being visited twice.
 */
import type { PhotoFormat } from '../../domain/index.ts';
import { isRange, latin1, u16, u32 } from './reader.ts';
import type { ByteReader } from './reader.ts';

export interface TiffBlock {
  readonly reader: ByteReader;
  /** Where the block's header is in the file: value offsets count from here. */
  readonly base: number;
  readonly little: boolean;
  /** Offset of the first directory, from `base`. */
  readonly first: number;
}

export interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Place of the value in the file, in bytes from its start; inside the entry where it fits in four bytes. */
  readonly offset: number;
  /** Bytes of the value. */
  readonly length: number;
}

export interface TiffDirectory {
  /** From the block's base. */
  readonly offset: number;
  readonly entries: ReadonlyMap<number, TiffEntry>;
  /** Offset of the next directory from the base, 0 = none. */
  readonly next: number;
}

const sizes: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
/** Real directories have at most a few hundred entries. */
const maxEntries = 2_048;

/** Makers' own words in place of TIFF's 42, by format. */
const ownMagics: Partial<Record<PhotoFormat, readonly number[]>> = { rw2: [42, 0x55], orf: [42, 0x4f52, 0x5352] };

/** What {@link openTiff} is to accept for a file of `format`. */
export function tiffMagicsOf(format: PhotoFormat): readonly number[] {
  return ownMagics[format] ?? [42];
}

/**
 * Opens the TIFF block at `base`. `magics` are the accepted words after the byte order (42 for TIFF; others are makers' own:
 * 85 Panasonic RW2, 0x4f52 and 0x5352 Olympus ORF). Null where there is no such header.
 */
export function openTiff(reader: ByteReader, base: number, magics: readonly number[] = [42]): TiffBlock | null {
  const head = reader.view(base, 8);
  if (!head) return null;
  const order = latin1(head, 0, 2);
  if (order !== 'II' && order !== 'MM') return null;
  const little = order === 'II';
  return magics.includes(u16(head, 2, little)) ? { reader, base, little, first: u32(head, 4, little) } : null;
}

/**
 * Reads one directory, its offset counted from the block's base. Entries whose type is unknown, or whose value leaves the
 * file, are left out; the first of two entries with one tag counts. Null where the directory itself leaves the file.
 */
export function readDirectory(block: TiffBlock, offset: number): TiffDirectory | null {
  const { reader, base, little } = block;
  const start = base + offset;
  const head = reader.view(start, 2);
  if (!head || offset < 2) return null;
  const count = u16(head, 0, little);
  if (count === 0 || count > maxEntries) return null;
  // A file cut inside its directory still has the entries before the cut.
  const whole = Math.min(count, Math.floor((reader.size - start - 2) / 12));
  const table = reader.view(start + 2, whole * 12);
  if (!table || whole === 0) return null;
  const entries = new Map<number, TiffEntry>();
  for (let index = 0; index < whole; index++) {
    const at = index * 12;
    const tag = u16(table, at, little);
    const type = u16(table, at + 2, little);
    const values = u32(table, at + 4, little);
    const size = sizes[type] ?? 0;
    const length = size * values;
    if (length === 0 || entries.has(tag)) continue;
    const place = length <= 4 ? start + 2 + at + 8 : base + u32(table, at + 8, little);
    if (!isRange(place, length, reader.size)) continue;
    entries.set(tag, { tag, type, count: values, offset: place, length });
  }
  const after = reader.view(start + 2 + count * 12, 4);
  return { offset, entries, next: after ? u32(after, 0, little) : 0 };
}

/** Up to `max` whole-number values of an entry (BYTE, SHORT, LONG, IFD); empty for absent entries and other types. */
export function numbersOf(block: TiffBlock, entry: TiffEntry | undefined, max = 1): number[] {
  if (!entry || ![1, 3, 4, 13].includes(entry.type)) return [];
  const size = sizes[entry.type]!;
  const count = Math.min(entry.count, max);
  const bytes = block.reader.view(entry.offset, size * count);
  if (!bytes) return [];
  const values: number[] = [];
  for (let index = 0; index < count; index++) {
    if (size === 1) values.push(bytes[index]!);
    else values.push(size === 2 ? u16(bytes, index * 2, block.little) : u32(bytes, index * 4, block.little));
  }
  return values;
}

export function numberOf(block: TiffBlock, entry: TiffEntry | undefined): number | null {
  return numbersOf(block, entry, 1)[0] ?? null;
}

/** As {@link numbersOf}, and for RATIONAL entries also, whose values may be broken numbers. A denominator of 0 gives no values. */
export function ratiosOf(block: TiffBlock, entry: TiffEntry | undefined, max = 1): number[] {
  if (entry?.type !== 5) return numbersOf(block, entry, max);
  const count = Math.min(entry.count, max);
  const bytes = block.reader.view(entry.offset, 8 * count);
  if (!bytes) return [];
  const values = Array.from({ length: count }, (_, index) => u32(bytes, index * 8, block.little) / u32(bytes, index * 8 + 4, block.little));
  return values.every(Number.isFinite) ? values : [];
}

/** The text of an ASCII entry up to its first NUL, trimmed; at most `max` bytes are read. */
export function textOf(block: TiffBlock, entry: TiffEntry | undefined, max = 256): string {
  if (!entry || (entry.type !== 2 && entry.type !== 1 && entry.type !== 7)) return '';
  const bytes = block.reader.view(entry.offset, Math.min(entry.length, max));
  return bytes ? (latin1(bytes).split('\0', 1)[0] ?? '').trim() : '';
}

/**
 * Visits the directories that a file's pictures may be in: the chain from the first, their SubIFDs (TIFF Technical Note 1,
 * tag 0x014A) and the chains from those; each at most once, `maxDepth` deep, `maxDirectories` in all.
 */
export function walkDirectories(
  block: TiffBlock,
  visit: (directory: TiffDirectory, depth: number, index: number) => void,
  limits: { maxDepth: number; maxDirectories: number } = { maxDepth: 3, maxDirectories: 64 },
): void {
  const seen = new Set<number>();
  const open = (start: number, depth: number): void => {
    let offset = start;
    for (let index = 0; offset !== 0 && !seen.has(offset) && seen.size < limits.maxDirectories; index++) {
      seen.add(offset);
      const directory = readDirectory(block, offset);
      if (!directory) return;
      visit(directory, depth, index);
      if (depth < limits.maxDepth) for (const sub of numbersOf(block, directory.entries.get(0x014a), 16)) open(sub, depth + 1);
      offset = directory.next;
    }
  };
  open(block.first, 0);
}
