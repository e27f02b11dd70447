/** Sets that are kept whole, limits of width, the person's own groups, and why two photos are together. */
import { describe, expect, test } from 'vitest';
import {
  defaultGroupChoice, defaultGroupSettings, explainPair, findBest, groupPhotos, groupPresets, isTie, judge, limitChoice, presetNames, presetOf, settingsOfChoice,
} from '../../main/domain/index.ts';
import type { GroupSettings, ManualPlaces, PhotoFacts } from '../../main/domain/index.ts';
import type { Pixels } from '../../main/ports/index.ts';
import { measureFocus } from '../../main/stages/focus/index.ts';
import { computePhash } from '../../main/stages/phash/index.ts';
import { blurPixels, cutPixels, focusAt } from '../fixtures/index.ts';
import { drawScene, mirrorPixels, turnPixels } from './drawn-scene.ts';
import { changeBits, goodMeasures, measuresWith, photoFacts, scenes } from './photo-facts.ts';

const [one, two, three] = scenes;
const shapeOf = (photos: readonly PhotoFacts[], settings?: GroupSettings, manual?: ManualPlaces): string[] =>
  groupPhotos(photos, settings, manual).map((group) => `${group.kind}: ${group.photoIds.join(' ')}`);

/** What the stages say of pixels. */
function seen(pixels: Pixels): Partial<PhotoFacts> {
  const [phash, focus] = [computePhash(pixels), measureFocus(pixels)];
  if (!phash.ok || !focus.ok) throw new Error('the drawn picture cannot be measured');
  const { hash, usable, view } = phash.value;
  return { phash: hash, phashUsable: usable, view, measures: { ...goodMeasures, focus: focus.value } };
}

function photoOf(id: number, seconds: number, pixels: Pixels, tags: Parameters<typeof photoFacts>[4] = {}): PhotoFacts {
  return photoFacts(id, seconds, one, seen(pixels), tags);
}

const scene = drawScene(31, 960, 640);
const blurred = [1.5, 3, 5].map((radius) => blurPixels(scene, radius));

/** The same with a camera that says that it was bracketing. */
function markAll(photos: readonly PhotoFacts[]): PhotoFacts[] {
  return photos.map((photo) => ({ ...photo, metadata: { ...photo.metadata!, driveMode: 'bracketing' } }));
}

