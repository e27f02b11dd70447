/** Stage `sharpness` on one photo: the largest picture in the file, in brightness alone, measured as it is stored. */
import { coded } from '../base/index.ts';
import type { Result } from '../base/index.ts';
import type { EmbeddedPreview, Metadata, SharpnessMeasure, StageOutputs } from '../domain/index.ts';
import type { Luma } from '../ports/index.ts';
import { measureSharpness } from '../stages/sharpness/index.ts';
import { previewsOf, readPictureBytes } from './photo.ts';
import type { OpenPhoto, Tools } from './photo.ts';
import { measuredEdge, renderPicture, wantsRendering } from './render.ts';

/** A byte each, and half as much again for the coarser scales, beside the file: a decode child stays below 400 MB. Larger pictures are measured smaller. */
const maxPixels = 50_000_000;

/**
 * Measures the photo where it has the most pixels. An embedded preview that is broken is passed over for the next smaller one.
 * @param rendered the brightness of a rendering that was made for other stages; see renderPicture
 * Errors: preview-none and those of reading, decoding and rendering.
 */
export async function lookAtSharpness(photo: OpenPhoto, metadata: Metadata | null, known: Partial<StageOutputs>, tools: Tools, rendered: Luma | null = null): Promise<Result<SharpnessMeasure>> {
  const exposure = { iso: metadata?.iso ?? null, focusPoints: metadata?.focusPoints ?? null };
  if (rendered) return measureSharpness(rendered, exposure);
  const found = previewsOf(photo, known);
  const previews = found.ok ? found.value : null;
  if (known.preview ? known.preview.source === 'rendered' : wantsRendering(photo.format, previews, null, known)) {
    const fresh = await renderPicture(photo, metadata, measuredEdge, tools, true);
    if (!fresh.ok) return fresh;
    const { luma, damage } = fresh.value;
    return luma ? measureSharpness(luma, exposure) : { ok: false, error: damage ?? coded('preview-none', 'There is no picture to look at.') };
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
