/** Pictures of files that hold no usable one: computed from the sensor data, or decoded from HEVC. */
import { fail, ok } from '../base/index.ts';
import type { CodedError, Result } from '../base/index.ts';
import { isRenderable } from '../domain/index.ts';
import type { Metadata, Orientation, PhotoFormat, StageOutputs } from '../domain/index.ts';
import type { CameraFrame, Luma, Pixels } from '../ports/index.ts';
import { findEmbeddedPreviews, uprightSize } from '../stages/preview/index.ts';
import { doubtRendering } from '../stages/preview/rendering.ts';
import { findUserCrop } from '../stages/preview/user-crop.ts';
import type { OpenPhoto, Previews, Tools } from './photo.ts';

/** An embedded preview with a shorter long edge is a mere thumbnail: the picture is rendered wherever more is wanted. */
export const thumbnailEdge = 640;
/** Larger files are not read into memory, which has to hold them twice, and the picture; multi-shot RAW files embed previews. */
const maxBytes = 320 * 1024 * 1024;
/** A rendering of about the size of the embedded preview is no reason to leave the camera's own picture. */
export const worthwhile = 1.25;

/** Upright sRGB pixels for the wanted edge, and the size of the whole. */
export interface RenderedPicture {
  readonly pixels: Pixels;
  /** At full size, orientation applied. */
  readonly width: number;
  readonly height: number;
  /** What is wrong although there is a picture: for the eye only. */
  readonly damage: CodedError | null;
  /** What sharpness is measured on, where it was asked for and the rendering has enough pixels for that. */
  readonly luma: Luma | null;
}

/** Long edge of a rendering in which sharpness is measured: a RAW file is then decoded at half its size. */
export const measuredEdge = 3_000;
/** The renderers' own share of a wanted edge that is enough for them: from so many pixels on they would make the same ones for `measuredEdge`. */
const enough = 0.85;

/** True where the embedded previews cannot serve `edge` and a rendering may. `known` tells how that was decided before. */
export function wantsRendering(format: PhotoFormat, previews: Previews | null, edge: number | null, known: Partial<StageOutputs>): boolean {
  if (!isRenderable(format)) return false;
  const largest = previews?.embedded[0];
  if (!largest) return true;
  const longEdge = Math.max(largest.width, largest.height);
  if (known.preview?.source === 'embedded' || longEdge >= thumbnailEdge) return false;
  return edge === null || edge > longEdge;
}

/** Whether a rendering is so much larger than the embedded preview that it is shown instead. */
export function isWorthwhile(rendered: { readonly width: number; readonly height: number }, previews: Previews | null): boolean {
  const largest = previews?.embedded[0];
  return !largest || Math.max(rendered.width, rendered.height) > Math.max(largest.width, largest.height) * worthwhile;
}

/**
 * Renders for a long edge of `edge` pixels (null = all). What is no picture is refused, with a reason.
 * Throws NoRoom where a fresh process has to do it.
 * @param forSharpness also answers with `luma`, which saves rendering a second time
 * Errors: preview-not-real, format-unsupported, truncated, preview-broken, too-large, native-missing and those of reading.
 */
export async function renderPicture(photo: OpenPhoto, metadata: Metadata | null, edge: number | null, tools: Tools, forSharpness = false): Promise<Result<RenderedPicture>> {
  const { source, format } = photo;
  const stated = statedSize(metadata);
  tools.room.forRendering(stated && stated.width * stated.height);
  // Found first: what is read is good only until the next read.
  const frame = frameOf(photo, stated);
  const read = readWhole(source);
  if (!read.ok) return read;
  const isRaw = format !== 'heif';
  const renderer = isRaw ? tools.rawRenderer : tools.heifRenderer;
  const rendered = await renderer.render(read.value, { edge, frame });
  if (!rendered.ok) return rendered;
  const { pixels, full, profile, damage } = rendered.value;
  const doubt = doubtRendering({ rendered: rendered.value, stated, isRaw });
  if (doubt) return { ok: false, error: doubt };
  const orientation = orientationFor(isRaw, metadata, rendered.value.orientation);
  const finish = (maxEdge: number | null): Promise<Result<Pixels>> => tools.codec.finish(pixels, { maxEdge, orientation, profile });
  const finished = await finish(edge);
  if (!finished.ok) return finished;
  const longest = Math.max(pixels.width, pixels.height);
  let luma: Luma | null = null;
  if (forSharpness && !damage && (edge === measuredEdge || longest >= Math.min(measuredEdge * enough, Math.max(full.width, full.height)))) {
    // Finishing may have been done in place: then these are all pixels already.
    const all = edge === measuredEdge || finished.value.data.buffer === pixels.data.buffer ? finished : await finish(measuredEdge);
    luma = all.ok ? lumaOf(all.value) : null;
  }
  return ok({ pixels: finished.value, ...uprightSize(full, orientation), damage, luma });
}

