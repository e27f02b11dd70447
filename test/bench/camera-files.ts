/** RAW files of the usual kinds of cameras with 24 and 45 megapixels, of authentic layout and length, made by code. */
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawScene, makeCr3Head, makeJpeg, makeRawHead } from '../fixtures/index.ts';
import type { ExifFields, RawKind, RawOptions } from '../fixtures/index.ts';

export interface CameraFile {
  readonly path: string;
  readonly kind: CameraKind;
  readonly megapixels: 24 | 45;
}

type CameraKind = 'cr2' | 'cr3' | 'nef' | 'arw' | 'raf' | 'dng';

interface Pictures {
  readonly megapixels: 24 | 45;
  readonly full: Uint8Array;
  readonly mid: Uint8Array;
  readonly small: Uint8Array;
}

const kinds: readonly CameraKind[] = ['cr2', 'cr3', 'nef', 'arw', 'raf', 'dng'];
/** These have the full picture and a thumbnail, the others one of 1620 x 1080 between. */
const withoutMid: ReadonlySet<CameraKind> = new Set(['cr2', 'raf']);
const sensors = [
  { megapixels: 24, width: 6000, height: 4000, sensorBytes: 26 * 1024 ** 2, scenes: 3 },
  { megapixels: 45, width: 8256, height: 5504, sensorBytes: 50 * 1024 ** 2, scenes: 2 },
] as const;
/** Canon's, Nikon's and Sony's notes are about so long. */
const noteBytes = 40 * 1024;
/** So that JPEGs of quality 82 are as long as those of cameras: 3 MB for 24 megapixels. */
export const grain = 4;

let drawn: Promise<readonly Pictures[]> | null = null;

/** The JPEGs inside the files, drawn once. */
export function cameraPictures(log: (text: string) => void): Promise<readonly Pictures[]> {
  return (drawn ??= drawPictures(log));
}

async function drawPictures(log: (text: string) => void): Promise<Pictures[]> {
  log('drawing five scenes of 24 and 45 megapixels');
  const all: Pictures[] = [];
  for (const { megapixels, width, height, scenes } of sensors)
    for (let seed = 1; seed <= scenes; seed++) {
      const draw = (w: number, h: number): Promise<Uint8Array> => makeJpeg(drawScene({ seed, width: w, height: h, noise: grain }), { quality: 82 });
      all.push({ megapixels, full: await draw(width, height), mid: await draw(1620, 1080), small: await draw(160, 107) });
    }
  return all;
}

/** Every kind in turn, 24 and 45 megapixels in turn. Of the sensor data only the first `solidBytes` are written, the rest is a hole. */
export async function writeCameraFiles(folder: string, { count, solidBytes }: { count: number; solidBytes: number }, log: (text: string) => void): Promise<CameraFile[]> {
  const pictures = await cameraPictures(log);
  log(`writing ${count} RAW files of ${kinds.length} kinds`);
  await mkdir(folder, { recursive: true });
  const files: CameraFile[] = [];
  for (let index = 0; index < count; index++) {
    const kind = kinds[index % kinds.length]!;
    const round = Math.floor(index / kinds.length);
    const { megapixels, sensorBytes } = sensors[round % sensors.length]!;
    const fitting = pictures.filter((each) => each.megapixels === megapixels);
    const { full, mid, small } = fitting[Math.floor(round / sensors.length) % fitting.length]!;
    const options: RawOptions = { previews: withoutMid.has(kind) ? [full, small] : [full, mid, small], exif: exifOf(index), rawBytes: sensorBytes, seed: index + 1, noteBytes };
    const { bytes, size } = kind === 'cr3' ? makeCr3Head(options, solidBytes) : makeRawHead(kind satisfies RawKind, options, solidBytes);
    const path = join(folder, `DSC_${String(index + 1).padStart(5, '0')}.${kind.toUpperCase()}`);
    await writeFile(path, bytes);
    await truncate(path, size);
    files.push({ path, kind, megapixels });
  }
  return files;
}

/** Each photo eleven minutes after the one before, so that the same scene comes again an hour later and makes no group. */
export function exifOf(index: number): ExifFields {
  const time = new Date(Date.UTC(2024, 4, 1, 6) + index * 660_000).toISOString();
  return { lens: 'Test 50mm F1.8', date: time.slice(0, 19).replaceAll('-', ':').replace('T', ' '), subSec: '00', exposureTime: 1 / 250, fNumber: 4, iso: 200, focalLength: 50 };
}
