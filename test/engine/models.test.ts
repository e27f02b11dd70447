/** Models run in the real onnxruntime: small ones made here, and the real ones where they are. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createModelRunner } from '../../main/adapters/onnx/index.ts';
import { fail } from '../../main/base/index.ts';
import { modelSpecs } from '../../main/domain/index.ts';
import type { ModelId } from '../../main/domain/index.ts';
import type { ModelRunner, Tensor } from '../../main/ports/index.ts';
import { writeConstantOnnx, writeOnnx } from '../fixtures/onnx.ts';
import { modelsFolder, needModels } from '../config/needs.ts';
import { createFolderLocator, modelFileNames } from '../fixtures/model-folder.ts';

let folder: string;
let runner: ModelRunner;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parjanya-models-'));
  runner = createModelRunner({ locate: createFolderLocator([folder]) });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const plant = (model: ModelId, bytes: Uint8Array): void => writeFileSync(join(folder, modelFileNames[model]), bytes);
const eyes = (count: number, value: number): Tensor => ({ dims: [count, 3, 24, 40], data: new Float32Array(count * 3 * 24 * 40).fill(value) });
/** Answers the mean of each eye's numbers: a model of ocec's shape that can be checked by hand. */
const meanModel = writeOnnx({
  inputs: [{ name: 'images', dims: ['batch', 3, 24, 40] }],
  outputs: [{ name: 'prob_open', dims: ['batch'] }],
  nodes: [{ op: 'ReduceMean', inputs: ['images'], outputs: ['prob_open'], attributes: { axes: [1, 2, 3], keepdims: 0 } }],
});

describe('the runner of models', () => {
  it('runs a model in batches and answers by name', async () => {
    plant('ocec', meanModel);
    const three = eyes(3, 0.25);
    three.data.fill(0.75, 2 * 2880);
    const answer = await runner.run('ocec', { images: three });
    expect(answer).toMatchObject({ ok: true, value: { prob_open: { dims: [3] } } });
    expect(answer.ok && [...answer.value['prob_open']!.data].map((value) => value.toFixed(3))).toEqual(['0.250', '0.250', '0.750']);
  });

  it('says that a file is missing, and finds it once it is there', async () => {
    expect(await runner.run('ocec', { images: eyes(1, 0) })).toMatchObject({ ok: false, error: { code: 'model-missing' } });
    plant('ocec', meanModel);
    expect(await runner.run('ocec', { images: eyes(1, 0) })).toMatchObject({ ok: true });
  });

  it.each([
    ['is cut off', meanModel.subarray(0, meanModel.length - 20)],
    ['is empty', new Uint8Array()],
    ['is no model', new Uint8Array(500).fill(0x5a)],
    ['has another input', writeConstantOnnx([{ name: 'x', dims: ['batch', 3, 24, 40] }], [{ name: 'prob_open', dims: [1], data: new Float32Array(1) }])],
    ['has another size', writeConstantOnnx([{ name: 'images', dims: ['batch', 3, 32, 40] }], [{ name: 'prob_open', dims: [1], data: new Float32Array(1) }])],
    ['has another output', writeConstantOnnx([{ name: 'images', dims: ['batch', 3, 24, 40] }], [{ name: 'closed', dims: [1], data: new Float32Array(1) }])],
    ['wants more than it is given', writeConstantOnnx([{ name: 'images', dims: ['batch', 3, 24, 40] }, { name: 'more', dims: [1] }], [{ name: 'prob_open', dims: [1], data: new Float32Array(1) }])],
  ])('refuses a file that %s, each time, without naming its folder', async (_what, bytes) => {
    plant('ocec', bytes);
    for (let time = 0; time < 2; time++) {
      const answer = await runner.run('ocec', { images: eyes(1, 0) });
      expect(answer).toMatchObject({ ok: false, error: { code: 'model-wrong' } });
      expect(answer.ok ? '' : answer.error.message).not.toContain(folder);
    }
  });

  it('takes another file that has come in the place of one', async () => {
    let locate = createFolderLocator([folder]);
    const living = createModelRunner({ locate: (model) => locate(model) });
    plant('ocec', meanModel.subarray(0, 10));
    expect((await living.run('ocec', { images: eyes(1, 0.5) })).ok).toBe(false);
    plant('ocec', meanModel);
    locate = createFolderLocator([folder]);
    expect((await living.run('ocec', { images: eyes(1, 0.5) })).ok).toBe(true);
  });

  it('refuses numbers of the wrong shape and tells of a model that fails', async () => {
    plant('ocec', meanModel);
    expect(await runner.run('ocec', { images: { dims: [1, 3, 24, 40], data: new Float32Array(5) } })).toMatchObject({ ok: false, error: { code: 'infer-failed' } });
    expect(await runner.run('ocec', {})).toMatchObject({ ok: false, error: { code: 'infer-failed' } });
  });

  it('says what is missing where the runtime cannot be loaded', async () => {
    plant('ocec', meanModel);
    const without = createModelRunner({ locate: createFolderLocator([folder]), load: async () => fail('native-missing', 'no runtime') });
    expect(await without.run('ocec', { images: eyes(1, 0) })).toMatchObject({ ok: false, error: { code: 'native-missing' } });
  });

  it.for(['yunet', 'face-mesh', 'iris', 'ocec'] as const)('opens the real %s with the shapes it is expected to have', async (model, context) => {
    needModels(context);
    const real = createModelRunner({ locate: createFolderLocator([modelsFolder]) });
    const { inputs, outputs } = modelSpecs[model];
    const feeds = Object.fromEntries(inputs.map(({ name, dims }) => {
      const shape = dims.map((dim) => dim ?? 2);
      return [name, { dims: shape, data: new Float32Array(shape.reduce((product, dim) => product * dim, 1)) }];
    }));
    const answer = await real.run(model, feeds);
    expect(answer).toMatchObject({ ok: true });
    for (const { name } of outputs) expect(answer.ok && answer.value[name]!.data.every(Number.isFinite)).toBe(true);
  });

  it('has the real files that their notes name', async (context) => {
    needModels(context);
    const locate = createFolderLocator([modelsFolder]);
    const notes = readFileSync(join(modelsFolder, 'README.md'), 'utf8');
    for (const model of ['yunet', 'face-mesh', 'iris', 'ocec'] as const) {
      const file = await locate(model);
      expect(file.ok && notes.includes(`${file.value.sha256}  ${modelFileNames[model]}`)).toBe(true);
    }
  });
});