/** Luma (ITU-R BT.601 weights in 8 bits, as JPEG uses them) of upright pixels. */
function lumaOf({ width, height, channels, data }: Pixels): Luma {
  if (channels === 1) return { width, height, data, orientation: 1 };
  const luma = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < luma.length; at++, from += 3) luma[at] = (77 * data[from]! + 150 * data[from + 1]! + 29 * data[from + 2]! + 128) >> 8;
  return { width, height, data: luma, orientation: 1 };
}

/** The size that the file states, not turned; null where it states none. */
export function statedSize(metadata: Metadata | null): CameraFrame['full'] {
  return metadata?.width && metadata.height ? { width: metadata.width, height: metadata.height } : null;
}

/** All bytes of a file that is to be decoded from its own data, good until the next read. Errors: too-large and those of reading. */
export function readWhole(source: OpenPhoto['source']): Result<Uint8Array> {
  if (source.size > maxBytes) return fail('too-large', 'The file is too large to be rendered.');
  const read = source.read(0, source.size);
  if (!read.ok || read.value.length === source.size) return read;
  return fail('file-unreadable', 'The file became shorter while it was read.', { retry: true });
}

/** How the camera frames the picture: a rendering is to show the same as the embedded preview does. */
export function frameOf({ reader, format }: OpenPhoto, stated: CameraFrame['full']): CameraFrame {
  const found = findEmbeddedPreviews(reader, format);
  const preview = (found.ok ? found.value.embedded : []).find(({ kind }) => kind !== 'thumbnail') ?? null;
  return { preview, full: preview?.kind === 'full' ? preview : stated, asked: findUserCrop(reader, format) };
}

/**
 * The orientation that a person may have set in EXIF holds for the rendering as it does for previews; where EXIF says nothing,
 * LibRaw's reading of the makers' own data. A HEIF picture is turned by its own boxes, and EXIF only repeats them.
 */
export function orientationFor(isRaw: boolean, metadata: Metadata | null, own: Orientation): Orientation {
  return isRaw && metadata && metadata.orientation !== 1 ? metadata.orientation : own;
}

/** As `renderPicture`; fails also, with `preview-none`, where the embedded picture is as good. */
export async function renderWorthwhile(
  photo: OpenPhoto,
  metadata: Metadata | null,
  edge: number | null,
  previews: Previews | null,
  tools: Tools,
): Promise<Result<RenderedPicture>> {
  const rendered = await renderPicture(photo, metadata, edge, tools);
  if (!rendered.ok || isWorthwhile(rendered.value, previews)) return rendered;
  return fail('preview-none', 'The embedded preview is as large as the picture itself.');
}

/**
 * The ways to a picture in the order that serves: a rendering where the embedded previews are too small for `edge`, else what is
 * embedded, and where that fails a rendering after all (`previews` is null then: whatever comes is worthwhile).
 */
export async function findBestWay<T>(
  photo: OpenPhoto,
  found: Result<Previews>,
  wanted: { readonly edge: number | null; readonly known: Partial<StageOutputs> },
  ways: { rendered(previews: Previews | null): Promise<Result<T>>; embedded(previews: Previews): Promise<Result<T>> },
): Promise<Result<T>> {
  const previews = found.ok ? found.value : null;
  const rendering = wantsRendering(photo.format, previews, wanted.edge, wanted.known) ? await ways.rendered(previews) : null;
  if (rendering?.ok) return rendering;
  const embedded = found.ok ? await ways.embedded(found.value) : found;
  if (embedded.ok || !isRenderable(photo.format)) return embedded;
  const last = rendering ?? (await ways.rendered(null));
  return last.ok ? last : { ok: false, error: tellingError(embedded.error, last.error) };
}

/** Of two failures the one that says more: that nothing is embedded is no news where rendering was tried. */
export function tellingError(embedded: CodedError | null, rendering: CodedError): CodedError {
  const says = embedded && embedded.code !== 'preview-none' && embedded.code !== 'format-unsupported';
  return says ? embedded : rendering;
}
