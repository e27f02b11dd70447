/** Embedding pictures and texts with CLIP's towers, in a child of its own: each tower takes hundreds of megabytes. Implemented by adapters/embedder. */
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
  /**
   * 512 numbers of length 1 for each text, in the space of the pictures' embeddings. A text of more than 75 tokens counts by its beginning.
   * Errors: model-wrong, infer-failed, native-missing, timeout, worker-crashed (after one retry), cancelled, closed.
   */
  embedTexts(texts: readonly string[], files: TextModels, signal?: CancelSignal): Promise<Result<readonly Float32Array[]>>;
  close(): Promise<void>;
}

/** What texts are embedded with. */
export interface TextModels {
  readonly tower: ModelFile;
  readonly tokenizer: ModelFile;
}

export interface TextTask {
  readonly texts: readonly string[];
  readonly files: TextModels;
}

export interface EmbedTask {
  readonly jpegs: readonly Uint8Array[];
  readonly model: ModelFile;
}

/** Travels to a child and back. A picture that cannot be decoded has its own error. */
export type EmbedRequest = { readonly id: number; readonly kind: 'embed'; readonly task: EmbedTask } | { readonly id: number; readonly kind: 'embed-texts'; readonly task: TextTask };
export type EmbedReply = (
  | { readonly id: number; readonly kind: 'embed'; readonly result: Result<readonly Result<Embedded>[]> }
  | { readonly id: number; readonly kind: 'embed-texts'; readonly result: Result<readonly Float32Array[]> }
) & { readonly retire?: boolean };
