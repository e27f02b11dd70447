/** Neural networks. Run by adapters/onnx; where their files are is another's matter. */
import type { Result } from '../base/index.ts';
import type { ModelId } from '../domain/index.ts';

/** 32-bit floats, row by row: data.length is the product of `dims`. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Whole numbers, for inputs that are so: token ids. */
export interface IntegerTensor {
  readonly dims: readonly number[];
  readonly data: BigInt64Array;
}

export interface ModelRunner {
  /**
   * Runs one model on its inputs by name (domain/models.ts names them and their shapes); the answer has its outputs by name.
   * An optional input may be fed to a file that does without it.
   * Errors: model-missing, model-wrong (hash or shapes), native-missing, infer-failed.
   */
  run(model: ModelId, feeds: Readonly<Record<string, Tensor | IntegerTensor>>): Promise<Result<Readonly<Record<string, Tensor>>>>;
}

/** A model's file on this computer, found and checked. */
export interface ModelFile {
  /** Absolute. */
  readonly path: string;
  /** Of its content, 64 hex digits. */
  readonly sha256: string;
  readonly version: string;
}

/** Finds a model's file and checks that it is the one that is meant. Errors: model-missing, model-wrong. */
export type LocateModel = (model: ModelId) => Promise<Result<ModelFile>>;
