/** Colours that a file names without a profile, and with one: brought to sRGB once, on every way to pixels. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { createSharpCodec } from '../../main/adapters/sharp/index.ts';
import { profileOfSpace } from '../../main/domain/index.ts';
import type { Pixels } from '../../main/ports/index.ts';
import { needPhotos, photosFolder } from '../config/needs.ts';
import { makeJpeg, makeRaw, stampExif } from '../fixtures/index.ts';
import type { ExifFields } from '../fixtures/index.ts';
import { thumbnailDirectory } from '../fixtures/exif.ts';
import { writeTiff } from '../fixtures/tiff-writer.ts';
import { lookAt, useDecodeBench } from './decode-kit.ts';

const bench = useDecodeBench();
const { pool, put } = bench;

type Colour = readonly [number, number, number];
type Space = 'adobe-rgb' | 'prophoto-rgb';

/** Skin, foliage, sky, grey, dark red, near white: all inside sRGB when read as Adobe RGB. */
const patches: readonly Colour[] = [[190, 150, 130], [110, 125, 80], [110, 140, 175], [128, 128, 128], [90, 50, 45], [235, 238, 232]];
const cell = 160;
/** What JPEG (qualities 82 to 98, twice) rounds away; how exact the conversion itself is, the first test shows. */
const coded = 4;

/** Columns of one colour each, 960 x 640. */
function drawPatches(): Pixels {
  const [width, height] = [patches.length * cell, 640];
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) data.set(patches[Math.floor((at % width) / cell)]!, at * 3);
  return { width, height, channels: 3, data };
}

/**
 * By the published numbers: Adobe RGB (1998) section 4.3.5.3 to XYZ, ROMM RGB (ISO 22028-2) to XYZ under D50 and by Bradford's
 * matrix to D65, then IEC 61966-2-1.
 */
function toSrgb(colour: Colour, space: Space): number[] {
  const multiply = (matrix: readonly (readonly number[])[], vector: readonly number[]): number[] => matrix.map((row) => row.reduce((sum, factor, axis) => sum + factor * vector[axis]!, 0));
  const light = colour.map((value) => (value / 255) ** (space === 'adobe-rgb' ? 2.19921875 : 1.8));
  const xyz =
    space === 'adobe-rgb'
      ? multiply([[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]], light)
      : multiply(
          [[0.9555766, -0.0230393, 0.0631636], [-0.0282895, 1.0099416, 0.0210077], [0.0122982, -0.020483, 1.3299098]],
          multiply([[0.7977, 0.1352, 0.0313], [0.288, 0.7119, 0.0001], [0, 0, 0.8249]], light),
        );
  const linear = multiply([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.204, 1.057]], xyz);
  return linear.map((value) => 255 * Math.min(1, Math.max(0, value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055)));
}

/** The middle of each patch as an sRGB viewer that goes by the profile shows it. */
async function readPatches(jpeg: Uint8Array): Promise<number[][]> {
  const { data, info } = await sharp(jpeg).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const row = Math.floor(info.height / 2) * info.width;
  return patches.map((_, index) => {
    const at = (row + Math.floor(((index + 0.5) / patches.length) * info.width)) * info.channels;
    return [...data.subarray(at, at + 3)];
  });
}

function expectNear(got: readonly number[][], expected: readonly (readonly number[])[], name: string, tolerance = coded): void {
  got.forEach((colour, index) => colour.forEach((value, channel) => expect(Math.abs(value - expected[index]![channel]!), `${name}, patch ${index}: ${colour.join(' ')} for ${expected[index]!.map(Math.round).join(' ')}`).toBeLessThanOrEqual(tolerance)));
}

/** Every way to pixels: what the stages see and the grid shows, the sizes for the eye, all pixels, a finished picture. */
async function expectOnEveryWay(path: string, expected: readonly (readonly number[])[]): Promise<void> {
  const { outputs, errors, thumbnail } = await lookAt(pool, path, ['metadata', 'preview', 'exposure']);
  expect(errors).toEqual({});
  expectNear(await readPatches(thumbnail!), expected, `${path} grid`);
  expect(Math.abs(outputs.exposure!.mean - meanLuma(expected)), `${path} exposure`).toBeLessThan(0.006);
  for (const size of ['grid', 'screen', 'full', 300] as const) {
    const picture = await pool.picture({ path, size, known: outputs }, {});
    if (!picture.ok) throw new Error(picture.error.code);
    expectNear(await readPatches(picture.value.jpeg), expected, `${path} ${size}`);
  }
  const delivered = await pool.deliver({ path, maxEdge: 800, quality: 95, known: outputs }, {});
  if (!delivered.ok) throw new Error(delivered.error.code);
  expectNear(await readPatches(delivered.value.jpeg), expected, `${path} delivered`);
}

function meanLuma(colours: readonly (readonly number[])[]): number {
  return colours.reduce((sum, [red = 0, green = 0, blue = 0]) => sum + (0.299 * red + 0.587 * green + 0.114 * blue) / 255, 0) / colours.length;
}

