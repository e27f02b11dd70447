/** What is damaged: small files of every container that the fixtures make, and the shared photos where they are. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { makeMosaicDng } from '../engine/mosaic-dng.ts';
import { drawScene, makeExif, makeJpeg, makeOtherRaw, makeRaw, otherRawKinds, rawKinds } from '../fixtures/index.ts';
import type { ExifFields } from '../fixtures/index.ts';
import { readerOfBytes } from '../../main/stages/containers/reader.ts';
import { detectFormat } from '../../main/stages/identify/index.ts';
import { photosFolder } from '../config/needs.ts';
import { readManifest } from '../oracle/manifest.ts';
import type { Sample } from './mutate.ts';

/** Of a longer file only the head is changed, and the rest reads as zeros: a thousand times faster to write. */
const headBytes = 192 * 1024;
/** The lists of labelled and grouped photos are many files of the same few layouts. */
const folders = /^(raw|raw-headers|heif|jpeg|bad|sidecar)\//;
/** Above this a file costs as much to write and to decode as dozens of others. */
const smallBytes = 210_000;

const exif: ExifFields = { date: '2024:05:01 12:00:00', subSec: '25', exposureTime: 1 / 125, fNumber: 4, iso: 100, focalLength: 35, lens: 'Test 35mm' };

export async function makeSamples(): Promise<Sample[]> {
  return [...(await makeMadeSamples()), ...sharedSamples()];
}

/** One whole file of each layout. */
export async function makeMadeSamples(): Promise<Sample[]> {
  const [wide, small, tiny] = await Promise.all([640, 192, 96].map((width) => makeJpeg(drawScene({ seed: 31, width, height: Math.round(width / 1.5) }))));
  // With a small preview LibRaw is asked for the picture, with a wide one it is not.
  const variants = [[wide!, tiny!], [small!, tiny!]].map((previews) => ({ previews, exif, rawBytes: 512 }));
  const light = [
    ...variants.flatMap((options, index) => [
      ...rawKinds.map((kind) => ({ name: `made-${index}.${kind}`, bytes: makeRaw(kind, options) })),
      ...otherRawKinds.map((kind) => ({ name: `made-${index}.${kind}`, bytes: makeOtherRaw(kind, options) })),
    ]),
    ...(await makePictures()),
  ];
  // Sensor data under a Bayer pattern and no preview: LibRaw has to decode them.
  const render = [1, 6].map((orientation) => ({ name: `made-mosaic-${orientation}.dng`, bytes: makeMosaicDng(drawScene({ seed: 33, width: 128, height: 96 }), orientation as 1 | 6) }));
  return [...light.map((file) => ({ ...file, cost: 'light' as const })), ...render.map((file) => ({ ...file, cost: 'render' as const }))].map((file) => ({ ...file, size: file.bytes.length }));
}

/** Finished pictures of every kind that the codec reads, with profiles, metadata and the modes that take other ways through it. */
async function makePictures(): Promise<{ name: string; bytes: Uint8Array }[]> {
  const scene = drawScene({ seed: 32, width: 160, height: 107 });
  const tiffBlock = makeExif(exif, {});
  const input = (): Sharp => sharp(scene.data, { raw: { width: scene.width, height: scene.height, channels: scene.channels } });
  const rich = (): Sharp => input().withIccProfile('p3').withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description xmp:Rating="3"/></x:xmpmeta>').withExif({ IFD0: { Make: 'Parjanya', Orientation: '6' } });
  const made: readonly (readonly [string, Sharp])[] = [
    ['made-progressive.jpg', rich().jpeg({ progressive: true, quality: 80 })],
    ['made-444.jpg', input().jpeg({ chromaSubsampling: '4:4:4', quality: 95 })],
    ['made-grey.jpg', input().greyscale().jpeg()],
    ['made-cmyk.jpg', input().toColourspace('cmyk').jpeg()],
    ['made.png', rich().png({ compressionLevel: 1 })],
    ['made-interlaced.png', input().png({ progressive: true })],
    ['made-palette.png', input().png({ palette: true })],
    ['made-alpha-16.png', input().ensureAlpha(0.5).toColourspace('rgb16').png()],
    ['made.webp', rich().webp({ quality: 60 })],
    ['made-lossless.webp', input().webp({ lossless: true, effort: 0 })],
    ['made-alpha.webp', input().ensureAlpha(0.5).webp({ quality: 50 })],
    ['made.tif', input().tiff({ compression: 'none' })],
    ['made-lzw.tif', rich().tiff({ compression: 'lzw', predictor: 'horizontal' })],
    ['made-deflate.tif', input().tiff({ compression: 'deflate' })],
    ['made-jpeg.tif', input().tiff({ compression: 'jpeg' })],
    ['made-tiles.tif', input().tiff({ compression: 'packbits', tile: true, tileWidth: 64, tileHeight: 64, pyramid: true })],
    ['made-fax.tif', input().greyscale().threshold().toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1 })],
    ['made.avif', rich().resize(64).avif({ effort: 0, quality: 50 })],
  ];
  const pictures = await Promise.all(made.map(async ([name, pipeline]) => ({ name, bytes: new Uint8Array(await pipeline.toBuffer()) })));
  // A bare EXIF block is a TIFF file without a picture.
  return [...pictures, { name: 'made.jpg', bytes: await makeJpeg(scene, { exif }) }, { name: 'made-bare.tif', bytes: tiffBlock }];
}

/** Paths of the shared photos that are cut at 64 points; empty where they are not here. */
export function sharedFiles(): string[] {
  if (!existsSync(join(photosFolder, 'manifest.json'))) return [];
  return readManifest().map(({ file }) => file).filter((file) => folders.test(file));
}

/** Those that are read as photos: damage to text or films is told to be none by its first bytes. */
export async function makePhotoSamples(): Promise<Sample[]> {
  return (await makeSamples()).filter(({ name, bytes }) => detectFormat(readerOfBytes(bytes), name) !== 'other' || name.startsWith('raw/'));
}

function sharedSamples(): Sample[] {
  return sharedFiles()
    .map((file) => ({ name: file, all: readFileSync(join(photosFolder, file)) }))
    .filter(({ all }) => all.length > 0)
    .map(({ name, all }) => ({ name, bytes: new Uint8Array(all.subarray(0, headBytes)), size: all.length, cost: costOf(name, all.length) }));
}

function costOf(name: string, bytes: number): Sample['cost'] {
  if (bytes > smallBytes || /sony-.*\.HIF$/.test(name)) return 'large';
  return /^(raw|heif)\/|\.(heic|heif)$|clusterfuzz/i.test(name) ? 'render' : 'light';
}
