/** Pictures for the eye: the small ones from the cache where they are, everything else from the decoder. */
import { joinPath, ok } from '../../base/index.ts';
import type { CancelSignal, Result } from '../../base/index.ts';
import type { PhotoRow } from '../../catalog/types.ts';
import type { StageOutputs, StageResult } from '../../domain/index.ts';
import { knownOutputs } from '../../pipeline/index.ts';
import type { DecodePool, Picture, PictureSize, PictureStore } from '../../ports/index.ts';
import { readJpegHeader } from '../../stages/containers/jpeg.ts';
import { readerOfBytes } from '../../stages/containers/reader.ts';
import { thumbnailKey } from './places.ts';
import { refusedPreview } from './work.ts';

export interface PictureOf {
  readonly folder: string;
  readonly row: PhotoRow;
  readonly results: readonly StageResult[];
}

/**
 * Errors: those of the preview stage that were stored, and those of decoding (timeout, worker-crashed, cancelled, ...).
 * A preview that failed for good is not tried again, so that a file which stops the decoder does so once.
 */
export async function pictureOf(
  photo: PictureOf,
  size: PictureSize,
  deps: { readonly pool: DecodePool; readonly pictures: PictureStore },
  signal?: CancelSignal,
): Promise<Result<Picture>> {
  const { folder, row, results } = photo;
  const known: Partial<StageOutputs> = knownOutputs(results);
  const key = thumbnailKey(folder, row);
  if (size === 'grid') {
    const kept = await deps.pictures.get(key);
    const header = kept ? readJpegHeader(readerOfBytes(kept), 0) : null;
    if (kept && header) return ok({ jpeg: kept, width: header.width, height: header.height, source: sourceOf(known) });
  }
  const refusal = refusedPreview(results);
  if (refusal) return { ok: false, error: refusal };
  const made = await deps.pool.picture({ path: joinPath(folder, row.path), size, known }, signal ? { signal } : {});
  if (made.ok && size === 'grid') await deps.pictures.put(key, made.value.jpeg);
  return made;
}

function sourceOf(known: Partial<StageOutputs>): Picture['source'] {
  const source = known.preview?.source;
  return source === 'embedded' || source === 'rendered' ? source : 'self';
}
