/** Makes a finished picture for a client: upright, sRGB, at most so large, with the original's metadata. */
import { coded, ok } from '../base/index.ts';
import type { CodedError, Result } from '../base/index.ts';
import type { EmbeddedPreview } from '../domain/index.ts';
import { pictureEdges } from '../ports/index.ts';
import type { DeliverTask, Picture } from '../ports/index.ts';
import { keepMetadata } from '../stages/deliver/index.ts';
import { findTagSources } from '../stages/metadata/blocks.ts';
import { isPlaceholder } from '../stages/preview/real.ts';
import { metadataOf, openPhoto, previewsOf, readPictureBytes } from './photo.ts';
import type { OpenPhoto, Tools } from './photo.ts';

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
  const { maxEdge, quality } = task;
  const metadata = await metadataOf(photo, task.known, tools);
  const previews = previewsOf(photo, task.known);
  if (!previews.ok) return previews;
  let candidates = previews.value.embedded;
  const { damage } = previews.value;
  const largest = candidates[0];
  // What is left of a file that ends too early is its thumbnail: good enough to be seen, not to be handed to a client.
  if (damage && largest && Math.max(largest.width, largest.height) <= pictureEdges.grid!) return { ok: false, error: damage };
  let first: CodedError | null = null;
  for (;;) {
    const chosen = chooseForSize(candidates, maxEdge);
    const read = readPictureBytes(photo, chosen ? [chosen] : [], metadata.ok ? metadata.value : null, maxEdge);
    if (!read.ok) return first ? { ok: false, error: first } : read;
    const { bytes, orientation, preview } = read.value;
    const decoded = await tools.codec.decode(bytes, { maxEdge, orientation });
    const error = !decoded.ok ? decoded.error : preview && isPlaceholder(decoded.value) ? notReal : null;
    if (decoded.ok && !error) {
      const jpeg = await tools.codec.encodeJpeg(decoded.value, { quality, profile: true });
      if (!jpeg.ok) return jpeg;
      const { width, height } = decoded.value;
      const finished = keepMetadata(jpeg.value, { width, height }, findTagSources(photo.reader, photo.format), photo.format === 'jpeg' ? photo.reader : null);
      return ok({ jpeg: finished, width, height, source: preview ? 'embedded' : 'self' });
    }
    first ??= error;
    candidates = candidates.filter((other) => other !== chosen);
    if (candidates.length === 0) return { ok: false, error: first! };
  }
}

/** The smallest preview that has all pixels wanted; else the largest. For a client "nearly" is not enough, unlike for the eye. */
function chooseForSize(largestFirst: readonly EmbeddedPreview[], edge: number): EmbeddedPreview | null {
  return largestFirst.findLast(({ width, height }) => Math.max(width, height) >= edge) ?? largestFirst[0] ?? null;
}

const notReal = coded('preview-not-real', 'The preview in this file is a placeholder, not a picture.');
