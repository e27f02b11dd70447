/** Pictures for the eye: what was costly to make from the cache where it is there, everything else from the decoder. */
import { joinPath, ok } from '../../base/index.ts';
import type { CancelSignal, CodedError, Result } from '../../base/index.ts';
import type { PhotoRow } from '../../catalog/types.ts';
import { expectedSource, formatOfName, fullSizeOf, isPassing, isSelfPicture } from '../../domain/index.ts';
import type { PictureOutlook, PreviewSource, SourceChoice, StageOutputs, StageResult } from '../../domain/index.ts';
import { knownOutputs } from '../../pipeline/index.ts';
import type { DecodePool, Picture, PictureSize, PictureStore, PictureView } from '../../ports/index.ts';
import { readJpegHeader } from '../../stages/containers/jpeg.ts';
import { readerOfBytes } from '../../stages/containers/reader.ts';
import { contentKeys, pictureKey, thumbnailKey } from './places.ts';
import { refusedPreview } from './work.ts';

export interface PictureOf {
  readonly folder: string;
  readonly row: PhotoRow;
  readonly results: readonly StageResult[];
}

export interface Pictures {
  /**
   * Errors: those of the preview stage that were stored, those of decoding (timeout, worker-crashed, cancelled, ...), and, where one
   * source alone is asked for, preview-none and format-unsupported. What failed for good is not tried again, so that a file which
   * stops the decoder does so once.
   */
  get(photo: PictureOf, view: PictureView, from: SourceChoice, signal?: CancelSignal): Promise<Result<Picture>>;
  /** Why the photo could not be rendered, where that was tried since the start. */
  refusalOf(photo: PictureOf): CodedError | null;
}

/** Refusals are few: they come from files that a person has looked at. */
const mostRefusals = 5_000;

export function createPictures(deps: { readonly pool: DecodePool; readonly pictures: PictureStore }): Pictures {
  const refusals = new Map<string, CodedError>();

  const refusalOf = (photo: PictureOf): CodedError | null => {
    for (const key of keysOfContent(photo)) if (refusals.has(key)) return refusals.get(key)!;
    return null;
  };
  const refuse = (photo: PictureOf, error: CodedError): void => {
    // a disk that is gone says nothing of the file
    if (isPassing(error) && error.code !== 'timeout' && error.code !== 'worker-crashed') return;
    refusals.set(keysOfContent(photo)[0], error);
    if (refusals.size > mostRefusals) refusals.delete(refusals.keys().next().value!);
  };
  const kept = async (keys: readonly string[], source: Picture['source']): Promise<Picture | null> => {
    for (const key of keys) {
      const jpeg = await deps.pictures.get(key);
      const header = jpeg ? readJpegHeader(readerOfBytes(jpeg), 0) : null;
      if (jpeg && header) return { jpeg, width: header.width, height: header.height, source };
    }
    return null;
  };

  return {
    refusalOf,
    async get(photo, size, from, signal) {
      const { folder, row, results } = photo;
      const known = knownOutputs(results);
      const outlook = outlookOf(known);
      if (typeof size === 'object') {
        const failure = refusedPreview(results);
        if (failure) return { ok: false, error: failure };
        // What was measured is what is shown: the camera's preview where there is one, the rendering where that was measured.
        const choice = from === 'auto' && outlook.preview?.source === 'embedded' ? 'embedded' : from;
        return deps.pool.picture({ path: joinPath(folder, row.path), size, from: choice, known }, { patient: outlook.preview?.source === 'rendered' || choice === 'rendered', ...(signal ? { signal } : {}) });
      }
      const source = sourceOf(from === 'auto' ? expectedSource(outlook, size) : from);
      const keysFor = (made: Picture['source']): readonly string[] =>
        size === 'grid' && from === 'auto' ? [thumbnailKey(folder, row)] : keysOfContent(photo).map((content) => pictureKey(content, size, made));
      // the grid's picture may be there though this catalog knows nothing of the photo yet
      const promised = source ?? (size === 'grid' ? sourceOfName(row.path) : null);
      const found = promised === null ? null : await kept(keysFor(promised), promised);
      if (found) return ok(found);

      const failure = refusedPreview(results);
      if (failure) return { ok: false, error: failure };
      const ask = (choice: SourceChoice, patient: boolean): Promise<Result<Picture>> =>
        deps.pool.picture({ path: joinPath(folder, row.path), size, from: choice, known }, { patient, ...(signal ? { signal } : {}) });
      const rendersAll = size === 'full' && source === 'rendered';
      const refusal = source === 'rendered' ? refusalOf(photo) : null;
      const hasPreview = outlook.preview?.source === 'embedded';
      if (refusal && !isPassing(refusal) && (from === 'rendered' || !hasPreview)) return { ok: false, error: refusal };
      let made: Result<Picture>;
      if (refusal && from === 'auto' && hasPreview) made = withRefusal(await ask('embedded', false), refusal);
      else made = await ask(from, source === 'rendered' || (source === null && size === 'full'));
      const error = made.ok ? (made.value.refusal ?? null) : made.error;
      if (error && (source === 'rendered' || made.ok)) refuse(photo, error);
      // the child could not say why, nor give the preview instead
      if (!made.ok && from === 'auto' && rendersAll && hasPreview && !isOver(made.error)) made = withRefusal(await ask('embedded', false), made.error);
      if (made.ok && isWorthKeeping(made.value, size, from)) void deps.pictures.put(keysFor(made.value.source)[0]!, made.value.jpeg);
      return made;
    },
  };
}

function keysOfContent({ folder, row, results }: PictureOf): readonly [string, ...string[]] {
  return contentKeys(folder, row, knownOutputs(results).identify?.sha256 ?? row.sha256);
}

function sourceOfName(path: string): Picture['source'] {
  const format = formatOfName(path);
  return isSelfPicture(format) ? 'self' : format === 'heif' ? 'rendered' : 'embedded';
}

/** Cancelled and closed: nobody waits for an answer. */
function isOver({ code }: CodedError): boolean {
  return code === 'cancelled' || code === 'closed';
}

function withRefusal(made: Result<Picture>, refusal: CodedError): Result<Picture> {
  return made.ok ? ok({ ...made.value, refusal }) : made;
}

/** What takes long to make; not what lies in the file as it is, nor a whole preview that only had to be turned, which is large. */
function isWorthKeeping({ source, isStored }: Picture, size: PictureSize, from: SourceChoice): boolean {
  if (size === 'grid') return from === 'auto';
  return isStored !== true && (size === 'screen' || source === 'rendered');
}

function outlookOf(known: Partial<StageOutputs>): PictureOutlook {
  const preview = known.preview ?? null;
  return { preview, full: fullSizeOf(preview, known.metadata ?? null) };
}

function sourceOf(source: PreviewSource | 'auto' | null): Picture['source'] | null {
  return source === null || source === 'none' || source === 'auto' ? null : source;
}
