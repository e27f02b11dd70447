/** Makes a finished picture for a client: upright, sRGB, at most so large, with the original's metadata, or without any. */
import { coded, ok } from '../base/index.ts';
import type { CodedError, Result } from '../base/index.ts';
import type { EmbeddedPreview, Metadata } from '../domain/index.ts';
import { pictureEdges } from '../ports/index.ts';
import type { DeliverTask, Picture, Pixels } from '../ports/index.ts';
import { keepMetadata } from '../stages/deliver/index.ts';
import { findTagSources } from '../stages/metadata/blocks.ts';
import { isPlaceholder } from '../stages/preview/real.ts';
import { metadataOf, openPhoto, previewsOf, readPictureBytes } from './photo.ts';
import type { OpenPhoto, Previews, Tools } from './photo.ts';
import { findBestWay, renderWorthwhile } from './render.ts';

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
  return findBestWay(photo, previewsOf(photo, task.known), { edge: task.maxEdge, known: task.known }, {
    embedded: (previews) => deliverEmbedded(photo, previews, facts, task, tools),
    async rendered(previews) {
      const rendered = await renderWorthwhile(photo, facts, task.maxEdge, previews, tools);
      if (!rendered.ok) return rendered;
      if (rendered.value.damage) return { ok: false, error: rendered.value.damage };
      return finishJpeg(photo, rendered.value.pixels, 'rendered', task, tools);
    },
  });
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
    const { bytes, orientation, preview, profile } = read.value;
    const decoded = await tools.codec.decode(bytes, { maxEdge, orientation, profile });
    const error = !decoded.ok ? decoded.error : preview && isPlaceholder(decoded.value) ? notReal : null;
    if (decoded.ok && !error) return finishJpeg(photo, decoded.value, preview ? 'embedded' : 'self', task, tools);
    first ??= error;
    candidates = candidates.filter((other) => other !== chosen);
    if (candidates.length === 0) return { ok: false, error: first! };
  }
}

async function finishJpeg(photo: OpenPhoto, pixels: Pixels, source: Picture['source'], task: DeliverTask, tools: Tools): Promise<Result<Picture>> {
  const isKept = task.metadata !== 'none';
  const jpeg = await tools.codec.encodeJpeg(pixels, { quality: task.quality, profile: isKept });
  if (!jpeg.ok) return jpeg;
  const { width, height } = pixels;
  if (!isKept) return ok({ jpeg: jpeg.value, width, height, source });
  const finished = keepMetadata(jpeg.value, { width, height }, findTagSources(photo.reader, photo.format), photo.format === 'jpeg' ? photo.reader : null);
  return ok({ jpeg: finished, width, height, source });
}

/** The smallest preview that has all pixels wanted; else the largest. For a client "nearly" is not enough, unlike for the eye. */
function chooseForSize(largestFirst: readonly EmbeddedPreview[], edge: number): EmbeddedPreview | null {
  return largestFirst.findLast(({ width, height }) => Math.max(width, height) >= edge) ?? largestFirst[0] ?? null;
}

const notReal = coded('preview-not-real', 'The preview in this file is a placeholder, not a picture.');