test('the computed profiles convert as the published numbers do, to 1 of 255', async () => {
  const codec = createSharpCodec();
  for (const space of ['adobe-rgb', 'prophoto-rgb'] as const) {
    const finished = await codec.finish(drawPatches(), { maxEdge: null, orientation: 1, profile: profileOfSpace(space) });
    if (!finished.ok) throw new Error(finished.error.code);
    const got = patches.map((_, index) => [...finished.value.data.subarray(index * cell * 3, index * cell * 3 + 3)]);
    expectNear(got, patches.map((colour) => toSrgb(colour, space)), space, 1);
  }
});

test('Adobe RGB by EXIF alone, in every way cameras say it: converted wherever pixels are made', { timeout: 300_000 }, async () => {
  const jpeg = await makeJpeg(drawPatches(), { quality: 98 });
  const adobe = patches.map((colour) => toSrgb(colour, 'adobe-rgb'));
  const cases: readonly (readonly [name: string, exif: ExifFields, isAdobe: boolean])[] = [
    ['two.jpg', { colorSpace: 2 }, true],
    ['index.jpg', { colorSpace: 65_535, interop: 'R03' }, true],
    ['_DSC0001.JPG', { colorSpace: 65_535 }, true],
    ['DSC_0001.JPG', { colorSpace: 65_535 }, false],
    ['_DSC0002.JPG', { colorSpace: 1, interop: 'R98' }, false],
    ['plain.jpg', {}, false],
  ];
  for (const [name, exif, isAdobe] of cases) await expectOnEveryWay(put(name, stampExif(jpeg, exif)), isAdobe ? adobe : patches);
});

test('previews of RAW files go by their file: EXIF, the maker\'s note, PreviewColorSpace', { timeout: 300_000 }, async () => {
  const jpeg = await makeJpeg(drawPatches(), { quality: 98 });
  const adobe = patches.map((colour) => toSrgb(colour, 'adobe-rgb'));
  await expectOnEveryWay(put('adobe.nef', makeRaw('nef', { previews: [jpeg], exif: { colorSpace: 65_535, interop: 'R03' } })), adobe);
  await expectOnEveryWay(put('srgb.nef', makeRaw('nef', { previews: [jpeg], exif: { colorSpace: 1 } })), patches);
  // Pentax' note: ColorSpace 0x0037 is 1.
  await expectOnEveryWay(put('note.nef', withNote(jpeg, 'AOC\0MM', 0x0037, 1)), adobe);
  await expectOnEveryWay(put('note-srgb.nef', withNote(jpeg, 'AOC\0MM', 0x0037, 0)), patches);
  for (const [number, expected] of [[2, patches], [3, adobe], [4, patches.map((colour) => toSrgb(colour, 'prophoto-rgb'))]] as const)
    await expectOnEveryWay(put(`space-${number}.dng`, withPreviewSpace(jpeg, number)), expected);
});

function withNote(jpeg: Uint8Array, mark: string, tag: number, value: number): Uint8Array {
  const note = { tag: 0x927c, kind: 'note' as const, mark: new TextEncoder().encode(mark), directory: { fields: [{ tag: 0x0001, kind: 'short' as const, values: [0] }, { tag, kind: 'short' as const, values: [value] }] } };
  const exif = { fields: [{ tag: 0xa001, kind: 'short' as const, values: [0xffff] }, note] };
  return writeTiff({ fields: [{ tag: 0x010f, kind: 'ascii', text: 'PENTAX' }, { tag: 0x0103, kind: 'short', values: [65_535] }, { tag: 0x8769, kind: 'directories', directories: [exif] }], next: thumbnailDirectory(jpeg) }, { little: false });
}

function withPreviewSpace(jpeg: Uint8Array, space: number): Uint8Array {
  const preview = thumbnailDirectory(jpeg);
  return writeTiff(
    { fields: [{ tag: 0xc612, kind: 'byte', bytes: new Uint8Array([1, 4, 0, 0]) }], next: { fields: [...preview.fields, { tag: 0xc71a, kind: 'long', values: [space] }] } },
    { little: true },
  );
}

test('all pixels pass through with the profile put in, not coded again', async () => {
  const jpeg = stampExif(await makeJpeg(drawPatches(), { quality: 98 }), { colorSpace: 2 });
  const picture = await pool.picture({ path: put('whole.jpg', jpeg), size: 'full', known: {} }, {});
  if (!picture.ok) throw new Error(picture.error.code);
  const profile = (await sharp(picture.value.jpeg).metadata()).icc;
  expect(profile && new Uint8Array(profile)).toEqual(profileOfSpace('adobe-rgb'));
  const scan = jpeg.lastIndexOf(0xda, jpeg.length);
  expect(Buffer.from(picture.value.jpeg).subarray(-(jpeg.length - scan)).equals(Buffer.from(jpeg).subarray(scan))).toBe(true);
});

