/** Faces and eyes, from the file to the list: real models in real decode children, on portraits whose eyes are known. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findWorstFace, importantFaces, modelsOfStage } from '../../main/domain/index.ts';
import type { FacesMeasure, ModelId } from '../../main/domain/index.ts';
import type { ModelFile } from '../../main/ports/index.ts';
import { modelsFolder, needModels, needPhotos, photosFolder } from '../config/needs.ts';
import { makeClosedFace, makeGlassesFace, makeOpenFace, placeFaces, smileFile, winkFile } from '../fixtures/faces.ts';
import { writeConstantOnnx } from '../fixtures/onnx.ts';
import { useDecodeBench } from './decode-kit.ts';
import { allJobsEnd, createHome, listAll, openAndFinish } from './engine-kit.ts';
import type { EngineHome } from './engine-kit.ts';
import { createFolderLocator, modelFileNames } from '../fixtures/model-folder.ts';

const faceModels = modelsOfStage.faces!;

async function filesIn(folder: string): Promise<Partial<Record<ModelId, ModelFile>>> {
  const locate = createFolderLocator([folder]);
  const files: Partial<Record<ModelId, ModelFile>> = {};
  for (const model of faceModels) {
    const file = await locate(model);
    if (file.ok) files[model] = file.value;
  }
  return files;
}

describe('the faces stage in a decode child', () => {
  const bench = useDecodeBench();
  let files: Awaited<ReturnType<typeof filesIn>> = {};
  beforeAll(async () => {
    if (existsSync(modelsFolder)) files = await filesIn(modelsFolder);
  });

  const facesOf = async (path: string): Promise<FacesMeasure> => {
    const outcome = await bench.pool.analyse({ path, stages: ['faces'], known: {}, thumbnail: false, models: files }, {});
    if (!outcome.ok || outcome.value.error) throw new Error(outcome.ok ? outcome.value.error?.message : outcome.error.message);
    const result = outcome.value.results.find(({ stage }) => stage === 'faces');
    if (result?.stage !== 'faces' || !result.output) throw new Error(result?.error?.message ?? 'no answer');
    return result.output;
  };
  const eyes = ({ faces }: FacesMeasure): string[] => faces.map((face) => `${face.eyes.right.state} ${face.eyes.left.state}`);

  it('tells a wink from open eyes: the right eye closed, the left one open', async (context) => {
    needModels(context);
    const wink = await facesOf(winkFile);
    expect(eyes(wink)).toEqual(['closed open']);
    expect(findWorstFace(wink)?.eyes).toBe('one-closed');
    expect(eyes(await facesOf(smileFile))).toEqual(['open open']);
    expect(eyes(await facesOf(bench.put('closed.png', await makeClosedFace())))).toEqual(['closed closed']);
    expect(eyes(await facesOf(bench.put('open.png', await makeOpenFace())))).toEqual(['open open']);
  });

  it('turns and mirrors with the picture: the subject\'s own sides stay', async (context) => {
    needModels(context);
    const turned = await sharp(winkFile).rotate(25, { background: 'gray' }).jpeg({ quality: 90 }).toBuffer();
    const measure = await facesOf(bench.put('turned.jpg', turned));
    expect(eyes(measure)).toEqual(['closed open']);
    expect(Math.abs(measure.faces[0]!.pose!.roll - 21)).toBeLessThan(6);
    expect(eyes(await facesOf(bench.put('mirrored.jpg', await sharp(winkFile).flop().jpeg({ quality: 90 }).toBuffer())))).toEqual(['open closed']);
    const grey = await sharp(winkFile).greyscale().jpeg({ quality: 90 }).toBuffer();
    expect(eyes(await facesOf(bench.put('grey.jpg', grey)))).toEqual(['closed open']);
    // stored lying, with an EXIF orientation that stands it up
    const lying = await sharp(winkFile).rotate(270).withMetadata({ orientation: 6 }).jpeg({ quality: 90 }).toBuffer();
    expect(eyes(await facesOf(bench.put('lying.jpg', lying)))).toEqual(['closed open']);
  });

  it('answers unknown, and why, for dark glasses, profiles and eyes that are too small', async (context) => {
    needModels(context);
    const glasses = await facesOf(bench.put('glasses.png', await makeGlassesFace()));
    expect(glasses.faces[0]!.eyes).toMatchObject({ left: { state: 'unknown', why: 'hidden' }, right: { state: 'unknown', why: 'hidden' } });
    const small = await facesOf(bench.put('small.jpg', await placeFaces(800, 600, [{ picture: winkFile, edge: 110, left: 300, top: 200 }])));
    expect(small.faces[0]!.eyes).toMatchObject({ left: { state: 'unknown', why: 'small' }, right: { state: 'unknown', why: 'small' } });
    needPhotos(context);
    const curies = await facesOf(join(photosFolder, 'faces/portrait.jpg'));
    expect(curies.faces).toHaveLength(2);
    const [profile] = curies.faces.filter(({ box }) => box.x > 0.5);
    for (const eye of [profile!.eyes.left, profile!.eyes.right]) expect(eye.state).toBe('unknown');
  });

  it('judges a group by its worst important face, and leaves small bystanders out', async (context) => {
    needModels(context);
    const closed = await makeClosedFace();
    const group = await facesOf(bench.put('group.jpg', await placeFaces(1600, 1000, [
      { picture: smileFile, edge: 420, left: 100, top: 200 },
      { picture: closed, edge: 420, left: 600, top: 200 },
      { picture: winkFile, edge: 420, left: 1100, top: 200 },
    ])));
    expect(importantFaces(group)).toHaveLength(3);
    const worst = findWorstFace(group)!;
    expect(worst.eyes).toBe('closed');
    expect(worst.face.box.x + worst.face.box.w / 2).toBeCloseTo(810 / 1600, 1);
    const bystander = await facesOf(bench.put('bystander.jpg', await placeFaces(1600, 1000, [
      { picture: smileFile, edge: 800, left: 400, top: 100 },
      { picture: closed, edge: 160, left: 1420, top: 20 },
    ])));
    expect(bystander.faces).toHaveLength(2);
    expect(findWorstFace(bystander)?.eyes).toBe('open');
  });

  it('decodes a group shot once more where its eyes are too small in the analysis picture', async (context) => {
    needModels(context);
    const large = await placeFaces(6000, 4000, [
      { picture: smileFile, edge: 600, left: 1500, top: 1500 },
      { picture: await makeClosedFace(), edge: 600, left: 2500, top: 1500 },
      { picture: await makeOpenFace(), edge: 600, left: 3500, top: 1500 },
    ]);
    const measure = await facesOf(bench.put('large.jpg', large));
    expect(measure.edge).toBeGreaterThan(2000);
    expect([...measure.faces].sort((a, b) => a.box.x - b.box.x).map((face) => face.eyes.left.state)).toEqual(['open', 'closed', 'open']);
  });

  it('finds no face where there is none, and fails on nothing', async (context) => {
    needModels(context);
    const flat = (width: number, height: number, channels: 3 | 4 = 3) => sharp({ create: { width, height, channels, background: { r: 0, g: 0, b: 0, alpha: 1 } } });
    const pictures: Record<string, Buffer> = {
      'black.jpg': await flat(3000, 2000).jpeg().toBuffer(),
      'one-pixel.png': await flat(1, 1).png().toBuffer(),
      'one-row.png': await flat(2000, 1).png().toBuffer(),
      'panorama.jpg': await sharp({ create: { width: 30_000, height: 1_000, channels: 3, background: 'gray', noise: { type: 'gaussian', mean: 128, sigma: 30 } } }).jpeg({ quality: 80 }).toBuffer(),
    };
    for (const [name, bytes] of Object.entries(pictures)) expect((await facesOf(bench.put(name, bytes))).faces, name).toEqual([]);
  });

  it('reads eyes in 16 bits and CMYK as in 8 bits and RGB', async (context) => {
    needModels(context);
    const deep = await sharp(winkFile).toColourspace('rgb16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    const cmyk = await sharp(winkFile).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(cmyk).metadata()).channels).toBe(4);
    expect(eyes(await facesOf(bench.put('deep.png', deep)))).toEqual(['closed open']);
    expect(eyes(await facesOf(bench.put('cmyk.jpg', cmyk)))).toEqual(['closed open']);
  });

  it('answers with the coded error of a model that is missing or another one; other stages are unharmed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parjanya-models-'));
    try {
      writeFileSync(join(folder, modelFileNames.yunet), writeConstantOnnx([{ name: 'input', dims: [1, 3, 320, 320] }], [{ name: 'cls_8', dims: [1], data: new Float32Array(1) }]));
      const path = bench.put('plain.jpg', await sharp({ create: { width: 900, height: 600, channels: 3, background: 'gray', noise: { type: 'gaussian', mean: 120, sigma: 40 } } }).jpeg().toBuffer());
      for (const [models, code] of [[{}, 'model-missing'], [await filesIn(folder), 'model-wrong']] as const) {
        const outcome = await bench.pool.analyse({ path, stages: ['exposure', 'faces'], known: {}, thumbnail: false, models }, {});
        const of = (stage: string) => outcome.ok && outcome.value.results.find((result) => result.stage === stage);
        expect(of('exposure')).toMatchObject({ error: null });
        expect(of('faces')).toMatchObject({ output: null, error: { code } });
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('faces in the engine', () => {
  let home: EngineHome;
  let shootFolder: string;
  let models: string;
  beforeEach(() => {
    home = createHome();
    shootFolder = join(home.folder, 'shoot');
    models = join(home.folder, 'models');
    mkdirSync(shootFolder);
    mkdirSync(models);
  });
  afterEach(async () => {
    await home.close();
    expect(home.bugs).toEqual([]);
  });
  const fetchModels = (): void => {
    for (const model of faceModels) copyFileSync(join(modelsFolder, modelFileNames[model]), join(models, modelFileNames[model]));
  };
  const detailsOf = async (api: Awaited<ReturnType<EngineHome['open']>>['api'], shoot: number) => {
    const rows = await listAll(api, shoot);
    return new Map(await Promise.all([...rows.values()].map(async ({ id, name }) => [name, await api.library.photo({ id })] as const)));
  };

  it('is off without models: it says so once, no photo has an error; once they are there the next opening looks', async (context) => {
    needModels(context);
    copyFileSync(winkFile, join(shootFolder, 'wink.jpg'));
    copyFileSync(smileFile, join(shootFolder, 'smile.jpg'));
    const { engine, api } = await home.open({ modelFolders: [models] });
    const shoot = await openAndFinish(engine, api, shootFolder);
    for (const [, detail] of await detailsOf(api, shoot)) {
      expect(detail).toMatchObject({ faces: null, errors: [], facesOff: { code: 'model-missing' } });
      expect(detail.facesOff!.message).toContain('models pull');
      expect(detail.trace.map(({ stage }) => stage)).not.toContain('faces');
    }
    fetchModels();
    await openAndFinish(engine, api, shootFolder);
    const jobs = await api.jobs.list({});
    // the first was for sharpness alone
    expect(jobs.filter(({ title }) => title.includes('faces'))).toMatchObject([{ state: 'done' }, { state: 'done', total: 2, failed: 0 }]);
    const details = await detailsOf(api, shoot);
    expect(details.get('wink.jpg')).toMatchObject({ facesOff: null, errors: [], faces: [{ state: 'one-closed', isImportant: true }] });
    expect(details.get('smile.jpg')).toMatchObject({ faces: [{ state: 'open' }] });
    // what was measured is kept, with and without the models
    rmSync(models, { recursive: true });
    const again = await home.open({ modelFolders: [models] });
    await openAndFinish(again.engine, again.api, shootFolder);
    expect((await detailsOf(again.api, shoot)).get('wink.jpg')).toMatchObject({ faces: [{ state: 'one-closed' }] });
    expect((await again.api.jobs.list({})).map(({ kind }) => kind)).toEqual(['scan']);
  });

  it('is off, for all photos, where a model is cut off; all else is as ever', async (context) => {
    needModels(context);
    fetchModels();
    truncateSync(join(models, modelFileNames.iris), 100_000);
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) copyFileSync(winkFile, join(shootFolder, name));
    const { engine, api } = await home.open({ modelFolders: [models] });
    const shoot = await openAndFinish(engine, api, shootFolder);
    await allJobsEnd(api);
    for (const [, detail] of await detailsOf(api, shoot)) {
      expect(detail).toMatchObject({ faces: null, errors: [], facesOff: { code: 'model-wrong' } });
      expect(detail.scores.focus).not.toBeNull();
    }
  });

  it('tells a whole report, with all passes in one go', async (context) => {
    needModels(context);
    fetchModels();
    copyFileSync(winkFile, join(shootFolder, 'wink.jpg'));
    writeFileSync(join(shootFolder, 'broken.jpg'), readFileSync(winkFile).subarray(0, 3_000));
    const { engine } = await home.open({ modelFolders: [models] });
    const granted = await engine.grant(shootFolder, 'shoot');
    const report = granted.ok ? await engine.cull(granted.value.grant) : granted;
    if (!report.ok) throw new Error(report.error.message);
    expect(report.value.off.filter(({ stage }) => stage === 'faces')).toEqual([]);
    expect(report.value.photos.find(({ path }) => path === 'wink.jpg')!.faces).toMatchObject([{ state: 'one-closed', eyes: { right: { state: 'closed' }, left: { state: 'open' } } }]);
    expect(report.value.photos.find(({ path }) => path === 'broken.jpg')!.faces).toBeNull();
  });
});

