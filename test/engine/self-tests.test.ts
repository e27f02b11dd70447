/** Self-tests: the real ones in the real child, and how the engine takes parts that are missing, wrong, deadly or endless. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createModelShelf } from '../../main/adapters/models/index.ts';
import { createSelfTests } from '../../main/adapters/self-tests/index.ts';
import type { SelfTestsOptions } from '../../main/adapters/self-tests/index.ts';
import { ok } from '../../main/base/index.ts';
import { findDeviation, kernelIds, modelIds, selfTestIds } from '../../main/domain/index.ts';
import type { ModelId, SelfTestId } from '../../main/domain/index.ts';
import { createProvenLocator, createStageGate, unfitStage } from '../../main/features/models/index.ts';
import { graph } from '../../main/pipeline/index.ts';
import type { ModelShelf, SelfTests } from '../../main/ports/index.ts';
import { runSelfTest } from '../../main/workers/self-test/index.ts';
import { createTools } from '../../main/workers/tools.ts';
import { goldens, manifestEntry, modelManifest } from '../../models/index.ts';
import { modelsFolder, needModels } from '../config/needs.ts';
import { childrenOf } from '../config/processes.ts';
import { writeConstantOnnx } from '../fixtures/onnx.ts';
import { writeSeededTextTower, writeSeededTower } from '../fixtures/tower.ts';

const realChild = fileURLToPath(new URL('../../main/workers/decode.ts', import.meta.url));
const oddChild = fileURLToPath(new URL('./self-test-child.ts', import.meta.url));
const versions = Object.fromEntries(Object.values(graph).map(({ id, version }) => [id, version]));
const log = { info: () => undefined, warn: () => undefined, bug: () => undefined };
const faceModels = ['yunet', 'face-mesh', 'iris', 'ocec'] as const;

let home: string;
let open: SelfTests[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'parjanya-self-tests-'));
  open = [];
  process.env['PARJANYA_TEST_LOG'] = join(home, 'log');
});
afterEach(async () => {
  await Promise.all(open.map((tests) => tests.close()));
  for (const name of ['PARJANYA_TEST_LOG', 'PARJANYA_TEST_CHILD']) delete process.env[name];
  rmSync(home, { recursive: true, force: true });
});

const shelfOf = (...folders: string[]): ModelShelf => createModelShelf({ folders, notes: home });
function start(options: Partial<SelfTestsOptions> = {}): SelfTests {
  const tests = createSelfTests({ script: realChild, file: join(home, 'self-tests.json'), locate: shelfOf(join(home, 'models')).locate, versions, limitMs: 60_000, log, ...options });
  open.push(tests);
  return tests;
}
/** What the odd child was asked so far. */
const asked = (): string[] => (existsSync(join(home, 'log')) ? readFileSync(join(home, 'log'), 'utf8').trim().split('\n') : []);
const outcomes = (results: readonly { test: SelfTestId; outcome: string }[]) => Object.fromEntries(results.map(({ test, outcome }) => [test, outcome]));

describe('in the real child', () => {
  it('every decoder and measure answers as it should here; models that are not here are missing, and that is said', async () => {
    const results = await start().run(selfTestIds);
    expect(results.filter(({ outcome }) => outcome === 'wrong').map(({ test, message }) => `${test}: ${message}; if that is meant: npx node test/golden/make.ts`)).toEqual([]);
    expect(outcomes(results)).toEqual({ ...Object.fromEntries(kernelIds.map((id) => [id, 'ok'])), ...Object.fromEntries(modelIds.map((id) => [id, 'missing'])) });
    expect(results.at(-1)!.message).toContain('parjanya models pull clip-tokenizer');
    expect(results[0]!.ms).toBeGreaterThan(0);
  });

  it('every model answers as it should here', async (context) => {
    needModels(context);
    const here = [...faceModels, 'clip-tokenizer'] as const;
    const results = await start({ locate: shelfOf(modelsFolder).locate }).run(here);
    expect(results.map(({ test, outcome, message }) => ({ test, outcome, message }))).toEqual(here.map((test) => ({ test, outcome: 'ok', message: null })));
  });

  it('a model file that is cut off or another one is wrong; its stage is off and the others are not', async (context) => {
    needModels(context);
    const folder = join(home, 'models');
    mkdirSync(folder);
    for (const model of faceModels) copyFileSync(join(modelsFolder, manifestEntry(model).file), join(folder, manifestEntry(model).file));
    writeFileSync(join(folder, manifestEntry('iris').file), readFileSync(join(modelsFolder, manifestEntry('iris').file)).subarray(0, 50_000));
    const selfTests = start();
    expect(outcomes(await selfTests.run(faceModels))).toEqual({ yunet: 'ok', 'face-mesh': 'ok', iris: 'wrong', ocec: 'ok' });
    const gate = createStageGate(createProvenLocator({ models: shelfOf(folder), selfTests }));
    await gate.refresh();
    expect(gate.isOn('faces')).toBe(false);
    expect(gate.off().find(({ stage }) => stage === 'faces')).toMatchObject({ error: { code: 'model-wrong' } });
    expect(gate.isOn('focus')).toBe(true);
  });
});

