/** The same picture in other shoots: the catalog's question, and a real engine on real files. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqlite } from '../../main/adapters/sqlite/index.ts';
import type { Catalog } from '../../main/catalog/index.ts';
import { migrations } from '../../main/catalog/migrations.ts';
import { drawScene, makeJpeg, makeRaw, stampExif } from '../fixtures/index.ts';
import { file, identity, makeTempFolder, openCatalogFile, shaA, shaB } from './catalog-kit.ts';
import { createHome, listAll, openAndFinish } from './engine-kit.ts';

const image = 'c'.repeat(64);
const temp = makeTempFolder();
afterAll(() => temp.remove());

/** Makes the shoot of a folder with these files, all of one content, and returns their ids by path. */
function addShoot(catalog: Catalog, folder: string, paths: readonly string[], sha256: string, imageSha256: string | null, at = 1): Map<string, number> {
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  const shoot = catalog.openShoot(folder, name, at).id;
  catalog.syncFiles(shoot, [...catalog.photos(shoot).map(({ path }) => file(path)), ...paths.map((path) => file(path))]);
  const rows = catalog.photos(shoot).filter(({ path }) => paths.includes(path));
  catalog.saveResults(rows.map(({ id }) => ({ photo: id, results: [identity(sha256, 1000, imageSha256)] })));
  return new Map(rows.map(({ path, id }) => [path, id]));
}

describe('in the catalog', () => {
  test('copies are found by the file and by its image data, those that are there first', () => {
    const catalog = openCatalogFile(join(temp.folder, 'one.db'));
    const own = addShoot(catalog, '/photos/friday', ['a.jpg', 'copy of a.jpg'], shaA, image).get('a.jpg')!;
    addShoot(catalog, '/photos/backup', ['day/a.jpg'], shaA, image, 2);
    addShoot(catalog, '/photos/edited', ['a-rated.jpg'], shaB, image, 3);
    addShoot(catalog, '/photos/other', ['b.jpg'], 'd'.repeat(64), 'e'.repeat(64), 4);
    const gone = catalog.openShoot('/photos/edited', 'edited', 5).id;
    catalog.syncFiles(gone, []);
    const content = { sha256: shaA, imageSha256: image };
    expect(catalog.copies(own, content, 20)).toEqual({
      count: 2,
      present: 1,
      isMore: false,
      list: [
        { shoot: 'backup', path: 'day/a.jpg', isPresent: true, isSameFile: true },
        { shoot: 'edited', path: 'a-rated.jpg', isPresent: false, isSameFile: false },
      ],
    });
    expect(catalog.copies(own, content, 1).list).toHaveLength(1);
    expect(catalog.copies(own, { sha256: null, imageSha256: null }, 20).count).toBe(0);
    expect(catalog.copies(99_999, content, 20).count).toBe(0);
    catalog.close();
  });

  test('a shoot inside another one has no copies of itself', () => {
    const catalog = openCatalogFile(join(temp.folder, 'nested.db'));
    const outer = addShoot(catalog, '/photos', ['day/a.jpg', 'days/a.jpg'], shaA, image).get('day/a.jpg')!;
    const inner = addShoot(catalog, '/photos/day', ['a.jpg'], shaA, image).get('a.jpg')!;
    const content = { sha256: shaA, imageSha256: image };
    expect(catalog.copies(outer, content, 20).count).toBe(0);
    expect(catalog.copies(inner, content, 20).list).toEqual([{ shoot: 'photos', path: 'days/a.jpg', isPresent: true, isSameFile: true }]);
    catalog.close();
  });

  test('a file that has changed is no copy any more until it has been read', () => {
    const catalog = openCatalogFile(join(temp.folder, 'changed.db'));
    const own = addShoot(catalog, '/photos/friday', ['a.jpg'], shaA, image).get('a.jpg')!;
    addShoot(catalog, '/photos/backup', ['a.jpg'], shaA, image);
    const backup = catalog.openShoot('/photos/backup', 'backup', 9).id;
    catalog.syncFiles(backup, [file('a.jpg', 2_000)]);
    expect(catalog.copies(own, { sha256: shaA, imageSha256: image }, 20).count).toBe(0);
    catalog.close();
  });

  test('ten thousand copies of one frame cost a bounded number of rows', () => {
    const catalog = openCatalogFile(join(temp.folder, 'many.db'));
    const paths = Array.from({ length: 10_000 }, (_, index) => `${index}.jpg`);
    const own = addShoot(catalog, '/photos/a', paths, shaA, image).get('0.jpg')!;
    addShoot(catalog, '/photos/b', paths, shaA, image);
    const found = catalog.copies(own, { sha256: shaA, imageSha256: image }, 20);
    expect(found.isMore).toBe(true);
    expect(found.list).toHaveLength(20);
    expect(found.count).toBeGreaterThan(200);
    expect(found.count).toBeLessThan(2_000);
    expect(new Set(found.list.map(({ shoot }) => shoot))).toEqual(new Set(['b']));
    catalog.close();
  });

  test('a catalog of the first version is taken over; its photos get their image data when one of the content is read', () => {
    const path = join(temp.folder, 'old.db');
    const db = openSqlite(path);
    if (!db.ok) throw new Error(db.error.message);
    db.value.exec(migrations[0]!);
    db.value.exec('PRAGMA user_version = 1');
    db.value.exec(`
      INSERT INTO shoots VALUES (1, '/photos/friday', 'friday', 1), (2, '/photos/backup', 'backup', 2);
      INSERT INTO photos (shoot_id, path, bytes, mtime_ms, sha256, content_key) VALUES (1, 'a.jpg', 1000, 5, '${shaA}', 's:${shaA}'), (2, 'a.jpg', 1000, 5, '${shaA}', 's:${shaA}');
    `);
    db.value.close();
    const catalog = openCatalogFile(path);
    const [own] = catalog.photos(1);
    expect(catalog.copies(own!.id, own!, 20).list.map(({ shoot }) => shoot)).toEqual(['backup']);
    expect(own!.imageSha256).toBe(null);
    catalog.saveResults([{ photo: own!.id, results: [identity(shaA, 1000, image)] }]);
    expect([catalog.photos(1)[0]!.imageSha256, catalog.photos(2)[0]!.imageSha256]).toEqual([image, image]);
    catalog.close();
  });
});

