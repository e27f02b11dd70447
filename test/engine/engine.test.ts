/** The engine, whole, in one Node process with its real children, on shoots that the test draws. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { drawScene, makeBadFiles, makeJpeg, makeRaw, makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { allJobsEnd, codeOf, createHome, listAll, openAndFinish } from './engine-kit.ts';
import type { EngineHome } from './engine-kit.ts';
import { waitUntil } from './processes.ts';

describe('engine', () => {
  let home: EngineHome;
  let truth: ShootTruth;
  let folder: string;

  beforeAll(async () => {
    home = createHome();
    folder = join(home.folder, 'shoot');
    truth = await makeShoot(folder, { photos: 40, edge: 800, rawKinds: ['nef', 'cr2', 'arw', 'dng', 'pef'], bursts: 2, brackets: 1, pairs: 2, soft: 2, dark: 1, copies: 2 });
  });
  afterEach(() => expect(home.bugs.splice(0)).toEqual([]));
  afterAll(() => home.close());

  it('opens a shoot, looks at every photo, groups and judges them', async () => {
    const { engine, api } = await home.open();
    const shoot = await openAndFinish(engine, api, folder);
    const rows = await listAll(api, shoot);
    expect([...rows.keys()].sort()).toEqual(truth.photos.map(({ path }) => path).sort());
    for (const row of rows.values()) expect(row, row.name).toMatchObject({ state: 'done', error: null });
    for (const burst of truth.bursts) {
      expect(new Set(burst.photos.map((path) => rows.get(path)!.group)).size).toBe(1);
      expect(burst.photos.filter((path) => rows.get(path)!.best)).toEqual([burst.best]);
    }
    for (const { original, copy } of truth.copies) expect(rows.get(copy)!.group).toBe(rows.get(original)!.group);
    for (const path of truth.brackets[0]!) expect(rows.get(path)!.verdict).toBe('keep');
    for (const path of truth.soft) expect(rows.get(path)!.verdict).not.toBe('keep');
    for (const { raw, jpeg } of truth.pairs) {
      expect(rows.get(raw)!.pair).toBe(rows.get(jpeg)!.id);
      expect(rows.get(jpeg)!.pair).toBe(rows.get(raw)!.id);
    }
    // listed in capture order
    expect([...rows.keys()].filter((name) => !name.startsWith('copies/'))).toEqual(truth.photos.map(({ path }) => path).filter((path) => !path.startsWith('copies/')));
  });

  it('explains a photo: measures, thresholds, stages with place, version and time', async () => {
    const { engine, api } = await home.open();
    const shoot = await openAndFinish(engine, api, folder);
    const rows = await listAll(api, shoot);
    const detail = await api.library.photo({ id: rows.get(truth.soft[0]!)!.id });
    expect(detail.reasons.length).toBeGreaterThan(0);
    expect(detail.reasons.some((reason) => reason.value !== null && reason.threshold !== null)).toBe(true);
    expect(detail.trace.map((one) => one.stage).sort()).toEqual(['exposure', 'focus', 'identify', 'metadata', 'phash', 'preview', 'sharpness']);
    for (const one of detail.trace) expect(one).toMatchObject({ place: 'local', error: null });
    expect(detail.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(detail.camera.make).not.toBeNull();
    expect(await codeOf(api.library.photo({ id: 999_999 }))).toBe('not-found');
  });

  it('keeps what it has measured: nothing runs again on a folder that is as it was', async () => {
    const { engine, api } = await home.open();
    await openAndFinish(engine, api, folder);
    expect((await api.jobs.list({})).map((job) => job.kind)).toEqual(['scan']);
  });

  it('shows pictures in three sizes and says so where there is none', async () => {
    const { engine, api } = await home.open();
    const shoot = await openAndFinish(engine, api, folder);
    const rows = await listAll(api, shoot);
    const { id, width } = rows.get(truth.photos[0]!.path)!;
    for (const [size, edge] of [['grid', 512], ['screen', 800], ['full', 800]] as const) {
      const picture = await engine.picture(id, size);
      expect(picture).toMatchObject({ ok: true, value: { width: Math.min(edge, width) } });
      expect(picture.ok && picture.value.jpeg.subarray(0, 2)).toEqual(new Uint8Array([0xff, 0xd8]));
    }
    expect(await engine.picture(999_999, 'grid')).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  it('marks both halves of a pair as one step; undo and redo work across a restart', async () => {
    const first = await home.open();
    const shoot = await openAndFinish(first.engine, first.api, folder);
    const rows = await listAll(first.api, shoot);
    const { raw, jpeg } = truth.pairs[0]!;
    const other = truth.photos.at(-1)!.path;
    const { api } = first;
    expect(await api.cull.decide({ shoot, ids: [rows.get(raw)!.id], mark: { flag: 'pick' } })).toMatchObject({ changed: 2, text: 'Photo: picked' });
    await api.cull.decide({ shoot, ids: [rows.get(other)!.id], mark: { rating: 4, label: 'Red' } });
    const again = await home.open();
    await openAndFinish(again.engine, again.api, folder);
    const marks = async (path: string): Promise<unknown> => {
      const row = (await listAll(again.api, shoot)).get(path)!;
      return [row.flag, row.rating, row.label];
    };
    expect(await marks(jpeg)).toEqual(['pick', 0, null]);
    expect(await marks(other)).toEqual(['none', 4, 'Red']);
    await again.api.cull.undo({ shoot });
    expect(await marks(other)).toEqual(['none', 0, null]);
    await again.api.cull.undo({ shoot });
    expect(await marks(raw)).toEqual(['none', 0, null]);
    expect(await codeOf(again.api.cull.undo({ shoot }))).toBe('nothing-to-undo');
    await again.api.cull.redo({ shoot });
    expect(await marks(jpeg)).toEqual(['pick', 0, null]);
    expect((await again.api.cull.history({ shoot, count: 10 })).map((step) => step.undone)).toEqual([true, false]);
    expect(await codeOf(again.api.cull.decide({ shoot, ids: [999_999], mark: { flag: 'pick' } }))).toBe('not-found');
    expect(await codeOf(again.api.cull.decide({ shoot: 999, ids: [1], mark: { flag: 'pick' } }))).toBe('not-found');
  });

  it('tells pages what changes, in rows', async () => {
    const { engine, api } = await home.open();
    const shoot = await openAndFinish(engine, api, folder);
    const rows = await listAll(api, shoot);
    const seen: { flag: string[]; id: number[] }[] = [];
    const page = engine.connect();
    page.library.changed(({ photos }) => void seen.push(photos));
    const { id } = rows.get(truth.photos[3]!.path)!;
    await api.cull.decide({ shoot, ids: [id], mark: { flag: 'reject' } });
    await waitUntil('a change event', () => seen.some((photos) => photos.id.includes(id)));
    const photos = seen.find((one) => one.id.includes(id))!;
    expect(photos.flag[photos.id.indexOf(id)]).toBe('reject');
  });
});

describe('engine on folders that change or are bad', () => {
  let home: EngineHome;
  beforeAll(() => void (home = createHome()));
  afterEach(() => expect(home.bugs.splice(0)).toEqual([]));
  afterAll(() => home.close());

  it('gives each broken file its code and harms nothing else', async () => {
    const folder = join(home.folder, 'broken');
    const bad = await makeBadFiles(folder);
    const { engine } = await home.open();
    const granted = await engine.grant(folder, 'shoot');
    const report = await engine.cull(granted.ok ? granted.value.grant : '');
    if (!report.ok) throw new Error(report.error.message);
    const byPath = new Map(report.value.photos.map((photo) => [photo.path, photo]));
    expect([...byPath.keys()].sort()).toEqual(bad.map(({ path }) => path).sort());
    for (const { path, codes, why, shown } of bad) {
      const photo = byPath.get(path)!;
      expect(codes, `${path}: ${why}`).toContain(photo.errors[0]?.code);
      expect(photo.errors[0]!.message.length, path).toBeGreaterThan(10);
      expect(photo.verdict, path).not.toBe('reject');
      expect(photo.reasons.length, path).toBeGreaterThan(0);
      if (shown) expect(photo.preview.width, path).toBeGreaterThan(0);
    }
  });

  it('answers for folders that are not there, empty or no folders', async () => {
    const { engine, api } = await home.open();
    expect(await engine.grant(join(home.folder, 'nowhere'), 'shoot')).toMatchObject({ ok: false, error: { code: 'folder-missing' } });
    const file = join(home.folder, 'a-file');
    writeFileSync(file, 'x');
    expect(await engine.grant(file, 'shoot')).toMatchObject({ ok: false });
    const empty = join(home.folder, 'empty');
    mkdirSync(empty);
    const granted = await engine.grant(empty, 'shoot');
    expect(granted.ok).toBe(true);
    const grant = granted.ok ? granted.value.grant : '';
    expect(await codeOf(api.library.open({ grant }))).toBe('folder-empty');
    rmSync(empty, { recursive: true });
    expect(await codeOf(api.library.open({ grant }))).toBe('folder-missing');
    expect(await codeOf(api.library.open({ grant: 'nonsense' }))).toBe('not-found');
    // a destination need not be there yet
    expect(await engine.grant(join(home.folder, 'later'), 'destination')).toMatchObject({ ok: true });
  });

  it('takes in photos that come, change, go and are renamed; a renamed photo keeps its marks', async () => {
    const folder = join(home.folder, 'living');
    const truth = await makeShoot(folder, { photos: 6, edge: 400, seed: 3 });
    const { engine, api } = await home.open();
    const shoot = await openAndFinish(engine, api, folder);
    const before = await listAll(api, shoot);
    const [first, second, third] = truth.photos.map(({ path }) => path) as [string, string, string];
    await api.cull.decide({ shoot, ids: [before.get(first)!.id], mark: { flag: 'pick' } });
    await api.cull.decide({ shoot, ids: [before.get(third)!.id], mark: { rating: 5 } });
    renameSync(join(folder, first), join(folder, 'renamed.jpg'));
    rmSync(join(folder, second));
    const more = await makeShoot(join(folder, 'more'), { photos: 2, edge: 400, seed: 4 });
    await openAndFinish(engine, api, folder);
    const after = await listAll(api, shoot);
    expect([...after.keys()].sort()).toEqual([...truth.photos.slice(2).map(({ path }) => path), ...more.photos.map(({ path }) => `more/${path}`), 'renamed.jpg'].sort());
    expect(after.get('renamed.jpg')).toMatchObject({ flag: 'pick', state: 'done' });
    expect(after.get(third)).toMatchObject({ rating: 5, id: before.get(third)!.id });
  });

  it('stops a running job when told to, keeps what it has, and goes on at the next open', async () => {
    const folder = join(home.folder, 'long');
    await makeShoot(folder, { photos: 60, edge: 1400, scenes: 4, seed: 5 });
    const { engine, api } = await home.open();
    const granted = await engine.grant(folder, 'shoot');
    const grant = granted.ok ? granted.value.grant : '';
    const { shoot } = await api.library.open({ grant });
    let job = 0;
    await waitUntil('some photos looked at', async () => {
      const running = (await api.jobs.list({})).find((one) => one.kind === 'cull' && one.title.startsWith('Looking'));
      job = running?.id ?? 0;
      return (running?.done ?? 0) >= 5;
    }, 120_000);
    await api.jobs.cancel({ id: job });
    for (const one of await api.jobs.list({})) if (one.state === 'running') await api.jobs.cancel({ id: one.id });
    await allJobsEnd(api);
    expect((await api.jobs.list({})).find((one) => one.id === job)).toMatchObject({ state: 'cancelled' });
    const states = [...(await listAll(api, shoot)).values()].map((row) => row.state);
    expect(states.filter((state) => state === 'new').length).toBeGreaterThan(0);
    expect(states.filter((state) => state !== 'new').length).toBeGreaterThanOrEqual(5);
    await api.library.open({ grant });
    await allJobsEnd(api);
    expect([...(await listAll(api, shoot)).values()].every((row) => row.state === 'done')).toBe(true);
    expect(await codeOf(api.jobs.cancel({ id: 12_345 }))).toBe('not-found');
  }, 240_000);

  it('looks first where the eye is', async () => {
    const folder = join(home.folder, 'eye');
    await makeShoot(folder, { photos: 60, edge: 1400, scenes: 3, seed: 6 });
    const { engine, api } = await home.open();
    const granted = await engine.grant(folder, 'shoot');
    const { shoot } = await api.library.open({ grant: granted.ok ? granted.value.grant : '', analyse: false });
    const order = [...(await listAll(api, shoot)).values()].map((row) => row.id);
    const visible = order.slice(-6);
    await api.library.look({ shoot, visible, near: order.slice(-12, -6) });
    await api.library.open({ grant: granted.ok ? granted.value.grant : '' });
    let seen: number[] = [];
    await waitUntil('six photos looked at', async () => {
      seen = [...(await listAll(api, shoot)).values()].filter((row) => row.state !== 'new').map((row) => row.id);
      return seen.length >= 6;
    }, 120_000);
    // a few of the others may have been started in the moment before
    expect(visible.filter((id) => seen.includes(id)).length).toBeGreaterThanOrEqual(4);
    expect(seen.length).toBeLessThan(40);
    await engine.close();
  });

  it('hands no client the small preview of a RAW file whose data are cut off, also when it was measured before', async () => {
    const folder = join(home.folder, 'cut');
    mkdirSync(folder);
    const small = await makeJpeg(drawScene({ seed: 5, width: 480, height: 320 }));
    const raw = makeRaw('nef', { previews: [small], exif: { date: '2024:05:01 12:00:00' }, rawBytes: 60_000 });
    writeFileSync(join(folder, 'cut.NEF'), raw.subarray(0, raw.length - 30_000));
    const { engine, api } = await home.open();
    const shoot = await openAndFinish(engine, api, folder);
    const row = (await listAll(api, shoot)).get('cut.NEF')!;
    expect(row).toMatchObject({ error: 'truncated', width: 480 });
    await api.cull.decide({ shoot, ids: [row.id], mark: { flag: 'pick' } });
    const to = await engine.grant(join(home.folder, 'client'), 'destination');
    const plan = await api.deliver.plan({ shoot, preset: 'web', where: 'pick', destination: to.ok ? to.value.grant : '' });
    const codes: (string | null)[] = [];
    expect(await api.deliver.run({ plan: plan.plan }, (item) => void codes.push(item.error?.code ?? null))).toMatchObject({ written: 0, failed: 1 });
    expect(codes).toEqual(['truncated']);
    await engine.close();
  });

  it('refuses a second engine on the same catalog', async () => {
    const { engine } = await home.open();
    const { openEngine } = await import('../../main/engine.ts');
    const second = await openEngine({ catalogFile: join(home.folder, 'home', 'catalog.db'), cacheFolder: join(home.folder, 'home', 'cache') });
    expect(second).toMatchObject({ ok: false, error: { code: 'catalog-busy' } });
    await engine.close();
  });
});
