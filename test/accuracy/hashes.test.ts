/** The hashes that ours is compared with: on pictures whose hash follows from the definition, and on the reference's own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSharpCodec } from '../../main/adapters/sharp/index.ts';
import type { Pixels } from '../../main/ports/index.ts';
import { needPhotos, photosFolder } from '../config/needs.ts';
import { drawScene, turnPixels } from '../unit/drawn-scene.ts';
import { computeBlockhash } from './hashes/blockhash.ts';
import { bitDistance, ownPositions, pictureHashes } from './hashes/index.ts';
import { computePdq } from './hashes/pdq.ts';
import { computeAhash, computeDhash, computeMedianPhash, computeWhash } from './hashes/short.ts';

function draw(width: number, height: number, levelAt: (x: number, y: number) => number): Pixels {
  return { width, height, channels: 1, data: Uint8Array.from({ length: width * height }, (_, at) => levelAt(at % width, Math.floor(at / width))) };
}

const textOf = (bits: Uint8Array): string => bits.join('');
const leftHalf = '11110000'.repeat(8);

test('dHash tells where it becomes brighter to the right', async () => {
  expect(textOf(await computeDhash(draw(9, 8, (x) => 20 * x)))).toBe('1'.repeat(64));
  expect(textOf(await computeDhash(draw(9, 8, (x, y) => (y < 4 ? 20 * x : 200 - 20 * x))))).toBe('1'.repeat(32) + '0'.repeat(32));
});

test('aHash, wHash and blockhash tell what is brighter than the mean or median', async () => {
  expect(textOf(await computeAhash(draw(8, 8, (_, y) => (y < 4 ? 200 : 10))))).toBe('1'.repeat(32) + '0'.repeat(32));
  expect(textOf(await computeWhash(draw(256, 256, (x) => (x < 128 ? 200 : 10))))).toBe(leftHalf);
  expect(textOf(computeBlockhash(draw(20, 12, (x) => (x < 10 ? 200 : 10)), 8))).toBe(leftHalf);
  // bands of two rows: what is bright in the whole but not in its band is not set
  expect(textOf(computeBlockhash(draw(16, 16, (x, y) => (y < 4 ? (x < 8 ? 250 : 200) : x < 8 ? 100 : 10)), 8))).toBe(leftHalf);
});

test('pHash by median has a bit for the sign of a strong wave', async () => {
  const wave = (sign: number) => draw(32, 32, (x, y) => 128 + sign * 60 * Math.cos((Math.PI * 3 * (2 * x + 1)) / 64) + 40 * Math.cos((Math.PI * 2 * (2 * y + 1)) / 64));
  const [up, down] = [await computeMedianPhash(wave(1)), await computeMedianPhash(wave(-1))];
  expect([up[0], up[3], up[16]]).toEqual([1, 1, 1]);
  expect([down[0], down[3], down[16]]).toEqual([1, 0, 1]);
});

test('PDQ has half its bits set, and no quality where there is nothing to see', () => {
  expect(computePdq(draw(200, 100, () => 90)).quality).toBe(0);
  const { bits, quality } = computePdq(drawScene(3));
  expect(bits.reduce((sum, bit) => sum + bit, 0)).toBe(128);
  expect(quality).toBeGreaterThanOrEqual(50);
});

const references = [
  ['bridge-1-original.jpg', 'f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22'],
  ['bridge-2-rotate-90.jpg', '30a10efd71cc3d429013d48d0ffffc52e34e0e17ada952a9d29685211ea9e5af'],
] as const;

test('PDQ of two photos is what its reference program states', async (context) => {
  needPhotos(context);
  for (const [file, expected] of references) {
    const decoded = await createSharpCodec().decode(readFileSync(join(photosFolder, 'groups', 'pdq-dihedral', file)), { maxEdge: null, orientation: 1 });
    if (!decoded.ok) throw new Error(decoded.error.message);
    const { bits, quality } = computePdq(decoded.value);
    // its text begins with the last bit
    expect(BigInt(`0b${[...bits].reverse().join('')}`).toString(16).padStart(64, '0')).toBe(expected);
    expect(quality).toBe(100);
  }
});

test('every hash is near for the same scene in another size and far for another', async () => {
  for (const { name, bits, compute } of pictureHashes) {
    const [scene, small, other] = [await compute(drawScene(11)), await compute(drawScene(11, 481, 321)), await compute(drawScene(12))];
    expect(bitDistance(scene!, small!), name).toBeLessThan(bits / 8);
    expect(bitDistance(scene!, other!), name).toBeGreaterThan(bits / 5);
  }
}, 300_000);

test('our positions from the hash alone include that of the turned picture', async () => {
  const own = pictureHashes[0]!;
  const turned = await own.compute(turnPixels(drawScene(11)));
  expect(Math.min(...ownPositions((await own.compute(drawScene(11)))!).map((position) => bitDistance(position, turned!)))).toBeLessThanOrEqual(2);
});
