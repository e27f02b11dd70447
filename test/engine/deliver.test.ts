import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ok } from '../../main/base/index.ts';
import { createCancel } from '../../main/base/index.ts';
import type { Plan } from '../../main/contract/index.ts';
import { createExportHome } from './deliver-kit.ts';
import type { ExportHome } from './deliver-kit.ts';

let home: ExportHome;
beforeEach(() => {
  home = createExportHome();
});
afterEach(() => home.close());

const moves = (plan: Plan): string[] => plan.items.map(({ from, to, action }) => `${action} ${from} -> ${to}`);
async function planned(preset: 'copy' | 'web' = 'copy'): Promise<Plan> {
  const plan = await home.plan(preset);
  if (!plan.ok) throw new Error(plan.error.code);
  return plan.value;
}
const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('copies', () => {
  test('RAW, its JPEG and their sidecars travel together, byte for byte, with their times', async () => {
    const files = { 'a/IMG_1.CR2': 'raw bytes', 'a/IMG_1.JPG': 'jpeg bytes', 'a/IMG_1.xmp': '<xmp/>', 'a/IMG_1.CR2.xmp': '<xmp raw/>', 'a/IMG_1.WAV': 'spoken', 'a/IMG_2.JPG': 'left behind', 'a/IMG_10.xmp': 'another photo' };
    for (const [path, text] of Object.entries(files)) home.put(path, text);
    utimesSync(join(home.shoot, 'a/IMG_1.CR2'), 1_600_000_000, 1_600_000_000);
    home.choices = [{ raw: 'a/IMG_1.CR2', jpeg: 'a/IMG_1.JPG' }];
    const { plan, end, items } = await home.export('copy');
    expect(plan).toMatchObject({ destination: home.destination, preset: 'copy', photos: 1, files: 5, done: 0, renamed: 0, problems: 0, bytes: 'raw bytesjpeg bytes<xmp/><xmp raw/>spoken'.length });
    expect(end).toEqual(ok({ written: 5, alreadyThere: 0, failed: 0 }));
    expect(items.map(({ name }) => name).sort()).toEqual(['a/IMG_1.CR2', 'a/IMG_1.CR2.xmp', 'a/IMG_1.JPG', 'a/IMG_1.WAV', 'a/IMG_1.xmp']);
    expect(home.names()).toEqual(['IMG_1.CR2', 'IMG_1.CR2.xmp', 'IMG_1.JPG', 'IMG_1.WAV', 'IMG_1.xmp']);
    for (const name of home.names()) expect(home.read(name)).toEqual(new Uint8Array(readFileSync(join(home.shoot, 'a', name))));
    expect(statSync(join(home.destination, 'IMG_1.CR2')).mtimeMs).toBe(1_600_000_000_000);
    expect(await home.jobs()).toMatchObject([{ kind: 'export', title: 'Export of 1 photo', state: 'done', done: 5, total: 5, failed: 0, error: null }]);
    expect([...home.catalog.exportsTo(home.destination).keys()].sort()).toEqual(home.names());
  });

  test('a name that is taken renames the whole family alike, and nothing is overwritten', async () => {
    home.put('IMG_1.CR2', 'raw');
    home.put('IMG_1.JPG', 'jpeg');
    home.put('IMG_1.CR2.xmp', 'xmp');
    mkdirSync(home.destination);
    writeFileSync(join(home.destination, 'img_1.jpg'), 'another');
    writeFileSync(join(home.destination, 'IMG_1.JPG'), 'a stranger');
    writeFileSync(join(home.destination, 'IMG_1-2.CR2.xmp'), 'also taken');
    home.choices = [{ raw: 'IMG_1.CR2', jpeg: 'IMG_1.JPG' }];
    const { plan, end } = await home.export('copy');
    expect(moves(plan)).toEqual(['renamed IMG_1.CR2 -> IMG_1-3.CR2', 'renamed IMG_1.JPG -> IMG_1-3.JPG', 'renamed IMG_1.CR2.xmp -> IMG_1-3.CR2.xmp']);
    expect(plan).toMatchObject({ files: 3, renamed: 3 });
    expect(end).toEqual(ok({ written: 3, alreadyThere: 0, failed: 0 }));
    expect(readFileSync(join(home.destination, 'IMG_1.JPG'), 'utf8')).toBe('a stranger');
    expect(readFileSync(join(home.destination, 'IMG_1-3.JPG'), 'utf8')).toBe('jpeg');
  });

  test('photos of one name from different folders do not collide, also where only the case differs', async () => {
    home.put('a/IMG_1.JPG', 'one');
    home.put('b/IMG_1.JPG', 'two');
    home.put('c/img_1.jpg', 'three');
    home.choices = ['a/IMG_1.JPG', 'b/IMG_1.JPG', 'c/img_1.jpg'];
    const { plan } = await home.export('copy');
    expect(moves(plan)).toEqual(['write a/IMG_1.JPG -> IMG_1.JPG', 'renamed b/IMG_1.JPG -> IMG_1-2.JPG', 'renamed c/img_1.jpg -> img_1-3.jpg']);
    expect(home.names().map((name) => readFileSync(join(home.destination, name), 'utf8')).sort()).toEqual(['one', 'three', 'two']);
  });

  test('exporting again finds everything done, with and without the records', async () => {
    for (const folder of ['a', 'b']) home.put(`${folder}/IMG_1.JPG`, `picture of ${folder}`);
    home.choices = ['a/IMG_1.JPG', 'b/IMG_1.JPG'];
    await home.export('copy');
    home.restart();
    const again = await home.export('copy');
    expect(again.plan).toMatchObject({ photos: 2, files: 0, bytes: 0, done: 2, renamed: 0 });
    expect(again.end).toEqual(ok({ written: 0, alreadyThere: 2, failed: 0 }));
    // on another computer, with a catalog that knows nothing
    const moved = join(home.root, 'moved');
    renameSync(home.destination, moved);
    const elsewhere = await home.plan('copy', { to: moved });
    expect(elsewhere).toMatchObject({ ok: true, value: { done: 2, files: 0 } });
    expect(home.catalog.exportsTo(moved).size).toBe(0);
  });

  test('what was renamed is not written again when its own name becomes free', async () => {
    home.put('IMG_1.JPG', 'picture');
    mkdirSync(home.destination);
    writeFileSync(join(home.destination, 'IMG_1.JPG'), 'a stranger');
    home.choices = ['IMG_1.JPG'];
    await home.export('copy');
    rmSync(join(home.destination, 'IMG_1.JPG'));
    expect(moves(await planned())).toEqual(['done IMG_1.JPG -> IMG_1-2.JPG']);
    rmSync(join(home.destination, 'IMG_1-2.JPG'));
    expect(moves(await planned())).toEqual(['write IMG_1.JPG -> IMG_1.JPG']);
  });

  test('a copy that was changed since is somebody\'s work: it stays and the photo is copied beside it', async () => {
    home.put('IMG_1.JPG', 'picture');
    home.choices = ['IMG_1.JPG'];
    await home.export('copy');
    const copy = join(home.destination, 'IMG_1.JPG');
    writeFileSync(copy, 'pictuRE');
    utimesSync(copy, Date.now() / 1000 + 60, Date.now() / 1000 + 60);
    expect(moves(await planned())).toEqual(['renamed IMG_1.JPG -> IMG_1-2.JPG']);
    writeFileSync(copy, 'picture');
    utimesSync(copy, Date.now() / 1000 + 60, Date.now() / 1000 + 60);
    expect(moves(await planned())).toEqual(['done IMG_1.JPG -> IMG_1.JPG']);
  });

  test('a file that is gone is a problem of its own', async () => {
    home.put('IMG_1.JPG', 'one');
    home.put('IMG_2.JPG', 'two');
    home.choices = ['IMG_1.JPG', 'gone.JPG', 'IMG_2.JPG'];
    const plan = await planned();
    expect(plan).toMatchObject({ photos: 3, files: 2, problems: 1 });
    expect(plan.items[1]).toMatchObject({ from: 'gone.JPG', action: 'problem', error: { code: 'file-vanished' } });
    const { end, items } = await home.run(plan.plan);
    expect(end).toEqual(ok({ written: 2, alreadyThere: 0, failed: 1 }));
    expect(items.find(({ name }) => name === 'gone.JPG')?.error?.code).toBe('file-vanished');
    expect((await home.jobs())[0]).toMatchObject({ state: 'done', failed: 1 });
  });

  test('a name that is taken between plan and run fails that file alone', async () => {
    for (const name of ['IMG_1.JPG', 'IMG_2.JPG']) home.put(name, name);
    home.choices = ['IMG_1.JPG', 'IMG_2.JPG'];
    const plan = await planned();
    writeFileSync(join(home.destination, 'IMG_1.JPG'), 'a stranger');
    const { end, items } = await home.run(plan.plan);
    expect(end).toEqual(ok({ written: 1, alreadyThere: 0, failed: 1 }));
    expect(items.find(({ name }) => name === 'IMG_1.JPG')?.error?.code).toBe('plan-expired');
    expect(readFileSync(join(home.destination, 'IMG_1.JPG'), 'utf8')).toBe('a stranger');
    expect(home.names()).toEqual(['IMG_1.JPG', 'IMG_2.JPG']);
  });

  test('originals are not touched', async () => {
    home.put('IMG_1.JPG', 'picture');
    home.choices = ['IMG_1.JPG'];
    const before = statSync(join(home.shoot, 'IMG_1.JPG'));
    await home.export('copy');
    const { mtimeMs, ctimeMs, size } = statSync(join(home.shoot, 'IMG_1.JPG'));
    expect({ mtimeMs, ctimeMs, size }).toEqual({ mtimeMs: before.mtimeMs, ctimeMs: before.ctimeMs, size: before.size });
    expect(hash(new Uint8Array(readFileSync(join(home.shoot, 'IMG_1.JPG'))))).toBe(hash(new TextEncoder().encode('picture')));
  });
});

