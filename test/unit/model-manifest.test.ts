/** models/manifest.json against what the code expects of the models, and the aesthetic head against LAION's own vectors. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { modelIds, modelSpecs } from '../../main/domain/index.ts';
import { aestheticHead, clipDirection, manifestEntry, modelManifest, promptPairs } from '../../models/index.ts';
import { modelsFolder, needModels } from '../config/needs.ts';

it('has one entry for each model, pinned, with the shapes that the code expects', () => {
  expect(modelManifest.map(({ id }) => id)).toEqual([...modelIds]);
  for (const entry of modelManifest) {
    expect({ inputs: entry.inputs, outputs: entry.outputs }).toEqual(modelSpecs[entry.id]);
    expect(entry.sha256 ?? '0'.repeat(64)).toMatch(/^[0-9a-f]{64}$/);
    // a revision, not a branch, so that the same bytes come tomorrow
    expect(entry.url).toMatch(/^https:\/\/\S+\/[0-9a-f]{40}\/\S+\.(onnx|txt\.gz)$/);
    expect(entry.file).toMatch(/^[\w-]+\.(onnx|txt\.gz)$/);
    expect(entry.licence).not.toBe('');
  }
  expect(new Set(modelManifest.map(({ file }) => file)).size).toBe(modelManifest.length);
});

it('has the sizes and hashes of the real files', (context) => {
  needModels(context);
  const notes = readFileSync(join(modelsFolder, 'README.md'), 'utf8');
  for (const id of ['yunet', 'face-mesh', 'iris', 'ocec', 'clip-tokenizer'] as const) {
    const { file, sha256, bytes } = manifestEntry(id);
    expect(notes).toContain(`${sha256}  ${file}`);
    expect(readFileSync(join(modelsFolder, file)).length).toBe(bytes);
  }
});

it('has the head that gives LAION\'s rating vectors their places', (context) => {
  needModels(context);
  expect(aestheticHead.weight).toHaveLength(512);
  const { embeddings, expectedScore } = JSON.parse(readFileSync(join(modelsFolder, 'aesthetic', 'laion_rating_embeddings_vit_b_32.json'), 'utf8')) as { embeddings: number[][]; expectedScore: number[] };
  embeddings.forEach((embedding, rating) => {
    const score = embedding.reduce((sum, value, at) => sum + value * aestheticHead.weight[at]!, aestheticHead.bias);
    expect(score).toBeCloseTo(expectedScore[rating]!, 3);
  });
});

it('has prompts that differ from their opposites and from each other, each with a word on what it is good for', () => {
  const sentences = promptPairs.flatMap(({ positive, negative }) => [positive, negative]);
  expect(new Set(sentences).size).toBe(2 * promptPairs.length);
  expect(new Set(promptPairs.map(({ id }) => id)).size).toBe(promptPairs.length);
  for (const { id, title, use } of promptPairs) expect([/^[a-z]+$/.test(id), title.length > 0, use.length > 20]).toEqual([true, true, true]);
  // CLIP sees 224 x 224 pixels: what needs more is measured in pixels, and not asked here
  expect(sentences.join(' ')).not.toMatch(/sharp|blur|focus|noise|eyes/i);
});

it('says where the tower puts pictures, by LAION\'s rating vectors', (context) => {
  needModels(context);
  const { embeddings } = JSON.parse(readFileSync(join(modelsFolder, 'aesthetic', 'laion_rating_embeddings_vit_b_32.json'), 'utf8')) as { embeddings: number[][] };
  expect(Math.hypot(...clipDirection)).toBeCloseTo(1, 4);
  const cosines = embeddings.map((embedding) => embedding.reduce((sum, value, at) => sum + value * clipDirection[at]!, 0) / Math.hypot(...embedding));
  expect(Math.min(...cosines)).toBeGreaterThan(0.85);
});
