/** Groups in the page's state, on the real engine: sliders, clocks, groups of one's own, caution, and the words for all that. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fail, ok } from '../../main/base/index.ts';
import { createTransportPair } from '../../main/contract/index.ts';
import type { Transport } from '../../main/contract/index.ts';
import { groupPresets } from '../../main/domain/index.ts';
import type { Engine } from '../../main/engine.ts';
import { startSession } from '../../renderer/client/index.ts';
import {
  describeChoiceLikeness, describeClock, describeDifference, describeEffect, describeGroup, describeMeasures, describeWindow, readShift, stopOf, windowStops, writeShift,
} from '../../renderer/groups/words.ts';
import { takeEngine } from '../../renderer/start.ts';
import { choosePreset, goBack, keepDraft, loadGroups, previewChoice, setClock, useGroups } from '../../renderer/state/groups.ts';
import { moveToPosition, selectPhoto, useList, useSelection } from '../../renderer/state/list.ts';
import { mark, undo } from '../../renderer/state/marks.ts';
import { dismissNotice, useNotices } from '../../renderer/state/notices.ts';
import { groupByRules, joinFocused, makeOneGroup, setAlone, splitHere } from '../../renderer/state/own-groups.ts';
import { PhotoTable } from '../../renderer/state/photo-table.ts';
import { useShoot } from '../../renderer/state/shoot.ts';
import { showGrid, showLoupe, togglePanel, useView } from '../../renderer/state/view.ts';
import { describeSplitSets } from '../../renderer/state/whole-sets.ts';
import { allJobsEnd, createHome } from '../engine/engine-kit.ts';
import type { Api } from '../engine/engine-kit.ts';
import { makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { columnsOf, makeRow } from './rows.ts';

const patience = { timeout: 30_000, interval: 50 };

describe.sequential('groups in the state', { timeout: 240_000 }, () => {
  const home = createHome();
  let engine: Engine;
  let api: Api;
  let truth: ShootTruth;
  /** Methods that the page has called. */
  let calls: string[] = [];

  const openLine = async (): Promise<Transport> => {
    const [page, host] = createTransportPair();
    engine.serve(host, {
      info: () => ok({ shell: 'test' as const, version: '0', pixels: '/photo/p/', canPickFolder: false, platform: 'linux' }),
      pickFolder: () => fail('not-available', 'There is nobody to ask.'),
    });
    const send = page.send.bind(page);
    return {
      ...page,
      onMessage: page.onMessage.bind(page),
      onClose: page.onClose.bind(page),
      close: page.close.bind(page),
      send(message) {
        if (typeof message === 'object' && message !== null && 'm' in message) calls.push(String(message.m));
        send(message);
      },
    };
  };
  const idOf = (name: string): number => {
    const { table } = useList.getState();
    return table.id[table.name.indexOf(name)]!;
  };
  const groupOf = (name: string): string | null => {
    const { table } = useList.getState();
    return table.group[table.name.indexOf(name)] ?? null;
  };
  const select = (...names: string[]): void => names.forEach((name, at) => selectPhoto(idOf(name), at === 0 ? 'one' : 'toggle'));
  const lastNotice = () => useNotices.getState().notices.at(-1);

  beforeAll(async () => {
    truth = await makeShoot(join(home.folder, 'shoot'), { photos: 15, edge: 640, bursts: 2, brackets: 1 });
    ({ engine, api } = await home.open());
    await engine.grant(truth.folder, 'shoot');
    startSession({ open: openLine, onOpen: takeEngine });
  }, 240_000);
  afterEach(() => useNotices.getState().notices.forEach(({ id }) => dismissNotice(id)));
  afterAll(async () => {
    await home.close();
    expect(home.bugs).toEqual([]);
  });

  it('finds the groups of the folder', async () => {
    await expect.poll(() => useShoot.getState().status, patience).toBe('open');
    await allJobsEnd(api);
    await expect.poll(() => useList.getState().list.counts.groups.grouped, patience).toBe(13);
  });

  it('asks only for the latest place of a slider, keeps it when let go, and goes back', async () => {
    await loadGroups();
    const { shoot, settings } = useGroups.getState();
    expect(settings).toMatchObject({ preset: 'standard', effect: { kinds: { burst: 2, bracket: 1 } } });
    calls = [];
    for (let likeness = 21; likeness >= 4; likeness -= 1) previewChoice({ window: 0.2, likeness });
    const expected = await api.groups.preview({ shoot: shoot!, choice: { window: 0.2, likeness: 4 } });
    await expect.poll(() => useGroups.getState().preview, patience).toEqual(expected);
    expect(calls.filter((method) => method === 'groups.preview').length).toBeLessThan(4);
    expect(calls).not.toContain('groups.choose');
    keepDraft();
    await expect.poll(() => useGroups.getState(), patience).toMatchObject({ draft: null, settings: { preset: null, choice: { window: 0.2, likeness: 4 } }, before: { preset: 'standard' } });
    choosePreset('sport');
    await expect.poll(() => useGroups.getState().settings?.preset, patience).toBe('sport');
    choosePreset('own');
    await expect.poll(() => useGroups.getState().settings?.choice, patience).toEqual({ window: 0.2, likeness: 4 });
    goBack();
    await expect.poll(() => useGroups.getState().settings?.choice, patience).toEqual(groupPresets.sport);
    // a slider that comes back to where it was changes nothing
    await expect.poll(() => useGroups.getState().draft, patience).toBeNull();
    calls = [];
    previewChoice({ ...groupPresets.sport });
    keepDraft();
    expect([useGroups.getState().draft, calls.includes('groups.choose')]).toEqual([null, false]);
    const camera = useGroups.getState().settings!.cameras[0]!.camera;
    setClock(camera, 60_000);
    await expect.poll(() => useGroups.getState().settings?.cameras[0]?.shiftMs, patience).toBe(60_000);
    goBack();
    await expect.poll(() => useGroups.getState().settings?.cameras[0]?.shiftMs, patience).toBe(0);
    choosePreset('standard');
    await expect.poll(() => useGroups.getState().settings?.preset, patience).toBe('standard');
  });

  it('makes groups of one’s own, and its notice takes back what it tells, as long as that was the last', async () => {
    const [one, two, three, four] = truth.bursts[0]!.photos as [string, string, string, string];
    const group = groupOf(one);
    showGrid();
    select(one, two);
    makeOneGroup();
    await expect.poll(() => lastNotice()?.text, patience).toBe('2 photos: made one group');
    await expect.poll(() => [groupOf(one) === groupOf(two), groupOf(one) === groupOf(three)], patience).toEqual([true, false]);
    const notice = lastNotice()!;
    mark({ rating: 2 });
    // what it offers is past
    expect(useNotices.getState().notices).not.toContain(notice);
    notice.action!.run();
    expect(lastNotice()?.text).toBe('Something else was done since. Undo that first.');
    await undo();
    await undo();
    await expect.poll(() => groupOf(one), patience).toBe(group);

    select(one, two, four);
    expect(useSelection.getState().focus).toBe(idOf(four));
    joinFocused();
    await expect.poll(() => lastNotice()?.text, patience).toBe(`2 photos: added to the group of ${four}`);
    lastNotice()!.action!.run();
    await expect.poll(() => lastNotice()?.text, patience).toMatch(/undone$/);
    select(one);
    setAlone();
    await expect.poll(() => groupOf(one), patience).toBeNull();
    groupByRules();
    await expect.poll(() => groupOf(one), patience).toBe(group);
    await expect.poll(() => lastNotice()?.text, patience).toBe('Photo: grouped by the rules again');
    groupByRules();
    await expect.poll(() => lastNotice()?.text, patience).toBe('They are grouped by the rules already.');
    makeOneGroup();
    expect(lastNotice()?.text).toBe('Select the photos of the group first, two or more.');
  });

  it('splits where the eye is, in the loupe too, and joins the photo before', async () => {
    const names = truth.bursts[1]!.photos;
    const group = groupOf(names[0]!);
    moveToPosition(useList.getState().list.position[useList.getState().table.indexOf.get(idOf(names[3]!))!]!);
    showLoupe();
    splitHere();
    await expect.poll(() => lastNotice()?.text, patience).toBe('2 photos: made one group');
    await expect.poll(() => [groupOf(names[2]!), groupOf(names[3]!) === groupOf(names[4]!), groupOf(names[3]!) === group], patience).toEqual([group, true, false]);
    splitHere();
    expect(lastNotice()?.text).toMatch(/^This is the first photo of its group/);
    // to the group of the photo before it, which keeps all of it together
    joinFocused();
    await expect.poll(() => groupOf(names[3]!) === groupOf(names[0]!), patience).toBe(true);
    await undo();
    await undo();
    await expect.poll(() => groupOf(names[3]!), patience).toBe(group);
    showGrid();
  });

  it('warns where a set that is kept whole is divided, and says nothing where it is not', async () => {
    const bracket = truth.brackets[0]!;
    select(bracket[0]!);
    mark({ flag: 'reject' });
    expect(lastNotice()).toMatchObject({ text: '1 of 3 frames of an exposure bracket is rejected', action: { label: 'Undo' } });
    lastNotice()!.action!.run();
    await expect.poll(() => useList.getState().table.flag[useList.getState().table.indexOf.get(idOf(bracket[0]!))!], patience).toBe(0);
    useNotices.getState().notices.forEach(({ id }) => dismissNotice(id));
    select(...bracket);
    mark({ flag: 'reject' });
    expect(useNotices.getState().notices).toEqual([]);
    await undo();
    select(truth.bursts[0]!.photos[0]!);
    mark({ flag: 'reject' });
    expect(useNotices.getState().notices.filter(({ action }) => action)).toEqual([]);
    await undo();
  });
});

