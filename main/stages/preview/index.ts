/**
 * Stage `preview`: where a photo's shown pixels come from. A JPEG, PNG, WebP, TIFF or AVIF is its own picture; a RAW file is
 * shown by the JPEGs that its camera put into it.
 */
import { coded, fail, ok } from '../../base/index.ts';
import type { CodedError, Result } from '../../base/index.ts';
import type { EmbeddedPreview, Orientation, PhotoFormat, StageOutputs } from '../../domain/index.ts';
import { findCr3Pictures, isCutOff } from '../containers/isobmff.ts';
import { readJpegBlocks, readJpegHeader } from '../containers/jpeg.ts';
import type { Range } from '../containers/jpeg.ts';
import { isRange, u32 } from '../containers/reader.ts';
import type { ByteReader } from '../containers/reader.ts';
import { openTiff } from '../containers/tiff.ts';
import { findCandidates } from './candidates.ts';
import { hasMissingData } from './missing.ts';
import { uprightSize } from './orientation.ts';

export { previewOrientation, uprightSize } from './orientation.ts';

export type PreviewOutput = StageOutputs['preview'];

/** What was found, and what is wrong with the file all the same (its sensor data are cut off). */
export interface FoundPreviews {
  readonly embedded: readonly EmbeddedPreview[];
  readonly damage: CodedError | null;
}

const selfFormats: ReadonlySet<PhotoFormat> = new Set(['jpeg', 'png', 'webp', 'tiff', 'avif']);
const tiffMagics: Partial<Record<PhotoFormat, readonly number[]>> = { rw2: [42, 0x55], orf: [42, 0x4f52, 0x5352] };
/** Containers whose previews are not looked for yet. */
const unsupported: ReadonlySet<PhotoFormat> = new Set(['heif', 'crw', 'x3f', 'mrw', 'raw']);
/** Below this a JPEG is a placeholder, not a preview (the smallest real ones are 160 x 120 thumbnails). */
const smallestEdge = 64;

/** True where the file is itself the picture. */
export function isSelfPicture(format: PhotoFormat): boolean {
  return selfFormats.has(format);
}

/**
 * Finds the embedded JPEGs of a RAW file, largest first, each once; only headers are read.
 * Errors: preview-none, truncated (nothing usable before the file's early end), format-unsupported; and those of reading.
 */
export function findEmbeddedPreviews(reader: ByteReader, format: PhotoFormat): Result<FoundPreviews> {
  const block = unsupported.has(format) ? null : openTiff(reader, 0, tiffMagics[format]);
  const ranges = format === 'raf' ? rafCandidates(reader) : format === 'cr3' ? findCr3Pictures(reader) : block ? findCandidates(block) : [];
  const isDamaged = format === 'cr3' || format === 'heif' ? isCutOff(reader) : block !== null && hasMissingData(block);
  const damage = isDamaged ? coded('truncated', 'The file ends too early: part of its picture data is missing.') : null;
  const embedded = ranges
    .map((range) => acceptPreview(reader, range))
    .filter((preview) => preview !== null)
    .filter((preview, index, all) => all.findIndex((other) => other.offset === preview.offset) === index)
    .sort((a, b) => b.width * b.height - a.width * a.height || a.length - b.length);
  const failure = reader.failure();
  if (failure) return { ok: false, error: failure };
  if (embedded.length > 0) return ok({ embedded, damage });
  if (damage) return { ok: false, error: damage };
  if (unsupported.has(format)) return fail('format-unsupported', `Previews of ${format.toUpperCase()} files cannot be shown yet.`);
  return fail('preview-none', 'No embedded preview was found in this file.');
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

/** A range is a preview if there is a whole baseline or progressive JPEG of grey or colour in it, and not a tiny one. */
function acceptPreview(reader: ByteReader, range: Range): EmbeddedPreview | null {
  if (!isRange(range.offset, range.length, reader.size)) return null;
  const header = readJpegHeader(reader, range.offset, range.length);
  if (!header || (header.coding !== 'baseline' && header.coding !== 'progressive')) return null;
  if (header.components !== 1 && header.components !== 3) return null;
  if (Math.max(header.width, header.height) < smallestEdge) return null;
  return { offset: range.offset, length: range.length, width: header.width, height: header.height };
}

/** Fujifilm RAF: header bytes 84 and 88, big-endian, are offset and length of the camera's JPEG; its EXIF has a thumbnail. */
function rafCandidates(reader: ByteReader): Range[] {
  const head = reader.view(84, 8);
  if (!head) return [];
  const picture = { offset: u32(head, 0, false), length: u32(head, 4, false) };
  const { exif } = readJpegBlocks(reader, picture.offset, picture.length);
  const block = exif ? openTiff(reader, exif.offset) : null;
  return [picture, ...(block ? findCandidates(block) : [])];
}
