/** What is asked for, what would be sent, and what came of it. */
import type { CancelSignal, CodedError, ProgressSink, Result } from '../../base/index.ts';
import type { EndpointSettings, PhotoId } from '../../domain/index.ts';

export interface DescribeChoice {
  /** `usual`: the best of each burst, and photos that are for review or near a limit. */
  readonly only: 'usual' | 'winners' | 'borderline' | 'all';
  /** Photos sent at most, those that are compared included; null = no limit. */
  readonly maxPhotos: number | null;
  /** In US dollars by the endpoint's stated price; null = no limit. */
  readonly maxUsd: number | null;
  /** Whether the best of each burst is compared with the second best. */
  readonly compare: boolean;
}

/** What would be sent. Nothing has been. */
export interface DescribePlan {
  readonly endpoint: EndpointSettings;
  readonly photos: readonly { readonly id: PhotoId; readonly path: string; readonly why: 'winner' | 'borderline' | 'all' }[];
  readonly pairs: readonly { readonly best: PhotoId; readonly other: PhotoId }[];
  /** Answered before, and not asked again. */
  readonly known: number;
  /** Left out by the limits. */
  readonly left: number;
  /** If every answer can be used at once; one that cannot is asked for once more. */
  readonly requests: number;
  /** That leave, about: pictures of the size of some that were made, coded as text, and words. */
  readonly bytes: number;
  /** By the stated price; null where there is none. */
  readonly usd: number | null;
  /** What leaves: pixels; no name of a file, no time, no place, no camera. */
  readonly fields: readonly string[];
  /** Whether it could be read on its way. */
  readonly isUnencrypted: boolean;
}

export interface DescribeOutcome {
  readonly described: number;
  readonly compared: number;
  readonly failed: readonly { readonly path: string; readonly code: string; readonly message: string }[];
  /** That were answered. */
  readonly requests: number;
  readonly bytes: number;
  readonly tokens: { readonly in: number; readonly out: number } | null;
  /** By the stated price, at most: for what was answered, and for what may be billed though no answer came; null where there is no price. */
  readonly usd: number | null;
  /** Most requests that were under way at once. */
  readonly together: number;
  /** Why it ended before all were asked about; null where it did not. */
  readonly stopped: CodedError | null;
}

export interface Descriptions {
  /**
   * What a run would send for a shoot that has been looked at. Errors: endpoint-missing, bad-input (a limit in money without a price), nothing-to-do, cancelled, and
   * those of opening a folder.
   */
  plan(grant: string, choice: DescribeChoice, signal?: CancelSignal): Promise<Result<DescribePlan>>;
  /** Sends what the plan says, and keeps the answers. What is over its limits is not sent. Errors: not-found and those of opening a folder; else see `stopped`. */
  run(grant: string, plan: DescribePlan, options?: { readonly maxUsd?: number | null; readonly signal?: CancelSignal; readonly onProgress?: ProgressSink }): Promise<Result<DescribeOutcome>>;
}
