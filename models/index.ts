/** What is known of the models, as data: this folder holds no weights. Bundled into the engine and its children. */
import type { AestheticHead, Golden, ManifestEntry, ModelId, PromptPair, SelfTestId } from '../main/domain/index.ts';
import head from './aesthetic-head-b32.json' with { type: 'json' };
import answers from './golden/answers.json' with { type: 'json' };
import clipSpace from './golden/clip-space.json' with { type: 'json' };
import inputs from './golden/inputs.json' with { type: 'json' };
import manifest from './manifest.json' with { type: 'json' };
import prompts from './prompts.json' with { type: 'json' };

export const modelManifest = manifest.models as readonly ManifestEntry[];

/** LAION's aesthetic predictor V1 for ViT-B/32, MIT: score = weight . embedding + bias, about 1..10. */
export const aestheticHead = head as AestheticHead;

/** Opposite sentences that pictures are held against; few, because CLIP sees 224 x 224 pixels: not sharpness, not details. */
export const promptPairs: readonly PromptPair[] = prompts;

/** Stored answers of the self-tests; made by test/golden/make.ts. */
export const goldens = answers as unknown as Readonly<Record<SelfTestId, Golden>>;

/** Where ViT-B/32 of OpenAI puts pictures: the mean direction of its embeddings of pictures of all ratings, by LAION (MIT). 512 numbers of length 1. */
export const clipDirection: readonly number[] = clipSpace.direction;

/** Small files that decoders are tested with, base64. */
export const goldenInputs: Readonly<Record<'jpeg' | 'dng' | 'heic', string>> = inputs;

/** The entry of a model; every model has one. */
export function manifestEntry(id: ModelId): ManifestEntry {
  const entry = modelManifest.find((one) => one.id === id);
  if (!entry) throw new Error(`models/manifest.json has no entry for ${id}`);
  return entry;
}
