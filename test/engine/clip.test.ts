/** Stage `clip`: preprocessing against the golden array, the head, the child, and the whole way in the engine on a seeded tower in the real onnxruntime. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbedder } from '../../main/adapters/embedder/index.ts';
import { createSharpCodec } from '../../main/adapters/sharp/index.ts';
import { openSqlite } from '../../main/adapters/sqlite/index.ts';
import { createCancel } from '../../main/base/index.ts';
import { openCatalog } from '../../main/catalog/index.ts';
import { scoreAesthetics } from '../../main/domain/index.ts';
import type { AestheticHead } from '../../main/domain/index.ts';
import { openEngine } from '../../main/engine.ts';
import { graph } from '../../main/pipeline/index.ts';
import type { Embedder, ModelFile } from '../../main/ports/index.ts';
import { prepareForTower } from '../../main/stages/clip/index.ts';
import { aestheticHead, manifestEntry, modelManifest } from '../../models/index.ts';
import { modelsFolder, needModels } from '../config/needs.ts';
import { drawScene, makeJpeg } from '../fixtures/index.ts';
import { writeSeededTower } from '../fixtures/tower.ts';
import { allJobsEnd, listAll, openAndFinish } from './engine-kit.ts';

const script = fileURLToPath(new URL('../../main/workers/decode.ts', import.meta.url));
const log = { info: () => undefined, warn: () => undefined, bug: () => undefined };
const codec = createSharpCodec();
const tower = Buffer.from(writeSeededTower(1));
const sha256 = createHash('sha256').update(tower).digest('hex');

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'parjanya-clip-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, at) => sum + value * y[at]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

const scene = (seed: number, width = 512, height = 341) => makeJpeg(drawScene({ seed, width, height }));

describe('what the tower is fed', () => {
  it('is what OpenAI\'s own preprocessing makes of a picture', async (context) => {
    needModels(context);
    const decoded = await codec.decode(readFileSync(join(modelsFolder, 'golden', 'franz-kafka.jpg')), { maxEdge: null, orientation: 'own' });
    if (!decoded.ok) throw new Error(decoded.error.message);
    const prepared = await prepareForTower(decoded.value, codec);
    if (!prepared.ok) throw new Error(prepared.error.message);
    const file = readFileSync(join(modelsFolder, 'golden', 'clip_b32_preprocessed_franz-kafka.npy'));
    const golden = new Float32Array(file.buffer.slice(file.byteOffset + file.length - 4 * 3 * 224 * 224, file.byteOffset + file.length));
    expect(prepared.value.dims).toEqual([1, 3, 224, 224]);
    expect(cosine(prepared.value.data, golden)).toBeGreaterThan(0.9999);
    // what the app really takes is the grid's picture: smaller, and coded once more
    const grid = await codec.encodeJpeg(decoded.value, { quality: 82, maxEdge: 512 });
    const small = grid.ok ? await codec.decode(grid.value, { maxEdge: null, orientation: 1 }) : grid;
    const fromGrid = small.ok ? await prepareForTower(small.value, codec) : small;
    expect(fromGrid.ok && cosine(fromGrid.value.data, golden)).toBeGreaterThan(0.99);
  });

  it.each([[1, 1], [3000, 1], [1, 3000], [224, 224], [225, 224], [100, 50]])('is 224 x 224 for a picture of %i x %i, in colour and in grey', async (width, height) => {
    for (const channels of [1, 3] as const) {
      const prepared = await prepareForTower({ width, height, channels, data: new Uint8Array(width * height * channels).fill(128) }, codec);
      expect(prepared.ok && prepared.value.data.length === 3 * 224 * 224 && prepared.value.data.every(Number.isFinite)).toBe(true);
    }
  });
});

it('sees the middle of a strip, wherever it lies', async () => {
  const strip = drawScene({ seed: 9, width: 2_240, height: 224 });
  const middle = drawScene({ seed: 9, width: 2_240, height: 224 }).data;
  const square = new Uint8Array(224 * 224 * 3);
  for (let y = 0; y < 224; y++) square.set(middle.subarray((y * 2_240 + 1_008) * 3, (y * 2_240 + 1_232) * 3), y * 224 * 3);
  const [whole, alone] = [await prepareForTower(strip, codec), await prepareForTower({ width: 224, height: 224, channels: 3, data: square }, codec)];
  expect(whole.ok && alone.ok && cosine(whole.value.data, alone.value.data)).toBeGreaterThan(0.9999);
});

it('the head gives LAION\'s rating vectors the scores that it should, and their order, which another tower\'s head does not', (context) => {
  needModels(context);
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(modelsFolder, 'aesthetic', name), 'utf8')) as T;
  const { embeddings, expectedScore } = read<{ embeddings: number[][]; expectedScore: number[] }>('laion_rating_embeddings_vit_b_32.json');
  const scoresBy = (head: AestheticHead): number[] => embeddings.map((embedding) => scoreAesthetics(Float32Array.from(embedding), head));
  const scores = scoresBy(aestheticHead);
  scores.forEach((score, rating) => expect(score).toBeCloseTo(expectedScore[rating]!, 3));
  expect(spearman(scores, [...scores.keys()])).toBe(1);
  // of 512 numbers too, but for another space
  const { weight, bias } = read<{ weight: number[]; bias: number }>('laion_sa_0_4_vit_b_16_linear.json');
  expect(spearman(scoresBy({ model: 'clip-b32-image', weight, bias }), [...scores.keys()])).toBeLessThan(0);
});

/** Rank correlation of numbers without ties. */
function spearman(a: readonly number[], b: readonly number[]): number {
  const ranksOf = (values: readonly number[]): number[] => values.map((value) => values.filter((other) => other < value).length);
  const [left, right] = [ranksOf(a), ranksOf(b)];
  const squares = left.reduce((sum, rank, at) => sum + (rank - right[at]!) ** 2, 0);
  return 1 - (6 * squares) / (a.length * (a.length ** 2 - 1));
}

