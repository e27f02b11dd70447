/** Pictures computed from sensor data and HEVC: against LibRaw's own tool, turned once, with bounded memory, and never from nothing. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { createHeifRenderer } from '../../main/adapters/heif/index.ts';
import { createRawRenderer } from '../../main/adapters/libraw/index.ts';
import { createSharpCodec } from '../../main/adapters/sharp/index.ts';
import { profileOfNclx } from '../../main/domain/index.ts';
import type { Orientation } from '../../main/domain/index.ts';
import type { Pixels, Rendered } from '../../main/ports/index.ts';
import { doubtRendering } from '../../main/stages/preview/rendering.ts';
import { findProgram, need, needPhotos, photosFolder } from '../config/needs.ts';
import { cutPixels, drawScene, randomBytes } from '../fixtures/index.ts';
import { readManifest } from '../oracle/manifest.ts';
import { lookAt, useDecodeBench } from './decode-kit.ts';
import { makeMosaicDng } from './mosaic-dng.ts';
import { meanSsim, readNetpbm } from './ssim.ts';

const raw = createRawRenderer();
const heif = createHeifRenderer();
const codec = createSharpCodec();
const bench = useDecodeBench();
const { pool, put } = bench;

async function render(renderer: typeof raw, bytes: Uint8Array, edge: number | null): Promise<Rendered> {
  const result = await renderer.render(bytes, { edge });
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

async function pixelsOf(jpeg: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels as 1 | 3, data: new Uint8Array(data) };
}

test('half size as LibRaw itself renders it', { timeout: 240_000 }, async (context) => {
  needPhotos(context);
  const tool = findProgram('dcraw_emu');
  need(context, 'libraw', tool !== null, 'no dcraw_emu here (apt-get install libraw-bin)');
  const files = readManifest('raw').filter(({ libraw_decodable }) => libraw_decodable === 'yes');
  expect(files.length).toBeGreaterThan(8);
  for (const { file } of files) {
    const copy = join(bench.folder, 'half.raw');
    copyFileSync(join(photosFolder, file), copy);
    execFileSync(tool!, ['-h', '-w', '-o', '1', '-t', '0', copy]);
    const theirs = readNetpbm(new Uint8Array(readFileSync(`${copy}.ppm`)));
    const { pixels } = await render(raw, new Uint8Array(readFileSync(copy)), 64);
    // Theirs has the sensor's borders, a few pixels on all sides; where the border is odd, half a pixel is on one of them.
    const [across, down] = [theirs.width - pixels.width, theirs.height - pixels.height];
    expect(Math.min(across, down), file).toBeGreaterThanOrEqual(0);
    expect(Math.max(across / theirs.width, down / theirs.height), file).toBeLessThan(0.05);
    const parts = [Math.floor(down / 2), Math.ceil(down / 2)].map((top) => cutPixels(theirs, Math.floor(across / 2), top, pixels.width, pixels.height));
    const [similarity, difference] = parts.map((part) => [meanSsim(pixels, part), meanDifference(pixels, part)] as const).sort(([a], [b]) => b - a)[0]!;
    expect(similarity, file).toBeGreaterThanOrEqual(0.98);
    expect(difference, `${file}: colours`).toBeLessThan(0.5);
  }
});

test('a drawn scene comes back from its mosaic, at full and at half size, turned once by each orientation', { timeout: 120_000 }, async () => {
  const scene = drawScene({ seed: 31, width: 960, height: 640 });
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
    const path = put(`scene-${orientation}.dng`, makeMosaicDng(scene, orientation));
    const { outputs, errors } = await lookAt(pool, path);
    expect(errors).toEqual({});
    const upright = await codec.finish(scene, { maxEdge: null, orientation, profile: null });
    if (!upright.ok) throw new Error(upright.error.code);
    const { width, height } = upright.value;
    expect(outputs.preview).toEqual({ source: 'rendered', width, height, embedded: [] });
    for (const [size, long] of [['full', 960], [400, 400]] as const) {
      const shown = await pool.picture({ path, size, known: outputs }, {});
      if (!shown.ok) throw new Error(shown.error.code);
      expect([shown.value.source, Math.max(shown.value.width, shown.value.height)]).toEqual(['rendered', long]);
      const expected = await codec.finish(scene, { maxEdge: long, orientation, profile: null });
      if (!expected.ok) throw new Error(expected.error.code);
      // Brightness is LibRaw's own choice: the shapes are compared.
      expect(meanSsim(await stretch(await pixelsOf(shown.value.jpeg)), await stretch(expected.value)), `${orientation} ${size}`).toBeGreaterThan(0.6);
    }
  }
});

/** Grey, from black to white, blurred: what is left is where things are. */
async function stretch({ data, width, height, channels }: Pixels): Promise<Pixels> {
  const { data: grey, info } = await sharp(data, { raw: { width, height, channels } }).grayscale().resize(240, 240, { fit: 'inside' }).normalise().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels as 1 | 3, data: new Uint8Array(grey) };
}

