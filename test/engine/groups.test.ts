/** Groups as the person wants them: choices, clocks, their own groups and reasons, through the contract, on a drawn shoot, across restarts. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { groupPresets } from '../../main/domain/index.ts';
import type { PhotoId } from '../../main/domain/index.ts';
import { addFocusStack, addTwoCameras, makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { codeOf, createHome, listAll, openAndFinish } from './engine-kit.ts';
import type { EngineHome } from './engine-kit.ts';

describe('groups', () => {
  let home: EngineHome;
  let truth: ShootTruth;
  let folder: string;

  beforeAll(async () => {
    home = createHome();
    folder = join(home.folder, 'shoot');
    truth = await makeShoot(folder, { photos: 24, edge: 640, rawKinds: ['nef'], bursts: 2, brackets: 1, pairs: 1 });
  });
  afterEach(() => expect(home.bugs.splice(0)).toEqual([]));
  afterAll(() => home.close());

  const openShoot = async (): Promise<{ api: Awaited<ReturnType<EngineHome['open']>>['api']; shoot: number; idOf: (path: string) => PhotoId; groupOf: (path: string) => Promise<string | null> }> => {
    const { engine, api } = await home.open();
    const shoot = await openAndFinish(engine, api, folder);
    const rows = await listAll(api, shoot);
    return { api, shoot, idOf: (path) => rows.get(path)!.id, groupOf: async (path) => (await listAll(api, shoot)).get(path)!.group };
  };

  it('tells choice, effect and cameras; a preview changes nothing; a choice is kept', async () => {
    const { api, shoot, groupOf } = await openShoot();
    const before = await api.groups.settings({ shoot });
    expect(before).toMatchObject({ choice: groupPresets.standard, preset: 'standard', placed: 0, effect: { kinds: { burst: 2, bracket: 1 } } });
    expect(before.cameras.reduce((sum, camera) => sum + camera.photos, 0)).toBe(23);
    const member = truth.bursts[0]!.photos[0]!;
    const group = await groupOf(member);
    // the sharp frame and the soft ones of a burst are not the same to the bit
    const strict = await api.groups.preview({ shoot, choice: { window: 0.2, likeness: 4 } });
    expect(strict.kinds.bracket).toBe(1);
    expect(await api.groups.settings({ shoot })).toEqual(before);
    expect(await groupOf(member)).toBe(group);
    const chosen = await api.groups.choose({ shoot, choice: groupPresets.sport });
    expect(chosen).toMatchObject({ choice: groupPresets.sport, preset: 'sport' });
    const again = await openShoot();
    expect(await again.api.groups.settings({ shoot: again.shoot })).toMatchObject({ preset: 'sport' });
    expect(await codeOf(again.api.groups.preview({ shoot: again.shoot, choice: { window: 99, likeness: 4 } }))).toBe('bad-input');
    expect(await codeOf(again.api.groups.settings({ shoot: 999 }))).toBe('not-found');
    await again.api.groups.choose({ shoot: again.shoot, choice: groupPresets.standard });
  });

  it('puts photos where the person says, undoes and redoes that with the marks, and keeps it across a restart', async () => {
    const first = await openShoot();
    const { api, shoot, idOf, groupOf } = first;
    const [one, two, three, four] = truth.bursts[0]!.photos as [string, string, string, string];
    const other = truth.bursts[1]!.photos[0]!;
    const group = await groupOf(one);

    expect(await api.groups.place({ shoot, ids: [idOf(one)], target: 'alone' })).toMatchObject({ changed: 1, text: 'Photo: in no group' });
    expect([await groupOf(one), await groupOf(two)]).toEqual([null, expect.any(String)]);
    await api.cull.undo({ shoot });
    expect(await groupOf(one)).toBe(group);
    await api.cull.redo({ shoot });
    expect(await groupOf(one)).toBeNull();

    expect(await api.groups.place({ shoot, ids: [idOf(two), idOf(three)], target: 'together' })).toMatchObject({ text: '2 photos: made one group' });
    const mine = await groupOf(two);
    expect([await groupOf(three), mine === group]).toEqual([mine, false]);
    // joining an automatic group keeps all of it together
    await api.groups.place({ shoot, ids: [idOf(one)], target: 'with', with: idOf(other) });
    const joined = await groupOf(one);
    for (const path of truth.bursts[1]!.photos) expect(await groupOf(path)).toBe(joined);
    // a second group of one's own is another one, also where it takes a photo from the first
    await api.groups.place({ shoot, ids: [idOf(two), idOf(four)], target: 'together' });
    expect(await groupOf(two)).toBe(await groupOf(four));
    expect(await groupOf(three)).toBeNull();

    const again = await openShoot();
    expect(await again.groupOf(two)).toBe(await again.groupOf(four));
    expect((await again.api.groups.settings({ shoot: again.shoot })).placed).toBeGreaterThan(5);
    expect(await again.api.groups.explain({ shoot: again.shoot, a: idOf(two), b: idOf(four) })).toMatchObject({ rule: 'manual' });
    // groups of one's own outlive other choices
    await again.api.groups.choose({ shoot: again.shoot, choice: { window: 0.2, likeness: 4 } });
    expect(await again.groupOf(two)).toBe(await again.groupOf(four));
    await again.api.groups.choose({ shoot: again.shoot, choice: groupPresets.standard });
    const all = [...truth.bursts[0]!.photos, ...truth.bursts[1]!.photos];
    expect(await again.api.groups.place({ shoot: again.shoot, ids: all.map(idOf), target: 'rules' })).toMatchObject({ text: '10 photos: grouped by the rules again' });
    expect(await again.groupOf(one)).toBe(group);
    expect((await again.api.cull.history({ shoot: again.shoot, count: 3 }))[0]!.text).toBe('10 photos: grouped by the rules again');
  });

  it('says why two photos are together, and refuses what makes no sense', async () => {
    const { api, shoot, idOf } = await openShoot();
    const [one, two] = truth.bursts[0]!.photos as [string, string];
    const told = await api.groups.explain({ shoot, a: idOf(one), b: idOf(two) });
    expect(told).toMatchObject({ rule: 'burst', gapMs: 120, position: null });
    expect(told.bits).toBeLessThanOrEqual(16);
    expect(await api.groups.explain({ shoot, a: idOf(truth.brackets[0]![0]!), b: idOf(truth.brackets[0]![1]!) })).toMatchObject({ rule: 'whole-set' });
    expect(await codeOf(api.groups.explain({ shoot, a: idOf(one), b: idOf(truth.bursts[1]!.photos[0]!) }))).toBe('not-found');
    expect(await codeOf(api.groups.explain({ shoot, a: idOf(one), b: idOf(one) }))).toBe('not-found');
    expect(await codeOf(api.groups.place({ shoot, ids: [idOf(one)], target: 'together' }))).toBe('bad-input');
    expect(await codeOf(api.groups.place({ shoot, ids: [idOf(one)], target: 'with' }))).toBe('not-found');
    expect(await codeOf(api.groups.place({ shoot, ids: [999_999], target: 'alone' }))).toBe('not-found');
  });

  it('the JPEG half of a pair goes where its RAW goes', async () => {
    const { api, shoot, idOf, groupOf } = await openShoot();
    const { raw, jpeg } = truth.pairs[0]!;
    const other = truth.bursts[0]!.photos[0]!;
    await api.groups.place({ shoot, ids: [idOf(jpeg)], target: 'with', with: idOf(other) });
    expect(await groupOf(raw)).toBe(await groupOf(other));
    await api.cull.undo({ shoot });
    expect(await groupOf(raw)).toBeNull();
  });
});

it('two cameras whose clocks are hours apart: the shift is suggested, taken, kept, and brings their photos together', async () => {
  const home = createHome();
  try {
    const folder = join(home.folder, 'wedding');
    mkdirSync(folder);
    // seven hours and three seconds ahead
    await addTwoCameras(folder, Date.UTC(2024, 5, 1, 10), 900, 6, 25_203_000);
    const { engine, api } = await home.open();
    const shoot = await openAndFinish(engine, api, folder);
    const { cameras, choice } = await api.groups.settings({ shoot });
    const second = cameras.find(({ camera }) => camera.includes('Second'))!;
    expect(second).toMatchObject({ shiftMs: 0, suggestedMs: -25_203_000 });
    expect(cameras.find(({ camera }) => camera.includes('Main'))!.suggestedMs).toBeNull();
    const groupsOf = async (name: string): Promise<[string | null, string | null]> => {
      const rows = await listAll(api, shoot);
      return [rows.get(`A_${name}.JPG`)!.group, rows.get(`B_${name}.JPG`)!.group];
    };
    const [apartA, apartB] = await groupsOf('3');
    expect(apartB === null || apartA !== apartB).toBe(true);
    await api.groups.choose({ shoot, choice, shifts: { [second.camera]: second.suggestedMs! } });
    const [a, b] = await groupsOf('3');
    expect([a, a === b]).toEqual([expect.any(String), true]);
    // the list follows the right clock
    const names = [...(await listAll(api, shoot)).keys()];
    expect(names.indexOf('B_0.JPG')).toBeLessThan(names.indexOf('A_1.JPG'));
    const reopened = await home.open();
    const again = await openAndFinish(reopened.engine, reopened.api, folder);
    const kept = await reopened.api.groups.settings({ shoot: again });
    expect(kept.cameras.find(({ camera }) => camera === second.camera)).toMatchObject({ shiftMs: -25_203_000, suggestedMs: -25_203_000 });
    expect(home.bugs).toEqual([]);
  } finally {
    await home.close();
  }
});

it('sets that are kept whole: a photo taken out is told, and an export of keepers never leaves out a frame by itself', async () => {
  const home = createHome();
  try {
    const folder = join(home.folder, 'sets');
    const truth = await makeShoot(folder, { photos: 5, edge: 640, brackets: 1 });
    const stack = await addFocusStack(folder, Date.UTC(2024, 5, 1, 10), 41);
    // the last rows of one exposure are missing
    const bracket = truth.brackets[0]!;
    const damaged = join(folder, bracket[1]!);
    const bytes = readFileSync(damaged);
    writeFileSync(damaged, bytes.subarray(0, Math.round(bytes.length * 0.9)));
    mkdirSync(join(home.folder, 'out'));
    const { engine, api } = await home.open();
    const shoot = await openAndFinish(engine, api, folder);
    const rows = await listAll(api, shoot);
    const idOf = (path: string): PhotoId => rows.get(path)!.id;
    expect((await api.groups.settings({ shoot })).effect.kinds).toEqual({ bracket: 1, 'focus-stack': 1 });
    expect(bracket.map((path) => rows.get(path)!.verdict)).toEqual(['keep', 'review', 'keep']);
    const out = await engine.grant(join(home.folder, 'out'), 'destination');
    if (!out.ok) throw new Error(out.error.message);
    const planned = async (): Promise<number> => (await api.deliver.plan({ shoot, preset: 'copy', where: 'keep', destination: out.value.grant })).photos;
    const kept = [...rows.values()].filter(({ verdict }) => verdict === 'keep').length;
    expect(await planned()).toBe(kept + 1);
    // the person may reject one: the others stay
    await api.cull.decide({ shoot, ids: [idOf(bracket[1]!)], mark: { flag: 'reject' } });
    expect(await planned()).toBe(kept);
    await api.cull.undo({ shoot });

    const detail = (await api.library.photo({ id: idOf(stack[2]!) })).group!;
    expect(detail).toMatchObject({ kind: 'focus-stack', photos: stack.map(idOf), isManual: false });
    expect(await api.groups.place({ shoot, ids: [idOf(stack[4]!)], target: 'alone' })).toMatchObject({ text: 'Photo: in no group; a focus stack of 5 is split' });
    // all that is left of it knows
    expect((await api.library.photo({ id: idOf(stack[2]!) })).group!.photos).toEqual(stack.slice(0, 4).map(idOf));
    expect(await api.groups.place({ shoot, ids: [idOf(bracket[0]!), idOf(stack[0]!)], target: 'together' })).toMatchObject({ text: '2 photos: made one group; 2 sets that were kept together are split' });
    await api.cull.undo({ shoot });
    expect(await api.groups.place({ shoot, ids: [idOf(stack[4]!)], target: 'with', with: idOf(stack[0]!) })).toMatchObject({ text: `Photo: added to the group of ${stack[0]}` });
    expect((await api.library.photo({ id: idOf(stack[4]!) })).group).toMatchObject({ kind: 'focus-stack', isManual: true });
    expect(home.bugs).toEqual([]);
  } finally {
    await home.close();
  }
});
