/** How far an analysis has come, so that a child that dies or hangs in one stage takes no other with it. */
import { knownOutputs } from '../../domain/index.ts';
import type { CodedError } from '../../base/index.ts';
import type { StageId, StageResult } from '../../domain/index.ts';
import type { DecodeOutcome, DecodeTask, StoppedStage, WorkerPart } from '../../ports/index.ts';

export interface Progress {
  /** The stage that the child was in when it was last heard of; null before it told of one. */
  readonly begun: StageId | null;
  /** Takes down what a child has told. */
  take(part: WorkerPart): void;
  /** True once a child has told anything. */
  readonly isUnderWay: boolean;
  /** Gives up the stage that was begun, or all that is left where none was; false where nothing is left to be done. */
  skip(error: CodedError): boolean;
  /** What is still to be done, for another child. */
  remaining(): DecodeTask;
  /** All that is known, with the reply of the child that did the last of it; null where nobody did. */
  outcome(last: DecodeOutcome | null): DecodeOutcome;
}

export function createProgress(task: DecodeTask): Progress {
  const results: StageResult[] = [];
  const stopped: StoppedStage[] = [];
  let thumbnail: Uint8Array | null = null;
  let begun: { readonly stage: StageId; readonly rest: readonly StageId[] } | null = null;
  let left = task.stages;
  return {
    get begun() {
      return begun?.stage ?? null;
    },
    take(part) {
      results.push(...part.results);
      thumbnail ??= part.thumbnail;
      left = left.filter((stage) => !part.results.some((result) => result.stage === stage));
      begun = { stage: part.begun, rest: part.rest };
    },
    get isUnderWay() {
      return begun !== null || results.length > 0 || stopped.length > 0;
    },
    skip(error) {
      const lost = begun ? [begun.stage] : left;
      const rest = begun?.rest ?? [];
      stopped.push(...lost.map((stage) => ({ stage, error })));
      left = left.filter((stage) => rest.includes(stage));
      begun = null;
      return left.length > 0;
    },
    remaining: () => ({ ...task, stages: left, known: { ...task.known, ...knownOutputs(results) }, thumbnail: task.thumbnail && thumbnail === null && stopped.every(({ stage }) => stage === 'identify') }),
    outcome(last) {
      if (last?.error && results.length === 0) return last;
      // what others have answered holds, whatever came of the rest
      if (last?.error) stopped.push(...left.map((stage) => ({ stage, error: last.error! })));
      const outcome = { results: [...results, ...(last?.results ?? [])], thumbnail: thumbnail ?? last?.thumbnail ?? null, error: null };
      return stopped.length > 0 ? { ...outcome, stopped } : outcome;
    },
  };
}
