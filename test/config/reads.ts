/** What the search for embedded previews reads of a file. */
import { basename } from 'node:path';
import { openByteSource } from '../../main/adapters/byte-source/index.ts';
import { isSelfPicture } from '../../main/domain/index.ts';
import type { EmbeddedPreview } from '../../main/domain/index.ts';
import type { ByteSource } from '../../main/ports/index.ts';
import { createReader, headLength } from '../../main/stages/containers/reader.ts';
import { detectFormat } from '../../main/stages/identify/index.ts';
import { findEmbeddedPreviews } from '../../main/stages/preview/index.ts';

export interface Read {
  readonly offset: number;
  readonly length: number;
}

/** Null for a file without previews. */
export function readsToFind(path: string): { reads: readonly Read[]; previews: readonly EmbeddedPreview[] } | null {
  const opened = openByteSource(path);
  if (!opened.ok) return null;
  const source = opened.value;
  const reads: Read[] = [];
  const read: ByteSource['read'] = (offset, length, into) => {
    reads.push({ offset, length: Math.min(length, source.size - offset) });
    return source.read(offset, length, into);
  };
  try {
    const reader = createReader({ ...source, read }, new Uint8Array(headLength));
    const format = detectFormat(reader, basename(path));
    const found = format === 'other' || isSelfPicture(format) ? null : findEmbeddedPreviews(reader, format);
    return found?.ok ? { reads, previews: found.value.embedded } : null;
  } finally {
    source.close();
  }
}

/** Reads that touch nothing of any of the ranges: what it took to get there. */
export function readsOutside(reads: readonly Read[], ranges: readonly Read[]): readonly Read[] {
  return reads.filter((one) => one.offset === 0 || !ranges.some(({ offset, length }) => one.offset < offset + length && one.offset + one.length > offset));
}

export function bytesOf(reads: readonly Read[]): number {
  return reads.reduce((sum, { length }) => sum + length, 0);
}
