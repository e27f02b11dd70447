/** What a shoot's folder holds, on a real file system. */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createShootFolder, userCacheFolder, userDataFolder } from '../../main/adapters/files/index.ts';
import { naturalKey } from '../../main/adapters/files/names.ts';
import { need } from '../config/needs.ts';
import { withoutPrivileges } from './processes.ts';

let folder: string;
const shoot = createShootFolder();

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'parjanya-files-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function put(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
}

async function scan(options: Parameters<typeof shoot.scan>[1] = {}): Promise<{ paths: string[]; problems: [string, string][] }> {
  const found = await shoot.scan(folder, options);
  if (!found.ok) throw new Error(found.error.code);
  return { paths: found.value.files.map((file) => file.path), problems: found.value.problems.map(({ path, error }) => [path, error.code]) };
}

test('files come in the order of their names as a person counts, a folder\'s own together', async () => {
  put('IMG_10.CR2', 'IMG_9.CR2', 'IMG_9.JPG', 'img_2.jpg', 'b/IMG_1.CR2', 'a/IMG_2.CR2', 'a/b/IMG_1.CR2', 'a10/x.jpg', 'a9/x.jpg', 'Éclair.jpg', 'Zebra.jpg', 'IMG_0009.CR2');
  expect((await scan()).paths).toEqual([
    'a/b/IMG_1.CR2', 'a/IMG_2.CR2', 'a9/x.jpg', 'a10/x.jpg', 'b/IMG_1.CR2', 'Éclair.jpg', 'img_2.jpg', 'IMG_0009.CR2', 'IMG_9.CR2', 'IMG_9.JPG', 'IMG_10.CR2', 'Zebra.jpg',
  ]);
});

test('the order is one order: it does not depend on how the files came', () => {
  const names = ['IMG_1.jpg', 'IMG_01.jpg', 'img_1.jpg', 'IMG_1 (2).jpg', 'IMG_1-2.jpg', 'IMG_11.jpg', 'IMG_2.jpg', `IMG_${'9'.repeat(300)}.jpg`];
  const byKey = (a: string, b: string): number => (naturalKey(a) < naturalKey(b) ? -1 : naturalKey(a) > naturalKey(b) ? 1 : a < b ? -1 : 1);
  const sorted = [...names].sort(byKey);
  for (let turn = 0; turn < names.length; turn++) expect([...names.slice(turn), ...names.slice(0, turn)].sort(byKey)).toEqual(sorted);
  expect(sorted.indexOf('IMG_2.jpg')).toBeLessThan(sorted.indexOf('IMG_11.jpg'));
});

test('hidden files, system folders and sidecars are left out; everything else is listed, photo or not', async () => {
  put(
    'IMG_1.CR2', 'IMG_1.xmp', 'IMG_1.CR2.xmp', 'IMG_1.WAV', 'MVI_1.THM', 'IMG_1.pp3', 'notes.txt', 'clip.MP4', 'no-extension', 'text.ARW', '.hidden.jpg', '._IMG_1.CR2', '.DS_Store', 'Thumbs.db', 'desktop.ini',
    '@eaDir/IMG_1.CR2/SYNOPHOTO_THUMB_XL.jpg', '$RECYCLE.BIN/x.jpg', 'System Volume Information/x.jpg', '.Trashes/x.jpg', 'sub/@eaDir/x.jpg', 'lost+found/x.jpg',
  );
  expect(await scan()).toEqual({ paths: ['clip.MP4', 'IMG_1.CR2', 'no-extension', 'notes.txt', 'text.ARW'], problems: [] });
});

test('XMP sidecars are told apart from the photos, and their heads can be read', async () => {
  put('sub/IMG_1.CR2', 'sub/IMG_1.xmp', 'IMG_2.JPG.XMP', 'IMG_2.pp3', '.hidden.xmp');
  const found = await shoot.scan(folder, {});
  if (!found.ok) throw new Error(found.error.code);
  expect(found.value.files.map((file) => file.path)).toEqual(['sub/IMG_1.CR2']);
  expect(found.value.sidecars.map((file) => file.path).sort()).toEqual(['IMG_2.JPG.XMP', 'sub/IMG_1.xmp']);
  writeFileSync(join(folder, 'sub/IMG_1.xmp'), '0123456789');
  const text = async (most: number): Promise<string> => {
    const read = await shoot.readHead(folder, 'sub/IMG_1.xmp', most);
    return read.ok ? new TextDecoder().decode(read.value) : read.error.code;
  };
  expect([await text(4), await text(100), await text(0)]).toEqual(['0123', '0123456789', '']);
  expect(await shoot.readHead(folder, 'gone.xmp', 4)).toMatchObject({ ok: false, error: { code: 'file-vanished', retry: true } });
  expect(await shoot.readHead(folder, 'sub', 4)).toMatchObject({ ok: false, error: { code: 'file-unreadable' } });
});

test('sizes and times are those of the files, and the count is told', async () => {
  put('a.jpg', 'sub/b.jpg');
  utimesSync(join(folder, 'a.jpg'), 1_600_000_000, 1_600_000_000.25);
  const counts: number[] = [];
  const found = await shoot.scan(folder, { onFound: (count) => counts.push(count) });
  if (!found.ok) throw new Error(found.error.code);
  expect(found.value.files.find((file) => file.path === 'a.jpg')).toEqual({ path: 'a.jpg', bytes: 5, mtimeMs: 1_600_000_000_250 });
  expect(counts.at(-1)).toBe(2);
});