describe('one test in this process', () => {
  const tools = createTools((where, error) => {
    throw new Error(where, { cause: error });
  });
  const answerOf = async (test: ModelId, bytes: Uint8Array) => {
    const path = join(home, 'model.onnx');
    writeFileSync(path, bytes);
    const run = await runSelfTest({ test, model: { path, sha256: '0'.repeat(64), version: 'test' } }, tools);
    return run.ok ? run.value : run.error;
  };

  it.each([
    ['of other shapes', writeConstantOnnx([{ name: 'images', dims: ['batch', 3, 32, 40] }], [{ name: 'prob_open', dims: [1], data: new Float32Array(1) }])],
    ['that is no model', new Uint8Array(1_000).fill(7)],
    ['that is empty', new Uint8Array()],
    ['of the right shapes with other numbers', writeConstantOnnx([{ name: 'images', dims: ['batch', 3, 24, 40] }], [{ name: 'prob_open', dims: [1], data: new Float32Array([0.25]) }])],
    ['that answers no number', writeConstantOnnx([{ name: 'images', dims: ['batch', 3, 24, 40] }], [{ name: 'prob_open', dims: [1], data: new Float32Array([Number.NaN]) }])],
  ])('calls a file %s wrong', async (_what, bytes) => {
    expect(await answerOf('ocec', bytes)).toMatchObject({ outcome: 'wrong' });
  });

  it('holds the tower to what any tower must do', async () => {
    const constant = writeConstantOnnx([{ name: 'pixel_values', dims: ['batch', 3, 224, 224] }], [{ name: 'image_embeds', dims: [1, 512], data: new Float32Array(512).fill(1) }]);
    // the same embedding for all pictures, and one instead of two for a batch
    expect(await answerOf('clip-b32-image', constant)).toMatchObject({ outcome: 'wrong' });
  });

  it('tells the right image tower from one of other weights, whose hash may not be known yet', async () => {
    for (const seed of [1, 2, 3]) expect(await answerOf('clip-b32-image', writeSeededTower(seed))).toMatchObject({ outcome: 'ok' });
    for (const seed of [1, 2, 3, 4, 5]) {
      const run = await answerOf('clip-b32-image', writeSeededTower(seed, { elsewhere: true }));
      expect(run).toMatchObject({ outcome: 'wrong', message: expect.stringContaining('pictures lie where CLIP puts them') as string });
    }
  });

  it('holds the text tower to what any text tower must do, with an attention mask and without', async () => {
    for (const hasMask of [false, true]) expect(await answerOf('clip-b32-text', writeSeededTextTower(1, { hasMask }))).toMatchObject({ outcome: 'ok' });
    const ids = { name: 'input_ids', dims: ['batch', 'length'], type: 'int64' } as const;
    const constant = writeConstantOnnx([ids], [{ name: 'text_embeds', dims: [1, 512], data: new Float32Array(512).fill(1) }]);
    for (const wrong of [constant, writeSeededTextTower(1, { type: 'float' }), writeSeededTower(1), new Uint8Array(writeSeededTextTower(1)).subarray(0, 3_000)])
      expect(await answerOf('clip-b32-text', wrong)).toMatchObject({ outcome: 'wrong' });
  });

  it('calls a tokenizer wrong that is cut off, another list, or none', async (context) => {
    needModels(context);
    const packed = readFileSync(join(modelsFolder, manifestEntry('clip-tokenizer').file));
    expect(await answerOf('clip-tokenizer', packed)).toMatchObject({ outcome: 'ok' });
    const lines = gunzipSync(packed).toString('utf8').split('\n');
    // two merges in each other's place: all ids that they make are wrong
    const [first, second] = [lines.indexOf('c at</w>'), lines.indexOf('i n')];
    const swapped = lines.with(first, lines[second]!).with(second, lines[first]!);
    for (const wrong of [packed.subarray(0, 900_000), gzipSync(lines.slice(0, 20_000).join('\n')), gzipSync(swapped.join('\n')), new Uint8Array(100), new Uint8Array()])
      expect(await answerOf('clip-tokenizer', wrong)).toMatchObject({ outcome: 'wrong' });
  });

  it('has goldens of these versions of the stages', () => {
    for (const stage of ['phash', 'focus', 'exposure', 'sharpness'] as const)
      expect(goldens[stage], `after a raised version: npx node test/golden/make.ts`).toMatchObject({ version: graph[stage].version });
    expect(Object.keys(goldens)).toEqual([...selfTestIds]);
    for (const { tolerance, answer } of Object.values(goldens)) {
      expect(findDeviation({ tolerance, answer }, answer)).toBeNull();
      const [name, numbers] = Object.entries(answer)[0]!;
      expect(findDeviation({ tolerance, answer }, { ...answer, [name]: [numbers[0]! + 2.1 * tolerance * Math.max(1, Math.abs(numbers[0]!)) + 0.01, ...numbers.slice(1)] })).toContain(name);
      expect(findDeviation({ tolerance, answer }, { ...answer, [name]: [] })).not.toBeNull();
    }
  });
});

