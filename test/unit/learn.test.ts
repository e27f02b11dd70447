/** Learning from decisions, on people made by the tests whose taste is known. */
import { describe, expect, test } from 'vitest';
import { assessShoot, collectDecisions, genrePresets, learnWeights, meanScore, noMarks, scoreOf } from '../../main/domain/index.ts';
import type { LearnOutcome, Marks, Measures, PhotoFacts, PhotoId, Weights } from '../../main/domain/index.ts';
import { fitLogistic } from '../../main/domain/learn-fit.ts';
import { createRandom } from '../fixtures/random.ts';
import { face, facesOf, measuresWith, photoFacts, scenes } from './photo-facts.ts';

/** Photos of very different quality in every measure: three frames of one moment, then one alone, and so on. */
function makePhotos(count: number, seed: number): PhotoFacts[] {
  const { next, between } = createRandom(seed);
  return Array.from({ length: count }, (_, at) => {
    const eyes = next() < 0.5 ? 'open' : 'closed';
    const measures: Measures = {
      ...measuresWith({ sharpness: between(0.55, 0.9) }, { mean: between(0.05, 0.45), p99: between(0.5, 1) }),
      faces: facesOf(face(eyes, next() < 0.6 ? eyes : 'open')),
      aesthetic: between(3, 7),
    };
    return photoFacts(at + 1, 1_000 * Math.floor(at / 4) + (at % 4 === 3 ? 500 : (at % 4) / 5), scenes[(2 * Math.floor(at / 4) + (at % 4 === 3 ? 1 : 0)) % 4]!, { measures });
  });
}

/** Keeps what is above `keepAt` by their own weights, with a hand that is the less sure the nearer it is; of a group only the best. */
function decide(photos: readonly PhotoFacts[], weights: Weights, keepAt: number, seed: number): Map<PhotoId, Marks> {
  const { next } = createRandom(seed);
  const marks = new Map<PhotoId, Marks>();
  const { groups } = assessShoot(photos);
  const liking = new Map(photos.map(({ id, measures }) => {
    const sure = Math.min(0.999, Math.max(0.001, next()));
    return [id, Math.log(meanScore(scoreOf(measures), weights)!) + 0.1 * Math.log(sure / (1 - sure))];
  }));
  for (const { id } of photos) {
    const group = groups.find(({ photoIds }) => photoIds.includes(id));
    const isBest = !group || group.photoIds.every((other) => liking.get(other)! <= liking.get(id)!);
    marks.set(id, { ...noMarks, flag: isBest && (group ? true : liking.get(id)! >= Math.log(keepAt)) ? 'pick' : 'reject' });
  }
  return marks;
}

const learn = (photos: readonly PhotoFacts[], marks: ReadonlyMap<PhotoId, Marks>, base = genrePresets.standard): LearnOutcome =>
  learnWeights(collectDecisions(photos, assessShoot(photos).groups, (id) => marks.get(id) ?? noMarks), base);
const learned = (outcome: LearnOutcome): Exclude<LearnOutcome, { state: 'too-few' }> => {
  if (outcome.state === 'too-few') throw new Error(JSON.stringify(outcome));
  return outcome;
};

