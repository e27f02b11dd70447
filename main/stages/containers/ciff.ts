/**
 * CIFF, the heap format of Canon's CRW files (Canon's "Specification on Image Data File", 1997; ExifTool's CanonRaw.pm): a
 * heap ends with the place of its directory, whose entries lie in the heap, in the entry itself, or are heaps again.
 */
import type { Range } from './jpeg.ts';
import { isRange, latin1, u16, u32 } from './reader.ts';
import type { ByteReader } from './reader.ts';

export interface Ciff {
  readonly little: boolean;
  /** Places by tag, without the bits that say where the value is; the first of two entries with one tag counts. */
  readonly entries: ReadonlyMap<number, Range>;
}

const maxDepth = 8;
/** Of all directories together; cameras write about fifty. */
const maxEntries = 2_000;
const entryBytes = 10;
const tailBytes = 1_024;

/** Null where there is no CIFF header, or the root directory, which is at the file's end, is missing. */
export function readCiff(reader: ByteReader): Ciff | null {
  const head = reader.view(0, 14);
  if (!head || latin1(head, 6, 14) !== 'HEAPCCDR') return null;
  const little = latin1(head, 0, 2) === 'II';
  const entries = new Map<number, Range>();
  const seen = new Set<number>();
  let left = maxEntries;
  const readHeap = (start: number, end: number, depth: number): boolean => {
    // The directory is just before its place: both are read at once.
    const tail = end - start >= 6 ? reader.view(Math.max(start, end - tailBytes), Math.min(tailBytes, end - start)) : null;
    if (!tail) return false;
    const place = start + u32(tail, tail.length - 4, little);
    const count = isRange(place, 2, end) ? reader.view(place, 2) : null;
    if (!count || seen.has(place)) return false;
    seen.add(place);
    const table = reader.view(place + 2, u16(count, 0, little) * entryBytes)?.slice();
    if (!table) return false;
    for (let at = 0; at < table.length && left > 0; at += entryBytes, left--) {
      const tag = u16(table, at, little);
      const isInline = (tag & 0x4000) !== 0;
      const length = isInline ? 8 : u32(table, at + 2, little);
      const offset = isInline ? place + 2 + at + 2 : start + u32(table, at + 6, little);
      if (!isRange(offset, length, isInline ? reader.size : end)) continue;
      const isHeap = !isInline && ((tag & 0x3800) === 0x2800 || (tag & 0x3800) === 0x3000);
      if (isHeap) {
        if (depth < maxDepth) readHeap(offset, offset + length, depth + 1);
      } else if (!entries.has(tag & 0x3fff)) entries.set(tag & 0x3fff, { offset, length });
    }
    return true;
  };
  return readHeap(u32(head, 2, little), reader.size, 0) ? { little, entries } : null;
}