test('links: to a file they count, to a folder they are not followed, to nothing they are told', async (context) => {
  need(context, 'links', process.platform !== 'win32', 'links need rights on Windows');
  put('a.jpg', 'sub/b.jpg');
  symlinkSync(join(folder, 'a.jpg'), join(folder, 'link.jpg'));
  symlinkSync(folder, join(folder, 'sub', 'round'));
  symlinkSync(join(folder, 'gone'), join(folder, 'broken.jpg'));
  expect(await scan()).toEqual({ paths: ['a.jpg', 'link.jpg', 'sub/b.jpg'], problems: [['broken.jpg', 'file-vanished']] });
});

test('a folder that may not be read is told and the rest is listed', async (context) => {
  need(context, 'rights', process.platform !== 'win32', 'Windows has other rights');
  put('a.jpg', 'closed/b.jpg');
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'closed'), 0);
  await withoutPrivileges(async () => {
    expect(await scan()).toEqual({ paths: ['a.jpg'], problems: [['closed', 'folder-unreadable']] });
    expect(await shoot.resolve(join(folder, 'closed'))).toMatchObject({ ok: false, error: { code: 'folder-unreadable' } });
    expect(await shoot.scan(join(folder, 'closed'), {})).toMatchObject({ ok: false, error: { code: 'folder-unreadable' } });
  });
  chmodSync(join(folder, 'closed'), 0o755);
});

test('a folder that is not there, is a file, or is empty', async () => {
  put('a.jpg');
  expect(await shoot.resolve(join(folder, 'none'))).toMatchObject({ ok: false, error: { code: 'folder-missing' } });
  expect(await shoot.resolve(join(folder, 'a.jpg'))).toMatchObject({ ok: false, error: { code: 'folder-missing' } });
  expect(await shoot.scan(join(folder, 'none'), {})).toMatchObject({ ok: false, error: { code: 'folder-missing' } });
  mkdirSync(join(folder, 'empty'));
  expect(await shoot.scan(join(folder, 'empty'), {})).toEqual({ ok: true, value: { files: [], sidecars: [], problems: [] } });
  expect(await shoot.resolve(join(folder, 'empty', '..', 'empty'))).toEqual({ ok: true, value: join(folder, 'empty') });
});

test('a scan can be called off', async () => {
  put(...Array.from({ length: 50 }, (_, index) => `d${index}/a.jpg`));
  expect(await shoot.scan(folder, { signal: AbortSignal.abort() })).toMatchObject({ ok: false, error: { code: 'cancelled' } });
});

test('companions: same folder, same stem or same name, whatever the case of the letters', async () => {
  put('a/IMG_1.CR2', 'a/IMG_1.JPG', 'a/IMG_1.xmp', 'a/img_1.cr2.XMP', 'a/IMG_1.JPG.xmp', 'a/IMG_1.wav', 'a/IMG_1.THM', 'a/IMG_10.xmp', 'a/IMG_1.txt', 'IMG_1.xmp', 'a/.IMG_1.xmp');
  expect((await shoot.companions(folder, 'a/IMG_1.CR2')).sort()).toEqual(['a/IMG_1.THM', 'a/IMG_1.wav', 'a/IMG_1.xmp', 'a/img_1.cr2.XMP']);
  expect((await shoot.companions(folder, 'a/IMG_1.JPG')).sort()).toEqual(['a/IMG_1.JPG.xmp', 'a/IMG_1.THM', 'a/IMG_1.wav', 'a/IMG_1.xmp']);
  expect(await shoot.companions(folder, 'IMG_1.CR2')).toEqual(['IMG_1.xmp']);
  expect(await shoot.companions(folder, 'none/IMG_1.CR2')).toEqual([]);
});

test('companions that come or go are seen', async () => {
  put('IMG_1.CR2');
  utimesSync(folder, 1_600_000_000, 1_600_000_000);
  expect(await shoot.companions(folder, 'IMG_1.CR2')).toEqual([]);
  expect(await shoot.companions(folder, 'IMG_1.CR2')).toEqual([]);
  put('IMG_1.xmp');
  expect(await shoot.companions(folder, 'IMG_1.CR2')).toEqual(['IMG_1.xmp']);
  renameSync(join(folder, 'IMG_1.xmp'), join(folder, 'IMG_2.xmp'));
  expect(await shoot.companions(folder, 'IMG_1.CR2')).toEqual([]);
});

test('where the catalog and the cache are kept', () => {
  const on = (platform: NodeJS.Platform, env: Record<string, string>) => ({ platform, env, home: '/home/ann' });
  expect(userDataFolder(on('linux', {}))).toBe('/home/ann/.local/share/parjanya');
  expect(userDataFolder(on('linux', { XDG_DATA_HOME: '/data' }))).toBe('/data/parjanya');
  expect(userDataFolder(on('linux', { XDG_DATA_HOME: 'relative' })), 'a relative one is to be ignored').toBe('/home/ann/.local/share/parjanya');
  expect(userCacheFolder(on('linux', {}))).toBe('/home/ann/.cache/parjanya');
  expect(userDataFolder(on('darwin', {}))).toBe('/home/ann/Library/Application Support/Parjanya');
  expect(userCacheFolder(on('darwin', {}))).toBe('/home/ann/Library/Caches/Parjanya');
  expect(userDataFolder(on('win32', { APPDATA: '/profile/Roaming' }))).toBe('/profile/Roaming/Parjanya');
  expect(userCacheFolder(on('win32', { LOCALAPPDATA: '/profile/Local' }))).toBe('/profile/Local/Parjanya/Cache');
  expect(userDataFolder(on('darwin', { PARJANYA_DATA: '/elsewhere' }))).toBe('/elsewhere');
  expect(userCacheFolder(on('darwin', { PARJANYA_DATA: '/elsewhere' }))).toBe('/elsewhere/cache');
});
