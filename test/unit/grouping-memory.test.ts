/** Grouping and judging with a memory: always the answer of grouping and judging everything anew. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { assessShoot, createAssessor, groupPresets, settingsOfChoice } from '../../main/domain/index.ts';
import type { Assessment, PhotoFacts, PhotoId } from '../../main/domain/index.ts';
import { createRandom } from '../fixtures/index.ts';
import { changeBits, photoFacts, scenes } from './photo-facts.ts';
import { createRandomShoot } from './random-shoot.ts';
import type { ShootKind } from './random-shoot.ts';

const choices = [groupPresets.standard, groupPresets.standard, groupPresets.sport, groupPresets.landscape, { window: 0.2, likeness: 4 }, { window: 10, likeness: 22 }];

function copyOf({ groups, judgements, groupOf }: Assessment): { groups: Assessment['groups']; judgements: Assessment['judgements']; groupOf: Assessment['groupOf'] } {
  return { groups, judgements: new Map(judgements), groupOf: new Map(groupOf) };
}

const rounds = 40;
const kinds: ShootKind[] = [1, 2, 3].flatMap((seed) => [
  { seed, seconds: 7_200, photos: 120, loose: false },
  { seed: 100 + seed, seconds: 40, photos: 160, loose: false },
  { seed: 200 + seed, seconds: 4_000, photos: 90, loose: true },
  { seed: 300 + seed, seconds: 86_400 * 3, photos: 120, loose: seed % 2 === 0 },
]);

describe(`a shoot that changes, ${rounds} times`, () => {
  test.each(kinds)('seed $seed, $photos photos and more within $seconds s, loose ones: $loose', ({ ...kind }) => {
    const shoot = createRandomShoot(kind);
    const random = createRandom(kind.seed + 7);
    const assessor = createAssessor();
    let settings = settingsOfChoice(choices[0]!);
    let before: ReturnType<typeof copyOf> = { groups: [], judgements: new Map(), groupOf: new Map() };
    const seen = new Set<string>();
    let kept = 0;
    for (let round = 0; round < rounds; round++) {
      if (random.next() < 0.02) settings = settingsOfChoice(random.pick(choices));
      const photos = [...shoot.photos.values()];
      // answers are those of a shoot listed in any order
      if (round % 10 === 9) photos.reverse();
      const answer = assessor.assess(photos, settings, new Map(shoot.places));
      const whole = assessShoot(photos, settings, new Map(shoot.places));
      const [told, expected] = [answer, whole].map(({ groups, groupOf, judgements }) => ({ groups, groupOf: sorted(groupOf), judgements: sorted(judgements) }));
      if (!isDeepStrictEqual(told, expected)) expect(told, `round ${round}`).toEqual(expected);
      // nothing differs from the last time that is not told
      for (const id of new Set([...before.judgements.keys(), ...answer.judgements.keys()]))
        if (!answer.touched.has(id)) expect([before.judgements.get(id) === answer.judgements.get(id), before.groupOf.get(id) === answer.groupOf.get(id)]).toEqual([true, true]);
      kept += answer.groups.filter((group) => before.groups.includes(group)).length;
      for (const { kind: name } of answer.groups) seen.add(name);
      before = copyOf(answer);
      for (let count = random.whole(0, 3); count > 0; count--) shoot.change();
    }
    expect(kept).toBeGreaterThan(5 * rounds);
    expect(seen.size).toBeGreaterThan(3);
  });
});

/** In order of ids, whatever the order in which they came to be known. */
function sorted<T>(map: ReadonlyMap<PhotoId, T>): [PhotoId, T][] {
  return [...map].sort(([a], [b]) => a - b);
}

describe('how far a change reaches', () => {
  const photos = Array.from({ length: 6_000 }, (_, at): PhotoFacts => photoFacts(at + 1, 4 * at - (at % 6) * 3.8, changeBits(scenes[Math.floor(at / 6) % 4]!, Math.floor(at / 24) % 32)));
  const touchedBy = (change: (photos: readonly PhotoFacts[]) => PhotoFacts[]): ReadonlySet<PhotoId> => {
    const assessor = createAssessor();
    expect(assessor.assess(photos).touched.size).toBe(photos.length);
    expect(assessor.assess([...photos]).touched.size).toBe(0);
    const answer = assessor.assess(change(photos));
    const whole = assessShoot(change(photos));
    expect(answer.groups).toEqual(whole.groups);
    return answer.touched;
  };

  test('a photo that arrives, goes or is measured touches itself and its group', () => {
    const middle = photos[3_000]!;
    expect(touchedBy((all) => [...all, { ...middle, id: 7_000, path: 'new.jpg', sha256: 'f'.repeat(64) }]).size).toBeLessThan(120);
    expect(touchedBy((all) => all.filter((photo) => photo !== middle)).size).toBeLessThan(120);
    expect(touchedBy((all) => all.filter((photo) => photo !== all[0] && photo !== all.at(-1))).size).toBeLessThan(120);
    expect(touchedBy((all) => all.map((photo) => (photo === middle ? { ...photo, measures: null } : photo))).size).toBeLessThan(120);
  });
});
