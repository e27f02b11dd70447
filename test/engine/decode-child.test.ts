/** What the decode child says of whole files, against the truth of made files and against independent tools on real ones. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { keepPictureOnly } from '../../main/domain/index.ts';
import type { Orientation } from '../../main/domain/index.ts';
import { uprightSize } from '../../main/stages/preview/index.ts';
import { needPhotos, photosFolder } from '../config/needs.ts';
import { identifyBytes } from '../fixtures/image-hash.ts';
import { cameras, drawScene, makeJpeg, makeRaw, rawKinds } from '../fixtures/index.ts';
import { captureTimeOf, largestPreviewOf, readManifest } from '../oracle/manifest.ts';
import type { ManifestEntry } from '../oracle/manifest.ts';
import { lookAt, useDecodeBench } from './decode-kit.ts';
import type { Looked } from './decode-kit.ts';

const { pool, put } = useDecodeBench();

/** Size of a JPEG as a viewer shows it. */
async function shownSize(jpeg: Uint8Array): Promise<[number, number]> {
  const { width, height, orientation = 1 } = await sharp(jpeg).metadata();
  const upright = uprightSize({ width, height }, orientation as Orientation);
  return [upright.width, upright.height];
}

test.each(rawKinds)('%s: previews, camera, time, orientation and content hash of a file of authentic layout', async (kind) => {
  const scene = (width: number, height: number) => makeJpeg(drawScene({ seed: 7, width, height }));
  const exif = { date: '2024:05:01 12:34:56', subSec: '78', offset: '+02:00', exposureTime: 1 / 250, fNumber: 4, iso: 400, focalLength: 50, orientation: 6 };
  const bytes = makeRaw(kind, { previews: [await scene(1800, 1200), await scene(480, 320)], exif });
  const path = put(`made.${kind}`, bytes);
  const { outputs, errors, error, thumbnail } = await lookAt(pool, path);
  expect({ error, errors }).toEqual({ error: null, errors: {} });
  expect(outputs.identify).toEqual({ format: kind, sha256: createHash('sha256').update(bytes).digest('hex'), imageSha256: identifyBytes(bytes, `made.${kind}`)?.imageSha256, bytes: bytes.length });
  expect(outputs.metadata).toMatchObject({ ...cameras[kind], capturedAt: '2024-05-01T12:34:56.78+02:00', orientation: 6, iso: 400, fNumber: 4, focalLength: 50 });
  expect(outputs.preview).toMatchObject({ source: 'embedded', width: 1200, height: 1800 });
  expect(outputs.preview?.embedded.map(({ width }) => width)).toEqual([1800, 480]);
  expect(outputs.phash?.hash).toMatch(/^[0-9a-f]{16}$/);
  expect(await shownSize(thumbnail!)).toEqual([341, 512]);
  // The 480-pixel preview is near enough to the grid's 512 not to decode the large one.
  for (const [size, long] of [['grid', 480], ['screen', 1800], ['full', 1800], [300, 300]] as const) {
    const shown = await pool.picture({ path, size, known: outputs }, {});
    if (!shown.ok) throw new Error(shown.error.code);
    expect(shown.value.source).toBe('embedded');
    expect([shown.value.width, shown.value.height]).toEqual(await shownSize(shown.value.jpeg));
    expect(shown.value.height).toBe(long);
    expect(shown.value.width).toBeLessThan(shown.value.height);
  }
});