describe('focus stacks', () => {
  const stack = [0.1, 0.3, 0.5, 0.7, 0.9].map((focus, at) => photoOf(at + 1, 5 * at, focusAt(scene, blurred, focus)));

  test('the focus walks through the picture: one set, kept whole', () => {
    expect(shapeOf(stack)).toEqual(['focus-stack: 1 2 3 4 5']);
    const group = groupPhotos(stack)[0]!;
    for (const photo of stack) {
      const judgement = judge(photo, { group, best: { name: 'x', scores: { technical: 1, focus: 1, exposure: 1, eyes: null, aesthetics: null } }, runnerUpName: null, copyOf: null });
      expect([judgement?.verdict, judgement?.reasons[0]?.code]).toEqual(['keep', 'focus-stack-frame']);
    }
  });

  test('a burst of sharp and shaken frames is none, nor is one at other exposures, nor with long pauses', () => {
    const shaken = [scene, blurred[1]!, scene, blurred[2]!, scene].map((pixels, at) => photoOf(at + 1, 0.2 * at, pixels));
    expect(shapeOf(shaken)).toEqual(['burst: 1 2 3 4 5']);
    const fading = [scene, blurred[0]!, blurred[1]!, blurred[2]!].map((pixels, at) => photoOf(at + 1, 0.2 * at, pixels));
    expect(shapeOf(fading)).toEqual(['burst: 1 2 3 4']);
    const changed = stack.map((photo, at) => ({ ...photo, metadata: { ...photo.metadata!, exposureTime: 0.01 * (1 + at) } }));
    expect(shapeOf(changed).some((shape) => shape.startsWith('focus-stack'))).toBe(false);
    const slow = stack.map((photo, at) => ({ ...photo, metadata: { ...photo.metadata!, capturedMs: photo.metadata!.capturedMs! + 60_000 * at } }));
    expect(shapeOf(slow).some((shape) => shape.startsWith('focus-stack'))).toBe(false);
  });

  test('small steps are a stack where the camera says that it was bracketing, and only there', () => {
    const fine = [0.42, 0.46, 0.5, 0.54, 0.58].map((focus, at) => photoOf(at + 1, 0.4 * at, focusAt(scene, blurred, focus)));
    const isStack = (photos: readonly PhotoFacts[]): boolean => shapeOf(photos).some((shape) => shape.startsWith('focus-stack'));
    expect(isStack(fine)).toBe(false);
    expect(shapeOf(markAll(fine))).toEqual(['focus-stack: 1 2 3 4 5']);
    // one frame that is not marked, and the usual rule holds
    expect(isStack(markAll(fine).map((photo, at) => (at === 2 ? fine[2]! : photo)))).toBe(false);
    const group = groupPhotos(markAll(fine))[0]!;
    expect(explainPair(markAll(fine)[0]!, markAll(fine)[1]!, group).text).toMatch(/focus at another distance\. The camera says that it was bracketing\.$/);
  });

  test('the mark alone makes no stack: not of a burst, of one picture repeated, or of blur everywhere', () => {
    const shaken = [scene, blurred[1]!, scene, blurred[2]!, scene].map((pixels, at) => photoOf(at + 1, 0.2 * at, pixels));
    const fading = [scene, blurred[0]!, blurred[1]!, blurred[2]!].map((pixels, at) => photoOf(at + 1, 0.2 * at, pixels));
    const still = [0, 1, 2, 3].map((at) => photoOf(at + 1, 0.2 * at, scene));
    expect([shaken, fading, still].map((photos) => shapeOf(markAll(photos)))).toEqual([['burst: 1 2 3 4 5'], ['burst: 1 2 3 4'], ['burst: 1 2 3 4']]);
  });

  test('frames before and after that are not of it stay out', () => {
    const other = photoOf(9, 300, drawScene(77, 960, 640));
    expect(shapeOf([...stack, other])).toEqual(['focus-stack: 1 2 3 4 5']);
  });
});

describe('panoramas', () => {
  const wide = drawScene(5, 3000, 700);
  const pieces = [0, 1, 2, 3].map((at) => cutPixels(wide, at * 480, 10 + 6 * at, 900, 600));
  const panorama = pieces.map((pixels, at) => photoOf(at + 1, 3 * at, pixels));

  test('pieces of one view, each further to one side, are one set, whichever way', () => {
    expect(shapeOf(panorama)).toEqual(['panorama: 1 2 3 4']);
    expect(shapeOf([...pieces].reverse().map((pixels, at) => photoOf(at + 1, 3 * at, pixels)))).toEqual(['panorama: 1 2 3 4']);
    const tall = pieces.map((pixels) => turnPixels(pixels));
    expect(shapeOf(tall.map((pixels, at) => photoOf(at + 1, 3 * at, pixels)))).toEqual(['panorama: 1 2 3 4']);
  });

  test('other scenes, two pieces alone, long pauses and other focal lengths are none', () => {
    expect(shapeOf([11, 12, 13].map((seed, at) => photoOf(at + 1, 3 * at, drawScene(seed, 900, 600))))).toEqual([]);
    expect(shapeOf(panorama.slice(0, 2)).some((shape) => shape.startsWith('panorama'))).toBe(false);
    const slow = panorama.map((photo, at) => ({ ...photo, metadata: { ...photo.metadata!, capturedMs: photo.metadata!.capturedMs! + 30_000 * at } }));
    expect(shapeOf(slow).some((shape) => shape.startsWith('panorama'))).toBe(false);
    const zoomed = panorama.map((photo, at) => ({ ...photo, metadata: { ...photo.metadata!, focalLength: 24 + 10 * at } }));
    expect(shapeOf(zoomed).some((shape) => shape.startsWith('panorama'))).toBe(false);
  });
});

