/** `cull --genre` and `--weights`, and `learn`, in real processes on real files. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LearnReport } from '../../app/cli/commands/learn.ts';
import { genrePresets } from '../../main/domain/index.ts';
import type { CullReport } from '../../main/engine.ts';
import { makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { runCommand } from './run-command.ts';
import type { Ran } from './run-command.ts';

describe.sequential('what counts', { timeout: 180_000 }, () => {
  let folder: string;
  let truth: ShootTruth;
  const run = (...words: string[]): Promise<Ran> => runCommand([...words, '--catalog', join(folder, 'catalog.db')]);
  const cull = async (...words: string[]): Promise<CullReport> => JSON.parse((await run('cull', truth.folder, '--json', ...words)).out) as CullReport;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parjanya-weights-'));
    truth = await makeShoot(join(folder, 'shoot'), { photos: 36, edge: 480, scenes: 12, soft: 12, dark: 12 });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('judges by genre and weights, keeps them for the folder, and says by what it judged', async () => {
    const usual = await cull();
    expect(usual.verdict).toEqual(genrePresets.standard);
    const verdictOf = (report: CullReport, path: string): string => report.photos.find((photo) => photo.path === path)!.verdict;
    expect(truth.dark.filter((path) => verdictOf(usual, path) === 'keep')).toEqual([]);
    const sport = await cull('--genre', 'sport');
    expect(sport.verdict).toEqual(genrePresets.sport);
    expect((await cull()).verdict).toEqual(genrePresets.sport);
    const own = await cull('--genre', 'standard', '--weights', 'exposure=0');
    expect(own.verdict).toEqual({ ...genrePresets.standard, weights: { ...genrePresets.standard.weights, exposure: 0 } });
    expect(truth.dark.filter((path) => verdictOf(own, path) === 'keep').length).toBeGreaterThanOrEqual(10);
    // what is not named stays
    expect((await cull('--weights', 'eyes=1')).verdict!.weights).toEqual({ ...genrePresets.standard.weights, exposure: 0, eyes: 1 });
    for (const photo of own.photos) for (const reason of photo.reasons) expect(reason).toHaveProperty('region');
    // all that counted until now
    await run('cull', truth.folder, '--weights', 'eyes=0,aesthetics=0');
    const nothing = await run('cull', truth.folder, '--weights', 'focus=0');
    expect([nothing.status, nothing.err]).toEqual([1, 'bad-input: By these weights nothing would count.\n']);
    await cull('--genre', 'standard');
  });

  it('learns from marks, says how well it agrees, and takes it on only when told to', async () => {
    const few = await run('learn', truth.folder);
    expect([few.status, few.out]).toEqual([0, 'Too few decisions to learn from: 0 kept and 0 passed over, 10 of each are needed.\n']);
    const others = truth.photos.map(({ path }) => path).filter((path) => !truth.soft.includes(path));
    await run('mark', truth.folder, ...others, '--pick');
    await run('mark', truth.folder, ...truth.soft, '--reject');
    const asked = JSON.parse((await run('learn', truth.folder, '--json')).out) as LearnReport;
    expect(asked).toMatchObject({ taken: false, choice: genrePresets.standard, outcome: { state: 'better', kept: 24, passed: 12, decisions: 36 } });
    expect((await run('learn', truth.folder)).out).toMatch(/Agrees with \d+ % of decisions that were held back; the preset for standard with \d+ %\.\nNothing was changed; --take/);
    const taken = JSON.parse((await run('learn', truth.folder, '--take', '--json')).out) as LearnReport;
    expect(taken.taken).toBe(true);
    expect(asked.outcome).toMatchObject({ choice: taken.choice });
    expect((await cull()).verdict).toEqual(taken.choice);
  });
});
