/** Makes the picture that a person sees: the file's own JPEG untouched where that will do, transcoded otherwise. */
import { fail, ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';
import { isRenderable, isSelfPicture, windowAround } from '../domain/index.ts';
import type { Metadata, Region } from '../domain/index.ts';
import type { Picture, PictureTask, Pixels } from '../ports/index.ts';
import { cropSize, pictureEdges } from '../ports/index.ts';
import { readJpegHeader } from '../stages/containers/jpeg.ts';
import { readerOfBytes } from '../stages/containers/reader.ts';
import { metadataOf, openPhoto, previewsOf, readPictureBytes } from './photo.ts';
import type { OpenPhoto, PictureBytes, Previews, Tools } from './photo.ts';
import { findBestWay, renderPicture, renderWorthwhile, tellingError, worthwhile } from './render.ts';
import type { RenderedPicture } from './render.ts';

/** A picture this much larger than wanted is sent as it is: shrinking costs more than it saves. */
const tolerance = 1.3;
const qualities = { small: 85, full: 90, crop: 95 } as const;

/**
 * Errors: those of opening, of the preview stage and of decoding; preview-none and format-unsupported where the source that was asked
 * for is not there. A damaged picture is shown as far as it goes.
 */
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
  const region = typeof task.size === 'object' ? task.size : null;
  const edge = typeof task.size === 'object' ? null : typeof task.size === 'number' ? task.size : pictureEdges[task.size];
  const metadata = await metadataOf(photo, task.known, tools);
  const wanted: Wanted = { photo, metadata: metadata.ok ? metadata.value : null, edge, region, quality: region ? qualities.crop : edge === null ? qualities.full : qualities.small, tools };
  const found = previewsOf(photo, task.known);
  switch (task.from ?? 'auto') {
    case 'embedded':
      if (isSelfPicture(photo.format)) return fail('preview-none', 'This file is itself the picture; there is no preview to be shown instead.');
      if (!found.ok) return found.error.code === 'format-unsupported' ? fail('preview-none', 'There is no camera preview in this file.') : found;
      return makeEmbedded(wanted, found.value);
    case 'rendered':
      if (!isRenderable(photo.format)) return fail('format-unsupported', 'This file is itself the picture; there is nothing to be rendered.');
      return makeRendered(wanted);
    case 'auto':
      if (found.ok && wantsMorePixels(photo, found.value, task)) return makeAllPixels(wanted, found.value);
      return findBestWay(photo, found, { edge, known: task.known }, {
        embedded: (previews) => makeEmbedded(wanted, previews),
        rendered: (previews) => makeRendered(wanted, previews),
      });
  }
}

/** One picture that is to be made, and what with. */
interface Wanted {
  readonly photo: OpenPhoto;
  readonly metadata: Metadata | null;
  /** Long edge in pixels; null = all that there are. */
  readonly edge: number | null;
  /** Only this part, at 100 %. */
  readonly region: Region | null;
  readonly quality: number;
  readonly tools: Tools;
}

/** True where all pixels of a RAW file are wanted, or a stated number of them that its largest preview does not have. */
function wantsMorePixels(photo: OpenPhoto, previews: Previews, { size }: PictureTask): boolean {
  const largest = previews.embedded[0];
  if (!largest || !isRenderable(photo.format)) return false;
  return size === 'full' || (typeof size === 'number' && size > Math.max(largest.width, largest.height) * worthwhile);
}

/** The preview that has the photo's pixels; else a whole rendering that has more than the previews; else the largest preview, and why. */
async function makeAllPixels(wanted: Wanted, previews: Previews): Promise<Result<Picture>> {
  const complete = previews.embedded.filter(({ kind }) => kind === 'full');
  const embedded = complete.length > 0 ? await makeEmbedded(wanted, { ...previews, embedded: complete }) : null;
  if (embedded?.ok) return embedded;
  const largest = previews.embedded[0]!;
  const rendered = await renderPicture(wanted.photo, wanted.metadata, wanted.edge, wanted.tools);
  const damage = rendered.ok ? rendered.value.damage : rendered.error;
  if (rendered.ok && !damage && Math.max(rendered.value.width, rendered.value.height) > Math.max(largest.width, largest.height)) return encode(wanted, rendered.value);
  const preview = await makeEmbedded(wanted, previews);
  if (preview.ok) return damage ? ok({ ...preview.value, refusal: damage }) : preview;
  if (rendered.ok) return encode(wanted, rendered.value);
  return { ok: false, error: tellingError(preview.error, rendered.error) };
}

/** @param previews where they are given, the rendering has to be worth more than they are. */
async function makeRendered(wanted: Wanted, previews: Previews | null = null): Promise<Result<Picture>> {
  const { photo, metadata, edge, tools } = wanted;
  const rendered = await renderWorthwhile(photo, metadata, edge, previews, tools);
  return rendered.ok ? encode(wanted, rendered.value) : rendered;
}

async function encode({ region, quality, tools }: Wanted, { pixels: whole }: RenderedPicture): Promise<Result<Picture>> {
  const pixels = region ? cutOut(whole, region) : whole;
  const jpeg = await tools.codec.encodeJpeg(pixels, { quality });
  return jpeg.ok ? ok({ jpeg: jpeg.value, width: pixels.width, height: pixels.height, source: 'rendered' }) : jpeg;
}

/** The part of decoded pixels that is shown of a region. */
function cutOut({ width, height, channels, data }: Pixels, region: Region): Pixels {
  const part = windowAround(region, { width, height }, cropSize);
  const cut = new Uint8Array(part.width * part.height * channels);
  for (let row = 0; row < part.height; row++) {
    const from = ((part.top + row) * width + part.left) * channels;
    cut.set(data.subarray(from, from + part.width * channels), row * part.width * channels);
  }
  return { width: part.width, height: part.height, channels, data: cut };
}

async function makeEmbedded({ photo, metadata, edge, region, quality, tools }: Wanted, previews: Previews): Promise<Result<Picture>> {
  let candidates = previews.embedded;
  for (;;) {
    const read = readPictureBytes(photo, candidates, metadata, edge);
    if (!read.ok) return read;
    const { bytes, orientation, preview, profile } = read.value;
    const source = preview ? 'embedded' : 'self';
    const whole = region ? null : await passThrough(read.value, edge, tools);
    if (whole) return ok({ ...whole, source, isStored: true });
    const made = await tools.codec.toJpeg(bytes, { maxEdge: edge, quality, orientation, profile, damaged: 'show', ...(region ? { crop: { region, most: cropSize } } : {}) });
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