test('HEIF: the orientation set shows one picture, EXIF is not applied on top of the boxes', { timeout: 120_000 }, async (context) => {
  needPhotos(context);
  const files = readManifest('heif').filter(({ file }) => file.includes('/orientation'));
  expect(files.length).toBe(8);
  const shown = await Promise.all(
    files.map(async ({ file }) => {
      const picture = await pool.picture({ path: join(photosFolder, file), size: 'full', known: {} }, {});
      if (!picture.ok) throw new Error(picture.error.code);
      return pixelsOf(picture.value.jpeg);
    }),
  );
  for (const pixels of shown) expect(meanSsim(pixels, shown[0]!)).toBeGreaterThan(0.95);
});

test('HEIF: as heif-convert decodes it, Display P3 brought to sRGB, a thumbnail where it is enough', { timeout: 120_000 }, async (context) => {
  needPhotos(context);
  const tool = findProgram('heif-convert');
  need(context, 'libheif', tool !== null, 'no heif-convert here (apt-get install libheif-examples)');
  for (const name of ['iphone-13-pro-max.HEIC', 'samsung-motion-photo.heic']) {
    const path = join(photosFolder, 'heif', name);
    const target = join(bench.folder, `${name}.png`);
    execFileSync(tool!, [path, target], { stdio: 'ignore' });
    // The tool keeps the profile: sharp converts by it.
    const theirs = await sharp(target).resize(800, 800, { fit: 'inside' }).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const rendered = await render(heif, new Uint8Array(readFileSync(path)), 1_600);
    const ours = await codec.finish(rendered.pixels, { maxEdge: 800, orientation: rendered.orientation, profile: rendered.profile });
    if (!ours.ok) throw new Error(ours.error.code);
    expect([ours.value.width, ours.value.height]).toEqual([theirs.info.width, theirs.info.height]);
    const reference: Pixels = { width: theirs.info.width, height: theirs.info.height, channels: 3, data: new Uint8Array(theirs.data) };
    expect(meanSsim(ours.value, reference), name).toBeGreaterThan(0.98);
    expect(meanDifference(ours.value, reference), name).toBeLessThan(2);
    const small = await render(heif, new Uint8Array(readFileSync(path)), 300);
    expect(Math.max(small.pixels.width, small.pixels.height)).toBeLessThanOrEqual(512);
    expect(small.full).toEqual(rendered.full);
  }
});

function meanDifference(a: Pixels, b: Pixels): number {
  return a.data.reduce((sum, value, index) => sum + Math.abs(value - b.data[index]!), 0) / a.data.length;
}

