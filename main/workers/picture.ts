/** Makes the picture that a person sees: the file's own JPEG untouched where that will do, transcoded otherwise. */
import { ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';
import type { Metadata } from '../domain/index.ts';
import type { Picture, PictureTask } from '../ports/index.ts';
import { pictureEdges } from '../ports/index.ts';
import { readJpegHeader } from '../stages/containers/jpeg.ts';
import { readerOfBytes } from '../stages/containers/reader.ts';
import { metadataOf, openPhoto, previewsOf, readPictureBytes } from './photo.ts';
import type { OpenPhoto, PictureBytes, Previews, Tools } from './photo.ts';
import { findBestWay, renderWorthwhile } from './render.ts';

/** A picture this much larger than wanted is sent as it is: shrinking costs more than it saves. */
const tolerance = 1.3;
const qualities = { small: 85, full: 90 } as const;

/** Errors: those of opening, of the preview stage and of decoding; a damaged picture is shown as far as it goes. */
export async function makePicture(task: PictureTask, tools: Tools): Promise<Result<Picture>> {
  const opened = openPhoto(task.path, tools);
  if (!opened.ok) return opened;
  try {
    return await make(opened.value, task, tools);
  } finally {
    opened.value.source.close();
  }
}

async function make(photo: OpenPhoto, task: PictureTask, tools: Tools): Promise<Result<Picture>> {
  const edge = typeof task.size === 'number' ? task.size : pictureEdges[task.size];
  const quality = edge === null ? qualities.full : qualities.small;
  const metadata = await metadataOf(photo, task.known, tools);
  const facts = metadata.ok ? metadata.value : null;
  return findBestWay(photo, previewsOf(photo, task.known), { edge, known: task.known }, {
    embedded: (previews) => makeEmbedded(photo, previews, facts, edge, quality, tools),
    async rendered(previews) {
      const rendered = await renderWorthwhile(photo, facts, edge, previews, tools);
      if (!rendered.ok) return rendered;
      const { pixels } = rendered.value;
      const jpeg = await tools.codec.encodeJpeg(pixels, { quality });
      return jpeg.ok ? ok({ jpeg: jpeg.value, width: pixels.width, height: pixels.height, source: 'rendered' }) : jpeg;
    },
  });
}

async function makeEmbedded(photo: OpenPhoto, previews: Previews, metadata: Metadata | null, edge: number | null, quality: number, tools: Tools): Promise<Result<Picture>> {
  let candidates = previews.embedded;
  for (;;) {
    const read = readPictureBytes(photo, candidates, metadata, edge);
    if (!read.ok) return read;
    const { bytes, orientation, preview, profile } = read.value;
    const source = preview ? 'embedded' : 'self';
    const whole = await passThrough(read.value, edge, tools);
    if (whole) return ok({ ...whole, source });
    const made = await tools.codec.toJpeg(bytes, { maxEdge: edge, quality, orientation, profile, damaged: 'show' });
    if (made.ok) return ok({ ...made.value, source });
    candidates = candidates.filter((other) => other !== preview);
    if (preview === null || candidates.length === 0) return made;
  }
}

/**
 * The stored JPEG itself, if it is upright, sRGB and of about the wanted size; null otherwise. With all its pixels it may keep a
 * profile, by which the page's decoder goes (test/browser/colors.test.ts), so that it need not be coded again.
 */
async function passThrough(picture: PictureBytes, edge: number | null, tools: Tools): Promise<{ jpeg: Uint8Array; width: number; height: number } | null> {
  const { bytes, orientation } = picture;
  const header = readJpegHeader(readerOfBytes(bytes), 0);
  if (!header || (header.components !== 3 && header.components !== 1)) return null;
  if (header.coding !== 'baseline' && header.coding !== 'progressive') return null;
  if (edge !== null && Math.max(header.width, header.height) > edge * tolerance) return null;
  const facts = await tools.codec.probe(bytes);
  const isTagged = edge === null && header.hasIcc && header.components === 3;
  if (!facts.ok || !(facts.value.isSrgb || isTagged)) return null;
  // A viewer turns the JPEG by its own tag: both must say that it is upright already.
  if (facts.value.orientation !== 1 || (orientation !== 'own' && orientation !== 1)) return null;
  return { jpeg: bytes, width: header.width, height: header.height };
}
