/** The fixtures themselves: what they claim to be, other programs must confirm. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pixels } from '../../main/ports/index.ts';
import { readerOfBytes } from '../../main/stages/containers/reader.ts';
import { detectFormat } from '../../main/stages/identify/index.ts';
import { findEmbeddedPreviews } from '../../main/stages/preview/index.ts';
import { findProgram, need } from '../config/needs.ts';
import { blurPixels, drawScene, makeBadFiles, makeJpeg, makeRaw, makeRawHead, makeShoot, previewRoom, rawKinds, sizeOfJpeg, stampExif } from '../fixtures/index.ts';
import type { ExifFields, RawKind } from '../fixtures/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parjanya-fixtures-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const exif: ExifFields = {
  lens: 'Test 50mm F1.8', date: '2024:05:01 12:00:01', subSec: '25', offset: '+02:00', exposureTime: 1 / 250, fNumber: 2.8,
  iso: 400, exposureBias: -0.67, focalLength: 50, orientation: 6, copyright: 'Someone',
};

async function previewsFor(kind: RawKind): Promise<Uint8Array[]> {
  const sizes = [[1500, 1000], [600, 400], [160, 107]] as const;
  const all = await Promise.all(sizes.map(([width, height]) => makeJpeg(drawScene({ seed: 3, width, height }))));
  return previewRoom[kind] >= 3 ? all : [all[0]!, all[2]!];
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('drawn scenes', () => {
  const thumbnail = (seed: number, more = {}): Pixels => drawScene({ seed, width: 240, height: 160, ...more });

  it('are the same for the same seed and clearly different for others', () => {
    expect(thumbnail(1).data).toEqual(thumbnail(1).data);
    const hashes = Array.from({ length: 24 }, (_, index) => hashOf(thumbnail(index + 1)));
    const distances = hashes.flatMap((a, index) => hashes.slice(index + 1).map((b) => distance(a, b)));
    expect(distances.filter((value) => value > 20).length / distances.length).toBeGreaterThan(0.95);
    expect(Math.min(...distances)).toBeGreaterThan(12);
  });

  it('stay the same scene in the next frame of a burst, at another size and at another exposure', () => {
    const hash = hashOf(thumbnail(5));
    expect(distance(hash, hashOf(thumbnail(5, { shift: 2 })))).toBeLessThan(10);
    expect(distance(hash, hashOf(drawScene({ seed: 5, width: 720, height: 480 })))).toBeLessThan(10);
    expect(distance(hash, hashOf(thumbnail(5, { exposure: 0.5 })))).toBeLessThan(10);
  });

  it('lose detail by blur and by shake, gain grain by noise, and clip when overexposed', () => {
    const detail = (pixels: Pixels): number => {
      let sum = 0;
      for (let at = 3; at < pixels.data.length; at += 3) sum += Math.abs(pixels.data[at]! - pixels.data[at - 3]!);
      return sum / pixels.data.length;
    };
    const sharpPixels = thumbnail(7);
    expect(detail(thumbnail(7, { blur: 1 }))).toBeLessThan(detail(sharpPixels));
    expect(detail(thumbnail(7, { blur: 3 }))).toBeLessThan(detail(thumbnail(7, { blur: 1 })));
    expect(detail(thumbnail(7, { motion: 9 }))).toBeLessThan(detail(sharpPixels));
    expect(detail(thumbnail(7, { noise: 8 }))).toBeGreaterThan(detail(sharpPixels));
    const white = (pixels: Pixels): number => pixels.data.filter((value) => value === 255).length / pixels.data.length;
    expect(white(thumbnail(7, { exposure: 4 }))).toBeGreaterThan(white(sharpPixels) + 0.3);
  });

  it('blur as a Gaussian does: its weights are those of the kernel', () => {
    const data = new Uint8Array(41 * 41 * 3);
    data.fill(255, (20 * 41 + 20) * 3, (20 * 41 + 20) * 3 + 3);
    const blurred = blurPixels({ width: 41, height: 41, channels: 3, data }, 1);
    expect(blurred.data[(20 * 41 + 20) * 3]! / 255).toBeCloseTo(1 / (2 * Math.PI), 1);
  });
});

describe('made JPEGs', () => {
  it('carry EXIF that exiftool and sharp read', async (context) => {
    const path = join(folder, 'exif.jpg');
    const jpeg = await makeJpeg(drawScene({ seed: 2, width: 300, height: 200 }), { exif: { make: 'Canon', model: 'Canon EOS 6D', ...exif } });
    await writeFile(path, jpeg);
    expect(await sharp(jpeg).metadata()).toMatchObject({ width: 300, height: 200, orientation: 6 });
    expect(sizeOfJpeg(jpeg)).toEqual({ width: 300, height: 200 });
    const exiftool = findProgram('exiftool');
    need(context, 'exiftool', exiftool !== null, 'no exiftool on this machine');
    expect(readTags(exiftool!, path)).toMatchObject({ Make: 'Canon', Model: 'Canon EOS 6D', ...expectedTags });
  });

  it('keep their picture when they are stamped again', async () => {
    const plain = await makeJpeg(drawScene({ seed: 2, width: 300, height: 200 }), { exif });
    const stamped = stampExif(plain, { ...exif, date: '2025:01:01 00:00:00' });
    expect(sha256(stamped)).not.toBe(sha256(plain));
    expect(await sharp(stamped).raw().toBuffer()).toEqual(await sharp(plain).raw().toBuffer());
  });
});

const expectedTags = {
  LensModel: 'Test 50mm F1.8', DateTimeOriginal: '2024:05:01 12:00:01', SubSecTimeOriginal: 25, OffsetTimeOriginal: '+02:00', ExposureTime: 0.004,
  FNumber: 2.8, ISO: 400, FocalLength: 50, Orientation: 6, Copyright: 'Someone',
};

function readTags(exiftool: string, path: string): Record<string, unknown> {
  return (JSON.parse(execFileSync(exiftool, ['-j', '-n', '-a', path], { encoding: 'utf8' })) as Record<string, unknown>[])[0]!;
}

describe.each(rawKinds)('a made %s', (kind) => {
  it('is told by its content and gives its previews, largest first, and nothing else', async () => {
    const previews = await previewsFor(kind);
    const bytes = makeRaw(kind, { previews, exif, rawBytes: 70_001 });
    const reader = readerOfBytes(bytes);
    expect(detectFormat(reader, `x.${kind}`)).toBe(kind);
    const found = findEmbeddedPreviews(reader, kind);
    if (!found.ok) throw new Error(found.error.message);
    expect(found.value.damage).toBeNull();
    expect(found.value.embedded.map(({ width, height }) => ({ width, height }))).toEqual(previews.map(sizeOfJpeg));
    // the large JPEG of a RAF has been given EXIF, and the small one is in that
    const skipped = kind === 'raf' ? 1 : 0;
    const seen = found.value.embedded.map(({ offset, length }) => sha256(bytes.subarray(offset, offset + length)));
    expect(seen.slice(skipped)).toEqual(previews.slice(skipped).map(sha256));
  });

  it('is read by exiftool without a warning, which extracts the same bytes', async (context) => {
    const exiftool = findProgram('exiftool');
    need(context, 'exiftool', exiftool !== null, 'no exiftool on this machine');
    const previews = await previewsFor(kind);
    const path = join(folder, `exiftool.${kind}`);
    await writeFile(path, makeRaw(kind, { previews, exif, rawBytes: 70_001 }));
    const tags = readTags(exiftool!, path);
    expect(tags).toMatchObject({ ...expectedTags, FileType: kind.toUpperCase() });
    expect(tags['Warning']).toBeUndefined();
    expect(tags['Error']).toBeUndefined();
    const extracted = execFileSync(exiftool!, ['-a', '-b', '-PreviewImage', '-JpgFromRaw', '-ThumbnailImage', '-OtherImage', path], { maxBuffer: 1e8 });
    // a RAF's own JPEG has been given EXIF
    for (const preview of kind === 'raf' ? previews.slice(1) : previews) expect(extracted.includes(Buffer.from(preview))).toBe(true);
  });

  it('is read by exiv2, which extracts the same bytes', async (context) => {
    const exiv2 = findProgram('exiv2');
    need(context, 'exiv2', exiv2 !== null, 'no exiv2 on this machine');
    const previews = await previewsFor(kind);
    const path = join(folder, `exiv2-${kind}.${kind}`);
    await writeFile(path, makeRaw(kind, { previews, exif, rawBytes: 70_001 }));
    execFileSync(exiv2!, ['-q', '-ep', path]);
    const extracted = (await readdir(folder)).filter((name) => name.startsWith(`exiv2-${kind}-preview`));
    const bytes = await Promise.all(extracted.map((name) => readFile(join(folder, name))));
    const pixels = async (jpeg: Uint8Array): Promise<string> => sha256(await sharp(jpeg).raw().toBuffer());
    // exiv2 wraps the JPEGs of a DNG into TIFF: compare what is seen
    const seen = await Promise.all(bytes.map(pixels));
    for (const preview of previews) expect(seen).toContain(await pixels(preview));
  });

  it('can be written as a head and a hole', async () => {
    const previews = await previewsFor(kind);
    const options = { previews, exif, rawBytes: 3_000_000 };
    const head = makeRawHead(kind, options, 1000);
    expect(head.size - head.bytes.length).toBe(2_999_000);
    const bytes = new Uint8Array(head.size);
    bytes.set(head.bytes);
    const found = findEmbeddedPreviews(readerOfBytes(bytes), kind);
    expect(found.ok && found.value.damage).toBeNull();
    expect(found.ok && found.value.embedded[0]).toMatchObject(sizeOfJpeg(previews[0]!));
  });
});

describe('a made shoot', () => {
  it('has what was asked for, every file with its own content and time', async () => {
    const target = join(folder, 'shoot');
    const truth = await makeShoot(target, {
      photos: 40, edge: 300, rawKinds: ['nef', 'cr2', 'arw'], bursts: 2, brackets: 2, pairs: 3, soft: 2, dark: 1, bright: 1, copies: 2, broken: true,
    });
    expect(truth.photos).toHaveLength(40);
    expect(truth.bursts.map((burst) => burst.photos.length)).toEqual([5, 5]);
    for (const burst of truth.bursts) expect(burst.photos).toContain(burst.best);
    expect(truth.brackets.map((bracket) => bracket.length)).toEqual([3, 3]);
    const hashes = await Promise.all(truth.photos.map(async ({ path }) => sha256(await readFile(join(target, path)))));
    expect(new Set(hashes).size).toBe(40 - truth.copies.length);
    for (const { original, copy } of truth.copies) expect(await readFile(join(target, copy))).toEqual(await readFile(join(target, original)));
    for (const { raw, jpeg } of truth.pairs) expect(raw.split('.')[0]).toBe(jpeg.split('.')[0]);
    for (const { path } of truth.broken) expect((await stat(join(target, path))).isFile()).toBe(true);
  });

  it('is the same again for the same seed', async () => {
    const once = await makeShoot(join(folder, 'once'), { photos: 3, edge: 200, seed: 4, rawKinds: ['dng'] });
    await makeShoot(join(folder, 'again'), { photos: 3, edge: 200, seed: 4, rawKinds: ['dng'] });
    for (const { path } of once.photos) expect(await readFile(join(folder, 'again', path))).toEqual(await readFile(join(folder, 'once', path)));
  });

  it('refuses what cannot be', async () => {
    await expect(makeShoot(join(folder, 'few'), { photos: 3, bursts: 1 })).rejects.toThrow('too few');
    await expect(makeShoot(join(folder, 'few'), { photos: 3, pairs: 1 })).rejects.toThrow('RAW');
  });
});

describe('bad files', () => {
  it('are broken as they say', async () => {
    const target = join(folder, 'bad');
    const files = await makeBadFiles(target);
    for (const { path, codes } of files) {
      expect(codes.length).toBeGreaterThan(0);
      const { size } = await stat(join(target, path));
      expect(size === 0).toBe(codes.includes('empty-file'));
    }
    expect((await stat(join(target, 'folder.jpg'))).isDirectory()).toBe(true);
    const decodes = files.filter(({ path }) => /\.(jpg|png)$/.test(path) && path !== 'secret.jpg');
    for (const { path } of decodes) await expect(sharp(join(target, path), { failOn: 'warning' }).raw().toBuffer(), path).rejects.toThrow();
  });
});

/** A plain pHash after its definition (32 x 32 luma, DCT-II, 8 x 8 lowest, median): a second opinion on the product's own. */
function hashOf({ width, height, data }: Pixels): boolean[] {
  const size = 32;
  const small = new Float64Array(size * size);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      let [sum, count] = [0, 0];
      for (let py = Math.floor((y * height) / size); py < ((y + 1) * height) / size; py++)
        for (let px = Math.floor((x * width) / size); px < ((x + 1) * width) / size; px++) {
          const at = (py * width + px) * 3;
          sum += 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
          count += 1;
        }
      small[y * size + x] = sum / count;
    }
  const values: number[] = [];
  for (let v = 0; v < 8; v++)
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) sum += small[y * size + x]! * Math.cos(((2 * x + 1) * u * Math.PI) / 64) * Math.cos(((2 * y + 1) * v * Math.PI) / 64);
      values.push(sum);
    }
  const median = [...values.slice(1)].sort((a, b) => a - b)[31]!;
  return values.map((value) => value > median);
}

function distance(a: readonly boolean[], b: readonly boolean[]): number {
  return a.reduce((sum, bit, index) => sum + (bit === b[index] ? 0 : 1), 0);
}
