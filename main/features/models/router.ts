/** Where stages run, by what is known of this computer now. Other places stand in the table of main/routing; they are set up by who has a client for them. */
import { selfTestsOfStage } from '../../domain/index.ts';
import type { SelfTestOutcome, StageId } from '../../domain/index.ts';
import type { SelfTests } from '../../ports/index.ts';
import { choose, createRateMeter } from '../../routing/index.ts';
import type { Choice, Facts, RateMeter } from '../../routing/index.ts';

/** Facts that are the same for all stages. */
export type SharedFacts = Pick<Facts, 'consent' | 'isOnline' | 'power' | 'cores' | 'places' | 'budgetUsd'>;

export interface StageRouter {
  /** @param queue photos that wait for the stage, this one included */
  choose(stage: StageId, queue: number): Choice;
  /** A photo was worked on here from `start` to `end`, in milliseconds of the clock. */
  note(stage: StageId, start: number, end: number): void;
}

/** @param facts asked at each choice, because what they tell changes */
export function createStageRouter({ known }: Pick<SelfTests, 'known'>, facts: () => SharedFacts): StageRouter {
  const rates = new Map<StageId, RateMeter>();
  return {
    choose: (stage, queue) => choose(stage, { ...facts(), queue, selfTest: worstOf(known, stage), localMsPerPhoto: rates.get(stage)?.msPerPhoto() ?? null }),
    note(stage, start, end) {
      const rate = rates.get(stage) ?? createRateMeter();
      rates.set(stage, rate);
      rate.note(start, end);
    },
  };
}

/** Null where a test of the stage is still to be run and none has failed. */
function worstOf(known: SelfTests['known'], stage: StageId): SelfTestOutcome | null {
  const tests = selfTestsOfStage(stage);
  if (tests.length === 0) return null;
  const results = known().filter(({ test }) => tests.includes(test));
  const fault = results.find(({ outcome }) => outcome !== 'ok');
  return fault?.outcome ?? (results.length === tests.length ? 'ok' : null);
}

/** No place elsewhere has a client yet: everything that can runs here. */
export function factsOfThisComputer(cores: number): SharedFacts {
  return { consent: [], isOnline: false, power: 'mains', cores, places: {}, budgetUsd: null };
}
