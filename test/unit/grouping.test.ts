/** Groups: bursts, brackets, near duplicates, exact copies. */
import { describe, expect, test } from 'vitest';
import { assessShoot, groupPhotos, hashDistance, parseHash } from '../../main/domain/index.ts';
import type { PhotoFacts } from '../../main/domain/index.ts';
import { changeBits, measuresWith, photoFacts, scenes } from './photo-facts.ts';

const [one, two, three, four] = scenes;
const shapeOf = (photos: readonly PhotoFacts[]): string[] => groupPhotos(photos).map((group) => `${group.kind}: ${group.photoIds.join(' ')}`);

test('the scenes of these tests are far from each other', () => {
  for (const a of scenes) for (const b of scenes) if (a !== b) expect(hashDistance(parseHash(a)!, parseHash(b)!)).toBeGreaterThanOrEqual(20);
});

describe('bursts', () => {
  test('frames of one camera, quick and alike, are one burst; the next scene is another', () => {
    const photos = [photoFacts(1, 0, one), photoFacts(2, 0.2, changeBits(one, 3)), photoFacts(3, 0.4, changeBits(one, 5)), photoFacts(4, 0.6, two), photoFacts(5, 0.8, two)];
    expect(shapeOf(photos)).toEqual(['burst: 1 2 3', 'burst: 4 5']);
  });

  test('a camera that follows a moving subject: each frame like the one before, the last unlike the first', () => {
    const photos = [0, 6, 12, 18].map((bits, at) => photoFacts(at + 1, at * 0.1, changeBits(one, bits)));
    expect(shapeOf(photos)).toEqual(['burst: 1 2 3 4']);
  });

  test('needs likeness as well as time, and one camera', () => {
    expect(shapeOf([photoFacts(1, 0, one), photoFacts(2, 0.1, two)])).toEqual([]);
    expect(shapeOf([photoFacts(1, 0, one), photoFacts(2, 0.1, one, {}, { model: 'Other' })])).toEqual(['near-duplicate: 1 2']);
  });

  test('clocks of whole seconds, input in any order: the same groups with the same ids', () => {
    const photos = [0, 0, 0, 1, 1, 2].map((second, at) => photoFacts(at + 1, second, changeBits(one, at)));
    const groups = groupPhotos(photos);
    expect(groups.map((group) => group.kind)).toEqual(['burst']);
    expect(groupPhotos([...photos].reverse())).toEqual(groups);
    expect(groupPhotos([...photos, photoFacts(50, 900, four), photoFacts(51, 2000, three)])).toEqual(groups);
  });

  test('the best has the highest technical score; of equals the earliest', () => {
    const soft = measuresWith({ sharpness: 0.6 });
    const frames = [photoFacts(1, 0, one, { measures: soft }), photoFacts(2, 0.1, one), photoFacts(3, 0.2, one), photoFacts(4, 0.3, one, { measures: null })];
    expect(groupPhotos(frames)[0]!.best).toBe(2);
  });
});

describe('near duplicates', () => {
  test('the same view some seconds apart, more alike the longer the pause', () => {
    expect(shapeOf([photoFacts(1, 0, one), photoFacts(2, 20, changeBits(one, 12))])).toEqual(['near-duplicate: 1 2']);
    expect(shapeOf([photoFacts(1, 0, one), photoFacts(2, 100, changeBits(one, 12))])).toEqual([]);
    expect(shapeOf([photoFacts(1, 0, one), photoFacts(2, 300, changeBits(one, 6))])).toEqual(['near-duplicate: 1 2']);
    expect(shapeOf([photoFacts(1, 0, one), photoFacts(2, 7200, one)])).toEqual([]);
  });

  test('a walk, each view a little unlike the one before, is not one group', () => {
    const walk = Array.from({ length: 8 }, (_, at) => photoFacts(at + 1, 8 * at, changeBits(one, 7 * at)));
    const groups = groupPhotos(walk);
    expect(groups.length).toBeGreaterThan(1);
    expect(Math.max(...groups.map((group) => group.photoIds.length))).toBeLessThanOrEqual(3);
  });

  test('files without a time find their like anywhere, but only what is very alike', () => {
    const untimed = (id: number, hash: string): PhotoFacts => photoFacts(id, null, hash, { path: `edits/${id}.jpg`, metadata: null });
    expect(shapeOf([photoFacts(1, 0, one), photoFacts(2, 500, two), untimed(3, changeBits(two, 4)), untimed(4, three)])).toEqual(['near-duplicate: 2 3']);
    expect(shapeOf([untimed(1, one), untimed(2, changeBits(one, 11))])).toEqual([]);
  });

  test('hashes without texture never match by themselves', () => {
    const blank = { phashUsable: false };
    expect(shapeOf([photoFacts(1, 0, one, blank), photoFacts(2, 20, one, blank)])).toEqual([]);
    expect(shapeOf([photoFacts(1, null, one, blank), photoFacts(2, null, one, blank)])).toEqual([]);
    expect(shapeOf([photoFacts(1, 0, one, blank), photoFacts(2, 0.3, one, blank)])).toEqual(['burst: 1 2']);
  });
});

