/** What the benchmarks work on: made once per run in a temporary folder, on first use, and removed at the end. */
import { link, mkdir, mkdtemp, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createShootFolder } from '../../main/adapters/files/index.ts';
import { openSqlite } from '../../main/adapters/sqlite/index.ts';
import { openCatalog } from '../../main/catalog/index.ts';
import type { StageResult } from '../../main/domain/index.ts';
import { graph } from '../../main/pipeline/index.ts';
import { createRandom, drawScene, makeJpeg, makeRawHead, previewRoom } from '../fixtures/index.ts';
import type { RawKind } from '../fixtures/index.ts';
import { exifOf, grain, writeCameraFiles } from './camera-files.ts';
import type { CameraFile } from './camera-files.ts';

export interface Material {
  /** For catalogs, caches and whatever else a benchmark writes. */
  readonly folder: string;
  /** How many photos the RAW shoot has. */
  readonly photos: number;
  /**
   * RAW files as 24-megapixel cameras write them: a full preview of 6000 x 4000, one of 1620 x 1080 where the kind has it, a thumbnail,
   * and sensor data, shorter than real ones (8 MiB), of which all but the first 64 KiB are a hole that reads as zeros.
   */
  rawShoot(): Promise<string>;
  /** `files` RAW files of all kinds of cameras with 24 and 45 megapixels; sensor data of the usual length, almost all of it a hole. */
  cameraFiles(): Promise<readonly CameraFile[]>;
  /** Two dozen of them with sensor data that are really there for the first 16 MiB, for what is read from the disk. */
  solidFiles(): Promise<readonly CameraFile[]>;
  /** JPEGs inside the RAW files: one per scene. */
  previews(): Promise<readonly Previews[]>;
  /** A folder of so many tiny files and a catalog that has every answer for them. */
  knownShoot(count: number): Promise<{ folder: string; catalogFile: string }>;
  remove(): Promise<void>;
}

export interface Previews {
  readonly full: Uint8Array;
  readonly mid: Uint8Array;
  readonly small: Uint8Array;
}

const scenes = 6;
const sensorBytes = 8 * 1024 ** 2;
const kinds: readonly RawKind[] = ['nef', 'dng', 'arw', 'pef', 'cr2'];

