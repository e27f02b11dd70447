/** Makes a finished picture for a client: upright, sRGB, at most so large, with the original's metadata. */
import { coded, fail, ok } from '../base/index.ts';
import type { CodedError, Result } from '../base/index.ts';
import type { EmbeddedPreview, Metadata } from '../domain/index.ts';
import { pictureEdges } from '../ports/index.ts';
import type { DeliverTask, Picture, Pixels } from '../ports/index.ts';
import { keepMetadata } from '../stages/deliver/index.ts';
import { findTagSources } from '../stages/metadata/blocks.ts';
import { isPlaceholder } from '../stages/preview/real.ts';
import { metadataOf, openPhoto, previewsOf, readPictureBytes } from './photo.ts';
import type { OpenPhoto, Previews, Tools } from './photo.ts';
import { isRenderable, isWorthwhile, renderPicture, tellingError, wantsRendering } from './render.ts';

/** Errors: those of opening, of the preview stage and of decoding. A picture that is damaged or a placeholder is refused. */
export async function deliverPicture(task: DeliverTask, tools: Tools): Promise<Result<Picture>> {
  const opened = openPhoto(task.path, tools);
  if (!opened.ok) return opened;
  try {
    return await deliver(opened.value, task, tools);
  } finally {
    opened.value.source.close();
  }
}

async function deliver(photo: OpenPhoto, task: DeliverTask, tools: Tools): Promise<Result<Picture>> {
  const metadata = await metadataOf(photo, task.known, tools);
  const facts = metadata.ok ? metadata.value : null;
  const found = previewsOf(photo, task.known);
  const previews = found.ok ? found.value : null;
  const rendering = wantsRendering(photo.format, previews, task.maxEdge, task.known) ? await deliverRendered(photo, facts, previews, task, tools) : null;
  if (rendering?.ok) return rendering;
  const embedded = found.ok ? await deliverEmbedded(photo, found.value, facts, task, tools) : found;
  if (embedded.ok || !isRenderable(photo.format)) return embedded;
  const last = rendering ?? (await deliverRendered(photo, facts, null, task, tools));
  return last.ok ? last : { ok: false, error: tellingError(embedded.error, last.error) };
}

/** Fails also, with `preview-none`, where the embedded picture is as good. */
async function deliverRendered(photo: OpenPhoto, metadata: Metadata | null, previews: Previews | null, task: DeliverTask, tools: Tools): Promise<Result<Picture>> {
  const rendered = await renderPicture(photo, metadata, task.maxEdge, tools);
  if (!rendered.ok) return rendered;
  if (rendered.value.damage) return { ok: false, error: rendered.value.damage };
  if (!isWorthwhile(rendered.value, previews)) return fail('preview-none', 'The embedded preview is as large as the picture itself.');
  return finishJpeg(photo, rendered.value.pixels, 'rendered', task, tools);
}

async function deliverEmbedded(photo: OpenPhoto, previews: Previews, metadata: Metadata | null, task: DeliverTask, tools: Tools): Promise<Result<Picture>> {
  const { maxEdge } = task;
  let candidates = previews.embedded;
  const { damage } = previews;
  const largest = candidates[0];
  // What is left of a file that ends too early is its thumbnail: good enough to be seen, not to be handed to a client.
  if (damage && largest && Math.max(largest.width, largest.height) <= pictureEdges.grid!) return { ok: false, error: damage };
  let first: CodedError | null = null;
  for (;;) {
    const chosen = chooseForSize(candidates, maxEdge);
    const read = readPictureBytes(photo, chosen ? [chosen] : [], metadata, maxEdge);
    if (!read.ok) return first ? { ok: false, error: first } : read;
    const { bytes, orientation, preview } = read.value;
    const decoded = await tools.codec.decode(bytes, { maxEdge, orientation });
    const error = !decoded.ok ? decoded.error : preview && isPlaceholder(decoded.value) ? notReal : null;
    if (decoded.ok && !error) return finishJpeg(photo, decoded.value, preview ? 'embedded' : 'self', task, tools);
    first ??= error;
    candidates = candidates.filter((other) => other !== chosen);
    if (candidates.length === 0) return { ok: false, error: first! };
  }
}

async function finishJpeg(photo: OpenPhoto, pixels: Pixels, source: Picture['source'], task: DeliverTask, tools: Tools): Promise<Result<Picture>> {
  const jpeg = await tools.codec.encodeJpeg(pixels, { quality: task.quality, profile: true });
  if (!jpeg.ok) return jpeg;
  const { width, height } = pixels;
  const finished = keepMetadata(jpeg.value, { width, height }, findTagSources(photo.reader, photo.format), photo.format === 'jpeg' ? photo.reader : null);
  return ok({ jpeg: finished, width, height, source });
}

/** The smallest preview that has all pixels wanted; else the largest. For a client "nearly" is not enough, unlike for the eye. */
function chooseForSize(largestFirst: readonly EmbeddedPreview[], edge: number): EmbeddedPreview | null {
  return largestFirst.findLast(({ width, height }) => Math.max(width, height) >= edge) ?? largestFirst[0] ?? null;
}

const notReal = coded('preview-not-real', 'The preview in this file is a placeholder, not a picture.');
