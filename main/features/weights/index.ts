/** What counts for the suggestions of a shoot, as the person wants it; learning it from their decisions. */
import { ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { Catalog } from '../../catalog/types.ts';
import type { HandlersOf, ParjanyaContract, ShootWeights, VerdictEffect } from '../../contract/index.ts';
import { changeWeights, collectDecisions, describeVerdictChoice, genreOf, genrePresets, isFoldedHalf, learnWeights, measureNames } from '../../domain/index.ts';
import type { Judgement, MeasureName, PhotoId, VerdictChoice } from '../../domain/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { Entry, Library, OpenShoot } from '../library/index.ts';

export interface WeightsDeps {
  readonly catalog: Catalog;
  readonly library: Library;
  readonly clock: Clock;
}

export function createWeights({ catalog, library, clock }: WeightsDeps): HandlersOf<ParjanyaContract>['weights'] {
  const withShoot = <T>(id: number, work: (shoot: OpenShoot) => T): Result<T> => {
    const session = library.session(id);
    return session.ok ? ok(work(session.value.shoot)) : session;
  };
  return {
    settings: ({ shoot: id }) => withShoot(id, describeShoot),
    preview: ({ shoot: id, choice }) =>
      withShoot(id, (shoot) => {
        const { judgements } = shoot.previewBy(limit(choice));
        return effectOf(shoot, ({ id: photo }) => judgements.get(photo) ?? null);
      }),
    choose({ shoot: id, choice, isLearned }) {
      const session = library.session(id);
      if (!session.ok) return session;
      const { shoot } = session.value;
      const outcome = catalog.chooseVerdict(id, limit(choice), describeVerdictChoice(limit(choice), isLearned), clock.now());
      if (!outcome.ok) return outcome;
      if (outcome.value.verdict) session.value.judgeBy(outcome.value.verdict);
      return ok({ rev: shoot.rev, text: outcome.value.text, settings: describeShoot(shoot) });
    },
    learn: ({ shoot: id }) =>
      withShoot(id, (shoot) => {
        const photos = [...shoot.entries.values()].filter((entry) => entry.judgement !== null).map(({ facts }) => facts);
        const marksOf = (photo: PhotoId): Entry['marks'] => shoot.entries.get(photo)!.marks;
        return learnWeights(collectDecisions(photos, shoot.groups, marksOf), shoot.verdictChoice);
      }),
  };
}

/** Within the ends of the sliders, and with the genre's own limit for rejecting. */
function limit({ genre, weights, keepAt }: VerdictChoice): VerdictChoice {
  return changeWeights(genrePresets[genre], weights, keepAt);
}

function photosOf(shoot: OpenShoot): Entry[] {
  return [...shoot.entries.values()].filter(({ facts, state }) => !isFoldedHalf(facts) && state !== 'new' && state !== 'not-a-photo');
}

function effectOf(shoot: OpenShoot, judgementOf: (entry: Entry) => Judgement | null): VerdictEffect {
  const counts = { keep: 0, review: 0, reject: 0, changed: 0 };
  for (const entry of photosOf(shoot)) {
    const verdict = judgementOf(entry)?.verdict;
    if (verdict === undefined) continue;
    counts[verdict] += 1;
    if (verdict !== entry.judgement?.verdict) counts.changed += 1;
  }
  return counts;
}

function describeShoot(shoot: OpenShoot): ShootWeights {
  const choice = shoot.verdictChoice;
  const photos = photosOf(shoot);
  const count = (name: MeasureName): number => photos.filter(({ judgement }) => judgement !== null && judgement.scores[name] !== null).length;
  const known = Object.fromEntries(measureNames.map((name) => [name, count(name)])) as Record<MeasureName, number>;
  return { choice, preset: genreOf(choice), effect: effectOf(shoot, ({ judgement }) => judgement), photos: photos.length, known };
}
