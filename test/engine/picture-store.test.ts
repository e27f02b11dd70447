/** The cache of small pictures: whatever happens to it, it gives back what was put in, or nothing. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPictureStore } from '../../main/adapters/picture-store/index.ts';
import { waitUntil } from './processes.ts';
import { runOnSmallDisk } from './small-disk.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parjanya-pictures-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Bytes that differ with the key. */
const pictureOf = (key: string, length = 1_000): Uint8Array => Uint8Array.from({ length }, (_, index) => (key.charCodeAt(index % key.length) + index) & 255);

function storedFiles(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('gives back what was put in, also to the next run; nothing for what is not there', async () => {
  const store = createPictureStore({ folder, maxBytes: 1e6 });
  const keys = ['s:0123', 'p:../../etc/passwd', 'ключ/with:every?char*', ''.padEnd(5_000, 'long')];
  for (const key of keys) await store.put(key, pictureOf(key));
  await store.put('twice', pictureOf('old'));
  await store.put('twice', pictureOf('new'));
  for (const run of [store, createPictureStore({ folder, maxBytes: 1e6 })]) {
    for (const key of keys) expect(Buffer.from((await run.get(key))!).equals(pictureOf(key))).toBe(true);
    expect(Buffer.from((await run.get('twice'))!).equals(pictureOf('new'))).toBe(true);
    expect(await run.get('never')).toBeNull();
  }
  expect(storedFiles().every((file) => file.startsWith(folder))).toBe(true);
});

test.each([
  ['cut off', (file: string) => truncateSync(file, 500)],
  ['emptied', (file: string) => truncateSync(file, 0)],
  ['filled with zeros, as after a power cut', (file: string) => writeFileSync(file, new Uint8Array(statSync(file).size))],
  ['with one bit changed', (file: string) => {
    const bytes = readFileSync(file);
    bytes[100]! ^= 1;
    writeFileSync(file, bytes);
  }],
])('a file that was %s is nothing', async (_what, damage) => {
  const store = createPictureStore({ folder, maxBytes: 1e6 });
  await store.put('key', pictureOf('key'));
  storedFiles().forEach(damage);
  expect(await store.get('key')).toBeNull();
  await store.put('key', pictureOf('key'));
  expect(Buffer.from((await store.get('key'))!).equals(pictureOf('key'))).toBe(true);
});

test('stays below its size: what was not used for the longest time goes first', async () => {
  const store = createPictureStore({ folder, maxBytes: 20_000 });
  const old = Date.now() / 1000 - 30 * 86_400;
  for (let index = 0; index < 12; index++) {
    await store.put(`old ${index}`, pictureOf('old'));
    for (const file of storedFiles()) if (statSync(file).mtimeMs > Date.now() - 86_400_000) utimesSync(file, old + index, old + index);
  }
  expect(await store.get('old 0'), 'it is used today').not.toBeNull();
  await waitUntil('the use is noted', () => storedFiles().some((file) => statSync(file).mtimeMs > Date.now() - 60_000));
  for (let index = 0; index < 9; index++) await store.put(`new ${index}`, pictureOf('new'));
  await waitUntil('something was thrown out', () => storedFiles().reduce((sum, file) => sum + statSync(file).size, 0) < 18_000);
  expect(await store.get('old 0')).not.toBeNull();
  expect(await store.get('old 1')).toBeNull();
  for (let index = 0; index < 9; index++) expect(await store.get(`new ${index}`)).not.toBeNull();
  await store.put('too big for the store', pictureOf('x', 30_000));
  expect(await store.get('too big for the store')).toBeNull();
});

test('large and small pictures share one room: neither throws out the other below its half', async () => {
  const small = (key: string): Uint8Array => pictureOf(key, 40_000);
  const large = (key: string): Uint8Array => pictureOf(key, 1_500_000);
  const store = createPictureStore({ folder, maxBytes: 20_000_000 });
  const total = (): number => storedFiles().reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  const kept = async (kind: string, count: number): Promise<number> => {
    let found = 0;
    for (let index = 0; index < count; index++) if (await store.get(`${kind} ${index}`)) found++;
    return found;
  };
  // Looked at long ago: by age alone they would all go for the large ones.
  for (let index = 0; index < 150; index++) await store.put(`small ${index}`, small(`small ${index}`));
  for (const file of storedFiles()) utimesSync(file, 1_600_000_000, 1_600_000_000);
  for (let index = 0; index < 30; index++) {
    await store.put(`large ${index}`, large(`large ${index}`));
    await waitUntil('it is below its size again', () => total() <= 20_000_000);
  }
  expect(await kept('small', 150)).toBe(150);
  expect(await kept('large', 30)).toBeGreaterThanOrEqual(5);
  expect(await store.get('large 29'), 'the latest is there').not.toBeNull();
  for (let index = 150; index < 500; index++) await store.put(`small ${index}`, small(`small ${index}`));
  await waitUntil('it is below its size again', () => total() <= 20_000_000);
  expect(await kept('large', 30), 'half of the room is theirs').toBeGreaterThanOrEqual(5);
  expect(await kept('small', 500)).toBeGreaterThan(190);
});

test('two engines on one folder stay below its size together, and read what the other wrote', async () => {
  const stores = [0, 1].map(() => createPictureStore({ folder, maxBytes: 4_000_000 }));
  for (let index = 0; index < 150; index++) await Promise.all(stores.map((store, own) => store.put(`${own} ${index}`, pictureOf(`${own} ${index}`, 40_000))));
  await waitUntil('it is below its size', () => storedFiles().reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0) <= 4_000_000);
  const other = await stores[1]!.get('0 149');
  expect(other && Buffer.from(other).equals(pictureOf('0 149', 40_000))).toBe(true);
});