it('several divided sets are told as a number, and panoramas have pieces', () => {
  const table = new PhotoTable();
  const row = (id: number, group: string, kind: 'panorama' | 'bracket', flag: 'none' | 'reject') => makeRow(id, { group, kind, flag });
  table.merge(columnsOf([row(1, 'a', 'panorama', 'reject'), row(2, 'a', 'panorama', 'reject'), row(3, 'a', 'panorama', 'none'), row(4, 'b', 'bracket', 'reject'), row(5, 'b', 'bracket', 'none')]));
  expect(describeSplitSets(table, [1, 2])).toBe('2 of 3 pieces of a panorama are rejected');
  expect(describeSplitSets(table, [1, 4])).toBe('2 sets that belong together are partly rejected');
  expect(describeSplitSets(table, [99])).toBeNull();
});

it('two panels stand side by side only where there is room', () => {
  useView.setState({ infoOpen: true, groupsOpen: false });
  togglePanel('groups', 1024);
  expect(useView.getState()).toMatchObject({ infoOpen: false, groupsOpen: true });
  togglePanel('info', 1024);
  expect(useView.getState()).toMatchObject({ infoOpen: true, groupsOpen: false });
  togglePanel('groups', 1600);
  expect(useView.getState()).toMatchObject({ infoOpen: true, groupsOpen: true });
  togglePanel('groups', 1600);
  expect(useView.getState()).toMatchObject({ infoOpen: true, groupsOpen: false });
});

