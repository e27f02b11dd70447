/** `parjanya groups`, and grouping chosen on the command line, in real processes on real files. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GroupsReport } from '../../app/cli/commands/groups.ts';
import type { CullReport } from '../../main/engine.ts';
import { makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { runCommand } from './run-command.ts';
import type { Ran } from './run-command.ts';

describe.sequential('groups', { timeout: 180_000 }, () => {
  let folder: string;
  let truth: ShootTruth;
  let catalog: string;
  const run = (...words: string[]): Promise<Ran> => runCommand([...words, '--catalog', catalog]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parjanya-groups-'));
    catalog = join(folder, 'catalog.db');
    truth = await makeShoot(join(folder, 'shoot'), { photos: 12, edge: 640, bursts: 1, brackets: 1, pairs: 1, rawKinds: ['nef'] });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('tells kind, best, second best and why of each group, as one JSON document', async () => {
    const ran = await run('groups', truth.folder, '--json');
    expect([ran.err, ran.status]).toEqual(['', 0]);
    const report = JSON.parse(ran.out) as GroupsReport;
    expect(report).toMatchObject({ choice: { window: 1.5, likeness: 14 }, preset: 'standard', problems: [] });
    expect(report.groups.map(({ kind }) => kind).toSorted()).toEqual(['bracket', 'burst']);
    const burst = report.groups.find(({ kind }) => kind === 'burst')!;
    expect(burst.photos).toEqual(truth.bursts[0]!.photos);
    expect(burst).toMatchObject({ best: truth.bursts[0]!.best, manual: false, tie: false });
    expect(burst.runnerUp).not.toBe(burst.best);
    expect(burst.margin).toBeGreaterThan(0.02);
    expect(burst.why.map(({ path }) => path)).toEqual(burst.photos.filter((path) => path !== burst.best));
    for (const one of burst.why) {
      expect(one).toMatchObject({ rule: 'burst', position: null });
      expect(one.text).toMatch(/^\d+ ms apart with the same camera, and (the same|nearly|very alike|alike)/);
      expect(one.gapMs! % 120).toBe(0);
    }
    const bracket = report.groups.find(({ kind }) => kind === 'bracket')!;
    expect(bracket.why.map(({ rule }) => rule)).toEqual(['whole-set', 'whole-set']);
    // the report of cull tells the same groups
    const cull = JSON.parse((await run('cull', truth.folder, '--json')).out) as CullReport;
    expect(cull.groups).toEqual(report.groups.map(({ tie: _tie, why: _why, ...group }) => group));
  });

  it('prints them for a person too', async () => {
    const { out } = await run('groups', truth.folder);
    expect(out).toMatch(/^burst of 5 \(g/m);
    expect(out).toMatch(/^exposure bracket of 3 \(g/m);
    expect(out).toMatch(new RegExp(`^  ${truth.bursts[0]!.best.replace('.', '\\.')} +The best, \\d+ points ahead of IMG_`, 'm'));
    expect(out.trimEnd().split('\n').at(-1)).toBe('2 groups, 8 photos in them');
  });

  it('groups as the command line says, and keeps that for the folder', async () => {
    // frames 120 ms apart are a burst however short the window is; to the bit they are not the same
    const strict = JSON.parse((await run('cull', truth.folder, '--preset', 'landscape', '--json')).out) as CullReport;
    const kept = JSON.parse((await run('groups', truth.folder, '--json')).out) as GroupsReport;
    expect(kept).toMatchObject({ preset: 'landscape', choice: { window: 5, likeness: 10 } });
    expect(kept.groups.map(({ id, photos }) => ({ id, photos }))).toEqual(strict.groups.map(({ id, photos }) => ({ id, photos })));
    const own = JSON.parse((await run('groups', truth.folder, '--window', '0.4', '--json')).out) as GroupsReport;
    expect(own).toMatchObject({ preset: null, choice: { window: 0.4, likeness: 10 } });
    expect(own.groups.filter(({ kind }) => kind === 'bracket')).toHaveLength(1);
    const back = JSON.parse((await run('groups', truth.folder, '--preset', 'standard', '--json')).out) as GroupsReport;
    expect(back.preset).toBe('standard');
  });

  it('rejects a frame of a bracket as told, with a word of caution on standard error', async () => {
    const [one, two, three] = truth.brackets[0] as [string, string, string];
    const first = await run('mark', truth.folder, one, '--reject', '--json');
    expect([first.status, first.err]).toEqual([0, '1 of 3 frames of an exposure bracket is rejected.\n']);
    expect(JSON.parse(first.out)).toEqual({ marked: [one], changed: 1, errors: [] });
    expect((await run('mark', truth.folder, two, three, '--reject')).err).toBe('');
    expect((await run('mark', truth.folder, truth.bursts[0]!.photos[0]!, '--reject')).err).toBe('');
    expect((await run('mark', truth.folder, one, two, three, truth.bursts[0]!.photos[0]!, '--unflag')).err).toBe('');
  });

  it('has nothing to fail in an empty folder, and says what is missing', async () => {
    await mkdir(join(folder, 'empty'));
    const empty = await run('groups', join(folder, 'empty'), '--preset', 'sport', '--json');
    expect([empty.status, empty.err]).toEqual([0, 'folder-empty: There are no photos in this folder.\n']);
    expect(JSON.parse(empty.out)).toEqual({ choice: null, preset: null, groups: [], problems: [] });
    const missing = await run('groups', join(folder, 'nowhere'), '--json');
    expect([missing.status, (JSON.parse(missing.out) as { error: { code: string } }).error.code]).toEqual([1, 'folder-missing']);
  });
});
