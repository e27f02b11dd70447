/** `parjanya cull`, `mark` and the ways in which they fail, in real processes on real files. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CullReport } from '../../main/engine.ts';
import { descendantsOf, stillRunning } from '../config/processes.ts';
import { cameras, makeShoot } from '../fixtures/index.ts';
import type { RawKind, ShootTruth } from '../fixtures/index.ts';
import { runCommand, startCommand } from './run-command.ts';
import type { Ran } from './run-command.ts';

let folder: string;
let truth: ShootTruth;
let mixed: ShootTruth;
/** Names in the shoot before any command has seen it. */
let names: string[];
const catalogs = { count: 0 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parjanya-cli-'));
  truth = await makeShoot(join(folder, 'shoot'), { photos: 10, bursts: 1, pairs: 1, soft: 1, rawKinds: ['nef', 'cr2'], edge: 480 });
  names = await readdir(truth.folder);
  mixed = await makeShoot(join(folder, 'mixed'), { photos: 2, edge: 480, broken: true });
  await mkdir(join(folder, 'empty'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Where the first test has measured the shoot: for those that are about something else. */
const measured = (): string => join(folder, 'catalog-measured', 'catalog.db');
const newCatalog = (): string => join(folder, `catalog-${++catalogs.count}`, 'catalog.db');
const jsonOf = <T = CullReport>(ran: Ran): T => JSON.parse(ran.out) as T;

describe('cull', { timeout: 180_000 }, () => {
  it('prints one JSON document with every photo and group, and nothing else', async () => {
    const ran = await runCommand(['cull', truth.folder, '--json', '--catalog', measured()]);
    expect(ran.err).toBe('');
    expect(ran.status).toBe(0);
    const report = jsonOf(ran);
    expect(report.photos.map((photo) => photo.path).toSorted()).toEqual(truth.photos.map((photo) => photo.path).toSorted());
    for (const photo of report.photos) {
      const { exif } = truth.photos.find((one) => one.path === photo.path)!;
      const bytes = await readFile(join(truth.folder, photo.path));
      expect(photo.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(photo.bytes).toBe(bytes.length);
      if (photo.format !== 'jpeg') expect(photo.camera).toEqual(cameras[photo.format as RawKind]);
      expect(photo.capturedAt?.slice(0, 19)).toBe(exif.date?.replace(/^(\d+):(\d+):(\d+) /, '$1-$2-$3T'));
      expect(photo.phash).toMatch(/^[0-9a-f]{16}$/);
      expect(photo.preview.source).toBe(photo.format === 'jpeg' ? 'self' : 'embedded');
      expect(Math.max(photo.preview.width, photo.preview.height)).toBeGreaterThanOrEqual(480);
      expect(['keep', 'review', 'reject']).toContain(photo.verdict);
      expect(photo.reasons.length).toBeGreaterThan(0);
      for (const score of Object.values(photo.scores)) if (score !== null) expect(score >= 0 && score <= 1).toBe(true);
      expect(photo.errors).toEqual([]);
      expect(photo.steps.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['identify', 'metadata', 'preview', 'phash', 'focus', 'exposure']));
      for (const step of photo.steps) expect(step).toMatchObject({ place: 'local', placeReason: expect.stringMatching(/\.$/) as string, ms: expect.any(Number) as number, bytesSent: 0, usd: 0 });
    }
    const burst = truth.bursts[0]!;
    const group = report.groups.find((one) => burst.photos.some((path) => one.photos.includes(path)))!;
    expect(group.kind).toBe('burst');
    expect(group.photos.toSorted()).toEqual(burst.photos.toSorted());
    expect(group.best).toBe(burst.best);
    for (const path of burst.photos) expect(report.photos.find((photo) => photo.path === path)?.group).toBe(group.id);
    const { raw, jpeg } = truth.pairs[0]!;
    expect(report.photos.find((photo) => photo.path === raw)?.pair).toBe(jpeg);
  });

  it('answers the same again from the catalog, and writes nothing into the folder', async () => {
    const first = await runCommand(['cull', truth.folder, '--json', '--catalog', measured()]);
    const second = await runCommand(['cull', truth.folder, '--json', '--catalog', measured()]);
    expect(jsonOf(second)).toEqual(jsonOf(first));
    expect(await readdir(truth.folder)).toEqual(names);
  });

  it('reports marks of other programs, and says which sidecars are broken without failing for them', async () => {
    const [{ path: marked }, { path: other }] = [truth.photos[0]!, truth.photos.at(-1)!];
    const sidecars = [[`${marked}.xmp`, '<rdf:RDF><rdf:Description xmp:Rating="3"/></rdf:RDF>'], [`${other}.xmp`, '']] as const;
    for (const [name, text] of sidecars) await writeFile(join(truth.folder, name), text);
    const ran = await runCommand(['cull', truth.folder, '--json', '--catalog', measured()]);
    for (const [name] of sidecars) await rm(join(truth.folder, name));
    expect(ran.err.trim()).toBe(`${other}.xmp: empty-file: The sidecar is empty (0 bytes).`);
    expect(ran.status).toBe(0);
    const photo = (path: string) => jsonOf(ran).photos.find((one) => one.path === path)!;
    expect(photo(marked)).toMatchObject({ existing: { rating: { value: 3, from: 'sidecar' }, label: null }, sidecars: [{ path: `${marked}.xmp`, error: null }], marks: { rating: 0 } });
    expect(photo(other)).toMatchObject({ errors: [], existing: { rating: null }, sidecars: [{ error: { code: 'empty-file' } }] });
  });

  it('prints a table without --json', async () => {
    const ran = await runCommand(['cull', truth.folder, '--catalog', measured()]);
    const lines = ran.out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^VERDICT +SCORE +GROUP +FILE +WHY$/);
    expect(lines).toHaveLength(truth.photos.length + 2);
    expect(lines.at(-1)).toMatch(/^10 files: \d+ keep, \d+ review, \d+ reject; \d+ groups?; 0 with errors$/);
    for (const { path } of truth.photos) expect(ran.out).toContain(path);
  });

  it('says which step is off without its models and what helps, and does not fail for it', async () => {
    const env = { PARJANYA_DATA: join(folder, 'data'), PARJANYA_MODELS: join(folder, 'empty') };
    const ran = await runCommand(['cull', truth.folder, '--catalog', measured()], { env });
    expect([ran.status, ran.err]).toEqual([0, expect.stringMatching(/^Faces and eyes were not looked at: .*models pull.*\n.*[Aa]esthetics.*models pull.*\n$/)]);
    const report = jsonOf(await runCommand(['cull', truth.folder, '--json', '--catalog', measured()], { env }));
    expect(report.off).toMatchObject([{ stage: 'faces', code: 'model-missing' }, { stage: 'clip', code: 'model-missing' }]);
    expect(report.photos.every(({ faces, errors }) => faces === null && errors.length === 0)).toBe(true);
  });

  it('lists each broken file with its code, goes on, and ends with 1', async () => {
    const ran = await runCommand(['cull', mixed.folder, '--json', '--catalog', newCatalog()]);
    expect(ran.status).toBe(1);
    const report = jsonOf(ran);
    for (const { path } of mixed.photos) expect(report.photos.find((photo) => photo.path === path)?.errors).toEqual([]);
    for (const { path, codes, why } of mixed.broken) {
      const found = report.photos.find((photo) => photo.path === path)?.errors.map((error) => error.code) ?? [];
      expect(codes.some((code) => found.includes(code)), `${why}: ${found.join()}`).toBe(true);
    }
    for (const photo of report.photos) for (const error of photo.errors) expect(error).toEqual({ code: expect.stringMatching(/^[a-z-]+$/) as string, message: expect.stringMatching(/^[A-Z].*\.$/) as string });
    expect(report.photos.filter((photo) => photo.errors.length > 0 && photo.verdict === 'reject')).toEqual([]);
  });

  it('shows progress only where asked, and never on standard output', async () => {
    const ran = await runCommand(['cull', truth.folder, '--json', '--progress', '--catalog', newCatalog()]);
    expect(ran.err).toMatch(/^cull \d+\/\d+/m);
    expect(jsonOf(ran).photos).toHaveLength(truth.photos.length);
  });

  it('has nothing to fail in an empty folder', async () => {
    const ran = await runCommand(['cull', join(folder, 'empty'), '--json', '--catalog', newCatalog()]);
    expect(ran.status).toBe(0);
    expect(jsonOf(ran)).toEqual({ verdict: null, photos: [], groups: [], off: [], problems: [] });
    expect(ran.err).toBe('folder-empty: There are no photos in this folder.\n');
  });

  it('tells a missing folder, a file in its place and an unusable catalog by their codes', async () => {
    const missing = await runCommand(['cull', join(folder, 'nowhere'), '--json']);
    expect(missing.status).toBe(1);
    expect(jsonOf<{ error: object }>(missing).error).toEqual({ code: 'folder-missing', message: `The folder ${join(folder, 'nowhere')} does not exist.` });
    expect(missing.err).toMatch(/^folder-missing: /);
    const file = await runCommand(['cull', join(truth.folder, truth.photos[0]!.path), '--catalog', newCatalog()]);
    expect(file.status).toBe(1);
    expect(file.out).toBe('');
    expect(file.err).toMatch(/^folder-missing: /);
    await writeFile(join(folder, 'no-catalog.db'), 'this is a text, long enough to be read as the head of something else'.repeat(20));
    const unusable = await runCommand(['cull', truth.folder, '--catalog', join(folder, 'no-catalog.db')]);
    expect([unusable.status, unusable.out]).toEqual([1, '']);
    expect(unusable.err).toMatch(/^catalog-unusable: /);
  });

  it('uses the app\'s own catalog where none is named, and resolves paths where npm was called', async () => {
    const data = join(folder, 'data');
    const ran = await runCommand(['cull', 'shoot', '--json'], { env: { PARJANYA_DATA: data, npm_lifecycle_event: 'parjanya', INIT_CWD: folder } });
    expect(ran.status).toBe(0);
    expect(await readdir(data)).toContain('catalog.db');
    const plain = await runCommand(['cull', 'shoot', '--json'], { cwd: folder, env: { PARJANYA_DATA: data, npm_lifecycle_event: 'test', INIT_CWD: '/nowhere' } });
    expect(plain.status).toBe(0);
  });

  it('goes quietly when its reader has gone', async () => {
    const running = startCommand(['cull', truth.folder, '--json', '--catalog', measured()]);
    running.process.stdout!.destroy();
    const ran = await running.ended;
    expect([ran.status, ran.signal, ran.err]).toEqual([0, null, '']);
  });
});

describe('stopping', { timeout: 180_000 }, () => {
  it('ends at Ctrl+C with 130, leaves no child, and what was measured is kept', async () => {
    const many = await makeShoot(join(folder, 'many'), { photos: 120, scenes: 6, edge: 1600 });
    const catalog = newCatalog();
    const running = startCommand(['cull', many.folder, '--json', '--progress', '--catalog', catalog]);
    await expect.poll(() => running.err(), { timeout: 60_000, interval: 20 }).toMatch(/cull [1-9]/);
    const children = descendantsOf(running.process.pid!);
    if (process.platform === 'linux') expect(children.length).toBeGreaterThan(0);
    running.process.kill('SIGINT');
    const ran = await running.ended;
    expect(ran.status).toBe(130);
    expect(jsonOf<{ error: { code: string } }>(ran).error.code).toBe('cancelled');
    await expect.poll(() => stillRunning(children), { timeout: 15_000 }).toEqual([]);
    const rest = await runCommand(['cull', many.folder, '--json', '--catalog', catalog]);
    expect(rest.status).toBe(0);
    expect(jsonOf(rest).photos).toHaveLength(120);
  });

  it('says so when another Parjanya has the catalog', async () => {
    const catalog = newCatalog();
    // one that has the catalog until it is told to end, however fast the machine is
    const running = startCommand(['serve', truth.folder, '--catalog', catalog]);
    await expect.poll(() => running.out(), { timeout: 60_000, interval: 20 }).toMatch(/http:/);
    const second = await runCommand(['cull', truth.folder, '--json', '--catalog', catalog]);
    expect(running.process.exitCode).toBeNull();
    running.process.kill('SIGTERM');
    await running.ended;
    expect(second.status).toBe(1);
    expect(jsonOf<{ error: { code: string; message: string } }>(second).error).toMatchObject({ code: 'catalog-busy', message: expect.stringContaining('--catalog') as string });
  });
});

describe('mark', { timeout: 180_000 }, () => {
  const marksIn = async (catalog: string): Promise<Map<string, CullReport['photos'][number]['marks']>> => {
    const report = jsonOf(await runCommand(['cull', truth.folder, '--json', '--catalog', catalog]));
    return new Map(report.photos.map((photo) => [photo.path, photo.marks]));
  };
  const none = { flag: 'none', rating: 0, label: null };

  it('takes names relative to the folder, to where one is, and absolute ones, through links too', async () => {
    const catalog = newCatalog();
    const [a, b, c, d] = truth.photos.filter((photo) => !truth.pairs.some(({ raw, jpeg }) => photo.path === raw || photo.path === jpeg)).map((photo) => photo.path) as [string, string, string, string];
    await symlink(truth.folder, join(folder, 'link'));
    const ran = await runCommand(['mark', 'shoot', a, join('shoot', b), join(truth.folder, c), join(folder, 'link', d), '--pick', '--rating', '4', '--label', 'green', '--json', '--catalog', catalog], { cwd: folder });
    expect(ran.err).toBe('');
    expect(ran.status).toBe(0);
    expect(jsonOf<object>(ran)).toEqual({ marked: [a, b, c, d], changed: 4, errors: [] });
    const marks = await marksIn(catalog);
    for (const path of [a, b, c, d]) expect(marks.get(path)).toEqual({ flag: 'pick', rating: 4, label: 'Green' });
    expect([...marks.values()].filter((mark) => mark.flag === 'none')).toHaveLength(truth.photos.length - 4);

    await runCommand(['mark', join(folder, 'link'), relative(truth.folder, join(truth.folder, a)), '--unflag', '--rating', '0', '--label', 'none', '--catalog', catalog]);
    expect((await marksIn(catalog)).get(a)).toEqual(none);
  });

  it('marks both halves of a pair', async () => {
    const catalog = newCatalog();
    const { raw, jpeg } = truth.pairs[0]!;
    const ran = await runCommand(['mark', truth.folder, raw, '--reject', '--json', '--catalog', catalog]);
    expect(jsonOf<object>(ran)).toEqual({ marked: [raw], changed: 2, errors: [] });
    const marks = await marksIn(catalog);
    expect([marks.get(raw)?.flag, marks.get(jpeg)?.flag]).toEqual(['reject', 'reject']);
  });

  it('lists what it does not know, marks the rest, and ends with 1', async () => {
    const catalog = newCatalog();
    const known = truth.photos[0]!.path;
    const ran = await runCommand(['mark', truth.folder, 'nothing.jpg', known, '../mixed', '--pick', '--json', '--catalog', catalog]);
    expect(ran.status).toBe(1);
    expect(jsonOf<{ marked: string[]; errors: { path: string; code: string }[] }>(ran)).toMatchObject({
      marked: [known],
      errors: [
        { path: 'nothing.jpg', code: 'not-found' },
        { path: '../mixed', code: 'not-found' },
      ],
    });
    expect(ran.err.split('\n')[0]).toBe('nothing.jpg: not-found: This file is not among the photos of the folder.');
    expect((await marksIn(catalog)).get(known)?.flag).toBe('pick');
  });
});

describe('the command itself', { timeout: 180_000 }, () => {
  it('ends with 2, a sentence and the usage where it is used wrongly, with nothing on standard output', async () => {
    for (const words of [[], ['frob'], ['cull'], ['cull', 'a', '--fast'], ['export', 'a', '--to', 'b', '--where', 'rating'], ['mark', 'a', 'b', '--label', 'pink']]) {
      const ran = await runCommand(words);
      expect([ran.status, ran.out], words.join(' ')).toEqual([2, '']);
      expect(ran.err).toMatch(/^[A-Z-].+\.\nUsage:/);
    }
  });

  it('tells its usage and its version', async () => {
    const help = await runCommand(['--help']);
    expect([help.status, help.err]).toEqual([0, '']);
    expect(help.out).toContain('parjanya cull <folder>');
    expect((await runCommand(['serve', '--help'])).out).toMatch(/^Usage: parjanya serve/);
    expect((await runCommand(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