describe('words', () => {
  const effect = { groups: 3, photos: 12, kinds: { burst: 2, 'exact-copy': 1 }, largest: 5 };

  it('of an effect and how it differs', () => {
    expect(describeEffect(effect)).toBe('12 photos in 3 groups: 2 bursts, 1 set of copies.');
    expect(describeEffect({ groups: 0, photos: 0, kinds: {}, largest: 0 })).toBe('No photos are grouped.');
    expect(describeDifference(effect, { groups: 3, photos: 15, kinds: { burst: 1, 'near-duplicate': 2 }, largest: 5 })).toBe(
      '3 photos more in groups, 1 burst fewer, 2 sets of similar photos more, 1 set of copies fewer than before.',
    );
    expect(describeDifference(effect, effect)).toBe('The same groups as before.');
    expect(describeDifference(effect, { ...effect, largest: 6 })).toBe('As many as before, made up otherwise.');
  });

  it('of groups, sliders and reasons', () => {
    expect(describeGroup('bracket', 3)).toBe('Exposure bracket of 3 photos');
    expect(describeGroup('near-duplicate', 2)).toBe('Set of similar photos, 2 photos');
    expect([describeWindow({ window: 1.5 }), describeChoiceLikeness({ likeness: 4 }), describeChoiceLikeness({ likeness: 22 })]).toEqual(['up to 1.5 s', 'nearly the same', 'the same scene']);
    for (const { window } of Object.values(groupPresets)) expect(windowStops).toContain(window);
    expect(windowStops[stopOf(1.37)]).toBe(1.5);
    expect(describeMeasures({ rule: 'turned', text: '', bits: 2, gapMs: 90_000, position: 'turned by 180°' })).toBe('2 of 64 features differ · 1 min 30 s apart · turned by 180°');
    expect(describeMeasures({ rule: 'manual', text: '', bits: null, gapMs: null, position: null })).toBe('');
  });

  it('of clocks, and back', () => {
    expect(describeClock(-25_203_000, 6)).toBe('7 h 0 min 3 s ahead, by 6 pairs of like photos');
    expect(describeClock(61_000, 4)).toBe('1 min 1 s behind, by 4 pairs of like photos');
    for (const ms of [0, -25_203_000, 3_600_000, 86_400_000 * 12]) expect(readShift(writeShift(ms))).toBe(ms);
    expect([writeShift(-25_203_000), readShift('7:00'), readShift(' −0:05:30 ')]).toEqual(['-7:00:03', 25_200_000, -330_000]);
    for (const wrong of ['', '7', '1:60', '1:00:99', 'a', '9999:00:00', '--1:00']) expect(readShift(wrong)).toBeNull();
  });
});
