/** Impressions and likeness: pure functions of embeddings. */
import { describe, expect, it } from 'vitest';
import { compareWithPair, dotProduct, findNearest } from '../../main/domain/index.ts';
import { createRandom } from '../fixtures/random.ts';

const pair = { id: 'light', title: 'light', positive: 'good light', negative: 'bad light', use: '' };
const unit = (seed: number): Float32Array => {
  const random = createRandom(seed);
  const values = Float32Array.from({ length: 512 }, () => random.next() - 0.5);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
};

describe('which of two sentences describes a picture better', () => {
  it('is the softmax of a hundred times both cosines', () => {
    for (let seed = 1; seed < 20; seed++) {
      const [picture, positiveVector, negativeVector] = [unit(seed), unit(seed + 100), unit(seed + 200)];
      const { share } = compareWithPair(picture, { ...pair, positiveVector, negativeVector });
      const [a, b] = [Math.exp(100 * dotProduct(picture, positiveVector)), Math.exp(100 * dotProduct(picture, negativeVector))];
      expect(share).toBeCloseTo(a / (a + b), 3);
      const turned = compareWithPair(picture, { ...pair, positiveVector: negativeVector, negativeVector: positiveVector });
      expect(share + turned.share).toBeCloseTo(1, 6);
    }
  });

  it('is a half where both are as near, and never beyond 0 and 1', () => {
    const [picture, other] = [unit(1), unit(2)];
    expect(compareWithPair(picture, { ...pair, positiveVector: other, negativeVector: other }).share).toBe(0.5);
    expect(compareWithPair(picture, { ...pair, positiveVector: picture, negativeVector: picture.map((value) => -value) }).share).toBe(1);
    expect(compareWithPair(picture, { ...pair, positiveVector: picture.map((value) => -value), negativeVector: picture }).share).toBe(0);
  });
});

it('finds the nearest as sorting all does, however many are asked for', () => {
  const target = unit(7);
  const candidates = Array.from({ length: 200 }, (_, at) => ({ of: at, vector: unit(1_000 + at) }));
  const sorted = candidates.map(({ of, vector }) => ({ of, cosine: dotProduct(target, vector) })).sort((a, b) => b.cosine - a.cosine);
  for (const most of [0, 1, 7, 200, 500]) expect(findNearest(target, candidates, most)).toEqual(sorted.slice(0, most));
  expect(findNearest(target, [], 5)).toEqual([]);
});
