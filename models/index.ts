/** What is known of the models, as data: this folder holds no weights. Bundled into the engine and its children. */
import type { AestheticHead, Golden, ManifestEntry, ModelId, SelfTestId } from '../main/domain/index.ts';
import head from './aesthetic-head-b32.json' with { type: 'json' };
import answers from './golden/answers.json' with { type: 'json' };
import inputs from './golden/inputs.json' with { type: 'json' };
import manifest from './manifest.json' with { type: 'json' };

export const modelManifest = manifest.models as readonly ManifestEntry[];

/** LAION's aesthetic predictor V1 for ViT-B/32, MIT: score = weight . embedding + bias, about 1..10. */
export const aestheticHead = head as AestheticHead;

/** Stored answers of the self-tests; made by test/golden/make.ts. */
export const goldens = answers as unknown as Readonly<Record<SelfTestId, Golden>>;

/** Small files that decoders are tested with, base64. */
export const goldenInputs: Readonly<Record<'jpeg' | 'dng' | 'heic', string>> = inputs;

/** The entry of a model; every model has one. */
export function manifestEntry(id: ModelId): ManifestEntry {
  const entry = modelManifest.find((one) => one.id === id);
  if (!entry) throw new Error(`models/manifest.json has no entry for ${id}`);
  return entry;
}
