/** Pictures for the comparison of hashes: decoded as the product does it, shrunk alike, changed by known amounts. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { Pixels } from '../../main/ports/index.ts';
import { metadataOf, openPhoto } from '../../main/workers/photo.ts';
import type { Tools } from '../../main/workers/photo.ts';
import { decodePreview } from '../../main/workers/preview.ts';
import { createRandom, exposePixels, lightPixels } from '../fixtures/index.ts';

/** Long edge of the pictures that are hashed: as PDQ's program shrinks them first. */
export const hashedEdge = 512;

/** The picture by which a file is shown, upright; null where there is none. */
export async function readPicture(path: string, tools: Tools): Promise<Pixels | null> {
  const opened = openPhoto(path, tools);
  if (!opened.ok) return null;
  try {
    const metadata = await metadataOf(opened.value, {}, tools);
    const { pixels, isHarmed } = await decodePreview(opened.value, metadata.ok ? metadata.value : null, {}, tools);
    if (!pixels || isHarmed) return null;
    const finished = await tools.codec.finish(pixels, { maxEdge: hashedEdge, orientation: 1, profile: null });
    return finished.ok ? finished.value : null;
  } finally {
    opened.value.source.close();
  }
}

/** JPEGs of many cameras, and one picture of each group: all of other things. */
export function listVariousPhotos(photosFolder: string, groups: readonly { readonly files: readonly string[] }[]): string[] {
  const jpegs = readdirSync(join(photosFolder, 'jpeg')).filter((name) => /\.jpe?g$/i.test(name)).sort();
  return [...jpegs.map((name) => join('jpeg', name)), ...groups.map(({ files }) => join('groups', files[0]!))];
}

export interface PictureChange {
  readonly name: string;
  apply(pixels: Pixels, tools: Tools): Promise<Pixels>;
}

const resize = (share: number): PictureChange['apply'] => async (pixels, { codec }) =>
  wanted(await codec.finish(pixels, { maxEdge: Math.round(Math.max(pixels.width, pixels.height) * share), orientation: 1, profile: null }));

export const pictureChanges: readonly PictureChange[] = [
  { name: 'resized to 1/2', apply: resize(1 / 2) },
  { name: 'resized to 1/4', apply: resize(1 / 4) },
  { name: 'resized to 1/8', apply: resize(1 / 8) },
  { name: 'JPEG of quality 30', apply: async (pixels, { codec }) => wanted(await codec.decode(wanted(await codec.encodeJpeg(pixels, { quality: 30 })), { maxEdge: null, orientation: 1 })) },
  { name: 'exposure +0.5 EV', apply: async (pixels) => exposePixels(pixels, 0.5) },
  { name: 'exposure -0.5 EV', apply: async (pixels) => exposePixels(pixels, -0.5) },
  { name: 'white balance: red 1.2, blue 0.8', apply: async (pixels) => lightPixels(pixels, [1.2, 1, 0.8]) },
  { name: 'blurred, sigma 2 pixels', apply: (pixels) => throughSharp(pixels, (image) => image.blur(2)) },
  {
    name: 'cropped by 2 % (1 % a side)',
    apply: (pixels) => {
      const [left, top] = [Math.round(pixels.width / 100), Math.round(pixels.height / 100)];
      return throughSharp(pixels, (image) => image.extract({ left, top, width: pixels.width - 2 * left, height: pixels.height - 2 * top }));
    },
  },
  { name: 'noise, deviation 10 levels', apply: async (pixels) => addNoise(pixels, 10) },
];

function wanted<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly message: string } }): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

async function throughSharp(pixels: Pixels, change: (image: Sharp) => Sharp): Promise<Pixels> {
  const { width, height, channels, data } = pixels;
  const changed = await change(sharp(data, { raw: { width, height, channels } })).raw().toBuffer({ resolveWithObject: true });
  return { width: changed.info.width, height: changed.info.height, channels, data: new Uint8Array(changed.data) };
}

/** Nearly normal noise: the sum of four even ones. */
function addNoise(pixels: Pixels, deviation: number): Pixels {
  const random = createRandom(17);
  const scale = deviation * Math.sqrt(3);
  return {
    ...pixels,
    data: pixels.data.map((level) => Math.max(0, Math.min(255, Math.round(level + scale * (random.next() + random.next() + random.next() + random.next() - 2))))),
  };
}