/** An uncompressed TIFF of 8 or 16 bits (TIFF 6.0), photometric 1 grey, 2 RGB, 8 Lab. */
function makeTiff({ width, height, channels, data }: Pixels, bits: 8 | 16, photometric: number, profile: Uint8Array | null): Uint8Array {
  // 8 bits in 16 of them: 255 is 65,535.
  const samples = bits === 8 ? data : new Uint8Array(data.length * 2).map((_, index) => data[index >> 1]!);
  return writeTiff(
    {
      fields: [
        { tag: 0x0100, kind: 'long', values: [width] },
        { tag: 0x0101, kind: 'long', values: [height] },
        { tag: 0x0102, kind: 'short', values: Array<number>(channels).fill(bits) },
        { tag: 0x0103, kind: 'short', values: [1] },
        { tag: 0x0106, kind: 'short', values: [photometric] },
        { tag: 0x0111, kind: 'data', parts: [samples] },
        { tag: 0x0115, kind: 'short', values: [channels] },
        { tag: 0x0116, kind: 'long', values: [height] },
        { tag: 0x0117, kind: 'long', values: [samples.length] },
        ...(profile ? [{ tag: 0x8773, kind: 'undefined' as const, bytes: profile }] : []),
      ],
    },
    { little: true },
  );
}

test('TIFF of 8 and 16 bits by its profile, in colour and grey; Lab is said to be Lab', { timeout: 300_000 }, async () => {
  const grey: Pixels = { ...drawPatches(), channels: 1, data: drawPatches().data.filter((_, index) => index % 3 === 1) };
  const greyLevels = (level: (value: number) => number): number[][] => patches.map(([, green]) => Array<number>(3).fill(level(green)));
  const linear = greyLevels((value) => 255 * (1.055 * (value / 255) ** (1 / 2.4) - 0.055));
  for (const bits of [8, 16] as const) {
    for (const space of ['adobe-rgb', 'prophoto-rgb'] as const)
      await expectOnEveryWay(put(`${space}-${bits}.tif`, makeTiff(drawPatches(), bits, 2, profileOfSpace(space))), patches.map((colour) => toSrgb(colour, space)));
    await expectOnEveryWay(put(`plain-${bits}.tif`, makeTiff(drawPatches(), bits, 2, null)), patches);
    await expectOnEveryWay(put(`grey-${bits}.tif`, makeTiff(grey, bits, 1, null)), greyLevels((value) => value));
    await expectOnEveryWay(put(`linear-${bits}.tif`, makeTiff(grey, bits, 1, makeGreyProfile(1))), linear);
  }
  const lab = await lookAt(pool, put('lab.tif', makeTiff(drawPatches(), 8, 8, null)), ['preview']);
  expect(lab.errors.preview?.code).toBe('format-unsupported');
});

/** ICC.1:2022 section 8.4.2 (version 2 encoding): a grey profile whose curve is a power. */
function makeGreyProfile(power: number): Uint8Array {
  const bytes = new Uint8Array(240);
  const view = new DataView(bytes.buffer);
  const write = (at: number, text: string): void => void bytes.set(new TextEncoder().encode(text), at);
  view.setUint32(0, bytes.length);
  view.setUint32(8, 0x0240_0000);
  write(12, 'mntrGRAYXYZ ');
  write(36, 'acsp');
  const white = (at: number): void => [63_190, 65_536, 54_061].forEach((value, index) => view.setInt32(at + index * 4, value));
  white(68);
  view.setUint32(128, 2);
  [['wtpt', 160, 20], ['kTRC', 180, 14]].forEach(([tag, at, length], index) => {
    write(132 + index * 12, tag as string);
    view.setUint32(136 + index * 12, at as number);
    view.setUint32(140 + index * 12, length as number);
  });
  write(160, 'XYZ ');
  white(168);
  write(180, 'curv');
  view.setUint32(188, 1);
  view.setUint16(192, Math.round(power * 256));
  return bytes;
}

test('a real Adobe RGB picture of an Olympus comes out more saturated than its numbers', async (context) => {
  needPhotos(context);
  const path = join(photosFolder, 'jpeg', 'Olympus PEN E-P3.jpg');
  const { thumbnail } = await lookAt(pool, path, ['preview']);
  const saturationOf = async (bytes: Uint8Array): Promise<number> => {
    const { data } = await sharp(bytes).toColourspace('srgb').resize(64, 64, { fit: 'fill' }).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    let sum = 0;
    for (let at = 0; at < data.length; at += 3) sum += Math.max(data[at]!, data[at + 1]!, data[at + 2]!) - Math.min(data[at]!, data[at + 1]!, data[at + 2]!);
    return sum / (data.length / 3);
  };
  expect(await saturationOf(thumbnail!)).toBeGreaterThan((await saturationOf(new Uint8Array(readFileSync(path)))) * 1.05);
});
