/** A model that ends its process or hangs harms the stage that ran it, not the photo: real decode children, killed in the midst of `faces`. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDecodePool } from '../../main/adapters/decode-pool/index.ts';
import { modelSpecs } from '../../main/domain/index.ts';
import type { StageId } from '../../main/domain/index.ts';
import type { DecodeOutcome, DecodePool, DecodeTask } from '../../main/ports/index.ts';
import { modelsFolder, needModels } from '../config/needs.ts';
import { writeConstantOnnx } from '../fixtures/onnx.ts';
import { createHome } from './engine-kit.ts';

const script = fileURLToPath(new URL('harmful-model-child.ts', import.meta.url));
const all: readonly StageId[] = ['identify', 'metadata', 'preview', 'phash', 'focus', 'exposure', 'faces', 'sharpness'];

function writePicture(path: string, background: string): Promise<unknown> {
  return sharp({ create: { width: 1200, height: 800, channels: 3, background } }).jpeg().toFile(path);
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parjanya-guard-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a model that ends or holds up its process', () => {
  let pool: DecodePool;
  let told: string[];
  beforeEach(() => {
    told = [];
    const note = (text: string): void => void told.push(text);
    pool = createDecodePool({ script, size: 1, timeLimitMs: 2_500, log: { info: note, warn: note, bug: note } });
  });
  afterEach(() => pool.close());

  const analyse = async (background: string, stages: readonly StageId[]): Promise<DecodeOutcome> => {
    const [path, model] = [join(folder, `${background}.jpg`), join(folder, 'detector.onnx')];
    await writePicture(path, background);
    // finds no face in anything
    const bytes = writeConstantOnnx(
      modelSpecs.yunet.inputs.map(({ name, dims }) => ({ name, dims: dims.map((dim) => dim!) })),
      modelSpecs.yunet.outputs.map(({ name, dims }) => ({ name, dims: dims.map((dim) => dim!), data: new Float32Array(dims.reduce<number>((product, dim) => product * dim!, 1)) })),
    );
    writeFileSync(model, bytes);
    const models = { yunet: { path: model, sha256: createHash('sha256').update(bytes).digest('hex'), version: 'test' } };
    const task: DecodeTask = { path, stages, known: {}, thumbnail: stages.includes('preview'), models };
    const outcome = await pool.analyse(task, {});
    if (!outcome.ok) throw new Error(outcome.error.code);
    return outcome.value;
  };
  const deaths = (): number => told.filter((line) => line.includes('ended')).length;
  const answered = ({ results }: DecodeOutcome): StageId[] => results.filter(({ error }) => error === null).map(({ stage }) => stage);
  const without = (stage: StageId): StageId[] => all.filter((other) => other !== stage);

  it('runs to the end where there is no harm, and tells each answer once', async () => {
    const outcome = await analyse('#777', all);
    expect(answered(outcome)).toEqual(all);
    expect(outcome.stopped).toBeUndefined();
    expect(outcome.thumbnail?.length).toBeGreaterThan(300);
    expect(told).toEqual([]);
  });

  it('dies twice, and costs that stage alone: all others are answered, with the picture for the grid', async () => {
    const outcome = await analyse('black', all);
    expect(outcome.stopped).toMatchObject([{ stage: 'faces', error: { code: 'worker-crashed', retry: true } }]);
    expect(answered(outcome)).toEqual(without('faces'));
    expect(outcome.thumbnail?.length).toBeGreaterThan(300);
    expect(deaths()).toBe(2);
  });

  it('hangs once, and costs that stage alone', async () => {
    const outcome = await analyse('white', all);
    expect(outcome.stopped).toMatchObject([{ stage: 'faces', error: { code: 'timeout', retry: true } }]);
    expect(answered(outcome)).toEqual(without('faces'));
    expect(deaths(), 'a time limit is no crash, and is not met twice').toBe(0);
  }, 60_000);

  it('in the closer look leaves sharpness to be measured, and the next photo is not harmed', async () => {
    const outcome = await analyse('black', ['faces', 'sharpness']);
    expect(answered(outcome)).toEqual(['sharpness']);
    expect(outcome.stopped).toMatchObject([{ stage: 'faces', error: { code: 'worker-crashed' } }]);
    expect(answered(await analyse('#777', ['faces', 'sharpness']))).toEqual(['faces', 'sharpness']);
    expect(deaths()).toBe(2);
  });

  it('alone is answered as what it is', async () => {
    expect(await analyse('black', ['faces'])).toMatchObject({ results: [], stopped: [{ stage: 'faces', error: { code: 'worker-crashed' } }] });
  });
});

it('a whole shoot in one go: the photo on which the model crashes is shown and judged; its faces are looked for again at the next opening', async (context) => {
  needModels(context);
  const home = createHome();
  try {
    const shoot = join(home.folder, 'shoot');
    mkdirSync(shoot);
    await writePicture(join(shoot, 'black.jpg'), 'black');
    await writePicture(join(shoot, 'grey.jpg'), '#777');
    const cull = async (workerScript?: string) => {
      const { engine } = await home.open({ modelFolders: [modelsFolder], ...(workerScript === undefined ? {} : { workerScript }) });
      const granted = await engine.grant(shoot, 'shoot');
      const report = granted.ok ? await engine.cull(granted.value.grant) : granted;
      if (!report.ok) throw new Error(report.error.message);
      expect(report.value.off).toEqual(report.value.off.filter(({ stage }) => stage === 'clip'));
      return new Map(report.value.photos.map((photo) => [photo.path, photo]));
    };
    const harmed = await cull(script);
    expect(harmed.get('black.jpg')).toMatchObject({ faces: null, errors: [], preview: { source: 'self', width: 1200 }, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(harmed.get('black.jpg')!.focus).not.toBeNull();
    expect(harmed.get('grey.jpg')).toMatchObject({ faces: [], errors: [] });
    expect((await cull()).get('black.jpg')).toMatchObject({ faces: [], errors: [] });
    expect(home.bugs).toEqual([]);
  } finally {
    await home.close();
  }
}, 120_000);