describe('width', () => {
  test('no frame of a burst is further from its medoid than stated', () => {
    // each frame 5 bits from the one before and within 24 of the first, but the ends on different sides
    const frames = [0, 5, 10, 15, 20].map((bits, at) => photoFacts(at + 1, 0.1 * at, changeBits(one, bits)));
    expect(shapeOf(frames)).toEqual(['burst: 1 2 3 4 5']);
    expect(shapeOf(frames, { ...defaultGroupSettings, medoidBits: 6 })).toEqual(['burst: 2 3 4']);
  });

  test('ten thousand copies of one look with times of their own end in groups quickly', () => {
    const frames = Array.from({ length: 10_000 }, (_, at) => photoFacts(at + 1, 0, one));
    expect(groupPhotos(frames).map((group) => group.photoIds.length)).toEqual([10_000]);
  });
});

describe('the person has the last word', () => {
  const burst = [0, 0.1, 0.2, 0.3].map((seconds, at) => photoFacts(at + 1, seconds, changeBits(one, at)));
  const later = photoFacts(9, 500, two);

  test('split, alone, moved and merged photos stay where they were put', () => {
    expect(shapeOf(burst)).toEqual(['burst: 1 2 3 4']);
    expect(shapeOf(burst, defaultGroupSettings, new Map([[3, 'second'], [4, 'second']]))).toEqual(['burst: 1 2', 'burst: 3 4']);
    expect(shapeOf(burst, defaultGroupSettings, new Map([[2, '']]))).toEqual(['burst: 1 3 4']);
    expect(shapeOf([...burst, later], defaultGroupSettings, new Map([[4, 'mine'], [9, 'mine']]))).toEqual(['burst: 1 2 3', 'near-duplicate: 4 9']);
    const groups = groupPhotos([...burst, later], defaultGroupSettings, new Map([[4, 'mine'], [9, 'mine']]));
    expect(groups.map((group) => group.isManual)).toEqual([false, true]);
  });

  test('they survive whatever comes later', () => {
    const manual = new Map([[3, 'second'], [4, 'second']]);
    const before = groupPhotos(burst, defaultGroupSettings, manual).find((group) => group.isManual);
    expect(groupPhotos([photoFacts(20, -0.1, one), ...burst, later], settingsOfChoice(groupPresets.wildlife), manual).find((group) => group.isManual)).toEqual(before);
  });
});

test('the id of a group does not change when photos come, nor when another is the earliest', () => {
  const frames = [photoFacts(1, 1, one), photoFacts(2, 1.2, one)];
  const { id } = groupPhotos(frames)[0]!;
  expect(groupPhotos([photoFacts(3, 0.9, one), ...frames])[0]!.id).toBe(id);
  expect(groupPhotos([...frames, photoFacts(4, 1.3, one), photoFacts(5, 900, three)])[0]!.id).toBe(id);
});

describe('the best', () => {
  test('tells the second and the lead, and ties', () => {
    const scores = new Map([[1, 0.5], [2, 0.9], [3, 0.8], [4, null]]);
    expect(findBest([1, 2, 3, 4], scores)).toEqual({ best: 2, runnerUp: 3, margin: 0.1 });
    expect(isTie(findBest([1, 2, 3, 4], scores))).toBe(false);
    expect(isTie(findBest([1, 2], new Map([[1, 0.5], [2, 0.51]])))).toBe(true);
    expect(isTie(findBest([1, 4], scores))).toBe(true);
    expect(findBest([4], scores)).toEqual({ best: 4, runnerUp: null, margin: null });
  });

  test('and says so in words', () => {
    const group = (margin: number | null): Parameters<typeof judge>[1] => ({
      group: { id: 'g', kind: 'burst', photoIds: [1, 2], best: 1, runnerUp: 2, margin, isManual: false },
      best: { name: 'IMG_1.JPG', scores: { technical: 0.9, focus: 0.9, exposure: 1, eyes: null, aesthetics: null } },
      runnerUpName: 'IMG_2.JPG',
      copyOf: null,
    });
    const praise = (margin: number | null): string => judge(photoFacts(1, 0, one), group(margin))!.reasons[0]!.text;
    expect(praise(0.123)).toBe('The best of 2 in this burst, 12 points ahead of IMG_2.JPG.');
    expect(praise(0.001)).toBe('The first of 2 in this burst that are equally good, with IMG_2.JPG.');
    expect(praise(null)).toBe('The first of 2 in this burst that are equally good, with IMG_2.JPG.');
  });
});

