/** Parts of photos at 100 %: the same pixels that the whole picture has there, in every orientation, bounded in size, of what was measured. */
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { windowAround } from '../../main/domain/index.ts';
import type { Region } from '../../main/domain/index.ts';
import type { Picture, Pixels } from '../../main/ports/index.ts';
import { cropSize } from '../../main/ports/index.ts';
import { cutPixels, drawScene, makeJpeg, makeRaw, stampExif } from '../fixtures/index.ts';
import { useDecodeBench } from './decode-kit.ts';
import { makeMosaicDng } from './mosaic-dng.ts';
import { meanSsim } from './ssim.ts';

const { pool, put } = useDecodeBench();
const scene = drawScene({ width: 1800, height: 1200, seed: 4 });
const regions: readonly Region[] = [
  { x: 0.2, y: 0.6, w: 0.1, h: 0.1 },
  { x: 0, y: 0, w: 0.02, h: 0.02 },
  { x: 0.9, y: 0.9, w: 0.1, h: 0.1 },
  { x: 0, y: 0, w: 1, h: 1 },
];

async function pixelsOf({ jpeg }: Picture): Promise<Pixels> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels as 1 | 3, data: new Uint8Array(data) };
}

async function pictureOf(path: string, size: 'full' | Region, from: 'auto' | 'embedded' = 'auto'): Promise<Picture> {
  const made = await pool.picture({ path, size, from, known: {} }, { patient: true });
  if (!made.ok) throw new Error(`${made.error.code}: ${made.error.message}`);
  return made.value;
}

async function compare(path: string, from: 'auto' | 'embedded' = 'auto'): Promise<void> {
  const whole = await pixelsOf(await pictureOf(path, 'full', from));
  for (const region of regions) {
    const picture = await pictureOf(path, region, from);
    const part = windowAround(region, whole, cropSize);
    expect([picture.width, picture.height], path).toEqual([part.width, part.height]);
    const cropped = await pixelsOf(picture);
    const likeness = (left: number, top: number): number => meanSsim(cropped, cutPixels(whole, left, top, part.width, part.height));
    const here = likeness(part.left, part.top);
    expect(here, `${path} ${JSON.stringify(region)}`).toBeGreaterThan(0.85);
    // not a pixel beside it
    for (const [across, down] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
      const [left, top] = [part.left + across, part.top + down];
      if (left >= 0 && top >= 0 && left + part.width <= whole.width && top + part.height <= whole.height) expect(likeness(left, top), `${path} ${JSON.stringify(region)} ${left} ${top}`).toBeLessThan(here - 0.02);
    }
  }
}

test('of a JPEG in each orientation', { timeout: 240_000 }, async () => {
  const jpeg = await makeJpeg(scene, { quality: 95 });
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) await compare(put(`${orientation}.jpg`, stampExif(jpeg, { orientation })));
});

test('of a RAW the preview that was measured, turned as the RAW says', { timeout: 240_000 }, async () => {
  const jpeg = await makeJpeg(scene, { quality: 95 });
  for (const orientation of [1, 6] as const) {
    const path = put(`${orientation}.nef`, makeRaw('nef', { previews: [jpeg], exif: { orientation } }));
    await compare(path, 'embedded');
    expect((await pictureOf(path, regions[0]!, 'embedded')).source).toBe('embedded');
  }
});

test('of a rendering', { timeout: 240_000 }, async () => {
  const path = put('mosaic.dng', makeMosaicDng(scene, 6));
  await compare(path);
  expect((await pictureOf(path, regions[0]!)).source).toBe('rendered');
});

test('of other kinds, small ones and one that is cut off', { timeout: 240_000 }, async () => {
  const { data, width, height, channels } = scene;
  const raw = { raw: { width, height, channels } } as const;
  await compare(put('a.tif', new Uint8Array(await sharp(data, raw).tiff({ compression: 'lzw' }).toBuffer())));
  await compare(put('a.png', new Uint8Array(await sharp(data, raw).png().toBuffer())));
  await compare(put('a.webp', new Uint8Array(await sharp(data, raw).webp({ quality: 98 }).toBuffer())));
  await compare(put('progressive.jpg', await makeJpeg(scene, { quality: 95, progressive: true })));
  await compare(put('small.jpg', await makeJpeg(drawScene({ width: 90, height: 60, seed: 2 }), { quality: 95 })));
  const one = await pictureOf(put('one.jpg', await makeJpeg({ width: 1, height: 1, channels: 3, data: new Uint8Array(3) })), regions[0]!);
  expect([one.width, one.height]).toEqual([1, 1]);
  const whole = await makeJpeg(scene, { quality: 95 });
  const cut = await pictureOf(put('cut.jpg', whole.subarray(0, Math.round(whole.length / 2))), regions[1]!);
  expect([cut.width, cut.height]).toEqual([cropSize.width, cropSize.height]);
});