export async function createMaterial({ photos, files }: { photos: number; files: number }, log: (text: string) => void): Promise<Material> {
  const folder = await mkdtemp(join(tmpdir(), 'parjanya-bench-'));
  let drawn: Promise<readonly Previews[]> | null = null;
  let shoot: Promise<string> | null = null;
  let cameras: Promise<readonly CameraFile[]> | null = null;
  const known = new Map<number, Promise<{ folder: string; catalogFile: string }>>();
  const previews = (): Promise<readonly Previews[]> => (drawn ??= drawPreviews(log));
  return {
    folder,
    photos,
    previews,
    rawShoot: () => (shoot ??= writeRawShoot(join(folder, 'raw'), photos, previews, log)),
    cameraFiles: () => (cameras ??= writeCameraFiles(join(folder, 'cameras'), { count: files, solidBytes: 65_536 }, log)),
    solidFiles: () => writeCameraFiles(join(folder, 'solid'), { count: 24, solidBytes: 16 * 1024 ** 2 }, log),
    async knownShoot(count) {
      const made = known.get(count) ?? writeKnownShoot(join(folder, `known-${count}`), count, log);
      known.set(count, made);
      return made;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function drawPreviews(log: (text: string) => void): Promise<Previews[]> {
  log(`drawing ${scenes} scenes of 24 megapixels`);
  const all: Previews[] = [];
  for (let seed = 1; seed <= scenes; seed++) {
    const draw = (width: number, height: number): Promise<Uint8Array> => makeJpeg(drawScene({ seed, width, height, noise: grain }), { quality: 82 });
    all.push({ full: await draw(6000, 4000), mid: await draw(1620, 1080), small: await draw(160, 107) });
  }
  return all;
}

function previewsFor(kind: RawKind, { full, mid, small }: Previews): Uint8Array[] {
  return previewRoom[kind] >= 3 ? [full, mid, small] : [full, small];
}

async function writeRawShoot(folder: string, photos: number, previews: () => Promise<readonly Previews[]>, log: (text: string) => void): Promise<string> {
  const drawn = await previews();
  log(`writing ${photos} RAW files`);
  await mkdir(folder, { recursive: true });
  for (let index = 0; index < photos; index++) {
    const kind = kinds[index % kinds.length]!;
    const options = { previews: previewsFor(kind, drawn[index % drawn.length]!), exif: exifOf(index), rawBytes: sensorBytes, seed: index + 1 };
    const { bytes, size } = makeRawHead(kind, options);
    const path = join(folder, `IMG_${String(index + 1).padStart(5, '0')}.${kind.toUpperCase()}`);
    await writeFile(path, bytes);
    await truncate(path, size);
  }
  return folder;
}

/** File systems bound how many names one file may have. */
const mostLinks = 10_000;

async function writeKnownShoot(folder: string, count: number, log: (text: string) => void): Promise<{ folder: string; catalogFile: string }> {
  log(`writing ${count.toLocaleString('en-US')} tiny files and a catalog that knows them`);
  const photos = join(folder, 'photos');
  const catalogFile = join(folder, 'catalog.sqlite');
  await mkdir(photos, { recursive: true });
  const jpeg = await makeJpeg(drawScene({ seed: 1, width: 96, height: 64 }));
  for (let first = 0; first < count; first += mostLinks) {
    const names = Array.from({ length: Math.min(mostLinks, count - first) }, (_, index) => join(photos, `IMG_${String(first + index + 1).padStart(6, '0')}.jpg`));
    await writeFile(names[0]!, jpeg);
    await utimes(names[0]!, 1_700_000_000, 1_700_000_000 + first);
    for (const name of names.slice(1)) await link(names[0]!, name);
  }
  const database = openSqlite(catalogFile);
  const catalog = database.ok ? openCatalog(database.value, graph) : database;
  if (!catalog.ok) throw new Error(catalog.error.message);
  const found = await createShootFolder().scan(photos, {});
  if (!found.ok) throw new Error(found.error.message);
  const shoot = catalog.value.openShoot(photos, 'known', Date.now());
  catalog.value.syncFiles(shoot.id, found.value.files);
  const rows = catalog.value.photos(shoot.id);
  for (let first = 0; first < rows.length; first += 1000)
    catalog.value.saveResults(rows.slice(first, first + 1000).map((row, index) => ({ photo: row.id, results: answersOf(first + index, row.bytes) })));
  catalog.value.close();
  return { folder: photos, catalogFile };
}

/** Answers as a real shoot has them: a burst of six every few seconds, scores all over the scale. */
export function answersOf(index: number, bytes: number): StageResult[] {
  const random = createRandom(index + 1);
  const scene = createRandom(Math.floor(index / 6) + 1);
  const ms = Date.UTC(2024, 4, 1) + Math.floor(index / 6) * 20_000 + (index % 6) * 150;
  const hex = (source: { next(): number }, digits: number): string => Array.from({ length: digits }, () => Math.floor(source.next() * 16).toString(16)).join('');
  const result = (stage: StageResult['stage'], output: unknown): StageResult =>
    ({ stage, version: graph[stage].version, place: 'local', placeReason: 'The file is on this computer.', ms: 1.5, output, error: null }) as StageResult;
  return [
    result('identify', { format: 'jpeg', sha256: hex(random, 64), imageSha256: hex(random, 64), bytes }),
    result('metadata', {
      make: 'NIKON CORPORATION', model: 'NIKON Z 6', lens: 'NIKKOR Z 50mm f/1.8 S', capturedAt: `${new Date(ms).toISOString().slice(0, -1)}`, capturedMs: ms, orientation: 1,
      exposureTime: 1 / 250, fNumber: 4, iso: 200, exposureBias: 0, focalLength: 50, flash: false, width: 6000, height: 4000, rating: null, label: null, keywords: null, serial: null, hasGps: false,
    }),
    result('preview', { source: 'self', width: 6000, height: 4000, embedded: [] }),
    // frames of one burst differ in their last two digits only
    result('phash', { hash: hex(scene, 14) + hex(random, 2), usable: true, view: hex(scene, 480) }),
    result('focus', { sharpness: random.next(), texture: 0.6, motion: random.next() * 0.5, noise: 0.002, blocking: 0, map: hex(scene, 94) + hex(random, 2), region: { x: 0.4, y: 0.4, w: 0.2, h: 0.2 } }),
    result('exposure', { mean: random.between(0.2, 0.7), clippedHigh: random.next() * 0.03, crushedLow: random.next() * 0.03, p1: 0.05, p99: 0.95 }),
  ];
}