describe('exposure brackets', () => {
  const bracket = (times: readonly number[], tags: readonly object[] = []): PhotoFacts[] =>
    times.map((exposureTime, at) => photoFacts(at + 1, at * 0.5, changeBits(one, 4 * at), { measures: measuresWith({}, { mean: Math.min(0.95, 0.3 + 8 * exposureTime) }) }, { exposureTime, ...tags[at] }));

  test('one scene at even steps is a bracket, not a burst, in any order of exposures', () => {
    expect(shapeOf(bracket([1 / 100, 1 / 400, 1 / 25]))).toEqual(['bracket: 1 2 3']);
    expect(shapeOf(bracket([1 / 800, 1 / 400, 1 / 200, 1 / 100, 1 / 50]))).toEqual(['bracket: 1 2 3 4 5']);
  });

  test('two brackets in a row are two groups', () => {
    const six = bracket([1 / 100, 1 / 400, 1 / 25, 1 / 100, 1 / 400, 1 / 25].map((time) => time));
    expect(shapeOf(six)).toEqual(['bracket: 1 2 3', 'bracket: 4 5 6']);
  });

  test('two frames are a bracket only where the camera says that it compensated', () => {
    expect(shapeOf(bracket([1 / 100, 1 / 25], [{ exposureBias: 0 }, { exposureBias: 2 }]))).toEqual(['bracket: 1 2']);
    expect(shapeOf(bracket([1 / 100, 1 / 25]))).toEqual(['burst: 1 2']);
  });

  test('a camera that says that it was bracketing may do so in thirds, or by two frames; the pictures must still differ', () => {
    const marked = (times: readonly number[], tags: readonly object[] = []): PhotoFacts[] => bracket(times, times.map((_, at) => ({ driveMode: 'bracketing', ...tags[at] })));
    const thirds = [1 / 100, 1 / 126, 1 / 80];
    expect(shapeOf(bracket(thirds))).toEqual(['burst: 1 2 3']);
    expect(shapeOf(marked(thirds))).toEqual(['bracket: 1 2 3']);
    expect(shapeOf(marked([1 / 100, 1 / 50]))).toEqual(['bracket: 1 2']);
    expect(shapeOf(marked([1 / 100, 1 / 80], [{ exposureBias: 0 }, { exposureBias: 1 / 3 }]))).toEqual(['bracket: 1 2']);
    expect(shapeOf(marked([1 / 100, 1 / 80]))).toEqual(['burst: 1 2']);
    expect(shapeOf(marked([1 / 100, 1 / 100, 1 / 100]))).toEqual(['burst: 1 2 3']);
    expect(shapeOf(marked(thirds).map((photo) => ({ ...photo, measures: measuresWith({}, { mean: 0.45 }) })))).toEqual(['burst: 1 2 3']);
    expect(shapeOf(marked(thirds).map((photo, at) => (at === 1 ? { ...photo, metadata: { ...photo.metadata!, driveMode: 'single' } } : photo)))).toEqual(['burst: 1 2 3']);
  });

  test('a burst in changing light is no bracket: the pictures stay as bright as they were', () => {
    const burst = bracket([1 / 100, 1 / 200, 1 / 400]).map((photo) => ({ ...photo, measures: measuresWith({}, { mean: 0.45 }) }));
    expect(shapeOf(burst)).toEqual(['burst: 1 2 3']);
  });

  test('a burst of equal exposures, and frames far apart in time, are none', () => {
    expect(shapeOf(bracket([1 / 100, 1 / 100, 1 / 100]))).toEqual(['burst: 1 2 3']);
    const slow = bracket([1 / 100, 1 / 400, 1 / 25]).map((photo, at) => ({ ...photo, metadata: { ...photo.metadata!, capturedMs: 1_700_000_000_000 + 60_000 * at } }));
    expect(groupPhotos(slow).some((group) => group.kind === 'bracket')).toBe(false);
  });

  test('frames too dark or too bright for a hash belong to it; long exposures are waited for', () => {
    const frames = bracket([1 / 60, 1 / 960, 1 / 4]).map((photo, at) => (at === 1 ? { ...photo, phash: four, phashUsable: false } : photo));
    expect(shapeOf(frames)).toEqual(['bracket: 1 2 3']);
    const night = [1, 4, 16].map((exposureTime, at) =>
      photoFacts(at + 1, [0, 3, 9][at]!, one, { measures: measuresWith({}, { mean: 0.2 + 0.2 * at }) }, { exposureTime }));
    expect(shapeOf(night)).toEqual(['bracket: 1 2 3']);
  });
});

