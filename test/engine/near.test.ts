/** What looks nearly the same in other shoots: a real engine on real files, as they come, change and go. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { NearCopies } from '../../main/contract/index.ts';
import { drawScene, makeJpeg, makeRaw, stampExif } from '../fixtures/index.ts';
import { answer, file, makeTempFolder, openCatalogFile, shaA, identity } from './catalog-kit.ts';
import { codeOf, createHome, listAll, openAndFinish } from './engine-kit.ts';
import type { Api } from './engine-kit.ts';

const exif = { date: '2024:05:01 12:00:00', iso: 100 };
const scene = (seed: number, edge = 640): ReturnType<typeof drawScene> => drawScene({ seed, width: edge, height: Math.round(edge / 1.5) });

/** The picture mirrored left to right. */
function mirror({ width, height, channels, data }: ReturnType<typeof drawScene>): ReturnType<typeof drawScene> {
  const out = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) out[(y * width + x) * channels + c] = data[(y * width + width - 1 - x) * channels + c]!;
  return { width, height, channels, data: out as unknown as typeof data };
}

describe('in the engine', () => {
  const home = createHome();
  const [friday, other, edits] = ['anna/friday', 'ben/friday', 'edits'].map((name) => join(home.folder, name)) as [string, string, string];

  beforeAll(async () => {
    for (const folder of [friday, other, edits]) mkdirSync(folder, { recursive: true });
    const full = await makeJpeg(scene(21));
    writeFileSync(join(friday, 'one.NEF'), makeRaw('nef', { previews: [full], exif, rawBytes: 100_000, seed: 3 }));
    writeFileSync(join(friday, 'one.JPG'), stampExif(full, exif));
    writeFileSync(join(friday, 'plain.jpg'), await makeJpeg(drawScene({ seed: 22, width: 640, height: 427, blur: 200 }), { exif }));
    writeFileSync(join(friday, 'alone.jpg'), await makeJpeg(scene(23), { exif }));
    // the same RAW and JPEG under the same name of a folder, and a frame taken a minute later
    copyFileSync(join(friday, 'one.NEF'), join(other, 'ONE.NEF'));
    writeFileSync(join(other, 'ONE.JPG'), await makeJpeg(scene(21), { quality: 60, exif }));
    writeFileSync(join(other, 'later.jpg'), await makeJpeg(scene(21), { quality: 92, exif: { ...exif, date: '2024:05:01 12:01:00' } }));
    writeFileSync(join(edits, 'small.jpg'), await makeJpeg(scene(21, 400), { quality: 60 }));
    writeFileSync(join(edits, 'mirrored.jpg'), await makeJpeg(mirror(scene(21))));
    writeFileSync(join(edits, 'plain.jpg'), await makeJpeg(drawScene({ seed: 22, width: 600, height: 400, blur: 200 })));
  });
  afterEach(() => expect(home.bugs.splice(0)).toEqual([]));
  afterAll(() => home.close());

  const nearOf = async (api: Api, shoot: number, name: string): Promise<NearCopies> => api.library.near({ id: (await listAll(api, shoot)).get(name)!.id });
  const linesOf = ({ list }: NearCopies): string[] => list.map(({ shoot, path, position, gapMs }) => [shoot, path, position, gapMs].filter((part) => part !== null).join(' | ')).sort();

  test('edits, exports and other frames in other shoots are found; exact copies, other halves and pictures without texture are not', async () => {
    const { engine, api } = await home.open();
    for (const folder of [edits, other]) await openAndFinish(engine, api, folder);
    const shoot = await openAndFinish(engine, api, friday);
    const near = await nearOf(api, shoot, 'one.NEF');
    expect(linesOf(near)).toEqual(['edits | mirrored.jpg | mirrored left to right', 'edits | small.jpg', 'friday (in ben) | later.jpg | 60000']);
    expect(near.count).toBe(3);
    expect(near.isMore).toBe(false);
    expect(near.list.every(({ bits }) => bits <= 6)).toBe(true);
    // the JPEG half's own near ones are the other JPEG, whose RAW is an exact copy of nothing here, and the rest
    expect(linesOf(await nearOf(api, shoot, 'plain.jpg'))).toEqual([]);
    expect(linesOf(await nearOf(api, shoot, 'alone.jpg'))).toEqual([]);
    expect(await codeOf(api.library.near({ id: 99_999 }))).toBe('not-found');
    // copies in a shoot of the same name are told apart too
    const detail = await api.library.photo({ id: (await listAll(api, shoot)).get('one.NEF')!.id });
    expect(detail.copies.list.map(({ shoot: name, path }) => `${name}: ${path}`)).toEqual(['friday (in ben): ONE.NEF']);
  });

  test('the report names them', async () => {
    const { engine } = await home.open();
    const granted = await engine.grant(friday, 'shoot');
    const report = granted.ok ? await engine.cull(granted.value.grant) : granted;
    if (!report.ok) throw new Error(report.error.message);
    const told = new Map(report.value.photos.map(({ path, nearElsewhere }) => [path, linesOf({ count: 0, isMore: false, list: [...nearElsewhere] })]));
    expect(told.get('one.NEF')).toEqual(['edits | mirrored.jpg | mirrored left to right', 'edits | small.jpg', 'friday (in ben) | later.jpg | 60000']);
    expect([told.get('plain.jpg'), told.get('alone.jpg')]).toEqual([[], []]);
  });

  test('what comes, changes and goes later is known; sliders of the shoot count', async () => {
    const { engine, api } = await home.open();
    const shoot = await openAndFinish(engine, api, friday);
    const before = linesOf(await nearOf(api, shoot, 'one.NEF'));
    expect(before).toContain('edits | small.jpg');
    expect(linesOf(await nearOf(api, shoot, 'alone.jpg'))).toEqual([]);
    // small.jpg becomes another picture, mirrored.jpg goes, one of alone.jpg comes
    writeFileSync(join(edits, 'small.jpg'), await makeJpeg(scene(31, 500)));
    rmSync(join(edits, 'mirrored.jpg'));
    writeFileSync(join(edits, 'alone-export.jpg'), await makeJpeg(scene(23, 500), { quality: 70 }));
    await openAndFinish(engine, api, edits);
    expect(linesOf(await nearOf(api, shoot, 'one.NEF'))).toEqual(['friday (in ben) | later.jpg | 60000']);
    expect(linesOf(await nearOf(api, shoot, 'alone.jpg'))).toEqual(['edits | alone-export.jpg']);
    const { bits } = (await nearOf(api, shoot, 'alone.jpg')).list[0]!;
    await api.groups.choose({ shoot, choice: { window: 1.5, likeness: 4 } });
    expect((await nearOf(api, shoot, 'alone.jpg')).count).toBe(bits <= 1 ? 1 : 0);
  });
});

