/** Aesthetics from an embedding: LAION's aesthetic predictor V1 (github.com/LAION-AI/aesthetic-predictor, MIT). */
import type { AestheticHead } from './model-manifest.ts';

/** What stage `clip` keeps with the photo; the embedding itself is kept apart. */
export interface ClipMeasure {
  /** See scoreAesthetics. */
  readonly score: number;
  /** SHA-256 of the tower: embeddings of two towers must not be compared. */
  readonly model: string;
}

/**
 * What people who rated pictures from 1 to 10 would say on average, as the predictor guesses: weight . embedding + bias, to 4 decimals. It is not cut off at
 * the ends: LAION's own mean embeddings of pictures rated 0 to 9 have -1.5 to 11. `embedding` has length 1.
 */
export function scoreAesthetics(embedding: Float32Array, { weight, bias }: AestheticHead): number {
  let score = bias;
  for (const [at, value] of embedding.entries()) score += value * weight[at]!;
  return Math.round(score * 1e4) / 1e4;
}
