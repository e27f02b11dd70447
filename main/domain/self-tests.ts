/** Self-tests: whether a part works on this computer as it should, told by a fixed input with a stored answer. */
import { modelIds, modelsOfStage } from './models.ts';
import type { StageId } from './stage.ts';

/** Decoders and measures of pixels. */
export const kernelIds = ['sharp', 'libraw', 'libheif', 'phash', 'focus', 'exposure', 'sharpness'] as const;
export type KernelId = (typeof kernelIds)[number];

export const selfTestIds = [...kernelIds, ...modelIds] as const;
export type SelfTestId = (typeof selfTestIds)[number];

/**
 * `slow`: no answer within the time limit. `wrong`: another answer than the stored one, or a model file that is another one.
 * `crashed`: the process ended. `missing`: there is no such part on this computer.
 */
export const selfTestOutcomes = ['ok', 'slow', 'wrong', 'crashed', 'missing'] as const;
export type SelfTestOutcome = (typeof selfTestOutcomes)[number];

/** How one self-test ended. */
export interface SelfTestRun {
  readonly outcome: SelfTestOutcome;
  /** What was amiss; null where all is well. */
  readonly message: string | null;
  /** Of the test itself, without the start of its process; null where there was no answer. */
  readonly ms: number | null;
}

export interface SelfTestResult extends SelfTestRun {
  readonly test: SelfTestId;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Numbers by name: what a test measures. */
export type SelfTestAnswer = Readonly<Record<string, readonly number[]>>;

/** A stored answer. A number may differ by `tolerance`, and by that share of itself where it is above 1. */
export interface Golden {
  readonly tolerance: number;
  readonly answer: SelfTestAnswer;
}

/** What an answer has otherwise than the golden one, in words; null where nothing. */
export function findDeviation({ tolerance, answer }: Golden, found: SelfTestAnswer): string | null {
  for (const [name, numbers] of Object.entries(answer)) {
    const others = found[name];
    if (others?.length !== numbers.length) return `"${name}" has ${others?.length ?? 'no'} numbers, not ${numbers.length}`;
    for (const [at, number] of numbers.entries()) {
      const other = others[at]!;
      // not the other way round: NaN must not pass
      if (!(Math.abs(other - number) <= tolerance * Math.max(1, Math.abs(number)))) return `"${name}" has ${other} where ${number} is right`;
    }
  }
  return null;
}

/** The self-tests that a stage relies on, beside those of decoders, whose failures are told with each picture. */
export function selfTestsOfStage(stage: StageId): readonly SelfTestId[] {
  const own = kernelIds.filter((id) => id === stage);
  return [...own, ...((modelsOfStage[stage] ?? []))];
}
