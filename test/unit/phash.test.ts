/** Stage `phash` and the comparison of hashes, on drawn pictures. */
import { describe, expect, test } from 'vitest';
import { createSharpCodec } from '../../main/adapters/sharp/index.ts';
import { hashDistance, hashPositions, parseHash } from '../../main/domain/index.ts';
import type { HashBits } from '../../main/domain/index.ts';
import type { Pixels } from '../../main/ports/index.ts';
import { computePhash } from '../../main/stages/phash/index.ts';
import { blurPixels } from '../fixtures/index.ts';
import { addNoise, drawScene, flatPicture, mapPixels, mirrorPixels, turnPixels } from './drawn-scene.ts';

function hashOf(pixels: Pixels): { hash: string; usable: boolean; bits: HashBits } {
  const result = computePhash(pixels);
  if (!result.ok) throw new Error(result.error.message);
  return { ...result.value, bits: parseHash(result.value.hash)! };
}

const distance = (a: Pixels, b: Pixels): number => hashDistance(hashOf(a).bits, hashOf(b).bits);

async function reencode(pixels: Pixels, options: { quality: number; maxEdge?: number }): Promise<Pixels> {
  const codec = createSharpCodec();
  const jpeg = await codec.encodeJpeg(pixels, options);
  const decoded = jpeg.ok ? await codec.decode(jpeg.value, { maxEdge: null, orientation: 1 }) : jpeg;
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
}

describe('the hash', () => {
  const scene = drawScene(11);

  test('is 16 hex digits, usable for a picture, and the same every time', () => {
    expect(hashOf(scene)).toEqual(hashOf(drawScene(11)));
    expect(hashOf(scene).hash).toMatch(/^[0-9a-f]{16}$/);
    expect(hashOf(scene).usable).toBe(true);
  });

  test('keeps its bits on every machine: a known picture has a known hash', () => {
    const waves: Pixels = {
      width: 320, height: 200, channels: 1,
      data: new Uint8Array(320 * 200).map((_, at) => ((at % 320) * 3 + Math.floor(at / 320) * Math.floor(at / 320)) & 255),
    };
    expect(hashOf(waves).hash).toBe('83026404d2049c86');
  });

  test('stays near through resizing, recompression, noise, blur and a small change of exposure', async () => {
    expect(distance(scene, await reencode(scene, { quality: 85, maxEdge: 400 }))).toBeLessThanOrEqual(3);
    expect(distance(scene, await reencode(scene, { quality: 20 }))).toBeLessThanOrEqual(4);
    expect(distance(scene, addNoise(scene, 8))).toBeLessThanOrEqual(3);
    expect(distance(scene, blurPixels(scene, 4))).toBeLessThanOrEqual(4);
    expect(distance(scene, mapPixels(scene, (value) => 255 * (value / 255) ** 0.75))).toBeLessThanOrEqual(8);
    expect(distance(scene, drawScene(11, 481, 321))).toBeLessThanOrEqual(4);
  });

  test('is far for other scenes', () => {
    const scenes = Array.from({ length: 14 }, (_, seed) => drawScene(100 + seed, 320, 214));
    for (const [at, one] of scenes.entries()) for (const other of scenes.slice(at + 1)) expect(distance(one, other)).toBeGreaterThan(14);
  });

  test('of a turned or mirrored picture is among the positions of the hash', () => {
    const positions = hashPositions(hashOf(scene).bits);
    const quarter = turnPixels(scene);
    const turned = [scene, quarter, turnPixels(quarter), turnPixels(turnPixels(quarter))];
    for (const picture of [...turned, ...turned.map(mirrorPixels)]) {
      const bits = hashOf(picture).bits;
      expect(Math.min(...positions.map((position) => hashDistance(position, bits)))).toBeLessThanOrEqual(2);
    }
    expect(positions[0]).toEqual(hashOf(scene).bits);
  });

  test.each([
    ['black', flatPicture(0)],
    ['white', flatPicture(255)],
    ['grey with noise', addNoise(flatPicture(110), 5)],
    ['a clear sky', mapPixels(flatPicture(0), (_, at) => 150 + Math.floor(at / 3 / 640) / 12)],
    ['a few pixels', drawScene(1, 20, 20)],
  ])('says that it means nothing: %s', (_, pixels) => {
    expect(hashOf(pixels).usable).toBe(false);
  });
});

describe('comparing hashes', () => {
  test('counts differing bits, and refuses what is no hash', () => {
    expect(hashDistance(parseHash('ffffffff00000000')!, parseHash('0000000000000000')!)).toBe(32);
    expect(hashDistance(parseHash('8000000000000001')!, parseHash('0000000000000000')!)).toBe(2);
    expect(parseHash('xyz')).toBeNull();
  });
});
