/** What is damaged: files of every layout that the fixtures make, and the shared photos where they are. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { photosFolder } from '../config/needs.ts';
import { readManifest } from '../oracle/manifest.ts';
import { drawScene, makeJpeg, makeOtherRaw, makeRaw, otherRawKinds, rawKinds } from '../fixtures/index.ts';
import type { Sample } from './mutate.ts';

/** Of a longer file only the head is changed, and the rest reads as zeros: a thousand times faster to write. */
const headBytes = 192 * 1024;
/** The lists of labelled and grouped photos are many files of the same few layouts. */
const folders = /^(raw|raw-headers|heif|jpeg|bad|sidecar)\//;

export async function makeSamples(): Promise<Sample[]> {
  return [...(await makeMadeSamples()), ...sharedSamples()];
}

/** One whole file of each layout. */
export async function makeMadeSamples(): Promise<Sample[]> {
  const exif = { date: '2024:05:01 12:00:00', subSec: '25', exposureTime: 1 / 125, fNumber: 4, iso: 100, focalLength: 35, lens: 'Test 35mm' };
  const previews = [await makeJpeg(drawScene({ seed: 31, width: 640, height: 427 })), await makeJpeg(drawScene({ seed: 31, width: 160, height: 107 }))];
  const made = [
    ...rawKinds.map((kind) => ({ name: `made.${kind}`, bytes: makeRaw(kind, { previews, exif }) })),
    ...otherRawKinds.map((kind) => ({ name: `made.${kind}`, bytes: makeOtherRaw(kind, { previews, exif }) })),
    { name: 'made.jpg', bytes: await makeJpeg(drawScene({ seed: 32, width: 320, height: 213 }), { exif }) },
  ];
  return made.map(({ name, bytes }) => ({ name, bytes, size: bytes.length }));
}

/** Paths of the shared photos that are cut at 64 points; empty where they are not here. */
export function sharedFiles(): string[] {
  if (!existsSync(join(photosFolder, 'manifest.json'))) return [];
  return readManifest().map(({ file }) => file).filter((file) => folders.test(file));
}

function sharedSamples(): Sample[] {
  return sharedFiles()
    .map((file) => ({ name: file, all: readFileSync(join(photosFolder, file)) }))
    .filter(({ all }) => all.length > 0)
    .map(({ name, all }) => ({ name, bytes: new Uint8Array(all.subarray(0, headBytes)), size: all.length }));
}