describe('in the engine', () => {
  const home = createHome();
  beforeAll(async () => {
    const exif = { date: '2024:05:01 12:00:00', iso: 100 };
    const scene = await makeJpeg(drawScene({ seed: 11, width: 640, height: 427 }));
    for (const name of ['friday', 'backup', 'edited']) mkdirSync(join(home.folder, name, 'card'), { recursive: true });
    const raw = (iso: number): Uint8Array => makeRaw('nef', { previews: [scene], exif: { ...exif, iso }, rawBytes: 200_000, seed: 4 });
    writeFileSync(join(home.folder, 'friday', 'one.jpg'), stampExif(scene, exif));
    writeFileSync(join(home.folder, 'friday', 'raw.NEF'), raw(100));
    writeFileSync(join(home.folder, 'friday', 'alone.jpg'), await makeJpeg(drawScene({ seed: 12, width: 640, height: 427 }), { exif }));
    copyFileSync(join(home.folder, 'friday', 'one.jpg'), join(home.folder, 'backup', 'card', 'ONE.JPG'));
    writeFileSync(join(home.folder, 'edited', 'one-iso.jpg'), stampExif(scene, { ...exif, iso: 800 }));
    writeFileSync(join(home.folder, 'edited', 'card', 'raw.NEF'), raw(800));
  });
  afterAll(() => home.close());

  test('a photo tells in which other shoots it is, and the report how often', async () => {
    const { engine, api } = await home.open();
    for (const name of ['backup', 'edited']) await openAndFinish(engine, api, join(home.folder, name));
    const shoot = await openAndFinish(engine, api, join(home.folder, 'friday'));
    const rows = await listAll(api, shoot);
    const detail = async (name: string): Promise<Awaited<ReturnType<typeof api.library.photo>>> => api.library.photo({ id: rows.get(name)!.id });
    const one = await detail('one.jpg');
    expect(one.imageSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(one.copies).toEqual({
      count: 2,
      present: 2,
      isMore: false,
      list: [
        { shoot: 'edited', path: 'one-iso.jpg', isPresent: true, isSameFile: false },
        { shoot: 'backup', path: 'card/ONE.JPG', isPresent: true, isSameFile: true },
      ],
    });
    expect((await detail('raw.NEF')).copies.list).toEqual([{ shoot: 'edited', path: 'card/raw.NEF', isPresent: true, isSameFile: false }]);
    expect((await detail('alone.jpg')).copies).toEqual({ count: 0, present: 0, isMore: false, list: [] });

    const granted = await engine.grant(join(home.folder, 'friday'), 'shoot');
    const report = granted.ok ? await engine.cull(granted.value.grant) : granted;
    if (!report.ok) throw new Error(report.error.message);
    expect(Object.fromEntries(report.value.photos.map(({ path, copiesElsewhere }) => [path, copiesElsewhere]))).toEqual({ 'one.jpg': 2, 'raw.NEF': 1, 'alone.jpg': 0 });
    expect(report.value.photos.find(({ path }) => path === 'one.jpg')!.imageSha256).toBe(one.imageSha256);
    expect(home.bugs).toEqual([]);
  });
});
