/** `parjanya models`, run as a person runs it. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPromptStore } from '../../main/adapters/prompt-store/index.ts';
import { kernelIds, modelIds } from '../../main/domain/index.ts';
import { manifestEntry, promptPairs } from '../../models/index.ts';
import { modelsFolder, needModels } from '../config/needs.ts';
import { runCommand } from './run-command.ts';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'parjanya-models-cli-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const models = (words: string[], env: Record<string, string> = {}) => runCommand(['models', ...words], { env: { PARJANYA_DATA: home, PARJANYA_MODELS: '', ...env } });

interface Listed {
  readonly folders: string[];
  readonly models: { readonly name: string; readonly state: string; readonly path: string | null; readonly error: { readonly code: string; readonly message: string } | null }[];
}

describe('parjanya models', () => {
  it('lists what is missing and what helps, and fetches nothing by itself', async () => {
    const ran = await models(['list', '--json']);
    expect(ran).toMatchObject({ status: 0, err: '' });
    const listed = JSON.parse(ran.out) as Listed;
    expect(listed.folders).toEqual([join(home, 'models')]);
    expect(listed.models.map(({ name, state }) => `${name} ${state}`)).toEqual(modelIds.map((id) => `${id} missing`));
    expect(listed.models[0]!.error).toMatchObject({ code: 'model-missing', message: expect.stringContaining('parjanya models pull yunet') as string });
    expect(readdirSync(home)).toEqual([]);
    const table = await models(['list']);
    expect(table.out).toMatch(/^MODEL .*\nyunet .*MIT .*missing/);
  });

  it('takes models from a folder, says so before, and finds them from then on', async (context) => {
    needModels(context);
    const ran = await models(['pull', 'ocec', 'yunet', '--from', modelsFolder, '--json']);
    expect(ran.status).toBe(0);
    expect(ran.err).toMatch(/^To be fetched: 727\.5 kB, to .*\n {2}yunet: .*, MIT, 232\.6 kB, from /);
    expect(JSON.parse(ran.out)).toMatchObject({ folder: join(home, 'models'), models: [{ name: 'yunet', sha256: manifestEntry('yunet').sha256, recorded: false, error: null }, { name: 'ocec' }] });
    const listed = JSON.parse((await models(['list', '--json'])).out) as Listed;
    expect(listed.models.filter(({ state }) => state === 'present').map(({ name }) => name)).toEqual(['yunet', 'ocec']);
    const again = await models(['pull', 'ocec', '--from', modelsFolder]);
    expect(again).toMatchObject({ status: 0, out: '0 fetched, 0 failed\n', err: expect.stringContaining('Nothing is missing.') as string });
  });

  it('says which file is damaged, and replaces it', async (context) => {
    needModels(context);
    const { file } = manifestEntry('ocec');
    mkdirSync(join(home, 'models'));
    writeFileSync(join(home, 'models', file), 'damaged');
    const ran = await models(['list', 'ocec', '--json']);
    expect(ran.status).toBe(1);
    expect((JSON.parse(ran.out) as Listed).models).toMatchObject([{ name: 'ocec', state: 'wrong', error: { code: 'model-wrong' } }]);
    expect(await models(['pull', 'ocec', '--from', modelsFolder])).toMatchObject({ status: 0, out: '1 fetched, 0 failed\n' });
    expect((await models(['list', 'ocec'])).status).toBe(0);
  });

  it('looks in PARJANYA_MODELS first', async (context) => {
    needModels(context);
    const own = join(home, 'own');
    mkdirSync(own);
    copyFileSync(join(modelsFolder, manifestEntry('iris').file), join(own, manifestEntry('iris').file));
    const listed = JSON.parse((await models(['list', '--json'], { PARJANYA_MODELS: own })).out) as Listed;
    expect(listed.folders).toEqual([own, join(home, 'models')]);
    expect(listed.models.find(({ name }) => name === 'iris')).toMatchObject({ state: 'present', path: join(own, manifestEntry('iris').file) });
  });

  it('verifies each part, keeps what came out, and fails only where something is wrong', async (context) => {
    needModels(context);
    await models(['pull', 'ocec', 'iris', '--from', modelsFolder]);
    const ran = await models(['verify', '--json']);
    expect(ran.err).toBe('');
    const { tests } = JSON.parse(ran.out) as { tests: { test: string; outcome: string; message: string | null; ms: number | null; at: number }[] };
    expect(tests.map(({ test, outcome }) => `${test} ${outcome}`)).toEqual([
      ...kernelIds.map((kernel) => `${kernel} ok`),
      ...['yunet missing', 'face-mesh missing', 'iris ok', 'ocec ok', 'clip-b32-image missing', 'clip-b32-text missing', 'clip-tokenizer missing'],
    ]);
    expect(ran.status).toBe(0);
    expect(Object.keys(JSON.parse(readFileSync(join(home, 'self-tests.json'), 'utf8')) as object)).toEqual([...kernelIds, 'iris', 'ocec']);
    writeFileSync(join(home, 'models', manifestEntry('iris').file), 'damaged');
    const again = await models(['verify', 'iris']);
    expect(again.status).toBe(1);
    expect(again.out).toMatch(/^PART .*\niris +wrong .*SHA-256/);
  });

  it('embeds no prompts without the text tower, and says what helps', async () => {
    const ran = await models(['prompts', '--json']);
    expect(ran).toMatchObject({ status: 1, err: expect.stringContaining('parjanya models pull clip-b32-text') as string });
    expect(JSON.parse(ran.out)).toMatchObject({ error: { code: 'model-missing' } });
  });

  it('tells the prompts that are embedded, removes the text tower from its own folder alone, and fetches it unasked no more', async () => {
    // what the real tower, which is not here, would have left; how that is made: test/engine/prompts.test.ts
    const [image, text] = [manifestEntry('clip-b32-image').sha256!, manifestEntry('clip-b32-text').sha256!];
    const sentences = promptPairs.flatMap(({ positive, negative }) => [positive, negative]);
    const vectors = new Map(sentences.map((prompt, at) => [`${image} ${text} ${prompt}`, Float32Array.from({ length: 512 }, (_, axis) => (axis === at ? 1 : 0))]));
    await createPromptStore(join(home, 'prompt-embeddings.json')).write(vectors);
    const [own, other] = [join(home, 'models'), join(home, 'other')];
    for (const folder of [own, other]) {
      mkdirSync(folder);
      writeFileSync(join(folder, manifestEntry('clip-b32-text').file), 'a tower');
    }
    const told = await models(['prompts'], { PARJANYA_MODELS: other });
    expect(told).toMatchObject({ status: 0, out: expect.stringMatching(/^PAIR +POSITIVE .*\nquality +Good photo\. +Bad photo\./) as string, err: expect.stringContaining('models prompts --remove') as string });
    const ran = await models(['prompts', '--remove', '--json'], { PARJANYA_MODELS: other });
    expect(JSON.parse(ran.out)).toMatchObject({ off: null, pairs: promptPairs, removed: { path: join(own, manifestEntry('clip-b32-text').file), bytes: 7 } });
    expect([readdirSync(own), readdirSync(other)]).toEqual([[], [manifestEntry('clip-b32-text').file]]);
    expect(JSON.parse((await models(['prompts', '--remove', '--json'])).out)).toMatchObject({ off: null, removed: null });
    const pulled = await models(['pull', '--from', other, '--json']);
    const names = (JSON.parse(pulled.out) as { models: { name: string }[] }).models.map(({ name }) => name);
    expect(names).toEqual(modelIds.filter((id) => id !== 'clip-b32-text'));
    // by name it is fetched all the same; the file there is another one
    expect(JSON.parse((await models(['pull', 'clip-b32-text', '--from', other, '--json'])).out)).toMatchObject({ models: [{ name: 'clip-b32-text', error: { code: 'model-wrong' } }], prompts: null });
  });

  it('takes the list of words from a folder by its name there', async (context) => {
    needModels(context);
    const from = join(home, 'from');
    mkdirSync(from);
    copyFileSync(join(modelsFolder, manifestEntry('clip-tokenizer').file), join(from, 'bpe_simple_vocab_16e6.txt.gz'));
    expect(JSON.parse((await models(['pull', 'clip-tokenizer', '--from', from, '--json'])).out)).toMatchObject({ models: [{ name: 'clip-tokenizer', sha256: manifestEntry('clip-tokenizer').sha256, error: null }], prompts: null });
    expect(JSON.parse((await models(['verify', 'clip-tokenizer', '--json'])).out)).toMatchObject({ tests: [{ test: 'clip-tokenizer', outcome: 'ok' }] });
  });

  it('fails with a code where the folder has not got it, and where nothing can be reached', async () => {
    const ran = await models(['pull', 'iris', '--from', home, '--json']);
    expect(ran.status).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({ models: [{ name: 'iris', path: null, error: { code: 'file-vanished' } }] });
    // a proxy that is not there: nothing leaves this computer
    const dead = await models(['pull', 'iris'], { HTTPS_PROXY: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9', NO_PROXY: '', no_proxy: '' });
    expect(dead).toMatchObject({ status: 1, out: '0 fetched, 1 failed\n', err: expect.stringContaining('iris: download-failed: ') as string });
  });

  it.each([
    [['models'], 'What to do is missing'],
    [['models', 'push'], '"push" cannot be done'],
    [['models', 'pull', 'resnet'], 'no model "resnet"'],
    [['models', 'list', '--from', '/x'], '--from is for pull'],
    [['models', 'pull', '--remove'], '--remove is for prompts'],
    [['models', 'prompts', 'iris'], '"iris" is too much'],
  ])('says what is wrong with %j', async (words, sentence) => {
    expect(await runCommand(words)).toMatchObject({ status: 2, out: '', err: expect.stringContaining(sentence) as string });
  });
});
