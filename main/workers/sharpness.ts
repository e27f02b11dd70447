/** Stage `sharpness` on one photo: the largest picture in the file, in brightness alone, measured as it is stored. */
import type { Result } from '../base/index.ts';
import type { EmbeddedPreview, Metadata, SharpnessMeasure, StageOutputs } from '../domain/index.ts';
import type { Pixels } from '../ports/index.ts';
import { measureSharpness } from '../stages/sharpness/index.ts';
import { previewsOf, readPictureBytes } from './photo.ts';
import type { OpenPhoto, Tools } from './photo.ts';
import { renderPicture, wantsRendering } from './render.ts';

/** A byte each, and half as much again for the coarser scales, beside the file: a decode child stays below 400 MB. Larger pictures are measured smaller. */
const maxPixels = 50_000_000;
/** Long edge of a rendering that is measured, where nothing is embedded: a RAW file is then decoded at half its size. */
const renderedEdge = 3_000;

/**
 * Measures the photo where it has the most pixels. An embedded preview that is broken is passed over for the next smaller one.
 * Errors: preview-none and those of reading, decoding and rendering.
 */
export async function lookAtSharpness(photo: OpenPhoto, metadata: Metadata | null, known: Partial<StageOutputs>, tools: Tools): Promise<Result<SharpnessMeasure>> {
  const exposure = { iso: metadata?.iso ?? null, focusPoints: metadata?.focusPoints ?? null };
  const found = previewsOf(photo, known);
  const previews = found.ok ? found.value : null;
  if (known.preview ? known.preview.source === 'rendered' : wantsRendering(photo.format, previews, null, known)) {
    const rendered = await renderPicture(photo, metadata, renderedEdge, tools);
    if (!rendered.ok) return rendered;
    if (rendered.value.damage) return { ok: false, error: rendered.value.damage };
    const { width, height } = rendered.value.pixels;
    return measureSharpness({ width, height, data: lumaOf(rendered.value.pixels), orientation: 1 }, exposure);
  }
  if (!found.ok) return found;
  let candidates: readonly EmbeddedPreview[] = found.value.embedded;
  for (;;) {
    const picture = readPictureBytes(photo, candidates, metadata, null);
    if (!picture.ok) return picture;
    const { bytes, orientation, preview, profile } = picture.value;
    const luma = await tools.codec.decodeLuma(bytes, { maxPixels, profile });
    if (luma.ok) return measureSharpness({ ...luma.value, orientation: orientation === 'own' ? luma.value.orientation : orientation }, exposure);
    candidates = candidates.filter((other) => other !== preview);
    if (preview === null || candidates.length === 0) return luma;
  }
}

function lumaOf({ width, height, channels, data }: Pixels): Uint8Array {
  if (channels === 1) return data;
  const luma = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < luma.length; at++, from += 3) luma[at] = (77 * data[from]! + 150 * data[from + 1]! + 29 * data[from + 2]! + 128) >> 8;
  return luma;
}
