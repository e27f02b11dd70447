/** Near hashes: what the searches find is what comparing everything with everything finds. */
import { describe, expect, test } from 'vitest';
import { createHashIndex, createPhotoHashIndex, findNearPairs, findNearPosition, hashDistance, hashPositions, packHashes } from '../../main/domain/index.ts';
import type { HashBits } from '../../main/domain/index.ts';
import { plantHashes } from '../bench/search-hashes.ts';
import { createRandom } from '../fixtures/index.ts';

/** With something near at all distances from 1 to 12. */
function listHashes(count: number, seed: number): HashBits[] {
  const { high, low } = plantHashes(count, seed, 12);
  return Array.from(high, (value, at): HashBits => [value, low[at]!]);
}

const distances = [0, 1, 2, 3, 4, 6, 7, 8, 10, 11, 12];

describe('all near pairs', () => {
  test.each(distances)('at most %i bits apart: none is missed, each is told once, smaller place first', (bits) => {
    // Few different quarters, so that many hashes share them; and equal ones.
    const hashes = listHashes(600, 5).map(([high, low], at): HashBits => (at % 6 < 3 ? [high & 0x0003ffff, low & 0x700fffff] : [high, low]));
    const expected = new Map<string, number>();
    hashes.forEach((a, at) => {
      for (let other = at + 1; other < hashes.length; other++) {
        const distance = hashDistance(a, hashes[other]!);
        if (distance <= bits) expected.set(`${at} ${other}`, distance);
      }
    });
    const found: [string, number][] = [];
    findNearPairs(packHashes(hashes), bits, (a, b, distance) => found.push([`${a} ${b}`, distance]));
    expect(found).toHaveLength(expected.size);
    expect(new Map(found)).toEqual(expected);
    expect(expected.size).toBeGreaterThan(0);
  });

  test.each([
    ['a few thousand', 4_000, 0xffffffff | 0],
    ['a few thousand that share sixteen bits', 4_000, 0x0000ffff],
    ['fifty thousand', 51_000, 0xffffffff | 0],
    ['fifty thousand that share sixteen bits', 51_000, 0x0000ffff],
  ])('the planted ones are found among %s', (_, count, kept) => {
    const hashes = listHashes(count, 9).map(([high, low]): HashBits => [high & kept, low]);
    const found = new Set<string>();
    findNearPairs(packHashes(hashes), 10, (a, b, distance) => {
      expect(distance).toBe(hashDistance(hashes[a]!, hashes[b]!));
      found.add(`${a} ${b}`);
    });
    const planted = hashes.flatMap((hash, at) => (at % 3 === 2 && hashDistance(hash, hashes[at - 1]!) <= 10 ? [`${at - 1} ${at}`] : []));
    expect(planted.length).toBeGreaterThan(count / 5);
    expect(planted.filter((pair) => !found.has(pair))).toEqual([]);
  });

  test('of none and of one there are none', () => {
    for (const hashes of [[], [[1, 2]]] satisfies HashBits[][]) findNearPairs(packHashes(hashes), 64, () => expect.unreachable());
  });
});

describe('an index that photos come to and leave', () => {
  test.each(distances)('finds all that are at most %i bits away', (bits) => {
    const hashes = listHashes(500, 7);
    const index = createHashIndex();
    const hashAt = new Map(hashes.map((hash) => [index.add(hash), hash]));
    expect(index.size()).toBe(500);
    for (const hash of hashes.slice(0, 200)) {
      const expected = [...hashAt].filter(([, other]) => hashDistance(hash, other) <= bits).map(([place]) => place);
      const found: number[] = [];
      index.search(hash, bits, (place, distance) => {
        expect(distance).toBe(hashDistance(hash, hashAt.get(place)!));
        found.push(place);
      });
      expect(found.sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
    }
  });

  test('what was removed is found no more, its place is given again, the others stay', () => {
    const { next: random } = createRandom(11);
    const index = createHashIndex();
    // 16 different ones only: long chains, of which beginning, middle and end are removed
    const hashes = listHashes(16, 3);
    const there = new Map<number, HashBits>();
    for (let round = 0; round < 2000; round++) {
      if (there.size > 0 && random() < 0.45) {
        const place = [...there.keys()][Math.floor(random() * there.size)]!;
        expect(index.remove(place)).toBe(true);
        expect(index.remove(place)).toBe(false);
        there.delete(place);
      } else {
        const hash = hashes[Math.floor(random() * hashes.length)]!;
        const place = index.add(hash);
        expect(there.has(place)).toBe(false);
        there.set(place, hash);
      }
    }
    expect(index.size()).toBe(there.size);
    for (const hash of hashes) {
      const found: number[] = [];
      index.search(hash, 4, (place) => found.push(place));
      const expected = [...there].filter(([, other]) => hashDistance(hash, other) <= 4).map(([place]) => place);
      expect(found.sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
    }
    expect(index.remove(1_000_000)).toBe(false);
  });
});

describe('photos by hash', () => {
  const limits = { bits: 6, turnedBits: 3 };
  /** What a search must find, one hash after the other. */
  const searchAll = (photos: ReadonlyMap<number, { shoot: number; hash: HashBits }>, hash: HashBits, except: number): string[] =>
    [...photos].flatMap(([id, { shoot, hash: other }]) => {
      const near = shoot === except ? null : findNearPosition(hash, other, limits);
      return near ? [`${id}: ${near.bits} ${near.position}`] : [];
    }).sort();

  test('those of other shoots are found, as they stand and turned, while photos come, change and go', () => {
    const random = createRandom(5);
    const bases = listHashes(60, 3);
    const photos = new Map<number, { shoot: number; hash: HashBits }>();
    const index = createPhotoHashIndex();
    let found = 0;
    for (let step = 0; step < 4_000; step++) {
      const id = random.whole(1, 70_000);
      const base = hashPositions(bases[random.whole(0, bases.length - 1)]!)[random.whole(0, 7)]!;
      const hash: HashBits = [base[0] ^ (1 << random.whole(0, 31)), base[1] ^ (1 << random.whole(0, 31)) ^ (1 << random.whole(0, 31))];
      const shoot = photos.get(id)?.shoot ?? random.whole(1, 4);
      if (random.next() < 0.25) photos.delete(id);
      else photos.set(id, { shoot, hash });
      index.set(id, shoot, photos.get(id)?.hash ?? null);
      const gone = [...photos.keys()][random.whole(0, 40)];
      if (gone !== undefined && step % 3 === 0) {
        photos.delete(gone);
        index.set(gone, 1, null);
      }
      expect(index.size()).toBe(photos.size);
      if (step % 20 > 0) continue;
      const answer = index.search(hash, limits, shoot, 1_000);
      expect(answer.found.map((near) => `${near.id}: ${near.bits} ${near.position}`).sort()).toEqual(searchAll(photos, hash, shoot));
      found += answer.found.length;
      const few = index.search(hash, limits, shoot, 3);
      expect(few).toEqual({ found: answer.found.slice(0, 3), isMore: answer.found.length > 3 });
    }
    expect(found).toBeGreaterThan(200);
  });
});
