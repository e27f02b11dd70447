/** Stage `sharpness` and the rule that judges its map, on drawn pictures whose blur is known. */
import { describe, expect, test } from 'vitest';
import { blurLimit, focusOf, judgeFocus, readBlurs, readDegrees, turnDegrees, turnPoint, turnRegion, writeBlur, writeDegrees } from '../../main/domain/index.ts';
import type { FocusJudgement, Orientation, SharpnessMeasure, Subject } from '../../main/domain/index.ts';
import { findFocusFault } from '../../main/domain/verdict-focus.ts';
import type { Pixels } from '../../main/ports/index.ts';
import { measureSharpness } from '../../main/stages/sharpness/index.ts';
import { addNoise, blurPixels, drawDeadLeaves, smearPixels } from '../fixtures/index.ts';

function measure(pixels: Pixels, { orientation = 1, iso = null }: { orientation?: Orientation; iso?: number | null } = {}): SharpnessMeasure {
  const { width, height, data } = pixels;
  const result = measureSharpness({ width, height, data, orientation }, { iso, focusPoints: null });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const judge = (pixels: Pixels, subjects?: readonly Subject[]): FocusJudgement => judgeFocus(measure(pixels), subjects);
const scene = (seed: number): Pixels => blurPixels(drawDeadLeaves({ seed, width: 1200, height: 800 }), 0.5);
const seeds = [3, 5, 8];

/** `inside` in the rectangle, `outside` around it, in fractions. */
function inset(outside: Pixels, inside: Pixels, { x, y, w, h }: { x: number; y: number; w: number; h: number }): Pixels {
  const data = outside.data.slice();
  const { width, height } = outside;
  for (let row = Math.floor(y * height); row < (y + h) * height; row++)
    for (let column = Math.floor(x * width); column < (x + w) * width; column++) data[row * width + column] = inside.data[row * width + column]!;
  return { ...outside, data };
}

describe('focus states', () => {
  test.each(seeds)('sharp, then softer with each step of blur (scene %i)', (seed) => {
    const steps = [0, 0.8, 1.5, 3].map((sigma) => judge(sigma === 0 ? scene(seed) : blurPixels(scene(seed), sigma)));
    expect(steps[0]!.state).toBe('sharp');
    expect(steps.slice(2).map(({ state }) => state)).toEqual(['soft', 'soft']);
    for (let at = 1; at < steps.length; at++) expect(steps[at]!.score!, steps.map(({ score }) => score).join(' ')).toBeLessThan(steps[at - 1]!.score!);
    expect(judge(blurPixels(scene(seed), 8)).score ?? 0).toBeLessThan(0.1);
  });

  test.each([0, 30, 60, 90, 135])('motion at %i degrees is told with its direction', (angle) => {
    for (const seed of seeds) {
      const { state, motion, score } = judge(smearPixels(scene(seed), 20, angle));
      expect(state, `scene ${seed}`).toBe('motion');
      const difference = Math.abs((motion!.degrees ?? 999) - angle) % 180;
      expect(Math.min(difference, 180 - difference), `scene ${seed}: ${motion!.degrees}`).toBeLessThan(20);
      expect(score).toBeLessThan(0.3);
    }
  });

  test('a camera that focused elsewhere is told from one that focused nowhere, with the place that is sharp', () => {
    const place = { x: 0.55, y: 0.3, w: 0.3, h: 0.4 };
    const point: Subject = { from: 'af-point', regions: [{ x: 0.63, y: 0.42, w: 0.14, h: 0.16 }] };
    const [sharp, soft] = [scene(5), blurPixels(scene(5), 4)];
    const missed = judge(inset(sharp, soft, place), [point]);
    expect(missed).toMatchObject({ state: 'missed-focus', from: 'af-point' });
    expect(missed.region.x).toBeCloseTo(0.63);
    expect(missed.sharpest).not.toBeNull();
    expect(judge(soft, [point])).toMatchObject({ state: 'soft', sharpest: null });
    const hit = judge(inset(soft, sharp, place), [point]);
    expect(hit).toMatchObject({ state: 'sharp', isShallow: true });
    expect(hit.score!).toBeGreaterThan(missed.score! + 0.3);
    // Nobody knows a subject: what is sharp is taken for it, and nothing is called a miss.
    expect(judge(inset(sharp, soft, place)).state).toBe('sharp');
  });

  test('neither noise nor what ISO explains passes for detail', () => {
    for (const seed of seeds) {
      const soft = blurPixels(scene(seed), 3);
      const plain = judgeFocus(measure(soft)).score!;
      for (const [iso, deviation] of [[800, 2], [6_400, 6], [25_600, 12]] as const) {
        const noisy = judgeFocus(measure(addNoise(soft, deviation, seed), { iso }));
        expect(noisy.score ?? 0, `scene ${seed}, ISO ${iso}`).toBeLessThan(plain + 0.12);
        expect(noisy.state).not.toBe('sharp');
      }
    }
  });

  test('eyes count before the face, the face before the focus point', () => {
    const place = { x: 0.55, y: 0.3, w: 0.3, h: 0.4 };
    const sharpness = { ...measure(inset(scene(5), blurPixels(scene(5), 4), place)), focusPoints: [{ x: 0.1, y: 0.7, w: 0.1, h: 0.1 }] };
    const eye = { state: 'open', why: null, openness: 1, ratio: 0.3, width: 40, corners: [{ x: 0.6, y: 0.5 }, { x: 0.66, y: 0.5 }] } as const;
    const face = { box: { x: 0.57, y: 0.35, w: 0.25, h: 0.3 }, score: 0.9, importance: 1, sharpness: 0.5, pose: null, eyes: { left: eye, right: eye } };
    const faceless = { focus: null, exposure: null, sharpness };
    expect(focusOf(faceless)).toMatchObject({ from: 'af-point', state: 'sharp' });
    const seen = focusOf({ ...faceless, faces: { faces: [face], edge: 1600 } });
    expect(['eyes', 'faces']).toContain(seen?.from);
    expect(seen?.state).toBe('missed-focus');
    const eyeless = { ...face, eyes: { left: { ...eye, corners: null }, right: { ...eye, corners: null } } };
    expect(focusOf({ ...faceless, faces: { faces: [eyeless], edge: 1600 } })?.from).toBe('faces');
  });
});

describe('group shots', () => {
  const seen = (x: number, h: number, importance: number) => {
    const eye = { state: 'open', why: null, openness: 1, ratio: 0.3, width: 40, corners: null } as const;
    return { box: { x, y: 0.3, w: 0.8 * h, h }, score: 0.9, importance, sharpness: 0.5, pose: null, eyes: { left: eye, right: eye } };
  };
  const place = { x: 0.55, y: 0.2, w: 0.35, h: 0.6 };
  const measured = (blur: number) => measure(inset(scene(5), blurPixels(scene(5), blur), place));
  const photo = (sharpness: SharpnessMeasure, ...faces: ReturnType<typeof seen>[]) => ({ focus: null, exposure: null, sharpness, faces: { faces, edge: 1600 } });

  test('one soft face among people side by side is told with its place, and costs at most half', () => {
    const sharpness = measured(4);
    const alone = focusOf(photo(sharpness, seen(0.15, 0.3, 1)))!;
    const group = focusOf(photo(sharpness, seen(0.15, 0.3, 1), seen(0.62, 0.28, 0.6)))!;
    expect(alone).toMatchObject({ state: 'sharp', isOneOfGroup: false });
    expect(group).toMatchObject({ state: 'missed-focus', isOneOfGroup: true, from: 'faces', region: { x: 0.62 } });
    expect(group.score).toBeCloseTo(alone.score! / 2, 4);
    const fault = findFocusFault(photo(sharpness, seen(0.15, 0.3, 1), seen(0.62, 0.28, 0.6)), group.score, { softReject: 0.15, softReview: 0.5, sureTexture: 0.1 });
    expect(fault).toMatchObject({ severity: 'review', reason: { text: expect.stringContaining('on one of the faces') as string, region: { x: 0.62 } } });
  });

  test('someone behind, or who does not matter, makes no portrait soft', () => {
    const sharpness = measured(4);
    for (const other of [seen(0.62, 0.2, 0.5), seen(0.62, 0.3, 0.2)]) expect(focusOf(photo(sharpness, seen(0.15, 0.3, 1), other))).toMatchObject({ state: 'sharp', isOneOfGroup: false });
  });

  test('beside a face that is a little soft itself, a very soft one rejects nothing', () => {
    const limits = { softReject: 0.15, softReview: 0.5, sureTexture: 0.1 };
    const sharpness = measure(inset(blurPixels(scene(5), 1.5), blurPixels(scene(5), 6), place));
    const alone = focusOf(photo(sharpness, seen(0.15, 0.3, 1)))!;
    const both = photo(sharpness, seen(0.15, 0.3, 1), seen(0.62, 0.28, 0.6));
    const group = focusOf(both)!;
    expect(alone.score).toBeGreaterThan(limits.softReject);
    expect(group.score).toBeLessThan(limits.softReject);
    expect(findFocusFault(both, group.score, limits)).toMatchObject({ severity: 'review' });
  });

  test('a softer face never makes the score better', () => {
    const scores = [0.5, 1, 2, 4].map((blur) => focusOf(photo(measured(blur), seen(0.15, 0.3, 1), seen(0.62, 0.28, 0.6)))!.score!);
    for (let at = 1; at < scores.length; at++) expect(scores[at], scores.join(' ')).toBeLessThanOrEqual(scores[at - 1]! + 0.01);
  });
});

describe('nothing to tell', () => {
  const flat = (width: number, height: number, value: number): Pixels => ({ width, height, channels: 1, data: new Uint8Array(width * height).fill(value) });
  test.each([['black', flat(1200, 800, 0)], ['white', flat(1200, 800, 255)], ['grey', flat(1200, 800, 90)], ['one pixel', flat(1, 1, 9)], ['a line', flat(4000, 1, 9)], ['small', flat(90, 60, 9)]])('%s', (_, pixels) => {
    expect(judge(pixels)).toMatchObject({ state: 'cannot-tell', score: null, blur: null });
  });

  test('noise alone is no detail', () => {
    expect(judge(addNoise(flat(1200, 800, 90), 8, 3)).state).toBe('cannot-tell');
  });

  test('pixels that are none are refused', () => {
    for (const [width, height, length] of [[0, 0, 0], [10, 10, 99]] as const)
      expect(measureSharpness({ width, height, data: new Uint8Array(length), orientation: 1 }, { iso: null, focusPoints: null })).toMatchObject({ ok: false, error: { code: 'preview-broken' } });
  });
});

describe('places', () => {
  const orientations: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

  test('all eight orientations of one stored picture are judged alike, at the turned place', () => {
    const place = { x: 0.05, y: 0.1, w: 0.35, h: 0.4 };
    const stored = inset(blurPixels(scene(5), 5), scene(5), place);
    for (const orientation of orientations) {
      const measured = measure(stored, { orientation });
      const turned = turnRegion(place, orientation);
      const told = judgeFocus(measured, [{ from: 'af-point', regions: [turned] }]);
      expect(told.state, `orientation ${orientation}`).toBe('sharp');
      const opposite = { ...turned, x: turned.x > 0.3 ? 0 : 0.6 };
      expect(judgeFocus(measured, [{ from: 'af-point', regions: [opposite] }]).state, `orientation ${orientation}`).not.toBe('sharp');
      expect([measured.width, measured.height]).toEqual(orientation >= 5 ? [800, 1200] : [1200, 800]);
    }
  });

  test('directions turn with the picture', () => {
    const smeared = smearPixels(scene(3), 20, 30);
    for (const orientation of orientations) {
      const told = judgeFocus(measure(smeared, { orientation })).motion!.degrees!;
      const difference = Math.abs(told - turnDegrees(30, orientation)) % 180;
      expect(Math.min(difference, 180 - difference), `orientation ${orientation}: ${told}`).toBeLessThan(20);
    }
    expect(turnPoint(0.2, 0.1, 6)).toEqual({ x: 0.9, y: 0.2 });
    expect(turnDegrees(0, 6)).toBeCloseTo(90);
  });

  test('maps are read as they were written', () => {
    for (const blur of [0.3, 0.9, 4, 20]) expect(readBlurs(writeBlur(blur))[0]! / blur).toBeCloseTo(1, 1);
    expect(readBlurs(writeBlur(null))).toEqual([null]);
    for (const degrees of [0, 45, 90, 177]) expect(readDegrees(writeDegrees(degrees))).toEqual([degrees]);
    expect(readDegrees('-=')).toEqual([null, null]);
  });

  test('more pixels may be blurred over more of them, but not as many more', () => {
    expect(blurLimit(800)).toBe(blurLimit(1500));
    expect(blurLimit(6000) / blurLimit(1500)).toBeCloseTo(2);
  });
});
