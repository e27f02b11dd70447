/** Stage `preview` on one photo: which pixels stand for it, decoded to the size that the other stages see. */
import { coded } from '../base/index.ts';
import type { CodedError } from '../base/index.ts';
import { isRenderable } from '../domain/index.ts';
import type { Metadata, StageOutputs } from '../domain/index.ts';
import type { Luma, Pixels } from '../ports/index.ts';
import { describeEmbedded, uprightSize } from '../stages/preview/index.ts';
import type { PreviewOutput } from '../stages/preview/index.ts';
import { isPlaceholder } from '../stages/preview/real.ts';
import { orientationOf, previewsOf, readPictureBytes } from './photo.ts';
import type { OpenPhoto, PictureBytes, Previews, Tools } from './photo.ts';
import { isWorthwhile, renderPicture, tellingError, wantsRendering } from './render.ts';

/** Long edge of the pixels that hash, focus and exposure see. */
export const analysisEdge = 1_600;
/** Cameras' mid previews have 1,616 or 1,620 pixels: taking those 20 away costs as much as the decoding. */
const tolerance = 1.1;

/** The largest thumbnails that cameras and converters put beside a preview (DNG: 256 x 171). */
const thumbnailEdge = 256;

/** The preview stage's answer, with the pixels that the other stages see. */
export interface Shown {
  readonly output: PreviewOutput | null;
  readonly error: CodedError | null;
  readonly pixels: Pixels | null;
  /** True where the pixels themselves are damaged: they are for the eye only, stages judge whole pictures. */
  readonly isHarmed: boolean;
  /** Of a rendering, where it was asked for: what sharpness is measured on. */
  readonly luma?: Luma | null;
}

/**
 * Finds the picture, or computes it where there is none that serves, brings it to the analysis size and checks that it is one.
 * @param forSharpness of a rendering, keeps what sharpness is measured on too
 */
export async function decodePreview(photo: OpenPhoto, metadata: Metadata | null, known: Partial<StageOutputs>, tools: Tools, forSharpness = false): Promise<Shown> {
  const found = previewsOf(photo, known);
  const previews = found.ok ? found.value : null;
  const embedded = found.ok ? await decodeEmbedded(photo, found.value, metadata, tools) : nothing(found.error);
  const isUsable = embedded.output !== null && !embedded.isHarmed;
  if (!isRenderable(photo.format) || (isUsable && !wantsRendering(photo.format, previews, analysisEdge, {}))) return embedded;
  const rendered = await renderPicture(photo, metadata, analysisEdge, tools, forSharpness);
  if (rendered.ok && (!isUsable || isWorthwhile(rendered.value, previews))) {
    const { pixels, width, height, damage, luma } = rendered.value;
    const error = damage ?? previews?.damage ?? null;
    return { output: { source: 'rendered', width, height, embedded: previews?.embedded ?? [] }, error, pixels, isHarmed: damage !== null, luma };
  }
  if (rendered.ok) return embedded;
  if (embedded.pixels === null) return nothing(tellingError(embedded.error, rendered.error));
  // A small preview is a picture all the same, and a decoder that does not know this camera proves nothing. Where a mere thumbnail
  // is all that is left beside broken sensor data, that must be said.
  const isBroken = rendered.error.code !== 'format-unsupported' && rendered.error.code !== 'native-missing';
  const isThumbnail = Math.max(embedded.output?.width ?? 0, embedded.output?.height ?? 0) <= thumbnailEdge;
  return { ...embedded, error: embedded.error ?? (isBroken && isThumbnail ? rendered.error : null) };
}

/** The smallest embedded preview that serves and is whole; else what can be seen of the largest. */
async function decodeEmbedded(photo: OpenPhoto, previews: Previews, metadata: Metadata | null, tools: Tools): Promise<Shown> {
  let candidates = previews.embedded;
  for (;;) {
    const picture = readPictureBytes(photo, candidates, metadata, analysisEdge);
    if (!picture.ok) return nothing(picture.error);
    const { bytes, preview } = picture.value;
    const isNearly = preview !== null && Math.max(preview.width, preview.height) <= analysisEdge * tolerance;
    const decoded = await decodeOrShow(picture.value, isNearly ? null : analysisEdge, tools);
    if (preview === null) return describeSelf(bytes, decoded, tools);
    const broken = !decoded.pixels || decoded.error ? decoded.error : isPlaceholder(decoded.pixels) ? notReal : null;
    const others = candidates.filter((other) => other !== preview);
    if (broken && others.length > 0) {
      candidates = others;
      continue;
    }
    if (broken) return { output: null, error: broken, pixels: broken === notReal ? null : decoded.pixels, isHarmed: true };
    const turned = orientationOf(metadata, candidates[0]!);
    const output = describeEmbedded(candidates, turned === 'own' ? 1 : turned);
    return { output, error: previews.damage, pixels: decoded.pixels, isHarmed: false };
  }
}

/** A JPEG, PNG, ... : its size comes from its own header, which for a damaged one may be all that there is. */
async function describeSelf(bytes: Uint8Array, decoded: Decoded, tools: Tools): Promise<Shown> {
  const facts = await tools.codec.probe(bytes);
  if (!facts.ok) return nothing(decoded.error ?? facts.error);
  if (!decoded.pixels) return nothing(decoded.error!);
  const output = { source: 'self', ...uprightSize(facts.value, facts.value.orientation), embedded: [] } as const;
  return { output, error: decoded.error, pixels: decoded.pixels, isHarmed: decoded.error !== null };
}

interface Decoded {
  readonly pixels: Pixels | null;
  readonly error: CodedError | null;
}

/** Whole pictures decode without error; of a damaged one what there is, together with what is wrong. */
async function decodeOrShow({ bytes, orientation, profile }: PictureBytes, maxEdge: number | null, tools: Tools): Promise<Decoded> {
  const options = { maxEdge, orientation, profile };
  const whole = await tools.codec.decode(bytes, options);
  if (whole.ok) return { pixels: whole.value, error: null };
  if (whole.error.code !== 'truncated' && whole.error.code !== 'preview-broken') return { pixels: null, error: whole.error };
  const part = await tools.codec.decode(bytes, { ...options, damaged: 'show' });
  return { pixels: part.ok ? part.value : null, error: whole.error };
}

const notReal = coded('preview-not-real', 'The preview in this file is a placeholder, not a picture.');

function nothing(error: CodedError): Shown {
  return { output: null, error, pixels: null, isHarmed: false };
}
