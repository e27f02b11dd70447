/** Prompts and texts: a seeded text tower of the real one's inputs and outputs, and OpenAI's real list of merges, in the real child and the whole engine. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbedder } from '../../main/adapters/embedder/index.ts';
import { createPromptStore } from '../../main/adapters/prompt-store/index.ts';
import { createCancel } from '../../main/base/index.ts';
import { compareWithPair, dotProduct } from '../../main/domain/index.ts';
import type { ModelId } from '../../main/domain/index.ts';
import { openEngine } from '../../main/engine.ts';
import type { Engine } from '../../main/engine.ts';
import type { Embedder, TextModels } from '../../main/ports/index.ts';
import { manifestEntry, modelManifest, promptPairs } from '../../models/index.ts';
import { modelsFolder, needModels } from '../config/needs.ts';
import { drawScene, makeJpeg } from '../fixtures/index.ts';
import { writeSeededTextTower, writeSeededTower } from '../fixtures/tower.ts';
import { codeOf, listAll, openAndFinish } from './engine-kit.ts';

const script = fileURLToPath(new URL('../../main/workers/decode.ts', import.meta.url));
const log = { info: () => undefined, warn: () => undefined, bug: () => undefined };
const towers = { 'clip-b32-image': Buffer.from(writeSeededTower(1)), 'clip-b32-text': Buffer.from(writeSeededTextTower(2)) };
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let home: string;
let models: string;
beforeEach((context) => {
  needModels(context);
  home = mkdtempSync(join(tmpdir(), 'parjanya-prompts-'));
  models = join(home, 'models');
  mkdirSync(models);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const tokenizerFile = manifestEntry('clip-tokenizer').file;
const place = (...ids: (keyof typeof towers | 'clip-tokenizer')[]): void => {
  for (const id of ids)
    if (id === 'clip-tokenizer') copyFileSync(join(modelsFolder, tokenizerFile), join(models, tokenizerFile));
    else writeFileSync(join(models, manifestEntry(id).file), towers[id]);
};

describe('the child that embeds texts', () => {
  let embedder: Embedder;
  let files: TextModels;
  beforeEach(() => {
    place('clip-b32-text', 'clip-tokenizer');
    embedder = createEmbedder({ script, log });
    files = {
      tower: { path: join(models, manifestEntry('clip-b32-text').file), sha256: hashOf(towers['clip-b32-text']), version: 'seeded' },
      tokenizer: { path: join(models, tokenizerFile), sha256: manifestEntry('clip-tokenizer').sha256!, version: '16e6' },
    };
  });
  afterEach(() => embedder.close());

  const vectorsOf = async (texts: readonly string[], using = files): Promise<readonly Float32Array[]> => {
    const answered = await embedder.embedTexts(texts, using);
    if (!answered.ok) throw new Error(answered.error.message);
    return answered.value;
  };

  it('answers one vector of length 1 a text, the same alone and among others, by words and their order, not by case', async () => {
    const [dog, man, good, again] = await vectorsOf(['a dog bites a man', 'a man bites a dog', 'Good photo.', '  good  PHOTO.']);
    for (const vector of [dog!, man!, good!]) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(dotProduct(good!, again!)).toBeCloseTo(1, 6);
    expect(dotProduct(dog!, man!)).toBeLessThan(0.999);
    expect(dotProduct(dog!, good!)).toBeLessThan(dotProduct(dog!, man!));
    const [alone] = await vectorsOf(['a man bites a dog']);
    expect(dotProduct(alone!, man!)).toBeCloseTo(1, 6);
    expect(await vectorsOf([])).toEqual([]);
    expect(await vectorsOf(['', 'x '.repeat(10_000)])).toHaveLength(2);
  });

  it('feeds an attention mask where the export wants one', async () => {
    const path = join(home, 'masked.onnx');
    writeFileSync(path, writeSeededTextTower(2, { hasMask: true }));
    const [plain] = await vectorsOf(['a cat']);
    const [masked] = await vectorsOf(['a cat'], { ...files, tower: { path, sha256: 'c'.repeat(64), version: 'masked' } });
    expect(dotProduct(plain!, masked!)).toBeCloseTo(1, 6);
  });

  it('refuses files that are damaged or others, with a code, and goes on; works between pictures', async () => {
    const file = (name: string, bytes: Uint8Array) => {
      const path = join(home, name);
      writeFileSync(path, bytes);
      return { path, sha256: hashOf(bytes), version: name };
    };
    const packed = readFileSync(files.tokenizer.path);
    for (const using of [
      { ...files, tower: file('cut.onnx', towers['clip-b32-text'].subarray(0, 10_000)) },
      { ...files, tower: file('image.onnx', towers['clip-b32-image']) },
      { ...files, tower: file('floats.onnx', writeSeededTextTower(2, { type: 'float' })) },
      { ...files, tokenizer: file('cut.gz', packed.subarray(0, 500_000)) },
      { ...files, tokenizer: file('other.gz', new Uint8Array(500)) },
    ])
      expect(await embedder.embedTexts(['a cat'], using), using.tower.version + using.tokenizer.version).toMatchObject({ ok: false, error: { code: 'model-wrong' } });
    expect(await embedder.embedTexts(['a cat'], { ...files, tokenizer: { ...files.tokenizer, path: join(home, 'none') } })).toMatchObject({ ok: false, error: { code: 'model-missing' } });
    const jpeg = await makeJpeg(drawScene({ seed: 1, width: 300, height: 300 }));
    const image = file('tower.onnx', towers['clip-b32-image']);
    const [first, words, second] = await Promise.all([embedder.embed(jpeg, image), embedder.embedTexts(['a cat'], files), embedder.embed(jpeg, image)]);
    expect([first.ok, words.ok, second.ok]).toEqual([true, true, true]);
  });

  it('is given up where it dies, and where nobody wants the answer', async () => {
    const dead = createEmbedder({ script: join(home, 'no-such-script.ts'), log });
    expect(await dead.embedTexts(['a cat'], files)).toMatchObject({ ok: false, error: { code: 'worker-crashed', retry: true } });
    await dead.close();
    expect(await dead.embedTexts(['a cat'], files)).toMatchObject({ ok: false, error: { code: 'closed' } });
    const { signal, cancel } = createCancel();
    const asked = embedder.embedTexts(['a cat'], files, signal);
    cancel();
    expect(await asked).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });
});

describe('in the engine', () => {
  let engine: Engine | null = null;
  afterEach(async () => {
    await engine?.close();
    engine = null;
  });
  /** @param hashes those of the list of models, where they are not the seeded towers' */
  const open = async (hashes: Partial<Record<ModelId, string>> = {}) => {
    await engine?.close();
    const known: Partial<Record<ModelId, string>> = { 'clip-b32-image': hashOf(towers['clip-b32-image']), 'clip-b32-text': hashOf(towers['clip-b32-text']), ...hashes };
    const opened = await openEngine({
      catalogFile: join(home, 'home', 'catalog.db'),
      cacheFolder: join(home, 'home', 'cache'),
      modelFolders: [models],
      modelManifest: modelManifest.map((entry) => ({ ...entry, sha256: known[entry.id] ?? entry.sha256 })),
      log,
    });
    if (!opened.ok) throw new Error(opened.error.message);
    engine = opened.value;
    return { engine, api: engine.connect() };
  };
  const shoot = async (): Promise<string> => {
    const folder = join(home, 'shoot');
    mkdirSync(folder);
    for (const seed of [1, 2, 3]) writeFileSync(join(folder, `${seed}.jpg`), await makeJpeg(drawScene({ seed, width: 900, height: 600 })));
    // the same scene once more, a little smaller
    writeFileSync(join(folder, '4.jpg'), await makeJpeg(drawScene({ seed: 1, width: 870, height: 580 })));
    return folder;
  };
  const storeFile = (): string => join(home, 'home', 'prompt-embeddings.json');
  type Api = Awaited<ReturnType<typeof open>>['api'];
  const detailOf = async (api: Api, id: number, name = '1.jpg') => api.library.photo({ id: (await listAll(api, id)).get(name)!.id });

  it('are off until they were embedded once, and say so; then hold without the text tower, in later sessions too', async () => {
    place('clip-b32-image');
    const folder = await shoot();
    const first = await open();
    const id = await openAndFinish(first.engine, first.api, folder);
    const off = await detailOf(first.api, id);
    expect(off).toMatchObject({ impressions: null, impressionsOff: { code: 'model-missing' }, aestheticsOff: null });
    expect(off.impressionsOff!.message).toContain('parjanya models pull clip-b32-text clip-tokenizer');
    expect(off.aesthetics).toEqual(expect.any(Number));
    expect(await codeOf(first.api.models.prompts({ make: true }))).toBe('model-missing');
    place('clip-b32-text');
    expect(await codeOf(first.api.models.prompts({ make: true }))).toBe('model-missing');
    expect(existsSync(storeFile())).toBe(false);
    place('clip-tokenizer');
    expect(await first.api.models.prompts({ make: true })).toEqual({ off: null, pairs: promptPairs });
    // the shoot that is open has them at once, and no photo was embedded again
    const { impressions, impressionsOff } = await detailOf(first.api, id);
    expect(impressionsOff).toBeNull();
    expect(impressions!.map(({ pair }) => pair)).toEqual(promptPairs.map((pair) => pair.id));

    // what they are: the formula, over what the towers answer
    const embed = async (text: string): Promise<Float32Array> => {
      const answered = await first.engine.embedText(text);
      if (!answered.ok) throw new Error(answered.error.message);
      return answered.value;
    };
    rmSync(join(models, manifestEntry('clip-b32-text').file));
    expect(await first.engine.embedText('a cat')).toMatchObject({ ok: false, error: { code: 'model-missing' } });
    place('clip-b32-text');
    const kept = await createPromptStore(storeFile()).read();
    if (!kept.ok) throw new Error(kept.error.message);
    const vectorOf = (prompt: string): Float32Array => kept.value.get(`${hashOf(towers['clip-b32-image'])} ${hashOf(towers['clip-b32-text'])} ${prompt}`)!;
    for (const { positive, negative } of promptPairs)
      for (const prompt of [positive, negative]) expect(dotProduct(vectorOf(prompt), await embed(prompt))).toBeCloseTo(1, 6);
    const embedder = createEmbedder({ script, log });
    const pixels = await first.engine.picture((await listAll(first.api, id)).get('1.jpg')!.id, 'grid');
    const picture = pixels.ok ? await embedder.embed(pixels.value.jpeg, { path: join(models, manifestEntry('clip-b32-image').file), sha256: 'i', version: 'seeded' }) : pixels;
    await embedder.close();
    if (!picture.ok) throw new Error(picture.error.message);
    promptPairs.forEach((pair, at) => {
      const { share } = compareWithPair(picture.value.vector, { ...pair, positiveVector: vectorOf(pair.positive), negativeVector: vectorOf(pair.negative) });
      expect(impressions![at]!.share).toBeCloseTo(share, 2);
    });

    rmSync(join(models, manifestEntry('clip-b32-text').file));
    const second = await open();
    await openAndFinish(second.engine, second.api, folder);
    expect((await detailOf(second.api, id)).impressions).toEqual(impressions);
    expect((await second.api.jobs.list({})).filter(({ title }) => title.includes('aesthetics'))).toEqual([]);

    const granted = await second.engine.grant(folder, 'shoot');
    const report = granted.ok ? await second.engine.cull(granted.value.grant) : granted;
    if (!report.ok) throw new Error(report.error.message);
    expect(report.value.off.filter(({ stage }) => stage === 'impressions' || stage === 'clip')).toEqual([]);
    expect(report.value.photos.find(({ path }) => path === '1.jpg')!.impressions).toEqual(impressions!.map(({ pair, share }) => ({ pair, share })));
  });

  it('belong to the towers that made them: with another tower they are off again', async () => {
    place('clip-b32-image', 'clip-b32-text', 'clip-tokenizer');
    const { api } = await open();
    await api.models.prompts({ make: true });
    expect((await api.models.prompts({})).off).toBeNull();
    expect((await (await open({ 'clip-b32-image': 'e'.repeat(64) })).api.models.prompts({})).off).toMatchObject({ code: 'model-missing' });
    expect((await (await open({ 'clip-b32-text': 'e'.repeat(64) })).api.models.prompts({})).off).toMatchObject({ code: 'model-missing' });
    expect((await (await open()).api.models.prompts({})).off).toBeNull();
  });

  it('are off where what was kept is damaged, which is said and harms nothing else; making them again helps', async () => {
    place('clip-b32-image', 'clip-b32-text', 'clip-tokenizer');
    const folder = await shoot();
    const { api, engine: opened } = await open();
    await api.models.prompts({ make: true });
    const sound = readFileSync(storeFile(), 'utf8');
    const digit = sound.indexOf('"vector": "') + 100;
    for (const broken of ['', '{', '[]', '{"a": 1}', sound.slice(0, 5_000), sound.slice(0, digit) + (sound[digit] === 'A' ? 'B' : 'A') + sound.slice(digit + 1)]) {
      writeFileSync(storeFile(), broken);
      expect((await api.models.prompts({})).off, broken.slice(0, 20)).toMatchObject({ code: 'model-wrong' });
    }
    const id = await openAndFinish(opened, api, folder);
    expect(await detailOf(api, id)).toMatchObject({ aesthetics: expect.any(Number) as number, impressions: null, impressionsOff: { code: 'model-wrong' }, errors: [] });
    expect((await api.models.prompts({ make: true })).off).toBeNull();
    expect((await detailOf(api, id)).impressions).toHaveLength(promptPairs.length);
    rmSync(storeFile());
    writeFileSync(storeFile(), '{}');
    expect((await api.models.prompts({})).off).toMatchObject({ code: 'model-missing' });
  });

  it('are not made by a tower or a tokenizer that is damaged or another one', async () => {
    place('clip-b32-image', 'clip-b32-text', 'clip-tokenizer');
    const text = join(models, manifestEntry('clip-b32-text').file);
    const { api } = await open();
    writeFileSync(text, towers['clip-b32-text'].subarray(0, 20_000));
    expect(await codeOf(api.models.prompts({ make: true }))).toBe('model-wrong');
    writeFileSync(text, towers['clip-b32-text']);
    writeFileSync(join(models, tokenizerFile), readFileSync(join(models, tokenizerFile)).subarray(0, 20_000));
    expect(await codeOf(api.models.prompts({ make: true }))).toBe('model-wrong');
    place('clip-tokenizer');
    // of the right hash, as the list says, and of wrong shapes
    const next = await open({ 'clip-b32-text': hashOf(towers['clip-b32-image']) });
    writeFileSync(text, towers['clip-b32-image']);
    expect(await codeOf(next.api.models.prompts({ make: true }))).toBe('model-wrong');
    expect(existsSync(storeFile())).toBe(false);
  });

  it('finds the photos that are most alike, the most alike first', async () => {
    place('clip-b32-image');
    const folder = await shoot();
    const { api, engine: opened } = await open();
    const id = await openAndFinish(opened, api, folder);
    const rows = await listAll(api, id);
    const idOf = (name: string): number => rows.get(name)!.id;
    const similar = (await api.library.similar({ id: idOf('1.jpg') }))!;
    expect(similar).toHaveLength(3);
    expect(similar[0]).toMatchObject({ photo: idOf('4.jpg') });
    expect(similar.map(({ cosine }) => cosine)).toEqual(similar.map(({ cosine }) => cosine).sort((a, b) => b - a));
    expect(await api.library.similar({ id: idOf('1.jpg'), most: 1 })).toEqual(similar.slice(0, 1));
    expect(await codeOf(api.library.similar({ id: 999 }))).toBe('not-found');
  });

  it('finds nothing alike where there are no embeddings', async () => {
    const { api, engine: opened } = await open();
    const id = await openAndFinish(opened, api, await shoot());
    expect(await api.library.similar({ id: (await listAll(api, id)).get('1.jpg')!.id })).toBeNull();
    expect((await detailOf(api, id)).impressionsOff).toMatchObject({ code: 'model-missing' });
  });
});

describe('what is kept', () => {
  it('comes back to the last bit, and says what the disk says', async () => {
    const file = join(home, 'deep', 'prompts.json');
    const store = createPromptStore(file);
    expect(await store.read()).toEqual({ ok: true, value: new Map() });
    const vectors = new Map([['a b c', Float32Array.from([Math.fround(0.1), -1e-30, 3.4e38])], ['__proto__', new Float32Array(512).fill(1)]]);
    expect(await store.write(vectors)).toMatchObject({ ok: true });
    expect(await store.read()).toEqual({ ok: true, value: vectors });
    expect(await createPromptStore(join(file, 'below')).write(vectors)).toMatchObject({ ok: false, error: { code: 'destination-unwritable' } });
    expect(await createPromptStore(join(home, 'deep')).read()).toMatchObject({ ok: false, error: { code: 'model-wrong' } });
  });
});