describe('what a person cares about is found', () => {
  const people: readonly (readonly [string, Weights])[] = [
    ['focus', { focus: 4, exposure: 0.5, eyes: 0.25, aesthetics: 0 }],
    ['exposure', { focus: 0.5, exposure: 4, eyes: 0.25, aesthetics: 0 }],
    ['eyes', { focus: 0.5, exposure: 0.25, eyes: 4, aesthetics: 0 }],
    ['aesthetics', { focus: 0.25, exposure: 0.25, eyes: 0, aesthetics: 4 }],
  ];
  for (const [name, taste] of people)
    test(`someone who looks at ${name}`, () => {
      const photos = makePhotos(400, 5);
      const outcome = learned(learn(photos, decide(photos, taste, 0.6, 6)));
      expect(outcome.state).toBe('better');
      expect(outcome.agreement).toBeGreaterThan(outcome.presetAgreement + 0.03);
      expect(outcome.agreement).toBeGreaterThan(0.8);
      const { weights } = outcome.choice;
      for (const [other, weight] of Object.entries(weights)) if (other !== name) expect(weights[name as keyof Weights], `${name} against ${other}: ${JSON.stringify(weights)}`).toBeGreaterThan(weight);
    });

  test('how strict they are is found too', () => {
    const photos = makePhotos(400, 7);
    const taste = genrePresets.standard.weights;
    const [strict, easy] = [0.8, 0.4].map((keepAt) => learned(learn(photos, decide(photos, taste, keepAt, 8))).choice.keepAt);
    expect(strict).toBeGreaterThan(0.7);
    expect(easy).toBeLessThan(0.5);
  });

  test('agreement that is told holds for photos that were not learned from', () => {
    const taste = { focus: 0.5, exposure: 0.25, eyes: 4, aesthetics: 0 };
    const { choice, agreement, presetAgreement } = learned(learn(makePhotos(300, 9), decide(makePhotos(300, 9), taste, 0.6, 10)));
    const others = makePhotos(600, 11);
    const marks = decide(others, taste, 0.6, 12);
    const alone = others.filter((_, at) => at % 4 === 3);
    const right = (weights: Weights, keepAt: number): number =>
      alone.filter(({ id, measures }) => (scoreOf(measures, weights).technical! >= keepAt) === (marks.get(id)!.flag === 'pick')).length / alone.length;
    const [now, before] = [right(choice.weights, choice.keepAt), right(genrePresets.standard.weights, genrePresets.standard.keepAt)];
    expect(now).toBeGreaterThan(before);
    expect(Math.abs(now - agreement)).toBeLessThan(0.12);
    expect(Math.abs(before - presetAgreement)).toBeLessThan(0.2);
  });
});

describe('what cannot be learned is said', () => {
  test('too few decisions of one kind', () => {
    const photos = makePhotos(80, 1);
    expect(learn(photos, new Map())).toEqual({ state: 'too-few', kept: 0, passed: 0, needed: 10 });
    const onlyPicked = new Map(photos.filter((_, at) => at % 4 === 3).map(({ id }) => [id, { ...noMarks, flag: 'pick' as const }]));
    expect(learn(photos, onlyPicked)).toMatchObject({ state: 'too-few', kept: 20, passed: 0 });
  });

  test('decisions by the throw of a coin are seldom taken for a taste', () => {
    let fooled = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const photos = makePhotos(160, 100 + seed);
      const { next } = createRandom(1000 + seed);
      const coin = new Map(photos.map(({ id }) => [id, { ...noMarks, flag: next() < 0.5 ? ('pick' as const) : ('reject' as const) }]));
      // how strict is no taste: whoever keeps the half of all is told that, but the photos that are kept are no better
      if (learned(learn(photos, coin)).state === 'better') fooled += 1;
    }
    expect(fooled).toBeLessThanOrEqual(4);
  });

  test('someone who decides as the preset does gets no better', () => {
    const photos = makePhotos(400, 21);
    const { weights, keepAt } = genrePresets.standard;
    const outcome = learned(learn(photos, decide(photos, weights, keepAt, 22)));
    expect(outcome.state).toBe('no-better');
    expect(outcome.presetAgreement).toBeGreaterThan(0.85);
  });

  test('a measure that is unknown keeps the weight of the preset', () => {
    const photos = makePhotos(300, 31).map((photo) => ({ ...photo, measures: { focus: photo.measures!.focus, exposure: photo.measures!.exposure } }));
    const { choice } = learned(learn(photos, decide(photos, { focus: 0.5, exposure: 4, eyes: 0, aesthetics: 0 }, 0.6, 32)));
    expect(choice.weights.eyes).toBe(genrePresets.standard.weights.eyes);
    expect(choice.weights.exposure).toBeGreaterThan(choice.weights.focus);
  });

  test('the same decisions give the same answer, in whatever order they were stored', () => {
    const photos = makePhotos(200, 41);
    const marks = decide(photos, { focus: 0.5, exposure: 0.25, eyes: 4, aesthetics: 0 }, 0.6, 42);
    expect(learn(photos, marks)).toEqual(learn(photos, new Map([...marks].reverse())));
  });
});