describe('exact copies and pairs', () => {
  test('equal bytes are one group, wherever and whenever', () => {
    const sha256 = 'ab'.repeat(32);
    const copies = [photoFacts(1, 0, one, { sha256 }), photoFacts(2, 90, two), photoFacts(3, 90_000, one, { sha256, path: 'backup/1.jpg' })];
    expect(shapeOf(copies)).toEqual(['exact-copy: 1 3']);
  });

  test('so are equal image data under other metadata, and each is told for what it is', () => {
    const imageSha256 = 'ef'.repeat(32);
    const photos = [photoFacts(1, 0, one, { imageSha256 }), photoFacts(2, 90_000, one, { imageSha256 }), photoFacts(3, 95_000, one, { imageSha256, sha256: '1'.padStart(64, '0') })];
    expect(shapeOf(photos)).toEqual(['exact-copy: 1 2 3']);
    const { judgements } = assessShoot(photos);
    expect([2, 3].map((id) => judgements.get(id)!.reasons[0]!.text)).toEqual([
      'The same picture as IMG_0001.JPG, bit by bit; only what is written about it differs.',
      'The same file as IMG_0001.JPG, byte by byte.',
    ]);
  });

  test('a copy of a frame of a burst stands in its burst', () => {
    const sha256 = 'cd'.repeat(32);
    const photos = [photoFacts(1, 0, one, { sha256 }), photoFacts(2, 0.2, one), photoFacts(3, 0, one, { sha256, path: 'z/copy.jpg' })];
    expect(shapeOf(photos)).toEqual(['burst: 1 3 2']);
  });

  test('unknown content is no copy', () => {
    expect(shapeOf([photoFacts(1, 0, one, { sha256: null }), photoFacts(2, 5000, two, { sha256: null })])).toEqual([]);
  });

  test('JPEG halves stay out; their RAW stands for both', () => {
    const raw = (id: number, seconds: number, pairId: number): PhotoFacts => photoFacts(id, seconds, one, { path: `a/${id}.NEF`, format: 'nef', pairId });
    const jpeg = (id: number, seconds: number, pairId: number): PhotoFacts => photoFacts(id, seconds, one, { path: `a/${pairId}.JPG`, pairId });
    expect(shapeOf([raw(1, 0, 3), raw(2, 0.2, 4), jpeg(3, 0, 1), jpeg(4, 0.2, 2)])).toEqual(['burst: 1 2']);
  });
});

test('twenty thousand photos of one second or without a time are all grouped, each group with an id of its own', () => {
  const many = Array.from({ length: 20_000 }, (_, at) => photoFacts(at + 1, at % 2 === 0 ? 5 : null, changeBits(scenes[at % 4]!, at % 3)));
  const groups = groupPhotos(many);
  expect(groups.flatMap((group) => group.photoIds).length).toBe(20_000);
  expect(new Set(groups.map((group) => group.id)).size).toBe(groups.length);
});
