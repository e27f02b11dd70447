/** The page's state on the real engine, without a browser: open, mark, undo, ask why, export, lose the engine and find it again. */
import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fail, ok } from '../../main/base/index.ts';
import { createTransportPair } from '../../main/contract/index.ts';
import type { Transport } from '../../main/contract/index.ts';
import type { Engine } from '../../main/engine.ts';
import { startSession, useSession } from '../../renderer/client/index.ts';
import { takeEngine } from '../../renderer/start.ts';
import { loadDetail, useDetails } from '../../renderer/state/detail.ts';
import { chooseExport, openExport, planAgain, runExport, useExport } from '../../renderer/state/export.ts';
import { useJobs } from '../../renderer/state/jobs.ts';
import { moveBy, moveToPosition, selectEverything, setFilter, useList, useSelection } from '../../renderer/state/list.ts';
import { changeRating, mark, redo, toggleFlag, toggleLabel, undo } from '../../renderer/state/marks.ts';
import { useNotices } from '../../renderer/state/notices.ts';
import { useShoot } from '../../renderer/state/shoot.ts';
import { allJobsEnd, createHome } from '../engine/engine-kit.ts';
import type { Api } from '../engine/engine-kit.ts';
import { makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';

const patience = { timeout: 60_000, interval: 50 };

describe.sequential("the page's state", { timeout: 240_000 }, () => {
  const home = createHome();
  let engine: Engine;
  let api: Api;
  let truth: ShootTruth;
  let away = false;
  let line: Transport | null = null;

  const openLine = async (): Promise<Transport> => {
    const [page, host] = createTransportPair();
    if (away) throw new Error('nobody there');
    engine.serve(host, {
      info: () => ok({ shell: 'test' as const, version: '0', pixels: '/photo/p/', canPickFolder: false, platform: 'linux' }),
      pickFolder: () => fail('not-available', 'There is nobody to ask.'),
    });
    line = page;
    return page;
  };
  const start = async (): Promise<void> => {
    ({ engine, api } = await home.open());
    await engine.grant(truth.folder, 'shoot');
    await engine.grant(join(home.folder, 'out'), 'destination');
  };
  const rowOf = async (id: number): Promise<{ flag: string; rating: number; label: string | null }> => {
    const { photos } = await api.library.photos({ shoot: useShoot.getState().shoot!, from: 0, count: 1000 });
    const row = photos.id.indexOf(id);
    return { flag: photos.flag[row]!, rating: photos.rating[row]!, label: photos.label[row]! };
  };
  const shown = (id: number): { flag: number; rating: number; label: number } => {
    const { table } = useList.getState();
    return table.marksAt(table.indexOf.get(id)!);
  };
  const focus = (): number => useSelection.getState().focus!;

  beforeAll(async () => {
    truth = await makeShoot(join(home.folder, 'shoot'), { photos: 13, edge: 480, scenes: 6, rawKinds: ['nef', 'dng'], bursts: 1, pairs: 1 });
    mkdirSync(join(home.folder, 'out'));
    await start();
    startSession({ open: openLine, onOpen: takeEngine });
  }, 240_000);
  afterAll(async () => {
    away = true;
    await home.close();
    expect(home.bugs).toEqual([]);
  });

  it('opens the only folder by itself and follows the work on it', async () => {
    await expect.poll(() => useShoot.getState().status, patience).toBe('open');
    await allJobsEnd(api);
    // 13 files, one of them the JPEG half of a pair
    await expect.poll(() => useList.getState().list.counts, patience).toMatchObject({ photos: 12, shown: 12, verdicts: [0, expect.any(Number), expect.any(Number), expect.any(Number)] });
    await expect.poll(() => useJobs.getState().jobs.length > 0 && useJobs.getState().jobs.every((job) => job.state === 'done'), patience).toBe(true);
    await expect.poll(() => useList.getState().list.counts.groups.grouped, patience).toBe(truth.bursts[0]!.photos.length);
    const { list, table } = useList.getState();
    expect([...list.order].map((index) => table.name[index])).not.toContain(truth.pairs[0]!.jpeg);
    expect(table.id[list.order[0]!]).toBe(focus());
  });

  it('shows a mark before the engine has it, and the engine gets it', async () => {
    const id = focus();
    mark({ rating: 3 });
    expect(shown(id).rating).toBe(3);
    await expect.poll(() => rowOf(id), patience).toMatchObject({ rating: 3 });
    changeRating(1);
    toggleLabel('Green');
    toggleFlag(true);
    expect(shown(id)).toEqual({ flag: 1, rating: 4, label: 3 });
    expect(focus()).not.toBe(id);
    await expect.poll(() => rowOf(id), patience).toEqual({ flag: 'pick', rating: 4, label: 'Green' });
    await undo();
    await undo();
    await expect.poll(() => shown(id), patience).toEqual({ flag: 0, rating: 4, label: 0 });
    await redo();
    await expect.poll(() => shown(id), patience).toEqual({ flag: 0, rating: 4, label: 3 });
    expect(await rowOf(id)).toEqual({ flag: 'none', rating: 4, label: 'Green' });
  });

  it('marks both halves of a pair', async () => {
    const { table, list } = useList.getState();
    const raw = table.id[table.name.indexOf(truth.pairs[0]!.raw)]!;
    moveToPosition(list.position[table.indexOf.get(raw)!]!);
    mark({ flag: 'reject' });
    await expect.poll(() => rowOf(table.id[table.name.indexOf(truth.pairs[0]!.jpeg)]!), patience).toMatchObject({ flag: 'reject' });
    await undo();
    await expect.poll(() => shown(raw).flag, patience).toBe(0);
  });

  it('takes back by one undo what one key has done to many', async () => {
    const { list, table } = useList.getState();
    const ids = [...list.order].map((index) => table.id[index]!);
    const before = await rowOf(ids[0]!);
    expect(before).toMatchObject({ rating: 4, label: 'Green' });
    moveToPosition(0);
    mark({ rating: 1 });
    selectEverything();
    changeRating(1);
    expect(ids.map((id) => shown(id).rating)).toEqual(ids.map((_, at) => (at === 0 ? 2 : 1)));
    await expect.poll(async () => (await rowOf(ids[5]!)).rating, patience).toBe(1);
    await expect.poll(async () => (await rowOf(ids[0]!)).rating, patience).toBe(2);
    await undo();
    await expect.poll(() => ids.map((id) => shown(id).rating), patience).toEqual(ids.map((_, at) => (at === 0 ? 1 : 0)));
    await redo();
    // a key that is held down does not wait for the engine
    await Promise.all([undo(), undo()]);
    expect(await rowOf(ids[0]!)).toEqual(before);
    await expect.poll(() => shown(ids[5]!).rating, patience).toBe(0);
  });

  it('goes on to the next photo when a mark sends one out of the filter', async () => {
    setFilter({ flags: 1 });
    moveToPosition(1);
    const { list, table } = useList.getState();
    const [second, third] = [table.id[list.order[1]!]!, table.id[list.order[2]!]!];
    mark({ flag: 'reject' });
    expect(focus()).toBe(third);
    expect(useList.getState().list.order.length).toBe(list.order.length - 1);
    await undo();
    await expect.poll(() => useList.getState().list.order.length, patience).toBe(list.order.length);
    expect(shown(second).flag).toBe(0);
    setFilter({ flags: 0 });
  });

  it('knows why, and learns it anew when something has changed', async () => {
    const id = useList.getState().table.id[useList.getState().table.name.indexOf(truth.bursts[0]!.best)]!;
    await loadDetail(id);
    const detail = useDetails.getState().details.get(id)!;
    expect(detail.group?.best).toBe(id);
    expect(detail.reasons.length).toBeGreaterThan(0);
    // the closer look may have come already
    expect(detail.trace.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['exposure', 'focus', 'identify', 'metadata', 'phash', 'preview']));
    await loadDetail(999_999);
    expect(useDetails.getState().errors.get(999_999)?.code).toBe('not-found');
  });

  it('shows the plan before anything is written, then writes it', async () => {
    const { table, list } = useList.getState();
    const raw = table.id[table.name.indexOf(truth.pairs[0]!.raw)]!;
    moveToPosition(list.position[table.indexOf.get(raw)!]!);
    mark({ flag: 'pick' });
    await expect.poll(() => rowOf(raw), patience).toMatchObject({ flag: 'pick' });
    openExport();
    await expect.poll(() => useExport.getState().step, patience).toBe('planned');
    chooseExport({ where: 'pick' });
    await expect.poll(() => useExport.getState(), patience).toMatchObject({ step: 'planned', plan: { photos: 1, files: 2 } });
    expect(await readdir(join(home.folder, 'out'))).toEqual([]);
    await runExport();
    expect(useExport.getState()).toMatchObject({ step: 'finished', result: { written: 2, failed: 0 }, problems: [] });
    expect((await readdir(join(home.folder, 'out'))).sort()).toEqual([truth.pairs[0]!.raw, truth.pairs[0]!.jpeg].sort());
    planAgain();
    await expect.poll(() => useExport.getState(), patience).toMatchObject({ step: 'planned', plan: { files: 0, done: 2 } });
  });

  it('takes a mark back that a lost engine did not get, and finds its place again', async () => {
    moveToPosition(2);
    const id = focus();
    mark({ rating: 5 });
    await expect.poll(() => rowOf(id), patience).toMatchObject({ rating: 5 });
    away = true;
    line!.close();
    await expect.poll(() => useSession.getState().status, patience).toBe('gone');
    mark({ rating: 1 });
    expect(shown(id).rating).toBe(1);
    await expect.poll(() => shown(id).rating, patience).toBe(5);
    expect(useNotices.getState().notices.some(({ kind, text }) => kind === 'error' && text.includes('not saved'))).toBe(true);
    await start();
    away = false;
    await expect.poll(() => useSession.getState().status, patience).toBe('open');
    await expect.poll(() => useShoot.getState().listing, patience).toBe(false);
    expect(focus()).toBe(id);
    expect(shown(id).rating).toBe(5);
    moveBy(1);
    const next = focus();
    mark({ rating: 2 });
    await expect.poll(() => rowOf(next), patience).toMatchObject({ rating: 2 });
    await undo();
    await expect.poll(() => shown(next).rating, patience).toBe(0);
  });
});
