/** What is known of a model's file before it is on this computer: models/manifest.json, an entry each. */
import type { ModelId, TensorSpec } from './models.ts';

export interface ManifestEntry {
  readonly id: ModelId;
  /** For a person. */
  readonly title: string;
  readonly version: string;
  readonly file: string;
  /** 64 hex digits; null = not known yet: recorded when the file is first seen, enforced from then on. */
  readonly sha256: string | null;
  readonly bytes: number | null;
  readonly licence: string;
  /** Pinned to a commit or a revision. */
  readonly url: string;
  /** What needs it. */
  readonly stage: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** Weights of one linear layer over a normalised embedding. */
export interface AestheticHead {
  /** The model whose embeddings it is for; those of another mean nothing to it. */
  readonly model: ModelId;
  readonly weight: readonly number[];
  readonly bias: number;
}

/** `232,589 bytes` as a person reads it; null = not known. */
export function describeBytes(bytes: number | null): string {
  if (bytes === null) return 'of unknown size';
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(1)} kB`;
}

/** What helps where a model is not there. */
export function describePull({ id, bytes }: ManifestEntry): string {
  return `parjanya models pull ${id} (${describeBytes(bytes)})`;
}
