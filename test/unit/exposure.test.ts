/** Stage `exposure` on pictures whose tones are known. */
import { expect, test } from 'vitest';
import { scoreOf } from '../../main/domain/index.ts';
import type { ExposureMeasure } from '../../main/domain/index.ts';
import type { Pixels } from '../../main/ports/index.ts';
import { measureExposure } from '../../main/stages/exposure/index.ts';
import { drawScene, flatPicture, mapPixels } from './drawn-scene.ts';

function exposureOf(pixels: Pixels): ExposureMeasure {
  const result = measureExposure(pixels);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const scoreOfPicture = (pixels: Pixels): number => scoreOf({ focus: null, exposure: exposureOf(pixels) }).exposure!;

test('counts tones', () => {
  const data = new Uint8Array(300).fill(100);
  data.fill(0, 0, 30); // ten black pixels
  data.set([255, 0, 0], 30); // red at its end: clipped, though not bright
  data.fill(252, 33, 60); // nine white ones
  const exposure = exposureOf({ width: 10, height: 10, channels: 3, data });
  expect(exposure.crushedLow).toBe(0.1);
  expect(exposure.clippedHigh).toBe(0.1);
  expect(exposure.mean).toBeCloseTo((80 * 100 + 77 + 9 * 252) / 100 / 255, 2);
  expect(exposure.p1).toBe(0);
  expect(exposure.p99).toBeCloseTo(252 / 255, 4);
});

test('grey pictures with one channel count alike', () => {
  const grey: Pixels = { width: 4, height: 1, channels: 1, data: new Uint8Array([0, 100, 255, 100]) };
  const colour: Pixels = { width: 4, height: 1, channels: 3, data: new Uint8Array([0, 0, 0, 100, 100, 100, 255, 255, 255, 100, 100, 100]) };
  expect(exposureOf(grey)).toEqual(exposureOf(colour));
});

test('the score falls with each stop of over- and underexposure', () => {
  const scene = drawScene(21, 480, 320);
  const stops = (ev: number): number => scoreOfPicture(mapPixels(scene, (value) => 255 * ((value / 255) ** 2.2 * 2 ** ev) ** (1 / 2.2)));
  const normal = stops(0);
  expect(normal).toBeGreaterThan(0.9);
  for (const direction of [1, -1]) {
    const scores = [2, 3, 4, 5].map((ev) => stops(direction * ev));
    expect(scores[0]!).toBeLessThan(normal);
    for (let at = 1; at < scores.length; at++) expect(scores[at]!).toBeLessThan(scores[at - 1]!);
  }
});

test('black and white pictures score badly, and pixels that are none are an error', () => {
  expect(scoreOfPicture(flatPicture(0))).toBeLessThan(0.1);
  expect(scoreOfPicture(flatPicture(255))).toBeLessThan(0.2);
  expect(measureExposure({ width: 0, height: 0, channels: 3, data: new Uint8Array() })).toMatchObject({ ok: false, error: { code: 'preview-broken' } });
});
