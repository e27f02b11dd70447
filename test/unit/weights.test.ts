/** Weights and limits of verdicts: better is never worse, what is missing leaves its weight, what does not count does not matter. */
import { describe, expect, test } from 'vitest';
import { allDirections, assessShoot, changeWeights, genreOf, genrePresets, isSameVerdictChoice, judge, judgeShoot, measureNames, presetNames, readVerdictChoice, scoreOf, writeBlur } from '../../main/domain/index.ts';
import type { FaceMeasure, Measures, PhotoFacts, VerdictChoice } from '../../main/domain/index.ts';
import { createRandom } from '../fixtures/random.ts';
import { eye, face, facesOf, goodMeasures, measuresWith, photoFacts, scenes } from './photo-facts.ts';

const good = photoFacts(1, 0, scenes[0]);
const standard = genrePresets.standard;
const codesOf = (measures: Measures, choice: VerdictChoice = standard): string => {
  const { verdict, reasons } = judge({ ...good, measures }, undefined, choice)!;
  return `${verdict}: ${reasons.map((reason) => reason.code).join(' ')}`;
};
const rank = { reject: 0, review: 1, keep: 2 } as const;

test('no reason calls soft what passes as sharp: where only the quick look has seen a fault, it is told in its words', () => {
  const mapOf = (blur: number): NonNullable<Measures['sharpness']> => ({
    width: 1200, height: 800, columns: 12, rows: 8, blur: writeBlur(blur).repeat(96), motion: allDirections.repeat(96), noise: 0, salient: null, focusPoints: null,
  });
  for (const blur of [0.4, 0.5, 0.55, 0.7, 1, 2])
    for (const sharpness of [0.2, 0.5, 0.6, 0.65]) {
      const { reasons } = judge({ ...good, measures: { ...measuresWith({ sharpness }), sharpness: mapOf(blur) } })!;
      for (const { text } of reasons) {
        const said = /edges are ([\d.]+) pixels wide, up to ([\d.]+) pass/.exec(text);
        if (said) expect(Number(said[1]), `${text} (quick ${sharpness}, blur ${blur})`).toBeGreaterThanOrEqual(Number(said[2]));
      }
      if (blur === 0.4 && sharpness === 0.2) expect(reasons.map(({ text }) => text).join()).toMatch(/^Nothing in the picture is sharp\.$|a little soft\./);
    }
});