describe('a plan', () => {
  beforeEach(() => {
    home.put('IMG_1.JPG', 'one');
    home.put('IMG_2.JPG', 'two');
    home.choices = ['IMG_1.JPG'];
  });

  test('writes nothing', async () => {
    await planned();
    expect(home.names()).toEqual([]);
    expect(home.catalog.exportsTo(home.destination).size).toBe(0);
  });

  test('runs once', async () => {
    const { plan } = await planned();
    expect((await home.run(plan)).end.ok).toBe(true);
    expect((await home.run(plan)).end).toMatchObject({ ok: false, error: { code: 'plan-expired' } });
  });

  test('expires when other photos are chosen, when a chosen file changes, after a restart, and when it never was', async () => {
    const expired = { ok: false, error: { code: 'plan-expired' } };
    const first = await planned();
    home.choices = ['IMG_1.JPG', 'IMG_2.JPG'];
    expect((await home.run(first.plan)).end).toMatchObject(expired);
    const second = await planned();
    home.put('IMG_1.JPG', 'another size');
    expect((await home.run(second.plan)).end).toMatchObject(expired);
    const third = await planned();
    home.restart();
    expect((await home.run(third.plan)).end).toMatchObject(expired);
    expect((await home.run('never-made')).end).toMatchObject(expired);
    expect(home.names()).toEqual([]);
  });

  test('expires with its destination: a disk that was pulled is not made anew', async () => {
    const { plan } = await planned();
    rmSync(home.destination, { recursive: true });
    expect((await home.run(plan)).end).toMatchObject({ ok: false, error: { code: 'plan-expired' } });
    expect(statSync(home.destination, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('says why there is none', async () => {
    const code = async (made: ReturnType<ExportHome['plan']>): Promise<string | null> => {
      const plan = await made;
      return plan.ok ? null : plan.error.code;
    };
    const inside = join(home.shoot, 'export');
    expect(await code(home.plan('copy', { to: home.shoot }))).toBe('destination-inside-shoot');
    expect(await code(home.plan('copy', { to: inside }))).toBe('destination-inside-shoot');
    expect(statSync(inside, { throwIfNoEntry: false })).toBeUndefined();
    symlinkSync(home.shoot, join(home.root, 'link'));
    expect(await code(home.plan('copy', { to: join(home.root, 'link') }))).toBe('destination-inside-shoot');
    expect(await code(home.plan('copy', { to: 'unknown' }))).toBe('not-found');
    writeFileSync(join(home.root, 'file'), '');
    expect(await code(home.plan('copy', { to: join(home.root, 'file', 'below') }))).toBe('destination-missing');
    expect(await code(home.plan('copy', { to: `${home.shoot}-2` }))).toBeNull();
    home.choices = [];
    expect(await code(home.plan('copy'))).toBe('nothing-to-do');
  });

  test('shows the first items and counts all', async () => {
    home.choices = Array.from({ length: 230 }, (_, index) => `many/IMG_${index}.JPG`);
    for (const [index, choice] of home.choices.entries()) home.put(choice as string, String(index));
    const plan = await planned();
    expect(plan).toMatchObject({ photos: 230, files: 230 });
    expect(plan.items).toHaveLength(200);
  });
});

describe('a run', () => {
  const many = Array.from({ length: 12 }, (_, index) => `IMG_${index}.JPG`);

  test('is cancelled by the caller or as a job; what is written stays, and the next run goes on', async () => {
    for (const name of many) home.put(name, `picture ${name}`.repeat(5000));
    home.choices = many;
    const cancel = createCancel();
    const first = await home.run((await planned()).plan, { signal: cancel.signal, onItem: (done) => done === 3 && cancel.cancel() });
    expect(first.end).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect((await home.jobs())[0]!.state).toBe('cancelled');
    const second = await home.run((await planned()).plan, { onItem: (done) => done === 7 && home.cancelJob() });
    expect(second.end).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    const plan = await planned();
    expect(plan.done).toBeGreaterThanOrEqual(3);
    expect(plan.done + plan.files).toBe(12);
    expect((await home.run(plan.plan)).end).toEqual(ok({ written: plan.files, alreadyThere: plan.done, failed: 0 }));
    expect(home.names()).toEqual([...many].sort());
  });

  test('cancelled before it starts writes nothing', async () => {
    home.put('IMG_1.JPG', 'one');
    home.choices = ['IMG_1.JPG'];
    const { plan } = await planned();
    const cancel = createCancel();
    cancel.cancel();
    expect((await home.run(plan, { signal: cancel.signal })).end).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(home.names()).toEqual([]);
    expect(await home.plan('copy', { signal: cancel.signal })).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });

  test('stops on a full disk, and says so before it starts where that can be told', async () => {
    await home.close();
    let free = 1e12;
    let copies = 0;
    home = createExportHome({
      wrap: ({ target, pool }) => ({
        pool,
        target: {
          ...target,
          freeBytes: () => Promise.resolve(free),
          copy: (from, to, signal) => (++copies > 4 ? Promise.resolve({ ok: false, error: { code: 'disk-full', message: 'The disk is full.', retry: true } }) : target.copy(from, to, signal)),
        },
      }),
    });
    for (const name of many) home.put(name, name);
    home.choices = many;
    const { end, items } = await home.run((await planned()).plan);
    expect(end).toMatchObject({ ok: false, error: { code: 'disk-full' } });
    expect(items.length).toBeLessThan(12);
    expect(home.names()).toHaveLength(4);
    expect((await home.jobs())[0]).toMatchObject({ state: 'failed', error: { code: 'disk-full' } });
    free = 10;
    const before = copies;
    expect((await home.run((await planned()).plan)).end).toMatchObject({ ok: false, error: { code: 'disk-full' } });
    expect(copies).toBe(before);
  });

  test('goes on after a name that the destination does not take', async () => {
    const long = `${'n'.repeat(200)}.JPG`;
    // as on a disk that takes shorter names than the one that the shoot is on
    await home.close();
    home = createExportHome({
      wrap: ({ target, pool }) => ({
        pool,
        target: { ...target, copy: (from, to, signal) => (from.endsWith(long) ? target.copy(from, `${to}${'x'.repeat(100)}`, signal) : target.copy(from, to, signal)) },
      }),
    });
    home.put('IMG_1.JPG', 'one');
    home.put(long, 'does not fit there');
    home.choices = [long, 'IMG_1.JPG'];
    const { end, items } = await home.run((await planned()).plan);
    expect(end).toEqual(ok({ written: 1, alreadyThere: 0, failed: 1 }));
    expect(items.find(({ name }) => name === long)?.error?.code).toBe('destination-unwritable');
  });
});
