/** Embedding pictures with the CLIP tower, in a child of its own: the tower takes hundreds of megabytes. Implemented by adapters/embedder. */
import type { CancelSignal, Result } from '../base/index.ts';
import type { ModelFile } from './infer.ts';

export interface Embedded {
  /** 512 numbers of length 1. */
  readonly vector: Float32Array;
  /** See domain scoreAesthetics. */
  readonly score: number;
}

export interface Embedder {
  /**
   * `jpeg`: an upright sRGB picture with a short edge of 224 pixels or more, where there are so many. Pictures that wait are embedded together.
   * Errors: those of decoding and of running a model, timeout, worker-crashed (after one retry alone), cancelled, closed.
   */
  embed(jpeg: Uint8Array, model: ModelFile, signal?: CancelSignal): Promise<Result<Embedded>>;
  close(): Promise<void>;
}

export interface EmbedTask {
  readonly jpegs: readonly Uint8Array[];
  readonly model: ModelFile;
}

/** Travels to a child and back. A picture that cannot be decoded has its own error. */
export type EmbedRequest = { readonly id: number; readonly kind: 'embed'; readonly task: EmbedTask };
export type EmbedReply = { readonly id: number; readonly kind: 'embed'; readonly result: Result<readonly Result<Embedded>[]>; readonly retire?: boolean };
