/** A photo is decoded once for each size that is needed: what has to be rendered serves all stages, with the answers that each would have alone. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StageId, StageOutputs } from '../../main/domain/index.ts';
import { knownOutputs } from '../../main/domain/index.ts';
import type { PictureRenderer } from '../../main/ports/index.ts';
import { analyse } from '../../main/workers/analyse.ts';
import { createTools } from '../../main/workers/tools.ts';
import { needPhotos, photosFolder } from '../config/needs.ts';
import { drawScene } from '../fixtures/index.ts';
import { makeMosaicDng } from './mosaic-dng.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parjanya-shared-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs stages on a file in this process; what they say, and how often it was rendered. */
async function look(path: string, stages: readonly StageId[], known: Partial<StageOutputs> = {}): Promise<{ outputs: Partial<StageOutputs>; renderings: number }> {
  let renderings = 0;
  const counted = (renderer: PictureRenderer): PictureRenderer => ({
    render(bytes, options) {
      renderings += 1;
      return renderer.render(bytes, options);
    },
  });
  const tools = createTools((where, error) => {
    throw new Error(where, { cause: error });
  });
  const outcome = await analyse({ path, stages, known, thumbnail: false }, { ...tools, rawRenderer: counted(tools.rawRenderer), heifRenderer: counted(tools.heifRenderer) });
  if (!outcome.ok) throw new Error(outcome.error.message);
  return { outputs: knownOutputs(outcome.value.results), renderings };
}

const quick: readonly StageId[] = ['metadata', 'preview', 'phash', 'focus', 'exposure'];

async function expectShared(path: string, name: string): Promise<void> {
  const first = await look(path, quick);
  const closer = await look(path, ['sharpness'], first.outputs);
  const atOnce = await look(path, [...quick, 'sharpness']);
  expect(first.outputs.preview?.source, name).toBe('rendered');
  expect([first.renderings, closer.renderings, atOnce.renderings], name).toEqual([1, 1, 1]);
  expect(closer.outputs.sharpness, name).toBeDefined();
  expect(atOnce.outputs, name).toEqual({ ...first.outputs, ...closer.outputs });
}

it('a RAW file without a preview is rendered once for all stages, half or whole, turned or not', async () => {
  for (const [width, height, orientation] of [[1_200, 800, 1], [2_400, 1_600, 6], [5_400, 3_600, 3]] as const) {
    const path = join(folder, `${width}.dng`);
    writeFileSync(path, makeMosaicDng(drawScene({ seed: 5, width, height, noise: 4 }), orientation));
    await expectShared(path, `${width} x ${height}`);
  }
}, 120_000);

it('is rendered again where its analysis got along with half the size and sharpness does not', async () => {
  const path = join(folder, 'between.dng');
  writeFileSync(path, makeMosaicDng(drawScene({ seed: 5, width: 4_000, height: 2_668, noise: 4 }), 1));
  const { outputs, renderings } = await look(path, [...quick, 'sharpness']);
  expect(outputs.sharpness?.width).toBe(3_000);
  expect(renderings).toBe(2);
}, 60_000);

it('a HEIF picture is decoded once for all stages', async (context) => {
  needPhotos(context);
  await expectShared(join(photosFolder, 'heif', 'iphone-13-pro-max.HEIC'), 'iPhone');
}, 120_000);
