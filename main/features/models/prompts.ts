/** Prompts: their embeddings are made once, by the text tower, and kept; from then on pictures are held against them without it. */
import { coded, fail, ok } from '../../base/index.ts';
import type { CancelSignal, CodedError, Result } from '../../base/index.ts';
import { compareWithPair, dotProduct } from '../../domain/index.ts';
import type { EmbeddedPair, Impression, PromptPair } from '../../domain/index.ts';
import type { Embedder, LocateModel, ModelShelf, PromptStore, TextModels } from '../../ports/index.ts';

export interface PromptDeps {
  readonly models: ModelShelf;
  readonly embedder: Embedder;
  readonly store: PromptStore;
  readonly pairs: readonly PromptPair[];
  /** See createProvenLocator. */
  readonly locate: LocateModel;
}

export interface PromptBook {
  /** Takes in what is kept. Told at every opening of a shoot; never rejects. */
  refresh(): Promise<void>;
  /**
   * What the prompts say of a picture; null where they were not embedded, or it was not.
   * @param embeddingBy the picture's embedding by the image tower of this SHA-256
   */
  impressionsOf(embeddingBy: (tower: string) => Float32Array | null): Impression[] | null;
  /** Why there are no impressions on this computer, and what helps; null where there are. */
  off(): CodedError | null;
  /**
   * Embeds all prompts and keeps that: some seconds. Errors: model-missing, model-wrong, native-missing, infer-failed, timeout,
   * worker-crashed, cancelled, disk-full, destination-unwritable.
   */
  make(signal?: CancelSignal): Promise<Result<void>>;
  /** 512 numbers of length 1 in the space of the pictures' embeddings, for search by words. Errors: those of `make` but for the disk's. */
  embedText(text: string, signal?: CancelSignal): Promise<Result<Float32Array>>;
}

/** Kept in no shoot: whatever is embedded holds for these two towers and this sentence. */
function keyOf(image: string, text: string, prompt: string): string {
  return `${image} ${text} ${prompt}`;
}

/** Two opposite sentences are still alike, as texts go; the same numbers for both are an answer that is none. */
const mostAlike = 0.99999;

export function createPromptBook({ models, embedder, store, pairs, locate }: PromptDeps): PromptBook {
  let embedded: { readonly tower: string; readonly pairs: readonly EmbeddedPair[] } | null = null;
  let off: CodedError | null = null;

  const textModels = async (): Promise<Result<TextModels>> => {
    const tower = await locate('clip-b32-text');
    if (!tower.ok) return tower;
    const tokenizer = await locate('clip-tokenizer');
    return tokenizer.ok ? ok({ tower: tower.value, tokenizer: tokenizer.value }) : tokenizer;
  };

  const embed = async (texts: readonly string[], signal?: CancelSignal): Promise<Result<{ readonly vectors: readonly Float32Array[]; readonly tower: string }>> => {
    const files = await textModels();
    if (!files.ok) return files;
    const vectors = await embedder.embedTexts(texts, files.value, signal);
    return vectors.ok ? ok({ vectors: vectors.value, tower: files.value.tower.sha256 }) : vectors;
  };

  const missing = coded('model-missing', 'The embeddings of the prompts were not made on this computer. To make them, once: parjanya models pull clip-b32-text clip-tokenizer.');

  const refresh = async (): Promise<void> => {
    const kept = await store.read();
    if (!kept.ok) {
      embedded = null;
      off = kept.error;
      return;
    }
    const [image, text] = [await models.expectedHash('clip-b32-image'), await models.expectedHash('clip-b32-text')];
    const complete = text === null || image === null ? null : completePairs(pairs, (prompt) => kept.value.get(keyOf(image, text, prompt)));
    embedded = image !== null && complete ? { tower: image, pairs: complete } : null;
    off = complete ? null : missing;
  };

  return {
    refresh,
    impressionsOf(embeddingBy) {
      const picture = embedded && embeddingBy(embedded.tower);
      return picture && embedded ? embedded.pairs.map((pair) => compareWithPair(picture, pair)) : null;
    },
    off: () => off,
    async make(signal) {
      const image = await models.expectedHash('clip-b32-image');
      if (image === null) return fail('model-missing', 'Prompts are embedded for one image tower, and which one that is, is not known yet. First: parjanya models pull clip-b32-image.');
      const prompts = pairs.flatMap(({ positive, negative }) => [positive, negative]);
      const made = await embed(prompts, signal);
      if (!made.ok) return made;
      const vectors = new Map(prompts.map((prompt, at) => [prompt, made.value.vectors[at]!]));
      const complete = completePairs(pairs, (prompt) => vectors.get(prompt));
      const dull = complete?.find(({ positiveVector, negativeVector }) => !(dotProduct(positiveVector, negativeVector) < mostAlike));
      if (!complete || dull) return fail('model-wrong', `The text tower answers the same of "${dull?.positive ?? ''}" and of its opposite.`);
      const written = await store.write(new Map(prompts.map((prompt) => [keyOf(image, made.value.tower, prompt), vectors.get(prompt)!])));
      if (!written.ok) return written;
      await refresh();
      return ok(undefined);
    },
    async embedText(text, signal) {
      const made = await embed([text], signal);
      return made.ok ? ok(made.value.vectors[0]!) : made;
    },
  };
}

function completePairs(pairs: readonly PromptPair[], vectorOf: (prompt: string) => Float32Array | undefined): readonly EmbeddedPair[] | null {
  const found: EmbeddedPair[] = [];
  for (const pair of pairs) {
    const [positiveVector, negativeVector] = [vectorOf(pair.positive), vectorOf(pair.negative)];
    if (!positiveVector || !negativeVector) return null;
    found.push({ ...pair, positiveVector, negativeVector });
  }
  return found;
}
