/** Whether a file at the destination is what an export would make: the work of an earlier run, or the same bytes anyway. */
import { joinPath, ok } from '../../base/index.ts';
import type { CancelSignal, Result } from '../../base/index.ts';
import type { ExportRecord } from '../../catalog/types.ts';
import type { Preset } from '../../contract/index.ts';
import type { DeliverDeps } from './types.ts';

/** One source of an exported file, as found on disk. */
export interface Source {
  /** Relative to the shoot. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  /** Answers with the SHA-256, read from the file at most once. */
  sha256(signal: CancelSignal): Promise<Result<string>>;
}

export type Place = 'free' | 'taken' | 'ours';

/** A file written by an earlier run has the time of that run, or of its original; FAT rounds times up by two seconds. */
const timeSlackMs = 2_000;

/**
 * What is at `target` below `destination`. `ours`: what exporting any of `sources` would make.
 * Errors: cancelled, and those of reading a source.
 */
export async function lookAt(
  target: string,
  sources: readonly Source[],
  context: { destination: string; preset: Preset; record: ExportRecord | undefined; signal: CancelSignal },
  deps: Pick<DeliverDeps, 'target' | 'catalog'>,
): Promise<Result<Place>> {
  const { destination, preset, record, signal } = context;
  const path = joinPath(destination, target);
  const there = await deps.target.stat(path);
  if (!there) return ok((await deps.target.exists(path)) ? 'taken' : 'free');
  if (record?.preset === preset && record.bytes === there.bytes) {
    const isSame = await cameFrom(record, sources, signal);
    if (!isSame.ok) return isSame;
    if (isSame.value) {
      if (record.sha256 !== '' && there.mtimeMs <= record.at + timeSlackMs) return ok('ours');
      // Touched since, or written in the moment before a run was killed: only the bytes can tell.
      const sha256 = await deps.target.sha256(path, signal);
      if (!sha256.ok) return sha256.error.code === 'cancelled' ? sha256 : ok('taken');
      if (record.sha256 === '') deps.catalog.recordExport({ ...record, sha256: sha256.value });
      if (record.sha256 === '' || record.sha256 === sha256.value) return ok('ours');
    }
  }
  return preset === 'copy' ? sameBytes(path, there.bytes, sources[0]!, signal, deps) : ok('taken');
}

async function cameFrom(record: ExportRecord, sources: readonly Source[], signal: CancelSignal): Promise<Result<boolean>> {
  for (const source of sources) {
    const sha256 = await source.sha256(signal);
    if (!sha256.ok) return sha256;
    if (sha256.value === record.sourceSha256) return ok(true);
  }
  return ok(false);
}

async function sameBytes(path: string, bytes: number, source: Source, signal: CancelSignal, deps: Pick<DeliverDeps, 'target'>): Promise<Result<Place>> {
  if (bytes !== source.bytes) return ok('taken');
  const wanted = await source.sha256(signal);
  if (!wanted.ok) return wanted;
  const found = await deps.target.sha256(path, signal);
  if (!found.ok) return found.error.code === 'cancelled' ? found : ok('taken');
  return ok(found.value === wanted.value ? 'ours' : 'taken');
}