test('colours by numbers: sRGB needs no profile, Display P3 green becomes more saturated, PQ white stays below clipping', async () => {
  expect(profileOfNclx(1, 13)).toBeNull();
  const convert = async (colour: readonly [number, number, number], primaries: number, transfer: number): Promise<number[]> => {
    const data = new Uint8Array(64 * 3).map((_, index) => colour[index % 3]!);
    const finished = await codec.finish({ width: 8, height: 8, channels: 3, data }, { maxEdge: null, orientation: 1, profile: profileOfNclx(primaries, transfer) });
    if (!finished.ok) throw new Error(finished.error.code);
    return [...finished.value.data.subarray(0, 3)];
  };
  // Display P3 (0.5 0.6 0.4) by the matrix of CSS Color 4: linear (0.1906 0.3228 0.1167) in sRGB.
  const green = await convert([128, 153, 102], 12, 13);
  [121, 154, 96].forEach((value, channel) => expect(Math.abs(green[channel]! - value)).toBeLessThanOrEqual(3));
  const grey = await convert([128, 128, 128], 12, 13);
  grey.forEach((value) => expect(Math.abs(value - 128)).toBeLessThanOrEqual(2));
  // 203 cd/m2 is 58 % of PQ's range (BT.2408): near white, and ten times as bright is not the same.
  const [white = 0] = await convert([148, 148, 148], 9, 16);
  const [bright = 0] = await convert([200, 200, 200], 9, 16);
  expect(white).toBeGreaterThan(215);
  expect(bright).toBeGreaterThan(white);
  // BT.2020 by the matrix of ITU-R BT.2087: linear (0.1616 0.3328 0.1128) in sRGB.
  const wide = await convert([128, 153, 102], 9, 13);
  [112, 156, 94].forEach((value, channel) => expect(Math.abs(wide[channel]! - value)).toBeLessThanOrEqual(3));
  // HLG has its reference white at 75 % of its range (BT.2408): shown as PQ's is.
  const [hybrid = 0] = await convert([191, 191, 191], 9, 18);
  expect(Math.abs(hybrid - white)).toBeLessThanOrEqual(3);
});

test('noise, one tone and remains are no pictures; a dark frame is one', async () => {
  const noise = makeMosaicDng({ width: 800, height: 600, channels: 3, data: randomBytes(9, 800 * 600 * 3) }, 1);
  const rendered = await render(raw, noise, 300);
  expect(doubtRendering({ rendered, stated: null, isRaw: true })?.code).toBe('preview-not-real');
  const even = await lookAt(pool, put('even.dng', makeMosaicDng({ width: 640, height: 480, channels: 3, data: new Uint8Array(640 * 480 * 3).fill(90) }, 1)));
  expect([even.errors.preview?.code, even.thumbnail === null]).toEqual(['preview-not-real', true]);
  const scene = drawScene({ seed: 5, width: 640, height: 480 });
  const whole = makeMosaicDng(scene, 1);
  const cut = await lookAt(pool, put('cut.dng', whole.subarray(0, whole.length / 2)));
  expect(cut.errors.preview?.code).toBe('truncated');
  const far = doubtRendering({ rendered: { pixels: scene, full: { width: 640, height: 480 }, orientation: 1, profile: null, damage: null }, stated: { width: 6000, height: 4000 }, isRaw: true });
  expect(far?.code).toBe('preview-not-real');
});

test('memory stays bounded over many renderings, and a child that has grown is replaced without harm', { timeout: 240_000 }, async () => {
  const path = put('large.dng', makeMosaicDng(drawScene({ seed: 8, width: 2400, height: 1600 }), 1));
  const bytes = new Uint8Array(readFileSync(path));
  let most = 0;
  for (let turn = 0; turn < 16; turn++) {
    await render(raw, bytes, turn % 4 === 0 ? null : 600);
    most = Math.max(most, process.memoryUsage.rss());
  }
  // Sixteen instances of 256 MiB addresses each: were they kept, this would be far above.
  expect(most).toBeLessThan(1_500_000_000);
  const results = await Promise.all(Array.from({ length: 12 }, () => pool.picture({ path, size: 'full', known: {} }, {})));
  expect(results.map((result) => (result.ok ? result.value.source : result.error.code))).toEqual(Array(12).fill('rendered'));
});

test('orientation of a quarter turn is stated with edges swapped', async () => {
  const orientation: Orientation = 6;
  const { outputs } = await lookAt(pool, put('portrait.dng', makeMosaicDng(drawScene({ seed: 2, width: 700, height: 400 }), orientation)), ['metadata', 'preview']);
  expect([outputs.preview?.width, outputs.preview?.height]).toEqual([400, 700]);
});
