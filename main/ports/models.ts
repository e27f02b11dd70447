/** Where model files are, and whether they are the ones that are meant. Implemented by adapters/models. */
import type { CodedError } from '../base/index.ts';
import type { ManifestEntry, ModelId } from '../domain/index.ts';
import type { LocateModel } from './infer.ts';

/** One model on this computer. */
export interface ModelState {
  readonly entry: ManifestEntry;
  /** `wrong`: there is a file of its name, and it is another one. */
  readonly state: 'present' | 'missing' | 'wrong';
  /** Absolute path of the file, the right one where there is one; null where there is none. */
  readonly path: string | null;
  /** model-missing or model-wrong, with what helps; null where the model is there. */
  readonly error: CodedError | null;
}

export interface ModelShelf {
  /** Folders that are looked through, in this order. */
  readonly folders: readonly string[];
  readonly locate: LocateModel;
  /** SHA-256 that a model's file has to have, whether it is here or not; null where that is not known yet. */
  expectedHash(model: ModelId): Promise<string | null>;
  /** All models of the manifest. Files are hashed where they have changed since they were last. */
  list(): Promise<readonly ModelState[]>;
}
