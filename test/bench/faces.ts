/** Faces and eyes: processor time a photo against that of the models alone in the same process, and the memory of a decode child that has them. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { createModelRunner } from '../../main/adapters/onnx/index.ts';
import { modelSpecs, modelsOfStage } from '../../main/domain/index.ts';
import type { ModelId } from '../../main/domain/index.ts';
import type { ModelFile, ModelRunner, Pixels, Tensor } from '../../main/ports/index.ts';
import { measureFaces } from '../../main/stages/faces/index.ts';
import { modelsFolder } from '../config/needs.ts';
import { childrenOf } from '../config/processes.ts';
import { makeClosedFace, makeOpenFace, placeFaces, smileFile, winkFile } from '../fixtures/faces.ts';
import type { PlacedFace } from '../fixtures/faces.ts';
import { formatMiB, formatMs, median, notMeasured } from './figures.ts';
import type { Figure } from './figures.ts';
import { peakBytes, timed } from './machine.ts';
import type { Material } from './material.ts';
import { mostMiB, withPool } from './pool.ts';
import { createFolderLocator } from '../fixtures/model-folder.ts';

const rounds = 7;
const models = modelsOfStage.faces!;
/** Ours over the models' own time: cutting the crops costs about as much as running such small models. */
const aim = { atMost: 2 } as const;
/** Published with the shared models: processor ms of a run, one thread (../shared/research/performance.md). */
const published: Readonly<Partial<Record<ModelId, number>>> = { yunet: 9, 'face-mesh': 1.7, iris: 2.1, ocec: 0.8 };
const memoryFiles = 200;

export async function benchFaces(material: Material, log: (text: string) => void): Promise<Figure[]> {
  const name = 'Faces and eyes';
  if (!existsSync(modelsFolder)) return [notMeasured(name, 'the shared models (../shared/models) are not here', aim)];
  log('drawing pictures of faces');
  const pictures = [smileFile, winkFile, await makeOpenFace(), await makeClosedFace()];
  const place = (count: number, edge: number, columns: number, gap: number): PlacedFace[] =>
    Array.from({ length: count }, (_, at) => ({ picture: pictures[at % pictures.length]!, edge, left: 40 + (at % columns) * gap, top: 40 + Math.floor(at / columns) * gap }));
  const small = new Map<number, Buffer>();
  for (const count of [0, 1, 3, 8]) small.set(count, await placeFaces(1600, 1067, place(count, 370, 4, 385)));
  const group = await placeFaces(6000, 4000, place(8, 600, 4, 1_400), 88);

  const runner = createModelRunner({ locate: createFolderLocator([modelsFolder]) });
  const figures: Figure[] = [];
  for (const [count, jpeg] of small) figures.push(await benchPicture(`A picture of 1600 x 1067 with ${count === 0 ? 'no face' : count === 1 ? 'one face' : `${count} faces`}`, await pixelsOf(jpeg, 1600), count, runner, null));
  const decodeLarger = async (edge: number) => ({ ok: true, value: await pixelsOf(group, edge) }) as const;
  figures.push(await benchPicture('A group of 8 with small eyes in 6000 x 4000, decoded once more', await pixelsOf(group, 1600), 8, runner, decodeLarger));
  figures.push(await benchMemory(material, [...small.values(), group], log));
  return figures;
}

async function benchPicture(name: string, pixels: Pixels, count: number, runner: ModelRunner, decodeLarger: Parameters<typeof measureFaces>[1]['decodeLarger']): Promise<Figure> {
  const own: number[] = [];
  const bare: number[] = [];
  let found = 0;
  // what is done ten thousand times in a shoot is measured when it has been compiled
  for (let round = -8; round < rounds; round++) {
    const stage = await timed(() => measureFaces(pixels, { runner, decodeLarger }));
    if (!stage.value.ok) throw new Error(stage.value.error.message);
    found = stage.value.value.faces.length;
    const alone = await timed(() => runModels(runner, found));
    if (round < 0) continue;
    own.push(stage.cpuMs);
    bare.push(alone.cpuMs);
  }
  if (found !== count) throw new Error(`${name}: ${found} faces were found`);
  const [ours, theirs] = [median(own), median(bare)];
  const paper = published.yunet! + count * (2 * published['face-mesh']! + 2 * published.iris! + published.ocec!);
  return { name, measured: `${formatMs(ours)} of processor`, against: `the models' own runs: ${formatMs(theirs)} (published: ${formatMs(paper)})`, ratio: ours / theirs, aim };
}

/** What the stage runs, on empty pictures: the detector once, and for each face the mesh twice, the iris model twice and the classifier on both eyes. */
async function runModels(runner: ModelRunner, faces: number): Promise<void> {
  const run = async (model: ModelId, times: number): Promise<void> => {
    const feeds: Record<string, Tensor> = {};
    for (const { name, dims } of modelSpecs[model].inputs) {
      const sizes = dims.map((dim) => dim ?? 2);
      feeds[name] = { dims: sizes, data: new Float32Array(sizes.reduce((product, dim) => product * dim, 1)) };
    }
    for (let time = 0; time < times; time++) {
      const answer = await runner.run(model, feeds);
      if (!answer.ok) throw new Error(answer.error.message);
    }
  };
  await run('yunet', 1);
  await run('face-mesh', 2 * faces);
  await run('iris', 2 * faces);
  await run('ocec', faces);
}

/** The highest memory of a decode child that looks at all measures and faces. */
async function benchMemory(material: Material, jpegs: readonly Buffer[], log: (text: string) => void): Promise<Figure> {
  const name = `Decode child's highest memory over ${memoryFiles} files, faces and all other measures`;
  if (peakBytes(process.pid) === null) return notMeasured(name, 'only Linux tells', { atMost: 1 });
  log(`looking at ${memoryFiles} files with one child`);
  const locate = createFolderLocator([modelsFolder]);
  const files: Partial<Record<ModelId, ModelFile>> = {};
  for (const model of models) {
    const file = await locate(model);
    if (file.ok) files[model] = file.value;
  }
  const made = (await material.cameraFiles()).map(({ path }) => path);
  const faces = await Promise.all(jpegs.map(async (jpeg, index) => {
    const path = join(material.folder, `faces-${index}.jpg`);
    await writeFile(path, jpeg);
    return path;
  }));
  const highest = new Map<number, number>();
  await withPool(1, async (pool) => {
    for (let index = 0; index < memoryFiles; index++) {
      const path = index % 2 === 0 ? made[(index / 2) % made.length]! : faces[((index - 1) / 2) % faces.length]!;
      const outcome = await pool.analyse({ path, stages: ['metadata', 'preview', 'phash', 'focus', 'exposure', 'faces'], known: {}, thumbnail: true, models: files }, {});
      if (!outcome.ok) throw new Error(`${path}: ${outcome.error.message}`);
      for (const { id } of childrenOf(process.pid)) highest.set(id, Math.max(highest.get(id) ?? 0, peakBytes(id) ?? 0));
    }
  });
  const peak = Math.max(...highest.values());
  return {
    name,
    measured: `${formatMiB(peak)} (${highest.size === 1 ? 'one child' : `${highest.size} children, one after the other`})`,
    against: `${mostMiB} MB; RAW files of 24 and 45 megapixels and pictures of faces in turn`,
    ratio: peak / (mostMiB * 1e6),
    aim: { atMost: 1 },
  };
}

async function pixelsOf(jpeg: Buffer, edge: number): Promise<Pixels> {
  const { data, info } = await sharp(jpeg).resize(edge, edge, { fit: 'inside', withoutEnlargement: true }).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 3, data };
}