describe('better never makes worse', () => {
  const random = createRandom(11).next;
  const pick = (from: number, to: number): number => from + (to - from) * random();
  const someMeasures = (): Measures => ({
    ...measuresWith(
      { sharpness: pick(0.3, 1), texture: pick(0, 1) ** 2, motion: pick(0, 0.6), noise: pick(0, 0.05), blocking: pick(0, 1) },
      { mean: pick(0, 1), clippedHigh: pick(0, 1), crushedLow: pick(0, 1), p1: pick(0, 0.8), p99: pick(0, 1) },
    ),
    ...(random() < 0.6 ? { faces: facesOf(face(random() < 0.5 ? 'open' : 'closed', random() < 0.5 ? 'open' : 'closed')) } : {}),
    ...(random() < 0.6 ? { aesthetic: pick(1, 10) } : {}),
  });
  const openOne = ({ eyes, ...rest }: FaceMeasure): FaceMeasure => ({ ...rest, eyes: eyes.left.state === 'closed' ? { ...eyes, left: eye('open') } : { ...eyes, right: eye('open') } });
  /** Each makes one thing better and nothing worse. */
  const improvements: readonly ((measures: Measures) => Measures)[] = [
    (all) => ({ ...all, focus: { ...all.focus!, sharpness: Math.min(1, all.focus!.sharpness + pick(0, 0.3)) } }),
    (all) => ({ ...all, focus: { ...all.focus!, motion: all.focus!.motion * random() } }),
    (all) => ({ ...all, focus: { ...all.focus!, noise: all.focus!.noise * random(), blocking: all.focus!.blocking * random() } }),
    (all) => ({ ...all, exposure: { ...all.exposure!, clippedHigh: all.exposure!.clippedHigh * random() } }),
    (all) => ({ ...all, exposure: { ...all.exposure!, crushedLow: all.exposure!.crushedLow * random() } }),
    (all) => ({ ...all, exposure: { ...all.exposure!, p99: Math.min(1, all.exposure!.p99 + pick(0, 0.3)) } }),
    (all) => ({ ...all, exposure: { ...all.exposure!, mean: all.exposure!.mean < 0.5 ? Math.min(0.5, all.exposure!.mean + pick(0, 0.2)) : Math.max(0.5, all.exposure!.mean - pick(0, 0.2)) } }),
    (all) => (all.faces ? { ...all, faces: facesOf(...all.faces.faces.map(openOne)) } : all),
    (all) => (typeof all.aesthetic === 'number' ? { ...all, aesthetic: Math.min(10, all.aesthetic + pick(0, 3)) } : all),
  ];
  const someChoice = (): VerdictChoice => changeWeights(standard, Object.fromEntries(measureNames.map((name) => [name, random() < 0.25 ? 0 : pick(0, 4)])), pick(0.3, 0.9));

  test('for a photo alone, with any weights', () => {
    const seen = { keep: 0, review: 0, reject: 0, better: 0 };
    for (let round = 0; round < 20_000; round++) {
      const choice = someChoice();
      const measures = someMeasures();
      const better = improvements[round % improvements.length]!(measures);
      const [before, after] = [judge({ ...good, measures }, undefined, choice)!, judge({ ...good, measures: better }, undefined, choice)!];
      seen[before.verdict] += 1;
      if (rank[after.verdict] > rank[before.verdict]) seen.better += 1;
      expect(rank[after.verdict], JSON.stringify({ choice, measures, better })).toBeGreaterThanOrEqual(rank[before.verdict]);
      if (before.scores.technical !== null && after.scores.technical !== null) expect(after.scores.technical).toBeGreaterThanOrEqual(before.scores.technical);
    }
    // the rounds have met all verdicts, and changes of them
    for (const count of Object.values(seen)) expect(count, JSON.stringify(seen)).toBeGreaterThan(300);
  });

  test('for a frame among others of its burst', () => {
    for (let round = 0; round < 2_000; round++) {
      const choice = someChoice();
      const frames: PhotoFacts[] = [0, 1, 2].map((at) => photoFacts(at + 1, at / 5, scenes[0], { measures: someMeasures() }));
      const better = improvements[round % improvements.length]!(frames[1]!.measures!);
      const verdictOf = (photos: PhotoFacts[]): number => rank[assessShoot(photos, undefined, undefined, choice).judgements.get(2)!.verdict];
      expect(verdictOf([frames[0]!, { ...frames[1]!, measures: better }, frames[2]!])).toBeGreaterThanOrEqual(verdictOf(frames));
    }
  });
});

