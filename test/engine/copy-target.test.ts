/** Exported copies on a real file system: whole or not there, and never over anything. */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCopyTarget } from '../../main/adapters/copy-target/index.ts';
import { publish, publishByReservation } from '../../main/adapters/copy-target/publish.ts';
import { reservationText, temporaryName } from '../../main/adapters/copy-target/temporary.ts';
import { need } from '../config/needs.ts';
import { waitUntil, withoutPrivileges } from './processes.ts';
import { runOnSmallDisk } from './small-disk.ts';

let folder: string;
let shoot: string;
let target: string;
/** Not a whole number of disk blocks. */
const original = randomBytes(3 * 1024 * 1024 + 1_234);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const moduleUrl = new URL('../../main/adapters/copy-target/index.ts', import.meta.url).href;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parjanya-copies-'));
  chmodSync(folder, 0o755);
  shoot = join(folder, 'shoot');
  target = join(folder, 'target');
  for (const path of [shoot, target]) mkdirSync(path);
  writeFileSync(join(shoot, 'IMG_1.CR2'), original);
  utimesSync(join(shoot, 'IMG_1.CR2'), 1_500_000_000, 1_500_000_000.5);
});
afterEach(() => {
  chmodSync(target, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

const from = (): string => join(shoot, 'IMG_1.CR2');
const to = (name = 'IMG_1.CR2'): string => join(target, name);
/** With the way that names are given: by link, and as on file systems without links. */
const ways = [['by link', publish], ['without links', publishByReservation]] as const;

test.each(ways)('%s: a copy is the original, with its time, and nothing else is there', async (_way, way) => {
  const copies = createCopyTarget(way);
  expect(await copies.prepare(target)).toEqual({ ok: true, value: undefined });
  expect(await copies.copy(from(), to())).toEqual({ ok: true, value: { sha256: sha256(original), bytes: original.length } });
  expect(readFileSync(to()).equals(original)).toBe(true);
  expect(await copies.stat(to())).toEqual({ bytes: original.length, mtimeMs: 1_500_000_000_500 });
  expect(await copies.sha256(to())).toEqual({ ok: true, value: sha256(original) });
  expect(await copies.write(new Uint8Array([1, 2, 3]), to('made.jpg'))).toEqual({ ok: true, value: { sha256: sha256(Uint8Array.of(1, 2, 3)), bytes: 3 } });
  expect(await copies.write(new Uint8Array(0), to('empty'))).toMatchObject({ ok: true, value: { bytes: 0 } });
  expect(readdirSync(target).sort()).toEqual(['IMG_1.CR2', 'empty', 'made.jpg']);
  expect(readFileSync(from()).equals(original)).toBe(true);
});

test.each(ways)('%s: nothing is ever overwritten, not a file, a folder, a link to nothing', async (_way, way) => {
  const copies = createCopyTarget(way);
  writeFileSync(to(), 'mine');
  mkdirSync(to('folder'));
  const names = ['IMG_1.CR2', 'folder'];
  if (process.platform !== 'win32') {
    symlinkSync(join(folder, 'gone'), to('link'));
    names.push('link');
  }
  for (const name of names) {
    expect(await copies.exists(to(name))).toBe(true);
    expect(await copies.copy(from(), to(name))).toMatchObject({ ok: false, error: { code: 'plan-expired' } });
    expect(await copies.write(original, to(name))).toMatchObject({ ok: false, error: { code: 'plan-expired' } });
  }
  expect(readFileSync(to(), 'utf8')).toBe('mine');
  expect(existsSync(join(folder, 'gone'))).toBe(false);
  expect(readdirSync(target).sort()).toEqual([...names].sort());
  expect(await copies.exists(to('free'))).toBe(false);
  expect(await copies.stat(to('folder'))).toBeNull();
});

test.each(ways)('%s: of many copies to one name at once exactly one gets it', async (_way, way) => {
  const copies = createCopyTarget(way);
  const results = await Promise.all(Array.from({ length: 8 }, (_, index) => copies.write(Buffer.alloc(50_000, index), to())));
  const winners = results.flatMap((result, index) => (result.ok ? [index] : []));
  expect(winners.length).toBe(1);
  expect(readFileSync(to()).every((byte) => byte === winners[0])).toBe(true);
  expect(readdirSync(target)).toEqual(['IMG_1.CR2']);
});

test('a copy that is called off leaves nothing', async () => {
  const copies = createCopyTarget();
  expect(await copies.copy(from(), to(), AbortSignal.abort())).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  writeFileSync(from(), randomBytes(40 * 1024 * 1024));
  const calledOff = new AbortController();
  const copying = copies.copy(from(), to(), calledOff.signal);
  await waitUntil('it writes', () => readdirSync(target).some((name) => statSync(to(name), { throwIfNoEntry: false })?.size));
  calledOff.abort();
  expect(await copying).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(readdirSync(target)).toEqual([]);
  expect(await copies.sha256(from(), calledOff.signal)).toMatchObject({ ok: false, error: { code: 'cancelled' } });
});

test('originals that cannot be read are told, and nothing is left', async (context) => {
  const copies = createCopyTarget();
  expect(await copies.copy(join(shoot, 'none.CR2'), to())).toMatchObject({ ok: false, error: { code: 'file-vanished' } });
  expect(await copies.copy(shoot, to())).toMatchObject({ ok: false, error: { code: 'file-unreadable' } });
  expect(await copies.sha256(join(shoot, 'none.CR2'))).toMatchObject({ ok: false, error: { code: 'file-vanished' } });
  expect(await copies.sha256(shoot)).toMatchObject({ ok: false, error: { code: 'file-unreadable' } });
  expect(readdirSync(target)).toEqual([]);
  need(context, 'rights', process.platform !== 'win32', 'Windows has other rights');
  chmodSync(from(), 0);
  chmodSync(target, 0o777);
  await withoutPrivileges(async () => {
    expect(await copies.copy(from(), to())).toMatchObject({ ok: false, error: { code: 'file-unreadable' } });
  });
  expect(readdirSync(target)).toEqual([]);
});

test('an original that is written to while it is copied is not passed off as copied', async () => {
  writeFileSync(from(), randomBytes(60 * 1024 * 1024));
  const copying = createCopyTarget().copy(from(), to());
  await waitUntil('it writes', () => readdirSync(target).some((name) => statSync(to(name), { throwIfNoEntry: false })?.size));
  utimesSync(from(), 1_600_000_000, 1_600_000_000);
  expect(await copying).toMatchObject({ ok: false, error: { code: 'file-unreadable', retry: true } });
  expect(readdirSync(target)).toEqual([]);
});

test('destinations: made where missing, told where that cannot be', async (context) => {
  const copies = createCopyTarget();
  expect(await copies.prepare(join(target, 'a', 'b'))).toEqual({ ok: true, value: undefined });
  expect(readdirSync(join(target, 'a', 'b'))).toEqual([]);
  writeFileSync(to('file'), '');
  expect(await copies.prepare(to('file'))).toMatchObject({ ok: false, error: { code: 'destination-missing' } });
  expect(await copies.prepare(join(to('file'), 'inside'))).toMatchObject({ ok: false, error: { code: 'destination-missing' } });
  expect(await copies.copy(from(), join(target, 'none', 'IMG_1.CR2'))).toMatchObject({ ok: false, error: { code: 'destination-missing' } });
  expect(await copies.freeBytes(join(target, 'not', 'made', 'yet'))).toBeGreaterThan(0);
  need(context, 'rights', process.platform !== 'win32', 'Windows has other rights');
  chmodSync(target, 0o555);
  await withoutPrivileges(async () => {
    expect(await copies.prepare(target)).toMatchObject({ ok: false, error: { code: 'destination-unwritable' } });
    expect(await copies.copy(from(), to('x'))).toMatchObject({ ok: false, error: { code: 'destination-unwritable' } });
  });
});

test('a full disk is told, nothing half-written stays, and it works again once there is room', async (context) => {
  const code = `import { createCopyTarget } from ${JSON.stringify(moduleUrl)};
    import { rmSync, readdirSync, statfsSync, writeFileSync } from 'node:fs';
    const copies = createCopyTarget();
    const [target, from] = process.argv.slice(1);
    writeFileSync(target + '/filler', new Uint8Array(1024 * 1024));
    const outcomes = [await copies.copy(from, target + '/a.CR2'), await copies.write(new Uint8Array(6e6), target + '/b.jpg')].map((result) => result.ok ? 'ok' : result.error.code);
    const left = readdirSync(target);
    rmSync(target + '/filler');
    outcomes.push((await copies.copy(from, target + '/a.CR2')).ok);
    console.log(JSON.stringify({ outcomes, left, after: readdirSync(target) }));`;
  const told = await runOnSmallDisk(context, folder, code, [from()]);
  expect(JSON.parse(told)).toEqual({ outcomes: ['disk-full', 'disk-full', true], left: ['filler'], after: ['a.CR2'] });
});

test.each(ways)('%s: killed in the middle, no final name has anything but a whole copy, and the next run tidies up', async (way, publishing) => {
  writeFileSync(from(), Buffer.alloc(8 * 1024 * 1024, 7));
  const publishUrl = new URL('../../main/adapters/copy-target/publish.ts', import.meta.url).href;
  const code = `import { createCopyTarget } from ${JSON.stringify(moduleUrl)};
    import { ${way === 'by link' ? 'publish' : 'publishByReservation as publish'} } from ${JSON.stringify(publishUrl)};
    const copies = createCopyTarget(publish);
    for (let index = 0; ; index++) await copies.copy(${JSON.stringify(from())}, ${JSON.stringify(target)} + '/' + process.pid + '-' + index + '.CR2');`;
  for (let round = 0; round < 4; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
    await waitUntil('two copies are there', () => readdirSync(target).filter((name) => name.startsWith(`${child.pid}-`)).length >= 2);
    await new Promise((resolve) => setTimeout(resolve, 9 * round));
    const gone = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
  await createCopyTarget(publishing).prepare(target);
  const names = readdirSync(target);
  expect(names.filter((name) => !name.endsWith('.CR2'))).toEqual([]);
  for (const name of names) expect(readFileSync(to(name)).equals(readFileSync(from())), name).toBe(true);
});

test('tidying removes only what a run that is gone left behind', async () => {
  const gone = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => gone.on('exit', resolve));
  const running = temporaryName(to());
  const left = running.replace(`-${process.pid}-`, `-${gone.pid}-`);
  const elsewhere = running.replace(/parjanya-[0-9a-f]{8}/, 'parjanya-00000000');
  const elsewhereOld = elsewhere.replace(/-[0-9a-f]{12}\./, '-000000000000.');
  for (const path of [running, left, elsewhere, elsewhereOld]) writeFileSync(path, 'part of a copy');
  utimesSync(elsewhereOld, 1_600_000_000, 1_600_000_000);
  writeFileSync(to('reserved.CR2'), reservationText(left));
  writeFileSync(to('mine.txt'), `${reservationText(left)} is a sentence in a text of mine`);
  writeFileSync(to('empty.txt'), '');
  await createCopyTarget().prepare(target);
  expect(readdirSync(target).map((name) => to(name)).sort()).toEqual([running, elsewhere, to('mine.txt'), to('empty.txt')].sort());
});