describe('what counts as a decision', () => {
  const photos = makePhotos(8, 51);
  const units = (marks: Record<number, Partial<Marks>>) => collectDecisions(photos, assessShoot(photos).groups, (id) => ({ ...noMarks, ...marks[id] }));

  test('photos alone: flags, and three stars and more', () => {
    expect(units({ 4: { flag: 'pick' }, 8: { flag: 'reject' } }).map(({ kept, passed, pairs }) => [kept, passed, pairs.length])).toEqual([[1, 0, 0], [0, 1, 0]]);
    expect(units({ 4: { rating: 2 }, 8: { rating: 3 } })).toMatchObject([{ kept: 1, passed: 0 }]);
    expect(units({ 4: { rating: 5, flag: 'reject' } })).toMatchObject([{ kept: 0, passed: 1 }]);
  });

  test('frames of a group are compared: picks over others without a mark, more stars over fewer', () => {
    const [unit, ...more] = units({ 1: { flag: 'pick' } });
    expect(more).toEqual([]);
    expect(unit).toMatchObject({ kept: 1, passed: 2, alone: [] });
    expect(unit!.pairs).toHaveLength(2);
    expect(unit!.pairs.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(2);
    expect(units({ 1: { rating: 1 }, 2: { rating: 2 }, 3: { rating: 2 } })[0]).toMatchObject({ kept: 2, passed: 1 });
    // one frame thrown away says nothing of those that were not looked at yet
    expect(units({ 1: { flag: 'reject' } })).toMatchObject([{ kept: 0, passed: 1, pairs: [] }]);
    expect(units({ 1: { flag: 'reject' }, 2: { flag: 'reject' }, 3: { flag: 'reject' } })[0]!.alone.map(({ weight }) => weight)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  test('brackets, copies and broken files say nothing', () => {
    const bracket = [[0.01, 0.4], [0.0025, 0.02], [0.04, 0.97]].map(([exposureTime, mean], at) =>
      photoFacts(at + 1, at * 0.4, scenes[0], { measures: measuresWith({}, { mean: mean!, p1: mean! / 1.5, p99: Math.min(1, 1.5 * mean!) }) }, { exposureTime: exposureTime! }));
    const copy = photoFacts(12, 90, scenes[2], { sha256: 'ab'.repeat(32) });
    const all = [...bracket, { ...copy, id: 11 }, copy, photoFacts(13, 200, scenes[3], { errors: [{ code: 'truncated', message: 'Cut.', retry: false }] })];
    const found = collectDecisions(all, assessShoot(all).groups, () => ({ ...noMarks, flag: 'reject' }));
    expect(found).toMatchObject([{ kept: 0, passed: 1 }]);
    expect(found[0]!.alone).toHaveLength(1);
  });
});

test('the regression finds the coefficients of a logistic law, and none below 0', () => {
  const { next, between } = createRandom(77);
  const rows = Array.from({ length: 6_000 }, () => {
    const x = [between(-2, 2), between(-2, 2), between(-2, 2), 1];
    const z = 2 * x[0]! + 0.5 * x[1]! - x[2]! - 0.7;
    return { x, y: next() < 1 / (1 + Math.exp(-z)), weight: 1 };
  });
  const weak = { at: 1, scale: 100, strength: 1 };
  const free = fitLogistic(rows, [weak, weak, { ...weak, isFree: true }, { ...weak, isFree: true }]);
  [2, 0.5, -1, -0.7].forEach((value, at) => expect(free[at]).toBeCloseTo(value, 0));
  const [first, second, third] = fitLogistic(rows, [weak, weak, weak, { ...weak, isFree: true }]);
  expect(third).toBe(0);
  expect(first! / second!).toBeGreaterThan(3);
  // a strong hold leaves all where they were
  fitLogistic(rows, [weak, weak, weak, weak].map((prior) => ({ ...prior, scale: 1, strength: 1e9 }))).forEach((value) => expect(value).toBeCloseTo(1, 3));
});
