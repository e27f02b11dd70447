/** Keep, review, reject: and that each says why. */
import { describe, expect, test } from 'vitest';
import { assessShoot, judge, scoreOf } from '../../main/domain/index.ts';
import type { PhotoFacts } from '../../main/domain/index.ts';
import { goodMeasures, measuresWith, photoFacts, scenes } from './photo-facts.ts';

const [one, two] = scenes;
const good = photoFacts(1, 0, one);
const verdictOf = (photo: PhotoFacts): string => {
  const judgement = judge(photo)!;
  return `${judgement.verdict}: ${judgement.reasons.map((reason) => reason.code).join(' ')}`;
};

describe('scores', () => {
  test('rise with sharpness, fall with noise, compression and bad light, and stay within 0 and 1', () => {
    const technical = (measures: Parameters<typeof scoreOf>[0]): number => scoreOf(measures).technical!;
    expect(technical(measuresWith({ sharpness: 0.9 }))).toBeGreaterThan(technical(measuresWith({ sharpness: 0.8 })));
    expect(technical(measuresWith({ noise: 0.04 }))).toBeLessThan(technical(goodMeasures));
    expect(technical(measuresWith({ blocking: 0.8 }))).toBeLessThan(technical(goodMeasures));
    expect(technical(measuresWith({}, { mean: 0.06, p99: 0.12 }))).toBeLessThan(technical(goodMeasures));
    for (const sharpness of [0, 0.5, 1]) for (const mean of [0, 0.5, 1]) {
      const scores = scoreOf(measuresWith({ sharpness }, { mean }));
      for (const score of [scores.technical!, scores.focus!, scores.exposure!]) expect(score >= 0 && score <= 1).toBe(true);
    }
  });

  test('are null for what cannot be told', () => {
    expect(scoreOf(null)).toEqual({ technical: null, focus: null, exposure: null, eyes: null, aesthetics: null });
    expect(scoreOf(measuresWith({ texture: 0 }))).toMatchObject({ technical: null, focus: null });
    expect(scoreOf(measuresWith({ texture: 0 }, { mean: 0.01, p99: 0.02, crushedLow: 1 })).technical).toBeLessThan(0.1);
  });
});

describe('one photo', () => {
  test('sharp and well exposed: keep', () => expect(verdictOf(good)).toBe('keep: good-quality'));
  test('clearly soft: reject; a little soft: review', () => {
    expect(verdictOf({ ...good, measures: measuresWith({ sharpness: 0.3 }) })).toBe('reject: soft-focus');
    expect(verdictOf({ ...good, measures: measuresWith({ sharpness: 0.6 }) })).toBe('review: soft-focus');
  });
  test('soft in the only small part that can be judged is not sure enough to reject', () =>
    expect(verdictOf({ ...good, measures: measuresWith({ sharpness: 0.3, texture: 0.05 }) })).toBe('review: soft-focus'));
  test('black and blown out: reject; dark and bright: review', () => {
    expect(verdictOf({ ...good, measures: measuresWith({}, { mean: 0.01, p99: 0.03, crushedLow: 0.99 }) })).toBe('reject: black');
    expect(verdictOf({ ...good, measures: measuresWith({}, { mean: 0.97, clippedHigh: 0.9, p1: 0.7, p99: 1 }) })).toBe('reject: blown-out');
    expect(verdictOf({ ...good, measures: measuresWith({}, { mean: 0.06, p99: 0.15 }) })).toBe('review: underexposed');
    expect(verdictOf({ ...good, measures: measuresWith({}, { mean: 0.8, clippedHigh: 0.6, p99: 1 }) })).toBe('review: overexposed');
  });
  test('night with lights, and an object on white, are not rejected', () => {
    expect(judge({ ...good, measures: measuresWith({}, { mean: 0.05, crushedLow: 0.85, p1: 0, p99: 0.7 }) })!.verdict).not.toBe('reject');
    expect(judge({ ...good, measures: measuresWith({}, { mean: 0.85, clippedHigh: 0.8, p1: 0.1, p99: 1 }) })!.verdict).not.toBe('reject');
  });
  test('an embedded preview of one tone may be a placeholder: review', () => {
    const preview = { source: 'embedded', width: 1600, height: 1067 } as const;
    const black = measuresWith({ texture: 0, sharpness: 0 }, { mean: 0, p1: 0, p99: 0, crushedLow: 1, clippedHigh: 0 });
    expect(judge({ ...good, preview, measures: black })!.verdict).toBe('review');
    expect(judge({ ...good, measures: black })!.verdict).toBe('reject');
  });
  test('an error that several steps met is told once', () => {
    const error = { code: 'preview-none', message: 'No preview.', retry: false } as const;
    expect(judge({ ...good, errors: [error, error, error] })!.reasons).toHaveLength(1);
  });
  test('cannot tell: review', () => {
    expect(verdictOf({ ...good, measures: measuresWith({ texture: 0 }) })).toBe('review: focus-unknown');
    expect(verdictOf({ ...good, measures: null })).toBe('review: not-measured');
    expect(verdictOf({ ...good, measures: { focus: null, exposure: null } })).toBe('review: not-measured');
  });
  test('errors: review with their sentence, however bad the measures; a file that is no photo has no verdict', () => {
    const errors = [{ code: 'truncated', message: 'The file ends too early.', retry: false }] as const;
    expect(judge({ ...good, errors, measures: measuresWith({ sharpness: 0.1 }) })).toMatchObject({ verdict: 'review', reasons: [{ code: 'truncated', text: 'The file ends too early.' }] });
    expect(judge({ ...good, format: 'other', measures: null })).toBeNull();
    expect(judge({ ...good, errors: [{ code: 'not-a-photo', message: 'No photo.', retry: false }] })).toBeNull();
    expect(judge({ ...good, format: 'other', errors: [{ code: 'empty-file', message: 'The file is empty.', retry: false }] })!.verdict).toBe('review');
  });
  test('a reason that is a number says which, and against what', () => {
    const [reason] = judge({ ...good, measures: measuresWith({ sharpness: 0.3 }) })!.reasons;
    expect(reason!.value).toBeLessThan(reason!.threshold!);
  });
});

