/**
 * Stage `preview`: where a photo's shown pixels come from. A JPEG, PNG, WebP, TIFF or AVIF is its own picture; a RAW file is
 * shown by the JPEGs that its camera put into it.
 */
import { coded, fail, ok } from '../../base/index.ts';
import type { CodedError, Result } from '../../base/index.ts';
import type { EmbeddedPreview, Orientation, PhotoFormat, PreviewKind, StageOutputs } from '../../domain/index.ts';
import { readJpegHeader } from '../containers/jpeg.ts';
import { findPictureSize } from '../containers/picture-size.ts';
import type { PictureSize } from '../containers/picture-size.ts';
import { isRange } from '../containers/reader.ts';
import type { ByteReader } from '../containers/reader.ts';
import { openTiff } from '../containers/tiff.ts';
import type { Candidate } from './candidates.ts';
import { colorSpaceOf } from './color-space.ts';
import { locatePictures } from './locate.ts';
import type { Located } from './locate.ts';
import { uprightSize } from './orientation.ts';

export { previewOrientation, uprightSize } from './orientation.ts';

export type PreviewOutput = StageOutputs['preview'];

/** What was found, and what is wrong with the file all the same (its sensor data are cut off). */
export interface FoundPreviews {
  readonly embedded: readonly EmbeddedPreview[];
  readonly damage: CodedError | null;
}

/** Formats whose picture is no JPEG inside them: HEIF, whose EXIF has at most a thumbnail, and headerless sensor data. */
const withoutPreviews: ReadonlySet<PhotoFormat> = new Set(['heif', 'raw']);
/** Below this a JPEG is a placeholder, not a preview (the smallest real ones are 160 x 120 thumbnails). */
const smallestEdge = 64;
/** Up to this long edge a preview is a thumbnail: EXIF's is 160 pixels, some makers' are twice that. */
const thumbnailEdge = 400;
/** A full preview may lack a few rows at the sensor's borders. */
const fullShare = 0.9;

/**
 * Finds the embedded JPEGs of a RAW file, largest first, each once; only headers are read.
 * Errors: preview-none, truncated (nothing usable before the file's early end), format-unsupported; and those of reading.
 */
export function findEmbeddedPreviews(reader: ByteReader, format: PhotoFormat): Result<FoundPreviews> {
  const located = locatePictures(reader, format);
  const embedded = withoutPreviews.has(format) ? [] : acceptAll(reader, format, located);
  const failure = reader.failure();
  if (failure) return { ok: false, error: failure };
  const damage = located.isCutOff ? coded('truncated', 'The file ends too early: part of its picture data is missing.') : null;
  if (embedded.length > 0) return ok({ embedded, damage });
  if (damage) return { ok: false, error: damage };
  if (withoutPreviews.has(format)) return fail('format-unsupported', `Previews of ${format.toUpperCase()} files cannot be shown yet.`);
  return fail('preview-none', 'No embedded preview was found in this file.');
}

/**
 * Every embedded JPEG of a file of any format, also of those that are themselves the picture (EXIF thumbnails, pictures of the
 * Multi-Picture format), largest first, each once. Empty where there is none.
 */
export function listEmbeddedPreviews(reader: ByteReader, format: PhotoFormat): EmbeddedPreview[] {
  return acceptAll(reader, format, locatePictures(reader, format));
}

/** The smallest preview whose long edge reaches `edge` pixels, or nearly; else the largest. `embedded` is largest first. */
export function choosePreview(embedded: readonly EmbeddedPreview[], edge: number | null): EmbeddedPreview | null {
  // A little less than wanted is not worth a decode of a picture that is ten times as dear: cameras' mid previews have 1,616 to
  // 1,620 pixels, and must do for a screen of 2,048.
  const enough = edge === null ? Infinity : edge * 0.78;
  return embedded.findLast((preview) => Math.max(preview.width, preview.height) >= enough) ?? embedded[0] ?? null;
}

/** The stage's answer for a RAW file, sizes with `orientation` applied. */
export function describeEmbedded(embedded: readonly EmbeddedPreview[], orientation: Orientation): PreviewOutput {
  const largest = embedded[0]!;
  return { source: 'embedded', ...uprightSize(largest, orientation), embedded };
}

function acceptAll(reader: ByteReader, format: PhotoFormat, { candidates, exif, note = null }: Located): EmbeddedPreview[] {
  if (candidates.length === 0) return [];
  const size = findPictureSize(reader, format);
  const space = colorSpaceOf(exif, note);
  return candidates
    .filter((candidate, index) => candidates.findIndex(({ offset }) => offset === candidate.offset) === index)
    .map((candidate) => acceptPreview(reader, candidate, size, space))
    .filter((preview) => preview !== null)
    .sort((a, b) => b.width * b.height - a.width * a.height || a.length - b.length);
}

/** A range is a preview if there is a whole baseline or progressive JPEG of grey or colour in it, and not a tiny one. */
function acceptPreview(reader: ByteReader, candidate: Candidate, size: PictureSize | null, fileSpace: EmbeddedPreview['colorSpace']): EmbeddedPreview | null {
  const { offset, length } = candidate;
  if (!isRange(offset, length, reader.size)) return null;
  const header = readJpegHeader(reader, offset, length);
  if (!header || (header.coding !== 'baseline' && header.coding !== 'progressive')) return null;
  if (header.components !== 1 && header.components !== 3) return null;
  const { width, height, exif } = header;
  if (Math.max(width, height) < smallestEdge) return null;
  const told = candidate.colorSpace ?? (exif ? colorSpaceOf(openTiff(reader, exif.offset)) : null) ?? fileSpace;
  // Grey has no colours: those spaces would only be mistaken for a profile of its own.
  const colorSpace = header.hasIcc ? 'icc' : header.components === 1 && told !== 'srgb' ? null : told;
  return { offset, length, width, height, kind: kindOf({ width, height }, size), colorSpace };
}

function kindOf(preview: PictureSize, photo: PictureSize | null): PreviewKind {
  const edge = Math.max(preview.width, preview.height);
  if (edge <= thumbnailEdge) return 'thumbnail';
  return photo && edge >= Math.max(photo.width, photo.height) * fullShare ? 'full' : 'preview';
}
