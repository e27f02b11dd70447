/** The shape of an answer that can be asked why. */
import type { Region } from './region.ts';
import type { MeasureName } from './weights.ts';

export type Verdict = 'keep' | 'review' | 'reject';

export interface Reason {
  /** Stable, for programs: `soft-focus`, `best-of-group`, ... */
  readonly code: string;
  /** A sentence for a photographer. */
  readonly text: string;
  /** The measured number and what it was held against; null where the reason is not a number. */
  readonly value: number | null;
  readonly threshold: number | null;
  /** Where it was measured; null = in the whole picture. */
  readonly region: Region | null;
}

/** Each 0..1, null = cannot tell. */
export interface Scores extends Readonly<Record<MeasureName, number | null>> {
  /** All together by their weights, the number to sort by. */
  readonly technical: number | null;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly scores: Scores;
  readonly reasons: readonly Reason[];
}

export const groupKinds = ['burst', 'near-duplicate', 'exact-copy', 'bracket', 'focus-stack', 'panorama', 'hdr-pair'] as const;
export type GroupKind = (typeof groupKinds)[number];

/** Sets that are kept whole: their frames are one picture, so none is better than the others and none is hidden behind another. */
export function isKeptWhole(kind: GroupKind): boolean {
  return kind === 'bracket' || kind === 'focus-stack' || kind === 'panorama';
}

export interface Group {
  /** Stable over runs: made from the member that has been known longest. */
  readonly id: string;
  readonly kind: GroupKind;
  readonly photoIds: readonly number[];
  readonly best: number;
  /** The second best, and how much better the best is in technical quality, 0..1; null where that cannot be told. */
  readonly runnerUp: number | null;
  readonly margin: number | null;
  /** The person put it together. */
  readonly isManual: boolean;
}

/** Kinds of groups in a photographer's words. */
export const groupNames: Readonly<Record<GroupKind, string>> = {
  burst: 'burst',
  'near-duplicate': 'set of similar photos',
  'exact-copy': 'set of copies',
  bracket: 'exposure bracket',
  'focus-stack': 'focus stack',
  panorama: 'panorama',
  'hdr-pair': 'HDR pair',
};