test('a full disk: nothing half-written is left, and pictures are kept again once there is room', async (context) => {
  const module = new URL('../../main/adapters/picture-store/index.ts', import.meta.url).href;
  const code = `import { createPictureStore } from ${JSON.stringify(module)};
    import { readdirSync, rmSync, writeFileSync } from 'node:fs';
    const target = process.argv[1];
    const store = createPictureStore({ folder: target + '/pictures', maxBytes: 1e9 });
    const picture = new Uint8Array(1_500_000).fill(7);
    await store.put('before', picture);
    writeFileSync(target + '/filler', new Uint8Array(2_000_000));
    await store.put('no room', picture);
    const full = [await store.get('before') !== null, await store.get('no room') !== null, readdirSync(target, { recursive: true }).some((name) => name.endsWith('.tmp'))];
    rmSync(target + '/filler');
    await store.put('no room', picture);
    console.log(JSON.stringify({ full, after: (await store.get('no room'))?.length ?? 0 }));`;
  const told = await runOnSmallDisk(context, folder, code, []);
  expect(JSON.parse(told)).toEqual({ full: [true, false, false], after: 1_500_000 });
});

test('a place that cannot be written to is silent', async () => {
  writeFileSync(join(folder, 'file'), '');
  const store = createPictureStore({ folder: join(folder, 'file', 'inside'), maxBytes: 1e6 });
  await store.put('key', pictureOf('key'));
  expect(await store.get('key')).toBeNull();
});

test('a run killed while it writes leaves nothing false behind', async () => {
  const store = createPictureStore({ folder, maxBytes: 1e9 });
  const module = new URL('../../main/adapters/picture-store/index.ts', import.meta.url).href;
  const code = `import { createPictureStore } from ${JSON.stringify(module)};
    const store = createPictureStore({ folder: ${JSON.stringify(folder)}, maxBytes: 1e9 });
    for (let round = 0; ; round++) await Promise.all([0, 1, 2, 3].map((key) => store.put('key ' + key, new Uint8Array(400_000).fill(round))));`;
  for (let round = 0; round < 4; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
    const before = storedFiles().length;
    await waitUntil('it writes', () => storedFiles().length > before || (before > 0 && storedFiles().some((file) => file.endsWith('.tmp') && statSync(file, { throwIfNoEntry: false }))));
    await new Promise((resolve) => setTimeout(resolve, 7 * round));
    const gone = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    for (const key of [0, 1, 2, 3]) {
      const bytes = await store.get(`key ${key}`);
      if (bytes) expect(bytes.length === 400_000 && bytes.every((byte) => byte === bytes[0])).toBe(true);
    }
  }
  // Leftovers of those runs go with the first tidying of a later one, once they are old.
  const leftovers = storedFiles().filter((file) => file.endsWith('.tmp'));
  for (const file of leftovers) utimesSync(file, 1, 1);
  await createPictureStore({ folder, maxBytes: 1e9 }).put('key 9', pictureOf('9'));
  await waitUntil('leftovers are removed', () => !storedFiles().some((file) => file.endsWith('.tmp')));
});
