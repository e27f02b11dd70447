/**
 * Makes models/golden anew: `npx node test/golden/make.ts`. Answers of models are made where their files are found (PARJANYA_MODELS or
 * ../shared/models) and kept as they are elsewhere; the inputs are made only where they are not there or with `--inputs`, which needs
 * heif-enc. Look at the difference before you commit it: a golden says what is right.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { createModelShelf, modelFolders } from '../../main/adapters/models/index.ts';
import { modelIds, selfTestIds } from '../../main/domain/index.ts';
import type { Golden, ModelId, SelfTestId } from '../../main/domain/index.ts';
import { graph } from '../../main/pipeline/graph.ts';
import { drawTestPicture } from '../../main/workers/self-test/picture.ts';
import { measureSelfTest } from '../../main/workers/self-test/tests.ts';
import { createTools } from '../../main/workers/tools.ts';
import { goldens } from '../../models/index.ts';
import { modelsFolder, projectFolder } from '../config/needs.ts';
import { makeMosaicDng } from '../engine/mosaic-dng.ts';

const folder = join(projectFolder, 'models', 'golden');

/** Pixels of decoders in levels of 255; what is measured in whole numbers is exact. */
const tolerances: Readonly<Record<SelfTestId, number>> = {
  sharp: 2, libraw: 3, libheif: 2, phash: 0, focus: 1e-4, exposure: 1e-5,
  // one step of the map's blur
  sharpness: 0.08,
  yunet: 0.002, 'face-mesh': 0.002, iris: 0.002, ocec: 0.002, 'clip-b32-image': 0.001, 'clip-b32-text': 0.001, 'clip-tokenizer': 0,
};

async function makeInputs(): Promise<void> {
  const small = drawTestPicture(96, 72);
  const home = mkdtempSync(join(tmpdir(), 'parjanya-golden-'));
  try {
    const raw = { width: 160, height: 120, channels: 3 } as const;
    const jpeg = await sharp(drawTestPicture(160, 120).data, { raw }).jpeg({ quality: 90 }).toBuffer();
    await sharp(small.data, { raw: { width: 96, height: 72, channels: 3 } }).png().toFile(join(home, 'picture.png'));
    const coded = spawnSync('heif-enc', ['-q', '80', '-o', join(home, 'picture.heic'), join(home, 'picture.png')], { encoding: 'utf8' });
    if (coded.status !== 0) throw new Error(`heif-enc failed: ${coded.stderr}`);
    const heic = readFileSync(join(home, 'picture.heic'));
    const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
    writeFileSync(join(folder, 'inputs.json'), `${JSON.stringify({ jpeg: base64(jpeg), dng: base64(makeMosaicDng(small, 1)), heic: base64(heic) }, null, 1)}\n`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function makeAnswers(): Promise<void> {
  const tools = createTools((where, error) => console.error(where, error));
  const shelf = createModelShelf({ folders: [...modelFolders(), modelsFolder] });
  const made: Partial<Record<SelfTestId, Golden & { readonly version?: number }>> = {};
  for (const test of selfTestIds) {
    const isModel = (modelIds as readonly string[]).includes(test);
    const file = isModel ? await shelf.locate(test as ModelId) : null;
    // what any such tower must do: written by hand, as their own numbers could not be had
    if (test === 'clip-b32-image' || test === 'clip-b32-text') made[test] = goldens[test];
    else if (file?.ok === false) made[test] = goldens[test];
    else {
      const measured = await measureSelfTest(test, tools, file?.ok ? file.value : null);
      if (!measured.ok) throw new Error(`${test}: ${measured.error.message}`);
      const version = test in graph ? { version: graph[test as keyof typeof graph].version } : {};
      made[test] = { ...version, tolerance: tolerances[test], answer: measured.value };
    }
  }
  const lines = Object.entries(made).map(([test, golden]) => `  ${JSON.stringify(test)}: ${JSON.stringify(golden)}`);
  writeFileSync(join(folder, 'answers.json'), `{\n${lines.join(',\n')}\n}\n`);
}

if (process.argv.includes('--inputs') || !readFileSync(join(folder, 'inputs.json'), 'utf8').includes('AAAA')) {
  await makeInputs();
  // the module that reads them is loaded already: a second run makes the answers
  console.error('The inputs are made; run this once more for the answers.');
} else await makeAnswers();