describe('in the catalog', () => {
  const temp = makeTempFolder();
  afterAll(() => temp.remove());

  test('hashes are listed by page, of a shoot or of all; those that mean nothing, are of another version, or whose photo is gone, as none', () => {
    const catalog = openCatalogFile(join(temp.folder, 'hashes.db'));
    const hash = 'f0c35a69ed184bb2';
    const phash = (usable: boolean, version?: number): ReturnType<typeof answer> => answer('phash', { hash, usable, view: '' }, version);
    const one = catalog.openShoot('/photos/one', 'one', 1).id;
    const two = catalog.openShoot('/photos/two', 'two', 2).id;
    catalog.syncFiles(one, ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'].map((path) => file(path)));
    catalog.syncFiles(two, [file('e.jpg'), file('f.jpg')]);
    const [a, b, c, d] = catalog.photos(one).map(({ id }) => id) as [number, number, number, number];
    const [e, f] = catalog.photos(two).map(({ id }) => id) as [number, number];
    catalog.saveResults([
      { photo: a, results: [phash(true), identity(shaA, 1000)] },
      { photo: b, results: [phash(false)] },
      { photo: c, results: [phash(true, 1)] },
      { photo: d, results: [phash(true)] },
      { photo: e, results: [phash(true)] },
      { photo: f, results: [identity(shaA, 1000)] },
    ]);
    catalog.syncFiles(one, ['a.jpg', 'b.jpg', 'c.jpg'].map((path) => file(path)));
    const all = [[a, hash], [b, null], [c, null], [d, null], [e, hash], [f, hash]];
    const listed = (after: number, count: number, shoot: number | null): unknown[] => catalog.hashes(after, count, shoot).map(({ photo, hash: found }) => [photo, found]);
    expect(listed(0, 100, null)).toEqual(all);
    expect([...listed(0, 4, null), ...listed(d, 4, null)]).toEqual(all);
    expect(listed(f, 4, null)).toEqual([]);
    expect(listed(0, 100, two)).toEqual(all.slice(4));
    expect(catalog.hashesOf([f, b]).map(({ photo, shoot, hash: found }) => [photo, shoot, found]).sort()).toEqual([[b, one, null], [f, two, hash]].sort());
    // f is a copy of a, e is alike; d is gone
    const found = catalog.alike(a, { sha256: shaA, imageSha256: null }, [a, b, c, d, e, f]);
    expect(found.map(({ photo, shoot, isCopy }) => [photo, shoot, isCopy]).sort()).toEqual([[e, 'two', false], [f, 'two', true]].sort());
    expect(catalog.alike(99_999, { sha256: null, imageSha256: null }, [a])).toEqual([]);
    catalog.close();
  });
});
