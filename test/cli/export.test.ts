/** `parjanya export` in real processes: the plan, the run, and going on after a stop. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportReport } from '../../app/cli/commands/export.ts';
import type { CullReport } from '../../main/engine.ts';
import { makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { runCommand, startCommand } from './run-command.ts';
import type { Ran } from './run-command.ts';

let folder: string;
let truth: ShootTruth;
let catalog: string;
let runs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parjanya-export-'));
  truth = await makeShoot(join(folder, 'shoot'), { photos: 9, pairs: 1, soft: 1, dark: 1, rawKinds: ['nef'], edge: 2400, scenes: 4 });
  await writeFile(join(truth.folder, truth.pairs[0]!.raw.replace(/\.[^.]+$/, '.xmp')), '<x:xmpmeta/>');
  catalog = join(folder, 'catalog.db');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const newTarget = (): string => join(folder, `out-${++runs}`);
const reportOf = (ran: Ran): ExportReport => JSON.parse(ran.out) as ExportReport;
const exportTo = (to: string, ...more: string[]): Promise<Ran> => runCommand(['export', truth.folder, '--to', to, '--json', '--catalog', catalog, ...more]);
const sha256 = async (file: string): Promise<string> => createHash('sha256').update(await readFile(file)).digest('hex');

describe('export', { timeout: 180_000 }, () => {
  it('copies what is suggested, families together, and finds it done the second time', async () => {
    const to = newTarget();
    const culled = JSON.parse((await runCommand(['cull', truth.folder, '--json', '--catalog', catalog])).out) as CullReport;
    const kept = culled.photos.filter((photo) => photo.verdict === 'keep').map((photo) => photo.path);
    expect(kept.length).toBeGreaterThan(2);
    const ran = await exportTo(to);
    expect(ran.status).toBe(0);
    expect(ran.err).toMatch(/^Plan: \d+ photos? as copy, \d+ files?, about [\d.]+ MB, to /);
    const report = reportOf(ran);
    const { raw, jpeg } = truth.pairs[0]!;
    const expected = [...kept, ...(kept.includes(raw) ? [raw.replace(/\.[^.]+$/, '.xmp')] : [])].map((path) => basename(path)).toSorted();
    expect((await readdir(to)).toSorted()).toEqual(expected);
    for (const path of kept) expect(await sha256(join(to, basename(path)))).toBe(await sha256(join(truth.folder, path)));
    expect(report).toEqual({ destination: to, preset: 'copy', where: 'keep', photos: kept.filter((path) => path !== jpeg).length, files: expected.length, written: expected.length, alreadyThere: 0, renamed: 0, failed: 0, errors: [] });

    const again = await exportTo(to);
    expect(again.status).toBe(0);
    expect(reportOf(again)).toMatchObject({ written: 0, alreadyThere: expected.length, failed: 0 });
    expect((await readdir(to)).toSorted()).toEqual(expected);
  });

  it('makes JPEGs for the web of what was picked', async () => {
    const [first] = truth.photos.filter((photo) => !truth.pairs.some(({ raw, jpeg }) => photo.path === raw || photo.path === jpeg));
    const { raw } = truth.pairs[0]!;
    await runCommand(['mark', truth.folder, first!.path, raw, '--pick', '--rating', '5', '--catalog', catalog]);
    const to = newTarget();
    const ran = await exportTo(to, '--preset', 'web', '--where', 'pick');
    expect([ran.status, reportOf(ran).photos, reportOf(ran).written]).toEqual([0, 2, 2]);
    const names = await readdir(to);
    expect(names).toHaveLength(2);
    for (const name of names) {
      const facts = await sharp(await readFile(join(to, name))).metadata();
      expect([facts.format, facts.space, Math.max(facts.width, facts.height), facts.orientation ?? 1]).toEqual(['jpeg', 'srgb', 2048, 1]);
    }
    const rated = await exportTo(newTarget(), '--where', 'rating>=5');
    expect(reportOf(rated)).toMatchObject({ photos: 2, where: 'rating>=5' });
  });

  it('gives other names where names are taken, and overwrites nothing', async () => {
    const to = newTarget();
    const name = basename(truth.pairs[0]!.raw);
    await mkdir(to);
    await writeFile(join(to, name), 'something else');
    const ran = await exportTo(to, '--where', 'pick');
    expect(ran.status).toBe(0);
    expect(reportOf(ran).renamed).toBeGreaterThan(0);
    expect(await readFile(join(to, name), 'utf8')).toBe('something else');
  });

  it('does nothing, and says so, where nothing is chosen', async () => {
    const to = newTarget();
    const other = join(folder, 'other.db');
    const ran = await runCommand(['export', truth.folder, '--to', to, '--where', 'pick', '--json', '--catalog', other]);
    expect(ran.status).toBe(0);
    expect(reportOf(ran)).toMatchObject({ photos: 0, written: 0, errors: [] });
    expect(ran.err).toMatch(/^nothing-to-do: /);
  });

  it('refuses to export into the shoot itself', async () => {
    const ran = await exportTo(join(truth.folder, 'keepers'), '--where', 'pick');
    expect(ran.status).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({ error: { code: 'destination-inside-shoot' } });
    expect(await readdir(truth.folder)).not.toContain('keepers');
  });

  it('refuses a destination that is a file', async () => {
    await writeFile(join(folder, 'a-file'), '');
    const ran = await exportTo(join(folder, 'a-file'), '--where', 'pick');
    expect(ran.status).toBe(1);
    expect((JSON.parse(ran.out) as { error: { code: string } }).error.code).toMatch(/^(destination|folder)-/);
  });

  it('goes on after kill -9: nothing half-written has a final name, and nothing is written twice', async () => {
    const many = await makeShoot(join(folder, 'many'), { photos: 60, scenes: 3, edge: 1800 });
    const own = join(folder, 'many.db');
    const to = newTarget();
    for (let from = 0; from < many.photos.length; from += 30)
      await runCommand(['mark', many.folder, ...many.photos.slice(from, from + 30).map((photo) => photo.path), '--pick', '--catalog', own]);
    const words = ['export', many.folder, '--to', to, '--preset', 'web', '--where', 'pick', '--json', '--catalog', own];
    const running = startCommand(words);
    const finished = async (): Promise<string[]> => (await readdir(to).catch(() => [])).filter((name) => /^[^.].*\.jpg$/i.test(name));
    await expect.poll(async () => (await finished()).length, { timeout: 60_000, interval: 20 }).toBeGreaterThan(3);
    running.process.kill('SIGKILL');
    expect((await running.ended).signal).toBe('SIGKILL');
    const early = new Map<string, string>();
    for (const name of await finished()) {
      expect((await sharp(await readFile(join(to, name))).metadata()).format).toBe('jpeg');
      early.set(name, await sha256(join(to, name)));
    }
    const rest = await runCommand(words);
    expect(rest.status).toBe(0);
    expect((await readdir(to)).filter((name) => !name.startsWith('.')).length).toBe(60);
    const { written, alreadyThere, failed } = reportOf(rest);
    expect([written + alreadyThere, failed]).toEqual([60, 0]);
    expect(alreadyThere).toBeGreaterThan(0);
    for (const [name, hash] of early) expect(await sha256(join(to, name)), name).toBe(hash);
  });
});
