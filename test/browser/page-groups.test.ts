/** Groups in a real Chromium: sliders by keyboard, what they would do, groups of one's own, reasons of pairs, clocks. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { groupPresets } from '../../main/domain/index.ts';
import { findChromium, needChromium } from '../config/needs.ts';
import { addFocusStack, addTwoCameras, makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { at, focusPhoto, focusedId, listPhotos, marksOf, openSite, patience, settle, takePicture } from './page-kit.ts';
import type { Api, Site } from './page-kit.ts';

describe.sequential('groups on the page', { timeout: 300_000 }, () => {
  let site: Site;
  let page: Page;
  let api: Api;
  let truth: ShootTruth;
  let stack: string[];
  let cameras: { main: string; second: string };

  const groupOf = async (name: string): Promise<string | null> => {
    const photos = await listPhotos(api);
    return photos.group[photos.name.indexOf(name)]!;
  };
  const settings = () => api.groups.settings({ shoot: 1 });
  const toastOf = (text: RegExp | string): ReturnType<Page['getByText']> => at(page, 'toasts').getByText(text);
  const picture = (name: string, of = page): Promise<void> => takePicture(of, name);

  beforeAll(async () => {
    const browser = findChromium();
    if (browser === null) return;
    site = await openSite({
      browser,
      async shoots(folder) {
        const shoot = join(folder, 'garden');
        truth = await makeShoot(shoot, { photos: 16, edge: 900, scenes: 12, bursts: 2, brackets: 1 });
        stack = await addFocusStack(shoot, Date.UTC(2024, 5, 1, 7), 41);
        cameras = await addTwoCameras(shoot, Date.UTC(2024, 5, 1, 10), 900, 6, 25_203_000);
        return [shoot];
      },
    });
    api = site.api();
    page = await site.openPage({ width: 1024, height: 700 });
    await at(page, 'grid').waitFor();
    await settle(site, page);
  }, 400_000);
  afterAll(async () => site?.close());
  beforeEach((context) => void needChromium(context));

  it('opens beside the photos, by key and by button, and closes with Escape', async () => {
    await page.keyboard.press('Shift+G');
    await at(page, 'groups-panel').waitFor();
    await expect.poll(() => at(page, 'groups-effect').textContent(), patience).toMatch(/^\d+ photos in \d+ groups: 2 bursts, .*1 exposure bracket, 1 focus stack\.$/);
    // at this width there is room for one panel, and the grid stays
    expect(await at(page, 'reasons').isVisible()).toBe(false);
    expect((await at(page, 'grid').boundingBox())!.width).toBeGreaterThan(600);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    await picture('panel');
    // letters still mean photos
    const before = await focusedId(page);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focusedId(page), patience).not.toBe(before);
    await page.keyboard.press('Escape');
    await expect.poll(() => at(page, 'groups-panel').isVisible(), patience).toBe(false);
    await at(page, 'toggle-groups').click();
    await at(page, 'groups-panel').waitFor();
  });

  it('tells what a slider would do while it is held, keeps it when let go, and goes back', async () => {
    const before = await settings();
    const slider = at(page, 'groups-window');
    await slider.focus();
    for (let step = 0; step < 10; step += 1) await page.keyboard.down('ArrowLeft');
    // held: told, not kept
    await expect.poll(() => at(page, 'groups-effect').getAttribute('data-settled'), patience).toBe('false');
    const expected = await api.groups.preview({ shoot: 1, choice: { window: 0.2, likeness: 14 } });
    // the same view taken again five minutes later is then no longer of one group
    expect(expected.photos).toBeLessThan(before.effect.photos);
    await expect.poll(() => at(page, 'groups-effect').textContent(), patience).toContain(`${expected.photos} photos in ${expected.groups} groups`);
    expect(await at(page, 'groups-effect').textContent()).toContain(`${before.effect.photos - expected.photos} photos fewer in groups`);
    expect(await at(page, 'groups-window-told').textContent()).toBe('up to 0.2 s');
    expect((await settings()).choice).toEqual(groupPresets.standard);
    await page.keyboard.up('ArrowLeft');
    await expect.poll(async () => (await settings()).choice, patience).toEqual({ window: 0.2, likeness: 14 });
    await expect.poll(() => at(page, 'groups-effect').getAttribute('data-settled'), patience).toBe('true');
    expect(await at(page, 'groups-preset').inputValue()).toBe('own');
    await at(page, 'groups-back').click();
    await expect.poll(async () => (await settings()).effect, patience).toEqual(before.effect);
    expect(await at(page, 'groups-preset').inputValue()).toBe('standard');
    // the person's own is one click away
    await at(page, 'groups-preset').selectOption('own');
    await expect.poll(async () => (await settings()).choice.window, patience).toBe(0.2);
    await at(page, 'groups-preset').selectOption('wildlife');
    await expect.poll(async () => (await settings()).preset, patience).toBe('wildlife');
    expect(await at(page, 'groups-window-told').textContent()).toBe('up to 1 s');
    await at(page, 'groups-likeness').focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => (await settings()).choice.likeness, patience).toBe(17);
    expect(await at(page, 'groups-likeness-told').textContent()).toBe('the same scene');
    await at(page, 'groups-preset').selectOption('standard');
    await expect.poll(async () => (await settings()).preset, patience).toBe('standard');
  });

  it('suggests a clock in words, takes it by a button, and takes what is typed', async () => {
    const shiftOf = async (): Promise<number> => (await settings()).cameras.find(({ camera }) => camera === cameras.second)!.shiftMs;
    const { pairs } = (await settings()).cameras.find(({ camera }) => camera === cameras.second)!;
    expect(await at(page, `clock-${cameras.second}-told`).textContent()).toBe(`7 h 0 min 3 s ahead, by ${pairs} pairs of like photos`);
    await at(page, `clock-${cameras.second}-take`).click();
    await expect.poll(shiftOf, patience).toBe(-25_203_000);
    await expect.poll(() => at(page, `clock-${cameras.second}-field`).inputValue(), patience).toBe('-7:00:03');
    expect(await groupOf('A_3.JPG')).toBe(await groupOf('B_3.JPG'));
    await picture('clocks');
    const field = at(page, `clock-${cameras.second}-field`);
    await field.fill('-7:0x');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await field.fill('+0:00:00');
    await field.press('Enter');
    await expect.poll(shiftOf, patience).toBe(0);
    await at(page, 'groups-back').click();
    await expect.poll(shiftOf, patience).toBe(-25_203_000);
    await at(page, 'groups-close').click();
    await page.keyboard.press('i');
    await at(page, 'reasons').waitFor();
  });

  it('makes, parts and joins groups by keyboard, each with a way back', async () => {
    const [one, two, three, four] = truth.bursts[0]!.photos as [string, string, string, string];
    const group = await groupOf(one);
    await focusPhoto(page, api, one);
    await page.keyboard.press('Control+Shift+G');
    await toastOf('Photo: in no group').waitFor();
    expect(await groupOf(one)).toBeNull();
    await at(page, 'toast-action').last().click();
    await expect.poll(() => groupOf(one), patience).toBe(group);

    await focusPhoto(page, api, two);
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Control+g');
    await toastOf('2 photos: made one group').first().waitFor();
    const mine = await groupOf(two);
    expect([await groupOf(three), mine === group]).toEqual([mine, false]);
    // the focused photo names the group: four is selected last
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Alt+g');
    await toastOf(`2 photos: added to the group of ${four}`).waitFor();
    await expect.poll(() => groupOf(two), patience).toBe(await groupOf(four));
    await page.keyboard.press('Control+z');
    await expect.poll(() => groupOf(two), patience).toBe(mine);
    await page.keyboard.press('Alt+Shift+G');
    await expect.poll(() => groupOf(two), patience).toBe(group);
    await page.keyboard.press('Escape');
  });

  it('splits a group at the shown photo, in the strip too', async () => {
    const burst = truth.bursts[1]!.photos;
    await focusPhoto(page, api, burst[2]!);
    await page.keyboard.press('e');
    await at(page, 'strip').waitFor();
    const group = await groupOf(burst[0]!);
    await page.keyboard.press('Shift+S');
    await toastOf('3 photos: made one group').waitFor();
    await expect.poll(() => at(page, 'strip').getByRole('button').filter({ has: page.locator('img') }).count(), patience).toBe(3);
    expect([await groupOf(burst[1]!), (await groupOf(burst[2]!)) === group]).toEqual([group, false]);
    expect(await at(page, 'strip-split').isDisabled()).toBe(true);
    await page.keyboard.press('Control+z');
    await expect.poll(() => groupOf(burst[2]!), patience).toBe(group);
    await expect.poll(() => at(page, 'strip-split').isEnabled(), patience).toBe(true);
    await at(page, 'strip-split').click();
    await expect.poll(() => groupOf(burst[2]!), patience).not.toBe(group);
    await page.keyboard.press('Control+z');
    await expect.poll(() => groupOf(burst[2]!), patience).toBe(group);
  });

  it('says why a photo is with any other of its group', async () => {
    const { photos: names, best } = truth.bursts[0]!;
    const other = names.find((name) => name !== best)!;
    const id = await focusFromLoupe(other);
    const photos = await listPhotos(api);
    const idOf = (name: string): number => photos.id[photos.name.indexOf(name)]!;
    await expect.poll(() => at(page, 'group-kind').textContent(), patience).toBe('Burst of 5 photos');
    const detail = (await api.library.photo({ id })).group!;
    expect(detail).toMatchObject({ best: idOf(best) });
    await expect.poll(() => at(page, 'group-best').textContent(), patience).toMatch(new RegExp(`^The best is ${best}, \\d+ points ahead of `));
    await expect.poll(() => at(page, 'group-pair').getAttribute('data-other'), patience).toBe(String(idOf(best)));
    const told = await api.groups.explain({ shoot: 1, a: id, b: idOf(best) });
    await expect.poll(() => at(page, 'group-why').textContent(), patience).toBe(told.text);
    expect(await at(page, 'group-measures').textContent()).toMatch(new RegExp(`^${told.bits} of 64 features differ · ${told.gapMs} ms apart$`));
    await picture('reasons');
    const third = names.find((name) => name !== best && name !== other)!;
    await at(page, 'group-other').selectOption(String(idOf(third)));
    await expect.poll(() => at(page, 'group-pair').getAttribute('data-other'), patience).toBe(String(idOf(third)));
    const toldThird = await api.groups.explain({ shoot: 1, a: id, b: idOf(third) });
    await expect.poll(() => at(page, 'group-why').textContent(), patience).toBe(toldThird.text);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    // from the best to the second
    await focusFromLoupe(best);
    await expect.poll(() => at(page, 'group-pair').getAttribute('data-other'), patience).toBe(String(detail.runnerUp));
    expect(await at(page, 'group-best').textContent()).toMatch(/^This is the best, \d+ points ahead of /);
  });

  it('keeps sets together, and says so where one of them is rejected or taken out', async () => {
    const id = await focusFromLoupe(stack[2]!);
    await expect.poll(() => at(page, 'strip').textContent(), patience).toContain('kept together');
    await expect.poll(() => at(page, 'group-best').textContent(), patience).toBe('Kept together: they are one picture.');
    await expect.poll(() => at(page, 'group-why').textContent(), patience).toContain('focus at another distance');
    await picture('stack');
    await page.keyboard.press('x');
    await toastOf('1 of 5 frames of a focus stack is rejected').waitFor();
    await expect.poll(() => marksOf(api, id), patience).toMatchObject({ flag: 'reject' });
    await picture('caution');
    await at(page, 'toast-action').last().click();
    await expect.poll(() => marksOf(api, id), patience).toMatchObject({ flag: 'none' });
    await page.keyboard.press('Control+Shift+G');
    await toastOf('Photo: in no group; a focus stack of 5 is split').first().waitFor();
    await expect.poll(() => groupOf(stack[2]!), patience).toBeNull();
    await page.keyboard.press('Control+z');
    await expect.poll(() => groupOf(stack[2]!), patience).not.toBeNull();
    // all of it may go without a word of caution
    await page.keyboard.press('g');
    const photos = await listPhotos(api);
    const first = await focusPhoto(page, api, stack[0]!);
    for (let step = 1; step < 5; step += 1) await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('x');
    await expect.poll(() => marksOf(api, first), patience).toMatchObject({ flag: 'reject' });
    await expect.poll(() => at(page, 'announcement').textContent(), patience).toBe('5 photos: rejected');
    expect(photos.id).toContain(first);
    await page.keyboard.press('Control+z');
  });

  it('had no trouble on the way, in a wide window with both panels either', async () => {
    const wide = await site.openPage();
    await at(wide, 'grid').waitFor();
    await wide.keyboard.press('Shift+G');
    await at(wide, 'groups-panel').waitFor();
    await expect.poll(() => at(wide, 'groups-effect').isVisible(), patience).toBe(true);
    expect(await at(wide, 'reasons').isVisible()).toBe(true);
    expect(await wide.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    await picture('wide', wide);
    await wide.keyboard.press('?');
    await at(wide, 'keys-dialog').waitFor();
    await picture('keys', wide);
    await wide.close();
    expect(site.troubles).toEqual([]);
  });

  async function focusFromLoupe(name: string): Promise<number> {
    await page.keyboard.press('g');
    await at(page, 'grid').waitFor();
    const id = await focusPhoto(page, api, name);
    await page.keyboard.press('e');
    await at(page, 'loupe').waitFor();
    return id;
  }
});
