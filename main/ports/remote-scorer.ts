/** Embedding pictures somewhere else: stage `clip` on a function that is called over the network. Implemented by adapters/lambda. */
import type { CancelSignal, CodedError, Result } from '../base/index.ts';
import type { Embedded } from './embedder.ts';

export interface RemoteImage {
  /** SHA-256 of the picture's content, 64 hex digits in lower case: who is asked about one content twice pays once. */
  readonly key: string;
  /** As for Embedder: the grid's picture, upright and sRGB. What is sent has no metadata whatever is in here. */
  readonly jpeg: Uint8Array;
}

/** What one run has cost so far. */
export interface RemoteUse {
  /** Calls that were made, repeated ones and those that failed included. */
  readonly calls: number;
  /** Bodies of requests and of answers, JSON and base64 included. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** As the function's own reports say; what ended without a report is not in it. */
  readonly billedMs: number;
  /** Of the function, as its last report says; null before the first. */
  readonly memoryMb: number | null;
}

export interface RemoteRun {
  /** One for each key that was asked for, whatever happened. Of those with `retry` another run may answer more. */
  readonly answers: ReadonlyMap<string, Result<Embedded>>;
  readonly use: RemoteUse;
  /** What stopped the run before all had been asked (no credentials, no such function, the network gone); it is the error of the rest. Null: nothing did. */
  readonly stopped: CodedError | null;
}

export interface RemoteScorer {
  /**
   * Embeds all `images`, several a call and several calls at a time. `onAnswer` is told of each embedding once, as it comes: who keeps
   * them can ask for the rest again after a run that stopped. Rejects only where `onAnswer` throws, with the same, once the calls under way have ended.
   * Errors of the run: credentials-missing, credentials-expired, access-denied, place-missing, place-unreachable, place-busy, place-failed,
   * model-missing, model-wrong, native-missing, cancelled, closed. Errors of one picture: those of decoding, too-large, timeout,
   * worker-crashed, infer-failed, bad-input.
   */
  score(images: readonly RemoteImage[], options?: { readonly signal?: CancelSignal; readonly onAnswer?: (key: string, answer: Embedded) => void }): Promise<RemoteRun>;
  close(): void;
}