describe('weights', () => {
  test('the overall score is the weighted geometric mean of what is known', () => {
    const scores = scoreOf({ ...measuresWith({ sharpness: 0.7, noise: 0 }), faces: facesOf(face('closed', 'closed')) }, { focus: 2, exposure: 1, eyes: 1, aesthetics: 4 });
    expect(scores.aesthetics).toBeNull();
    expect(scores.technical).toBeCloseTo((scores.focus! ** 2 * scores.exposure! * scores.eyes!) ** (1 / 4), 4);
  });

  test('only their ratio matters to the score; what does not count does not matter', () => {
    const measures = measuresWith({ sharpness: 0.66 }, { mean: 0.1, p99: 0.5 });
    expect(scoreOf(measures, { focus: 1, exposure: 0.5, eyes: 1, aesthetics: 0 }).technical).toBe(scoreOf(measures, { focus: 4, exposure: 2, eyes: 0, aesthetics: 1 }).technical);
    const dark = measuresWith({}, { mean: 0.06, p99: 0.15 });
    expect(codesOf(dark)).toBe('review: underexposed');
    expect(codesOf(dark, changeWeights(standard, { exposure: 0 }))).toBe('keep: good-quality');
    expect(codesOf({ ...goodMeasures, faces: facesOf(face('closed', 'closed')) })).toBe('review: eyes-closed');
    expect(codesOf({ ...goodMeasures, faces: facesOf(face('closed', 'closed')) }, genrePresets.landscape)).toBe('keep: good-quality');
    // nothing is to be seen in a black picture, whatever counts
    expect(codesOf(measuresWith({}, { mean: 0.01, p99: 0.03 }), changeWeights(standard, { exposure: 0 }))).toBe('reject: black');
  });

  test('a photo whose focus cannot be told is not praised for its light, unless focus does not count', () => {
    const flat = measuresWith({ texture: 0 });
    expect(scoreOf(flat).technical).toBeNull();
    expect(codesOf(flat)).toBe('review: focus-unknown');
    expect(codesOf(flat, changeWeights(standard, { focus: 0 }))).toBe('keep: good-quality');
    expect(codesOf(flat, changeWeights(standard, { focus: 0, exposure: 0 }))).toBe('review: not-told');
  });

  test('how strict: with a higher limit fewer are kept, and the reason says the limit', () => {
    const fair = measuresWith({ sharpness: 0.645 }, { mean: 0.2 });
    const { technical } = scoreOf(fair);
    expect(technical).toBeGreaterThan(0.6);
    expect(technical).toBeLessThan(0.75);
    expect(codesOf(fair, changeWeights(standard, {}, 0.5))).toBe('keep: good-quality');
    const strict = judge({ ...good, measures: fair }, undefined, changeWeights(standard, {}, 0.9))!;
    expect(strict).toMatchObject({ verdict: 'review', reasons: [{ code: 'below-keep', value: technical, threshold: 0.9, region: null }] });
  });

  test('the worst of the faces that matter counts; unknown eyes, a wink (which is mentioned) and a face in the background do not', () => {
    const eyes = (...faces: FaceMeasure[]): number | null => scoreOf({ ...goodMeasures, faces: facesOf(...faces) }).eyes;
    expect(eyes()).toBeNull();
    expect(eyes(face('unknown', 'unknown'))).toBeNull();
    expect(eyes(face('open', 'open'), face('closed', 'unknown'))).toBeLessThan(0.3);
    expect(eyes(face('open', 'open'), face('closed', 'closed', 0.2))).toBe(1);
    expect(codesOf({ ...goodMeasures, faces: facesOf(face('open', 'closed')) })).toBe('keep: good-quality eyes-one-closed');
  });

  test('of a burst the frame with open eyes is the best, and one with closed eyes is rejected beside it, showing where', () => {
    const blink = face('closed', 'closed');
    const frames = [
      photoFacts(1, 0, scenes[0], { measures: { ...goodMeasures, faces: facesOf(blink) } }),
      photoFacts(2, 0.2, scenes[0], { measures: { ...measuresWith({ sharpness: 0.8 }), faces: facesOf(face('open', 'open')) } }),
    ];
    const { judgements, groups } = assessShoot(frames);
    expect(groups[0]!.best).toBe(2);
    expect(judgements.get(1)).toMatchObject({ verdict: 'reject', reasons: [{ code: 'eyes-worse-in-burst', region: blink.box }, { code: 'eyes-closed', region: blink.box }] });
    // where eyes do not count, sharpness decides
    expect(judgeShoot(frames, groups, genrePresets.landscape)).toMatchObject({ groups: [{ best: 1, runnerUp: 2 }] });
  });

  test('judging again with known groups is the same as grouping and judging', () => {
    const random = createRandom(3).next;
    const photos = Array.from({ length: 200 }, (_, at) => photoFacts(at + 1, Math.floor(at / 3) * 20 + (at % 3) * 0.2, scenes[at % 4]!, { measures: measuresWith({ sharpness: 0.5 + random() / 2 }) }));
    const { groups } = assessShoot(photos);
    for (const name of presetNames) {
      const [whole, again] = [assessShoot(photos, undefined, undefined, genrePresets[name]), judgeShoot(photos, groups, genrePresets[name])];
      expect([...again.judgements]).toEqual([...whole.judgements]);
      expect(again.groups).toEqual(whole.groups);
    }
  });
});

describe('choices', () => {
  test('genres differ, name themselves, and are within the sliders', () => {
    for (const name of presetNames) {
      expect(genreOf(genrePresets[name])).toBe(name);
      expect(genrePresets[name].genre).toBe(name);
      expect(isSameVerdictChoice(changeWeights(genrePresets[name], {}), genrePresets[name])).toBe(true);
    }
    expect(genreOf(changeWeights(standard, { eyes: 3.5 }))).toBeNull();
  });

  test('what is stored comes back; what makes no sense becomes the usual', () => {
    const own = changeWeights(genrePresets.sport, { eyes: 1.5, focus: 4 }, 0.7);
    expect(readVerdictChoice(JSON.stringify(own))).toEqual(own);
    for (const text of [null, '', '{', 'null', '[]', '{"genre":"war"}', '{"weights":{"focus":"2"}}', '{"weights":{"focus":0,"exposure":0,"eyes":0,"aesthetics":0}}']) expect(readVerdictChoice(text), String(text)).toEqual(standard);
    expect(readVerdictChoice('{"genre":"sport","weights":{"focus":99,"eyes":-1},"keepAt":7}')).toMatchObject({ genre: 'sport', weights: { focus: 4, eyes: 0, exposure: 0.5 }, keepAt: 0.9 });
  });
});
