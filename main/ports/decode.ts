/**
 * Heavy work on one photo, done in a child process. Implemented by adapters/decode-pool; the child is main/workers/decode.ts.
 */
import type { CancelSignal, CodedError, Result } from '../base/index.ts';
import type { ModelId, Region, SourceChoice, StageId, StageOutputs, StageResult } from '../domain/index.ts';
import type { ModelFile } from './infer.ts';
import type { EmbedReply, EmbedRequest } from './embedder.ts';
import type { SelfTestReply, SelfTestRequest } from './self-tests.ts';

export interface DecodeTask {
  /** Absolute path. */
  readonly path: string;
  /** In graph order. The photo is decoded once for all of them. */
  readonly stages: readonly StageId[];
  /** What is known already and need not be run again. */
  readonly known: Partial<StageOutputs>;
  /** Also make the grid thumbnail (JPEG, long edge 512, orientation applied). */
  readonly thumbnail: boolean;
  /** Files of the models that the stages need, found and checked; a stage whose models are not here answers model-missing. */
  readonly models?: Readonly<Partial<Record<ModelId, ModelFile>>>;
}

export interface DecodeOutcome {
  readonly results: readonly StageResult[];
  readonly thumbnail: Uint8Array | null;
  /** A failure of the file itself (empty, unreadable, not a photo); stages then have no results. */
  readonly error: CodedError | null;
  /** Stages during which the child died (worker-crashed) or met its time limit (timeout), by the pool; what could be done without them was. */
  readonly stopped?: readonly StoppedStage[];
}

export interface StoppedStage {
  readonly stage: StageId;
  readonly error: CodedError;
}

export type PictureSize = 'grid' | 'screen' | 'full';

/** Long edge in pixels; null = all that there are. */
export const pictureEdges: Readonly<Record<PictureSize, number | null>> = { grid: 512, screen: 2048, full: null };

/** A part of the photo at 100 %: at most `cropSize` pixels around the middle of the region, of the pixels that were measured. */
export type PictureView = PictureSize | Region;

/** Pixels of a crop at most; enough for a panel on a screen of twice the density. */
export const cropSize = { width: 640, height: 400 } as const;

export interface PictureTask {
  readonly path: string;
  /** A number of pixels is for the command line's own sizes. */
  readonly size: PictureView | number;
  /** `auto` (default): where all pixels are wanted and no embedded preview has them, a rendering; else as the preview stage chose. */
  readonly from?: SourceChoice;
  readonly known: Partial<StageOutputs>;
}

export interface Picture {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly source: 'embedded' | 'rendered' | 'self';
  /** The bytes lie in the file as they are: nothing was made that would be worth keeping. */
  readonly isStored?: boolean;
  /** Why this is not the rendering that would have served better. */
  readonly refusal?: CodedError;
}

/** A finished picture for a client, or for another computer: sRGB JPEG, orientation applied. */
export interface DeliverTask {
  readonly path: string;
  /** Long edge in pixels, never enlarged. */
  readonly maxEdge: number;
  /** JPEG quality, 1..100. */
  readonly quality: number;
  readonly known: Partial<StageOutputs>;
  /** `keep` (default): those of the original are put in. `none`: nothing but the picture is, not even a profile. */
  readonly metadata?: 'keep' | 'none';
}

export interface DecodePool {
  /** Background tasks that may usefully be in flight at once; the caller keeps the queue, the pool keeps none. */
  readonly size: number;
  /**
   * Errors: timeout (10 s of work on a file; three times as long by the clock on a busy computer), worker-crashed (after one retry in a fresh child), cancelled, and the picture's own codes.
   * A child that dies or hangs harms only the task it was working on, and of that, once it has told which stage it begins, that stage
   * alone: see `stopped` of the outcome. Each stage that is told has the time limit to itself.
   */
  analyse(task: DecodeTask, options: { signal?: CancelSignal }): Promise<Result<DecodeOutcome>>;
  /**
   * For the eye: served before background work. `patient`: it may take seconds, so it goes to a child of its own and leaves the one
   * for the eye free, has four times the time limit, and is ended at once, with its child, when it is cancelled.
   */
  picture(task: PictureTask, options: { signal?: CancelSignal; patient?: boolean }): Promise<Result<Picture>>;
  /** Like `picture`, after pictures for the eye and before analysis; a damaged picture is refused, not delivered. */
  deliver(task: DeliverTask, options: { signal?: CancelSignal }): Promise<Result<Picture>>;
  /** Starts the child for the eye, so that the first picture need not wait for it. */
  warm(): void;
  close(): Promise<void>;
}

/** What travels to a decode child and back (child_process.fork, serialization 'advanced'). One request at a time. */
export type WorkerRequest =
  | { readonly id: number; readonly kind: 'analyse'; readonly task: DecodeTask }
  | { readonly id: number; readonly kind: 'picture'; readonly task: PictureTask }
  | { readonly id: number; readonly kind: 'deliver'; readonly task: DeliverTask };

/**
 * `retire`: the child asks to be ended, because its memory has grown; the next request goes to another. `again`: so does this one, whose
 * result means nothing, because there was no room for it.
 */
export type WorkerReply = (
  | { readonly id: number; readonly kind: 'analyse'; readonly result: Result<DecodeOutcome> }
  | { readonly id: number; readonly kind: 'picture' | 'deliver'; readonly result: Result<Picture> }
) & { readonly retire?: boolean; readonly again?: boolean };

/** Told by a child before a stage of an analysis that may be long or its end: what it has answered so far is safe. The reply has the rest. */
export interface WorkerPart {
  readonly id: number;
  readonly kind: 'part';
  /** The stage that begins. */
  readonly begun: StageId;
  /** Stages of the task that can be done without it. */
  readonly rest: readonly StageId[];
  /** Since the part before. */
  readonly results: readonly StageResult[];
  readonly thumbnail: Uint8Array | null;
}

/** All that a child can be asked. */
export type ChildRequest = WorkerRequest | SelfTestRequest | EmbedRequest;
export type ChildReply = WorkerReply | SelfTestReply | EmbedReply;