describe('a child that misbehaves', () => {
  const misbehave = (how: string): void => void (process.env['PARJANYA_TEST_CHILD'] = how);

  it('is told from one that is well: killed by a signal, endless, wrong, with a bug', async () => {
    misbehave('libraw=die,phash=hang,focus=wrong,exposure=throw');
    const results = await start({ script: oddChild, limitMs: 1_000 }).run(kernelIds);
    expect(outcomes(results)).toEqual({ sharp: 'ok', libraw: 'crashed', libheif: 'ok', phash: 'slow', focus: 'wrong', exposure: 'wrong', sharpness: 'ok' });
    expect(results.find(({ test }) => test === 'libraw')!.message).toContain('SIGSEGV');
  });

  it('turns its stage off, in later sessions too, until it is run again and passes', async () => {
    misbehave('focus=die');
    const first = start({ script: oddChild });
    await first.run(kernelIds);
    const gateOf = async (selfTests: SelfTests) => {
      const gate = createStageGate(createProvenLocator({ models: shelfOf(), selfTests }), (stage) => unfitStage(selfTests, stage), () => selfTests.load(kernelIds));
      await gate.refresh();
      return gate;
    };
    const isOff = async (selfTests: SelfTests): Promise<boolean> => !(await gateOf(selfTests)).isOn('focus');
    expect(await isOff(first)).toBe(true);
    expect((await gateOf(first)).off()).toEqual(expect.arrayContaining([expect.objectContaining({ stage: 'focus' })]));
    const gate = await gateOf(first);
    expect(['metadata', 'preview', 'phash', 'exposure', 'sharpness', 'identify'].filter((stage) => !gate.isOn(stage as 'phash'))).toEqual([]);
    await first.close();
    const second = start({ script: oddChild });
    expect(await isOff(second)).toBe(true);
    misbehave('');
    await second.run(['focus']);
    expect(await isOff(second)).toBe(true);
    await second.run(['focus'], { again: true });
    expect(await isOff(second)).toBe(false);
    expect(asked()).toEqual([...kernelIds, 'focus']);
  });

  it('is asked once a machine and version, whoever asks at once', async () => {
    const first = start({ script: oddChild });
    await Promise.all([first.run(kernelIds), first.run(['focus']), first.run(kernelIds)]);
    expect(asked()).toEqual([...kernelIds]);
    await start({ script: oddChild }).run(kernelIds);
    expect(asked()).toHaveLength(kernelIds.length);
    // another version of a stage, a result of another machine, a damaged file
    await start({ script: oddChild, versions: { ...versions, focus: 99 } }).run(kernelIds);
    expect(asked().slice(kernelIds.length)).toEqual(['focus']);
    const file = join(home, 'self-tests.json');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(`Node ${process.versions.node}`, 'Node 23.0.0'));
    await start({ script: oddChild }).run(['phash']);
    expect(asked().slice(-1)).toEqual(['phash']);
    writeFileSync(file, '{"phash": {"key"');
    await start({ script: oddChild }).run(['phash']);
    expect(asked().slice(-2)).toEqual(['phash', 'phash']);
  });

  it('proves a model once before it is used, and refuses one that crashes', async () => {
    misbehave('ocec=die');
    const located: ModelShelf = { ...shelfOf(), locate: (model) => Promise.resolve(ok({ path: '/none', sha256: 'a'.repeat(64), version: model })) };
    const selfTests = start({ script: oddChild, locate: located.locate });
    const locate = createProvenLocator({ models: located, selfTests });
    expect(await locate('yunet')).toMatchObject({ ok: true });
    expect(await locate('yunet')).toMatchObject({ ok: true });
    const refused = await locate('ocec');
    expect(refused).toMatchObject({ ok: false, error: { code: 'model-wrong', message: expect.stringContaining('stops its process') as string } });
    expect(asked()).toEqual(['yunet', 'ocec']);
  });

  it('is ended when the engine closes in the midst of a test, which then has no result', async () => {
    misbehave('sharp=wait');
    const selfTests = start({ script: oddChild });
    const running = selfTests.run(kernelIds);
    while (asked().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await selfTests.close();
    expect(await running).toEqual([]);
    expect(childrenOf(process.pid).filter(({ command }) => command.includes('self-test-child'))).toEqual([]);
    expect(existsSync(join(home, 'self-tests.json'))).toBe(false);
  });
});

it('has a self-test for every model of the list', () => {
  expect(modelManifest.map(({ id }) => id).filter((id) => !(id in goldens))).toEqual([]);
});