describe('a shoot', () => {
  test('of a burst the best is kept, a slightly weaker frame is for review, a clearly weaker one is rejected, both naming the best', () => {
    const photos = [good, photoFacts(2, 0.2, one, { measures: measuresWith({ sharpness: 0.8 }) }), photoFacts(3, 0.4, one, { measures: measuresWith({ sharpness: 0.55 }) })];
    const { judgements, groupOf } = assessShoot(photos);
    expect([1, 2, 3].map((id) => judgements.get(id)!.verdict)).toEqual(['keep', 'review', 'reject']);
    expect(judgements.get(1)!.reasons[0]!.code).toBe('best-of-group');
    expect(judgements.get(2)!.reasons[0]!.text).toContain('IMG_0001.JPG');
    expect(judgements.get(3)!.reasons[0]).toMatchObject({ code: 'weaker-in-burst', text: expect.stringContaining('IMG_0001.JPG') as string });
    expect(groupOf.get(3)).toBe(groupOf.get(1));
  });

  test('the best of a burst is not rejected even where it is soft: none is lost as a whole', () => {
    const soft = { measures: measuresWith({ sharpness: 0.3 }) };
    const { judgements } = assessShoot([photoFacts(1, 0, one, soft), photoFacts(2, 0.2, one, soft)]);
    expect([1, 2].map((id) => judgements.get(id)!.verdict)).toEqual(['review', 'reject']);
  });

  test('near duplicates that are weaker are for review only', () => {
    const { judgements } = assessShoot([good, photoFacts(2, 20, one, { measures: measuresWith({ sharpness: 0.58 }) })]);
    expect(judgements.get(2)!.verdict).toBe('review');
  });

  test('all frames of a bracket are kept, blown and black ones too', () => {
    const frames = [[0.01, 0.4, 0], [0.0025, 0.02, 0], [0.04, 0.97, 0.95]].map(([exposureTime, mean, clippedHigh], at) =>
      photoFacts(at + 1, at * 0.4, one, { measures: measuresWith({}, { mean: mean!, clippedHigh: clippedHigh!, p1: mean! / 1.5, p99: Math.min(1, 1.5 * mean!) }) }, { exposureTime: exposureTime! }));
    const { judgements, groups } = assessShoot(frames);
    expect(groups.map((group) => group.kind)).toEqual(['bracket']);
    expect([...judgements.values()].map((judgement) => judgement.verdict)).toEqual(['keep', 'keep', 'keep']);
  });

  test('of exact copies the first is judged for itself, the others are for review', () => {
    const sha256 = 'ef'.repeat(32);
    const copies = [1, 2, 3].map((id) => photoFacts(id, 0, one, { sha256, path: `${id}/a.jpg` }));
    const { judgements } = assessShoot(copies);
    expect([1, 2, 3].map((id) => judgements.get(id)!.verdict)).toEqual(['keep', 'review', 'review']);
    expect(judgements.get(3)!.reasons[0]!.code).toBe('exact-copy');
  });

  test('the JPEG half has its RAW\'s judgement; a RAW without a picture is measured by its JPEG', () => {
    const noPreview = [{ code: 'preview-none', message: 'No preview.', retry: false }] as const;
    const raw = photoFacts(1, 0, one, { path: 'a/1.CR3', format: 'cr3', pairId: 2, measures: null, phash: null, phashUsable: false, preview: null, errors: noPreview });
    const jpeg = photoFacts(2, 0, one, { path: 'a/1.JPG', pairId: 1 });
    const { judgements } = assessShoot([raw, jpeg]);
    expect(judgements.get(1)).toMatchObject({ verdict: 'keep', scores: scoreOf(jpeg.measures) });
    expect(judgements.get(2)).toBe(judgements.get(1));
    // The same where the caller has lent the JPEG's measures already.
    expect(assessShoot([{ ...raw, measures: jpeg.measures, preview: jpeg.preview }, jpeg]).judgements.get(1)!.verdict).toBe('keep');
    const damaged = [{ code: 'truncated', message: 'The file ends too early.', retry: false }] as const;
    expect(assessShoot([{ ...raw, errors: damaged }, jpeg]).judgements.get(1)!.verdict).toBe('review');
  });

  test('every verdict has a reason with a sentence', () => {
    const photos = [good, photoFacts(2, 0.1, one), photoFacts(3, 50, two, { measures: null }), photoFacts(4, 90, two, { measures: measuresWith({ sharpness: 0.1 }) })];
    for (const { reasons } of assessShoot(photos).judgements.values()) {
      expect(reasons.length).toBeGreaterThan(0);
      for (const reason of reasons) expect(reason.text).toMatch(/^[A-Z].*\.$/);
    }
  });
});
