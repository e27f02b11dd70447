/** Stage `exposure` on pictures whose tones are known. */
import { expect, test } from 'vitest';
import { exposureOn, recoverableOf, scoreOf, subjectExposureOf } from '../../main/domain/index.ts';
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

test('the map tells what is lost on a part of the picture, whatever the rest is', () => {
  const dark = flatPicture(90, 1200, 800);
  // the right third is blown out, the left third black
  const pixels = mapPixels(dark, (value, at) => (Math.floor(at / 3) % 1200 >= 800 ? 255 : Math.floor(at / 3) % 1200 < 400 ? 0 : value));
  const exposure = exposureOf(pixels);
  expect(exposureOn(exposure, [{ x: 0.7, y: 0.2, w: 0.2, h: 0.5 }])).toEqual({ clipped: 1, crushed: 0, mean: 1 });
  expect(exposureOn(exposure, [{ x: 0.4, y: 0.2, w: 0.2, h: 0.5 }])).toMatchObject({ clipped: 0, crushed: 0 });
  expect(exposureOn(exposure, [{ x: 0, y: 0, w: 1, h: 1 }])!.clipped).toBeCloseTo(1 / 3, 2);
  expect(exposureOn(exposure, [{ x: 0, y: 0, w: 0, h: 0 }])).toBeNull();
  const grey = exposureOf({ ...pixels, channels: 1, data: pixels.data.filter((_, at) => at % 3 === 0) });
  expect(grey.map).toEqual(exposure.map);
});

test('a blown-out face is told although the picture as a whole is not, and no claim is made of what was not measured', () => {
  const exposure = exposureOf(mapPixels(flatPicture(110, 1200, 800), (value, at) => (Math.floor(at / 3) % 1200 >= 900 ? 255 : value)));
  const eye = { state: 'unknown', why: 'small', openness: null, ratio: null, corners: null, width: 9 } as const;
  const face = { box: { x: 0.8, y: 0.2, w: 0.15, h: 0.3 }, score: 0.9, importance: 1, sharpness: 0.5, pose: null, eyes: { left: eye, right: eye } };
  expect(subjectExposureOf({ focus: null, exposure, faces: { faces: [face], edge: 1600 } })).toMatchObject({ clipped: 1, from: 'faces' });
  expect(subjectExposureOf({ focus: null, exposure })).toBeNull();
  expect(recoverableOf({ exposure }, 'nef')).toBe('unknown');
  expect(recoverableOf({ exposure }, 'jpeg')).toBe('no');
  expect(recoverableOf({ exposure: exposureOf(flatPicture(110)) }, 'nef')).toBeNull();
});
