/** Keeping the embeddings of prompts, which are made once. Implemented by adapters/prompt-store. */
import type { Result } from '../base/index.ts';

export interface PromptStore {
  /** Embeddings of length 1 by their keys; none where none were kept. Errors: model-wrong, where what is kept is damaged. */
  read(): Promise<Result<ReadonlyMap<string, Float32Array>>>;
  /** Keeps these and no others, in one step. Errors: disk-full, destination-unwritable. */
  write(embeddings: ReadonlyMap<string, Float32Array>): Promise<Result<void>>;
}
