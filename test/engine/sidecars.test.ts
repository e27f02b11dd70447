/** What other programs have written beside photos: read, shown as such, read again only when it has changed, never a mark. */
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawScene, makeJpeg } from '../fixtures/index.ts';
import { createHome, listAll, openAndFinish } from './engine-kit.ts';
import type { Api, EngineHome } from './engine-kit.ts';

const sidecar = (attributes: string): string => `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description rdf:about="" ${attributes}/></rdf:RDF></x:xmpmeta>`;

describe.sequential('sidecars', () => {
  let home: EngineHome;
  let folder: string;
  const put = (name: string, text: string | Uint8Array, seconds = 1_700_000_000): void => {
    writeFileSync(join(folder, name), text);
    utimesSync(join(folder, name), seconds, seconds);
  };

  beforeAll(async () => {
    home = createHome();
    folder = join(home.folder, 'shoot');
    mkdirSync(folder);
    for (const [index, name] of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg', 'f.jpg'].entries()) put(name, await makeJpeg(drawScene({ seed: 300 + index, width: 240, height: 160 }), { exif: { make: 'Canon' } }));
    put('a.xmp', sidecar('xmp:Rating="4" xmp:Label="Select"'));
    put('b.xmp', sidecar('xmp:Rating="1" xmp:Label="Green"'));
    put('B.JPG.XMP', sidecar('xmp:Rating="2" xmpDM:pick="1"'));
    put('c.xmp', '');
    put('d.jpg.xmp', sidecar('xmp:Rating="3"').slice(0, 90));
    put('e.jpg.xmp', sidecar('xmp:Rating="-1"'));
    put('nobody.xmp', sidecar('xmp:Rating="5"'));
  });
  afterAll(async () => home.close());

  const detailOf = async (api: Api, shoot: number, name: string) => api.library.photo({ id: (await listAll(api, shoot)).get(name)!.id });
  it('are told with each photo, in rows and in full; a broken one harms only itself', async () => {
    const { engine, api } = await home.open();
    const shoot = await openAndFinish(engine, api, folder);
    const { photos } = await api.library.photos({ shoot, from: 0, count: 100 });
    const of = <T>(column: readonly T[]): Record<string, T> => Object.fromEntries(photos.name.map((name, at) => [name, column[at]!]));
    expect(of(photos.existingRating)).toEqual({ 'a.jpg': 4, 'b.jpg': 2, 'c.jpg': null, 'd.jpg': null, 'e.jpg': -1, 'f.jpg': null });
    expect(of(photos.existingLabel)).toMatchObject({ 'a.jpg': 'Select', 'b.jpg': 'Green', 'f.jpg': null });
    // never a mark, never an error of the photo
    expect(new Set(photos.rating)).toEqual(new Set([0]));
    expect(new Set(photos.flag)).toEqual(new Set(['none']));
    expect(new Set(photos.error)).toEqual(new Set([null]));
    expect(await detailOf(api, shoot, 'b.jpg')).toMatchObject({
      existing: { rating: { value: 2, from: 'sidecar' }, label: { value: 'Green', from: 'sidecar' }, flag: { value: 'pick', from: 'sidecar' } },
      sidecars: [{ name: 'B.JPG.XMP', error: null }, { name: 'b.xmp', error: null }],
    });
    expect(await detailOf(api, shoot, 'e.jpg')).toMatchObject({ existing: { flag: { value: 'reject', from: 'sidecar' } } });
    expect(await detailOf(api, shoot, 'c.jpg')).toMatchObject({ errors: [], sidecars: [{ name: 'c.xmp', error: { code: 'empty-file' } }] });
    expect(await detailOf(api, shoot, 'd.jpg')).toMatchObject({ errors: [], sidecars: [{ name: 'd.jpg.xmp', error: { code: 'truncated' } }] });
  });

  it('are not read again as long as size and time are the same, and are known before the folder is read', async () => {
    // another rating under the same size and time: whoever reads it would see it
    put('a.xmp', sidecar('xmp:Rating="5" xmp:Label="Select"'));
    const { engine, api } = await home.open();
    const granted = await engine.grant(folder, 'shoot');
    if (!granted.ok) throw new Error(granted.error.message);
    const { shoot } = await api.library.open({ grant: granted.value.grant, analyse: false });
    expect((await detailOf(api, shoot, 'a.jpg')).existing.rating).toEqual({ value: 4, from: 'sidecar' });
    await openAndFinish(engine, api, folder);
    expect((await detailOf(api, shoot, 'a.jpg')).existing.rating).toEqual({ value: 4, from: 'sidecar' });
    expect((await api.jobs.list({})).map(({ title }) => title)).not.toContain('Reading sidecars');
  });

  it('are read again when they have changed, come or gone; the marks of the person stay as they are', async () => {
    const { engine, api } = await home.open();
    const shoot = await openAndFinish(engine, api, folder);
    const rows = await listAll(api, shoot);
    await api.cull.decide({ shoot, ids: [rows.get('a.jpg')!.id], mark: { rating: 3 } });
    put('a.xmp', sidecar('xmp:Rating="5" xmp:Label="Select"'), 1_700_000_100);
    put('c.xmp', sidecar('xmp:Rating="2"'), 1_700_000_100);
    put('f.xmp', sidecar('xmp:Label="Blue"'));
    rmSync(join(folder, 'e.jpg.xmp'));
    renameSync(join(folder, 'b.xmp'), join(folder, 'nobody-else.xmp'));
    const told = new Set<number>();
    api.library.changed(({ photos }) => photos.id.forEach((id) => told.add(id)));
    await openAndFinish(engine, api, folder);
    const { photos } = await api.library.photos({ shoot, from: 0, count: 100 });
    const at = (name: string): number => photos.name.indexOf(name);
    expect(photos.existingRating[at('a.jpg')]).toBe(5);
    expect(photos.rating[at('a.jpg')]).toBe(3);
    expect(photos.existingRating[at('c.jpg')]).toBe(2);
    expect(photos.existingLabel[at('f.jpg')]).toBe('Blue');
    expect(photos.existingRating[at('e.jpg')]).toBeNull();
    expect(photos.existingLabel[at('b.jpg')], 'its other sidecar has gone').toBeNull();
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg', 'e.jpg', 'f.jpg']) expect(told, name).toContain(photos.id[at(name)]);
    const again = await home.open();
    await openAndFinish(again.engine, again.api, folder);
    expect((await detailOf(again.api, shoot, 'c.jpg')).sidecars).toEqual([{ name: 'c.xmp', error: null }]);
    expect(home.bugs).toEqual([]);
  });

  it('are in the report, and change neither suggestion nor export', async () => {
    const { engine, api } = await home.open();
    const granted = await engine.grant(folder, 'shoot');
    if (!granted.ok) throw new Error(granted.error.message);
    const report = await engine.cull(granted.value.grant);
    if (!report.ok) throw new Error(report.error.message);
    const photo = (path: string) => report.value.photos.find((one) => one.path === path)!;
    expect(photo('a.jpg')).toMatchObject({ existing: { rating: { value: 5, from: 'sidecar' }, keywords: null }, marks: { rating: 3 }, sidecars: [{ path: 'a.xmp', error: null }] });
    expect(photo('d.jpg')).toMatchObject({ errors: [], sidecars: [{ path: 'd.jpg.xmp', error: { code: 'truncated' } }] });
    expect(report.value.problems).toEqual([]);
    const destination = await engine.grant(join(home.folder, 'out'), 'destination');
    if (!destination.ok) throw new Error(destination.error.message);
    const { shoot } = await api.library.open({ grant: granted.value.grant });
    const plan = await api.deliver.plan({ shoot, destination: destination.value.grant, preset: 'copy', where: { rating: 3 } });
    expect(plan, 'the photo that the person has given three stars, with its sidecar').toMatchObject({ photos: 1, files: 2 });
  });
});