describe('why two photos are together', () => {
  const explain = (photos: PhotoFacts[], a: number, b: number): ReturnType<typeof explainPair> => {
    const group = groupPhotos(photos).find(({ photoIds }) => photoIds.includes(a) && photoIds.includes(b))!;
    return explainPair(photos.find(({ id }) => id === a)!, photos.find(({ id }) => id === b)!, group, photos);
  };

  test('by burst, by likeness in time, by copy, by set', () => {
    expect(explain([photoFacts(1, 0, one), photoFacts(2, 0.4, changeBits(one, 3))], 2, 1)).toEqual({
      rule: 'burst', text: '400 ms apart with the same camera, and nearly the same.', bits: 3, gapMs: 400, position: null,
    });
    expect(explain([photoFacts(1, 0, one), photoFacts(2, 20, changeBits(one, 12))], 1, 2)).toMatchObject({ rule: 'alike-in-time', bits: 12, gapMs: 20_000 });
    const sha256 = 'ab'.repeat(32);
    expect(explain([photoFacts(1, 0, one, { sha256 }), photoFacts(2, 900, one, { sha256 })], 1, 2)).toMatchObject({ rule: 'same-bytes', bits: 0 });
    const bracket = [1 / 100, 1 / 400, 1 / 25].map((exposureTime, at) => photoFacts(at + 1, 0.5 * at, one, { measures: measuresWith({}, { mean: 0.3 + 8 * exposureTime }) }, { exposureTime }));
    expect(explain(bracket, 1, 2)).toMatchObject({ rule: 'whole-set', text: 'Two exposures of one picture, 2.0 EV apart.' });
  });

  test('by a chain, which is named', () => {
    const frames = [0, 9, 18].map((bits, at) => photoFacts(at + 1, at, changeBits(one, bits)));
    expect(explain(frames, 1, 3)).toMatchObject({ rule: 'chain', bits: 18, text: 'Not so near to each other themselves; joined through IMG_0002.JPG.' });
  });

  test('turned and mirrored ones are called so', () => {
    const turned: [Pixels, string][] = [
      [mirrorPixels(scene), 'mirrored left to right'],
      [turnPixels(scene), 'turned by 90° anticlockwise'],
      [turnPixels(turnPixels(scene)), 'turned by 180°'],
      [turnPixels(turnPixels(turnPixels(scene))), 'turned by 90° clockwise'],
    ];
    for (const [pixels, position] of turned) {
      const photos = [scene, pixels].map((one, at) => photoFacts(at + 1, null, '', seen(one), { model: null, make: null }));
      expect(explain(photos, 1, 2)).toMatchObject({ rule: 'turned', position });
    }
  });
});

describe('presets', () => {
  test('the standard one is the default, all are within the sliders and have names of their own', () => {
    expect(settingsOfChoice(defaultGroupChoice)).toEqual(defaultGroupSettings);
    for (const name of presetNames) {
      expect(limitChoice(groupPresets[name])).toEqual(groupPresets[name]);
      expect(presetOf(groupPresets[name])).toBe(name);
    }
    expect(presetOf({ window: 1.23, likeness: 9 })).toBeNull();
    expect(limitChoice({ window: Number.NaN, likeness: 1000 })).toEqual({ window: defaultGroupChoice.window, likeness: 22 });
  });

  test('a wider window and more likeness join more, and never touch what is kept whole', () => {
    const frames = [photoFacts(1, 0, one), photoFacts(2, 4, changeBits(one, 16)), photoFacts(3, 8, changeBits(one, 16))];
    expect(shapeOf(frames, settingsOfChoice({ window: 0.5, likeness: 6 }))).toEqual(['near-duplicate: 2 3']);
    expect(shapeOf(frames, settingsOfChoice({ window: 5, likeness: 18 }))).toEqual(['burst: 1 2 3']);
    const narrow = settingsOfChoice({ window: 0.2, likeness: 4 });
    for (const key of ['bracketGapMs', 'bracketBits', 'stackGapMs', 'stackBits', 'panoramaGapMs'] as const) expect(narrow[key]).toBe(defaultGroupSettings[key]);
  });
});