test('the eight orientations of one picture give one upright picture and one hash', async (context) => {
  needPhotos(context);
  const oracles = readManifest('jpeg').filter(({ file }) => file.startsWith('jpeg/orientation/'));
  expect(oracles.map((oracle) => oracle.orientation)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const seen = await Promise.all(oracles.map(({ file }) => lookAt(pool, join(photosFolder, file))));
  expect(seen.map(({ outputs }) => outputs.metadata?.orientation)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(new Set(seen.map(({ outputs }) => `${outputs.preview?.width} x ${outputs.preview?.height}`))).toEqual(new Set(['600 x 450']));
  const reference = BigInt(`0x${seen[0]!.outputs.phash!.hash}`);
  for (const { outputs } of seen) {
    const different = (BigInt(`0x${outputs.phash!.hash}`) ^ reference).toString(2).replaceAll('0', '').length;
    expect(different).toBeLessThanOrEqual(4);
  }
});

/** RAW kinds without metadata. */
const unreadMetadata = new Set(['raw']);
const formatNames: Readonly<Record<string, string>> = { HEIC: 'heif', HEIF: 'heif', PICT: 'raw' };
/** Where these tests differ from an oracle, and why. */
const knownDifferences: Readonly<Record<string, readonly string[]>> = {
  'jpeg/FLIR iPhone device.jpg': ['time'], // stated only inside FLIR's own block
  'raw-headers/exiftool-Sigma.x3f': ['orientation'], // exiftool gives the header's rotation only as such
};

/** RAW files that hold no preview and cannot be rendered. */
const unrendered: Readonly<Record<string, string>> = {
  'raw/gopro-fusion-front.GPR': 'format-unsupported', // VC-5, which LibRaw does not decode
  'raw/gopro-hero6.GPR': 'format-unsupported',
  'raw-headers/exiftool-CanonRaw.cr2': 'format-unsupported',
  // far too short for the pixels that they claim; LibRaw makes white of the NEF and a pattern of the RW2 and calls both a success
  'raw-headers/exiftool-CanonRaw.cr3': 'preview-not-real',
  'raw-headers/exiftool-Minolta.mrw': 'truncated',
  'raw-headers/exiftool-Nikon.nef': 'preview-not-real',
  'raw-headers/exiftool-Panasonic.rw2': 'preview-not-real',
  'raw-headers/exiftool-Sigma.x3f': 'format-unsupported',
};

/** The frame of the camera as exiftool reads it: DefaultCropSize of a DNG, the picture's size of the others. */
const framed: Readonly<Record<string, readonly [number, number]>> = {
  'raw/blackmagic-pocket-cinema.dng': [1_920, 1_080],
  'raw/canon-kiss-x4-colorchart.dng': [1_734, 1_156],
  'raw/kodak-dc50-L.KDC': [756, 504],
  'raw/kodak-dc50-S.KDC': [756, 504],
};

/** What is not as the independent tools say. */
function differences(oracle: ManifestEntry, { outputs, errors, error, thumbnail }: Looked): string[] {
  const found: string[] = [];
  const check = (what: string, ours: unknown, theirs: unknown): void => {
    if (ours !== theirs && !knownDifferences[oracle.file]?.includes(what)) found.push(`${oracle.file}: ${what} is ${String(ours)}, not ${String(theirs)}`);
  };
  check('file error', error?.code ?? null, null);
  const format = outputs.identify?.format ?? 'other';
  check('format', format, oracle.format ? (formatNames[oracle.format] ?? oracle.format.toLowerCase()) : 'raw');
  check('sha256', outputs.identify?.sha256, oracle.sha256);
  check('bytes', outputs.identify?.bytes, oracle.bytes);
  const { metadata, preview } = outputs;
  if (!unreadMetadata.has(format)) {
    check('orientation', metadata?.orientation, oracle.orientation ?? 1);
    check('make', metadata?.make ?? null, oracle.maker === undefined ? null : String(oracle.maker));
    check('model', metadata?.model ?? null, oracle.model === undefined ? null : String(oracle.model));
    const time = captureTimeOf(oracle);
    if (time) check('time', metadata?.capturedAt?.slice(0, 19) ?? null, time);
    if (time && /^\d+$/.test(String(oracle.subsec ?? ''))) check('fraction', /\.(\d+)/.exec(metadata?.capturedAt ?? '')?.[1], String(oracle.subsec));
    if (oracle.utc_offset) check('offset', metadata?.capturedAt?.slice(-6), oracle.utc_offset);
  }
  if (format === 'jpeg') {
    const upright = uprightSize({ width: oracle.pixels![0], height: oracle.pixels![1] }, (oracle.orientation ?? 1) as Orientation);
    check('preview', `${preview?.source} ${preview?.width} x ${preview?.height}`, `self ${upright.width} x ${upright.height}`);
    check('preview error', errors.preview?.code ?? null, null);
  } else if (format === 'heif') {
    const [width, height] = oracle.pixels!;
    check('preview', `${preview?.source} ${preview?.width} x ${preview?.height}`, `rendered ${width} x ${height}`);
    check('preview error', errors.preview?.code ?? null, null);
  } else if (preview?.source === 'rendered') {
    // What LibRaw cuts from the edges of the sensor differs by a few pixels between its versions; it does not cut to the camera's frame.
    const [width, height] = framed[oracle.file] ?? oracle.libraw!.raw_size!;
    const most = framed[oracle.file] ? 1 : 8;
    check('LibRaw', oracle.libraw_decodable, 'yes');
    check('size', Math.abs(preview.width - width) <= most && Math.abs(preview.height - height) <= most ? 'near' : `${preview.width} x ${preview.height}`, 'near');
    check('preview error', errors.preview?.code ?? null, null);
  } else {
    const expected = largestPreviewOf(oracle);
    const upright = expected && uprightSize(expected, (metadata?.orientation ?? 1));
    check('preview', preview ? `${preview.width} x ${preview.height}` : null, upright ? `${upright.width} x ${upright.height}` : null);
    if (!expected) check('preview error', errors.preview?.code, unrendered[oracle.file]);
    // several are cut off behind their previews, one has next to no sensor data beside its thumbnail
    else check('preview error', errors.preview?.code ?? 'truncated', oracle.file.endsWith('FujiFilm.raf') ? 'preview-not-real' : 'truncated');
  }
  check('thumbnail', thumbnail !== null, preview !== undefined);
  return found;
}

test.for(['jpeg', 'raw', 'raw-headers', 'heif'])('real photos in %s: what independent tools say', { timeout: 240_000 }, async (name, context) => {
  needPhotos(context);
  const oracles = readManifest(name);
  expect(oracles.length).toBeGreaterThan(10);
  const before = oracles.map(({ file }) => statSync(join(photosFolder, file)).mtimeMs);
  const looked = await Promise.all(oracles.map(({ file }) => lookAt(pool, join(photosFolder, file))));
  expect(oracles.flatMap((oracle, index) => differences(oracle, looked[index]!))).toEqual([]);
  expect(oracles.map(({ file }) => statSync(join(photosFolder, file)).mtimeMs)).toEqual(before);
});

test('embedded previews lie where the file says: each is a whole JPEG that another decoder reads', async (context) => {
  needPhotos(context);
  for (const { file } of readManifest('raw', 'raw-headers')) {
    const { outputs } = await lookAt(pool, join(photosFolder, file), ['preview']);
    const bytes = readFileSync(join(photosFolder, file));
    for (const { offset, length, width, height } of outputs.preview?.embedded ?? []) {
      const { info } = await sharp(bytes.subarray(offset, offset + length), { failOn: 'error' }).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height], file).toEqual([width, height]);
    }
  }
});

