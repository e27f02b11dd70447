/**
 * Impressions: which of two opposite sentences describes a picture better, as CLIP sees it (antonym prompts: Wang et al. 2023, "Exploring
 * CLIP for Assessing the Look and Feel of Images"). Pure functions of stored embeddings: other sentences need no picture looked at again.
 */

/** Two opposite sentences; models/prompts.json has them. */
export interface PromptPair {
  readonly id: string;
  /** For a person: what the positive one stands for. */
  readonly title: string;
  readonly positive: string;
  readonly negative: string;
  /** What it is good for, and what not. */
  readonly use: string;
}

/** A pair with the embeddings of its sentences, of length 1. */
export interface EmbeddedPair extends PromptPair {
  readonly positiveVector: Float32Array;
  readonly negativeVector: Float32Array;
}

export interface Impression {
  /** Id of the pair. */
  readonly pair: string;
  readonly title: string;
  readonly positive: string;
  readonly negative: string;
  /** 0: the negative sentence describes the picture better; 1: the positive one. */
  readonly share: number;
}

/** What CLIP was trained with: exp of its logit scale. */
const scale = 100;

/** softmax(100 cos(picture, positive), 100 cos(picture, negative)) of the positive, to 3 decimals. All embeddings have length 1 and are of one pair of towers. */
export function compareWithPair(picture: Float32Array, { id: pair, title, positive, negative, positiveVector, negativeVector }: EmbeddedPair): Impression {
  const difference = dotProduct(picture, positiveVector) - dotProduct(picture, negativeVector);
  return { pair, title, positive, negative, share: Math.round(1000 / (1 + Math.exp(-scale * difference))) / 1000 };
}

/** Of two embeddings of length 1: the cosine of the angle between them. */
export function dotProduct(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

/** What is nearest to an embedding, the nearest first; all of length 1 and of one tower. */
export function findNearest<T>(target: Float32Array, candidates: Iterable<{ readonly of: T; readonly vector: Float32Array }>, most: number): { readonly of: T; readonly cosine: number }[] {
  const found: { of: T; cosine: number }[] = [];
  for (const { of, vector } of candidates) {
    const cosine = dotProduct(target, vector);
    if (found.length === most && !(cosine > (found.at(-1)?.cosine ?? Number.POSITIVE_INFINITY))) continue;
    let at = found.length;
    while (at > 0 && cosine > found[at - 1]!.cosine) at -= 1;
    found.splice(at, 0, { of, cosine });
    if (found.length > most) found.pop();
  }
  return found;
}
