/** `parjanya cull --raw-exposure` in a real process: what of clipped highlights the RAW file holds. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CullReport } from '../../main/engine.ts';
import { makeDrawnDng } from '../engine/drawn-dng.ts';
import { makeJpeg } from '../fixtures/index.ts';
import { drawnShares } from '../unit/drawn-sensor.ts';
import { flatPicture } from '../unit/drawn-scene.ts';
import { runCommand } from './run-command.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parjanya-cli-raw-'));
  await mkdir(join(folder, 'shoot'));
  await writeFile(join(folder, 'shoot', 'DRAWN.DNG'), await makeDrawnDng(1));
  await writeFile(join(folder, 'shoot', 'WHITE.JPG'), await makeJpeg(flatPicture(255)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('measures on request only, keeps the answer, and changes no other', { timeout: 180_000 }, async () => {
  const cull = async (...words: string[]): Promise<CullReport> => {
    const ran = await runCommand(['cull', join(folder, 'shoot'), '--quick', '--json', '--catalog', join(folder, 'catalog.db'), ...words]);
    expect(ran.err).toBe('');
    expect(ran.status).toBe(0);
    return JSON.parse(ran.out) as CullReport;
  };
  const of = ({ photos }: CullReport, path: string): CullReport['photos'][number] => photos.find((photo) => photo.path === path)!;
  const before = await cull();
  expect(of(before, 'DRAWN.DNG').headroom).toEqual({ state: 'possible', error: null, measure: null });
  const asked = await cull('--raw-exposure');
  const { headroom, scores } = of(asked, 'DRAWN.DNG');
  expect(headroom.state).toBe('measured');
  expect(headroom.measure!.highlights.held).toBeCloseTo(drawnShares.held, 2);
  expect(headroom.measure!.text).toHaveLength(2);
  expect(scores.exposure!).toBeGreaterThan(of(before, 'DRAWN.DNG').scores.exposure!);
  expect(of(asked, 'WHITE.JPG')).toEqual(of(before, 'WHITE.JPG'));
  expect(of(asked, 'WHITE.JPG').headroom.state).toBe('none');
  expect(of(await cull(), 'DRAWN.DNG').headroom).toEqual(headroom);
});