describe('the child that embeds', () => {
  let embedder: Embedder;
  let model: ModelFile;
  beforeEach(() => {
    const path = join(home, 'tower.onnx');
    writeFileSync(path, tower);
    model = { path, sha256, version: 'seeded' };
    embedder = createEmbedder({ script, log });
  });
  afterEach(() => embedder.close());

  it('answers the same for a picture alone and among others, of length 1, and others for other pictures', async () => {
    const jpegs = await Promise.all([1, 2, 3].map((seed) => scene(seed)));
    const together = await Promise.all(jpegs.map((jpeg) => embedder.embed(jpeg, model)));
    const vectors = together.map((one) => {
      if (!one.ok) throw new Error(one.error.message);
      expect(Math.hypot(...one.value.vector)).toBeCloseTo(1, 5);
      expect(one.value.score).toBe(scoreAesthetics(one.value.vector, aestheticHead));
      return one.value.vector;
    });
    const alone = await embedder.embed(jpegs[1]!, model);
    expect(alone.ok && cosine(alone.value.vector, vectors[1]!)).toBeGreaterThan(0.999999);
    expect(cosine(vectors[0]!, vectors[1]!)).toBeLessThan(0.9999);
  });

  it('tells of a broken picture alone, of a broken model for all, and goes on', async () => {
    const good = await scene(4);
    const answers = await Promise.all([embedder.embed(good, model), embedder.embed(new Uint8Array(100), model), embedder.embed(good, model)]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, true]);
    const path = join(home, 'broken.onnx');
    writeFileSync(path, tower.subarray(0, 5_000));
    expect(await embedder.embed(good, { path, sha256: 'b'.repeat(64), version: 'broken' })).toMatchObject({ ok: false, error: { code: 'model-wrong' } });
    expect(await embedder.embed(good, model)).toMatchObject({ ok: true });
  });

  it('is begun anew where it has died, and ends with its owner', async () => {
    const dead = createEmbedder({ script: join(home, 'no-such-script.ts'), log });
    expect(await dead.embed(await scene(5), model)).toMatchObject({ ok: false, error: { code: 'worker-crashed', retry: true } });
    await dead.close();
    expect(await dead.embed(await scene(5), model)).toMatchObject({ ok: false, error: { code: 'closed' } });
    const { signal, cancel } = createCancel();
    const asked = embedder.embed(await scene(5), model, signal);
    cancel();
    expect(await asked).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });
});