test.each(['jpg', 'cr2'] as const)('a %s is delivered with what is written in it, or with nothing of it', async (kind) => {
  const scene = await makeJpeg(drawScene({ seed: 9, width: 1200, height: 800 }));
  const jpeg = await sharp(scene).withExif({ IFD0: { Artist: 'secret-artist' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } }).withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">secret-xmp</x:xmpmeta>').toBuffer();
  const path = put(`told.${kind}`, kind === 'jpg' ? jpeg : makeRaw(kind, { previews: [scene], exif: { date: '2024:05:01 12:34:56', iso: 400 } }));
  const deliver = async (metadata?: 'keep' | 'none') => {
    const delivered = await pool.deliver({ path, maxEdge: 600, quality: 80, known: {}, ...(metadata ? { metadata } : {}) }, {});
    if (!delivered.ok) throw new Error(delivered.error.message);
    return delivered.value;
  };
  const [usual, kept, bare] = [await deliver(), await deliver('keep'), await deliver('none')];
  expect(Buffer.from(usual.jpeg).equals(kept.jpeg)).toBe(true);
  expect((await sharp(kept.jpeg).metadata()).exif).toBeDefined();
  const { exif, icc, xmp, iptc, comments, width, height } = await sharp(bare.jpeg).metadata();
  expect({ exif, icc, xmp, iptc, comments, width, height }).toEqual({ width: 600, height: 400 });
  // nothing is left that the second barrier would have to take away
  expect(keepPictureOnly(bare.jpeg)).toEqual({ ok: true, value: bare.jpeg });
  expect(await sharp(bare.jpeg).raw().toBuffer()).toEqual(await sharp(kept.jpeg).raw().toBuffer());
});