describe('in the engine', () => {
  const open = async (isThere: boolean) => {
    const models = join(home, 'models');
    mkdirSync(models, { recursive: true });
    const entry = { ...manifestEntry('clip-b32-image'), sha256 };
    if (isThere) writeFileSync(join(models, entry.file), tower);
    const opened = await openEngine({
      catalogFile: join(home, 'home', 'catalog.db'),
      cacheFolder: join(home, 'home', 'cache'),
      modelFolders: [models],
      modelManifest: modelManifest.map((one) => (one.id === entry.id ? entry : one)),
      log,
    });
    if (!opened.ok) throw new Error(opened.error.message);
    return { engine: opened.value, api: opened.value.connect() };
  };
  const shoot = async (): Promise<string> => {
    const folder = join(home, 'shoot');
    mkdirSync(folder);
    for (const seed of [1, 2, 3]) writeFileSync(join(folder, `${seed}.jpg`), await scene(seed, 900, 600));
    writeFileSync(join(folder, 'broken.jpg'), (await scene(4)).subarray(0, 2_000));
    return folder;
  };
  const detailsOf = async (api: Awaited<ReturnType<typeof open>>['api'], id: number) => {
    const rows = await listAll(api, id);
    return Promise.all(['1.jpg', '2.jpg', '3.jpg', 'broken.jpg'].map((name) => api.library.photo({ id: rows.get(name)!.id })));
  };

  it('is off without the tower, and says so, not for each photo; with it each photo is embedded once, by content', async () => {
    const folder = await shoot();
    const without = await open(false);
    const first = await openAndFinish(without.engine, without.api, folder);
    for (const detail of (await detailsOf(without.api, first)).slice(0, 3)) {
      expect(detail).toMatchObject({ aesthetics: null, errors: [], aestheticsOff: { code: 'model-missing' } });
      expect(detail.aestheticsOff!.message).toContain('parjanya models pull clip-b32-image');
    }
    await without.engine.close();

    const { engine, api } = await open(true);
    const id = await openAndFinish(engine, api, folder);
    await allJobsEnd(api);
    const details = await detailsOf(api, id);
    for (const detail of details.slice(0, 3)) {
      expect(detail).toMatchObject({ aestheticsOff: null, errors: [] });
      expect(detail.aesthetics).toEqual(expect.any(Number));
      expect(detail.trace.find(({ stage }) => stage === 'clip')).toMatchObject({ place: 'local', placeReason: expect.stringMatching(/^Runs here: proven on this computer/) as string, bytesSent: 0, usd: 0, error: null });
    }
    expect(new Set(details.slice(0, 3).map(({ aesthetics }) => aesthetics)).size).toBe(3);
    expect(details[3]).toMatchObject({ aesthetics: null });
    await engine.close();

    // kept by content: 512 numbers each, the score is theirs
    const database = openSqlite(join(home, 'home', 'catalog.db'));
    const catalog = database.ok ? openCatalog(database.value, graph) : database;
    if (!catalog.ok) throw new Error(catalog.error.message);
    for (const [at, name] of ['1.jpg', '2.jpg', '3.jpg'].entries()) {
      const photo = catalog.value.photos(catalog.value.shoots()[0]!.id).find(({ path }) => path === name)!;
      const vector = catalog.value.embeddingOf(photo.id, sha256)!;
      expect(vector).toHaveLength(512);
      expect(scoreAesthetics(vector, aestheticHead)).toBe(details[at]!.aesthetics);
      expect(catalog.value.embeddingOf(photo.id, 'f'.repeat(64))).toBeNull();
    }
    expect(database.ok && database.value.get('SELECT count(*) AS n, sum(content_key LIKE ?) AS known FROM embeddings', 's:%')).toEqual({ n: 3, known: 3 });
    catalog.value.close();

    const again = await open(true);
    await openAndFinish(again.engine, again.api, folder);
    expect((await again.api.jobs.list({})).map(({ title }) => title).filter((title) => title.includes('aesthetics'))).toEqual([]);
    expect((await detailsOf(again.api, id))[0]!.aesthetics).toBe(details[0]!.aesthetics);
    await again.engine.close();
  });

  it('is in the report of the command line too', async () => {
    const folder = await shoot();
    const { engine } = await open(true);
    const granted = await engine.grant(folder, 'shoot');
    const report = granted.ok ? await engine.cull(granted.value.grant) : granted;
    if (!report.ok) throw new Error(report.error.message);
    expect(report.value.off.filter(({ stage }) => stage === 'clip')).toEqual([]);
    expect(report.value.photos.map(({ path, aesthetics }) => `${path} ${typeof aesthetics}`).sort()).toEqual(['1.jpg number', '2.jpg number', '3.jpg number', 'broken.jpg object']);
    await engine.close();
  });
});
