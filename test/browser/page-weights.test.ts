/** What counts, in a real Chromium: genres and sliders by keyboard, what they would suggest, undo, learning, and reasons with their crops. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeWeights, genrePresets } from '../../main/domain/index.ts';
import { findChromium, needChromium } from '../config/needs.ts';
import { makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { at, focusPhoto, listPhotos, openSite, patience, settle, takePicture } from './page-kit.ts';
import type { Api, Site } from './page-kit.ts';

describe.sequential('what counts, on the page', { timeout: 300_000 }, () => {
  let site: Site;
  let page: Page;
  let api: Api;
  let truth: ShootTruth;

  const settings = () => api.weights.settings({ shoot: 1 });
  const verdictOf = async (name: string): Promise<string | null> => {
    const photos = await listPhotos(api);
    return photos.verdict[photos.name.indexOf(name)]!;
  };
  const picture = (name: string, of = page): Promise<void> => takePicture(of, name);

  beforeAll(async () => {
    const browser = findChromium();
    if (browser === null) return;
    site = await openSite({
      browser,
      async shoots(folder) {
        const shoot = join(folder, 'harbour');
        truth = await makeShoot(shoot, { photos: 46, edge: 1200, scenes: 12, rawKinds: ['nef'], bursts: 1, soft: 12, dark: 12 });
        return [shoot];
      },
    });
    api = site.api();
    page = await site.openPage({ width: 1440, height: 900 });
    await at(page, 'grid').waitFor();
    await settle(site, page);
  }, 400_000);
  afterAll(async () => site?.close());
  beforeEach((context) => void needChromium(context));

  it('opens beside the photos by key, in the place of the groups, and closes with Escape', async () => {
    await page.keyboard.press('Shift+G');
    await at(page, 'groups-panel').waitFor();
    await page.keyboard.press('Shift+W');
    await at(page, 'weights-panel').waitFor();
    expect(await at(page, 'groups-panel').isVisible()).toBe(false);
    const { effect } = await settings();
    await expect.poll(() => at(page, 'weights-effect').textContent(), patience).toBe(`${effect.keep} keep, ${effect.review} review, ${effect.reject} reject.`);
    expect(await at(page, 'genre-standard').getAttribute('aria-pressed')).toBe('true');
    expect(await at(page, 'weight-eyes-known').textContent()).toBe('Not told of any photo here.');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    await picture('weights');
    await page.keyboard.press('Escape');
    await expect.poll(() => at(page, 'weights-panel').isVisible(), patience).toBe(false);
    await at(page, 'toggle-weights').click();
    await at(page, 'weights-panel').waitFor();
  });

  it('tells what a slider would suggest while it is held, suggests by it when let go, and takes it back by undo', async () => {
    const before = await settings();
    const dark = truth.dark[0]!;
    expect(await verdictOf(dark)).not.toBe('keep');
    await at(page, 'weight-exposure').focus();
    await page.keyboard.down('Home');
    await expect.poll(() => at(page, 'weights-effect').getAttribute('data-settled'), patience).toBe('false');
    const choice = changeWeights(genrePresets.standard, { exposure: 0 });
    const expected = await api.weights.preview({ shoot: 1, choice });
    expect(expected.changed).toBeGreaterThanOrEqual(10);
    await expect.poll(() => at(page, 'weights-effect').textContent(), patience).toBe(`${expected.keep} keep, ${expected.review} review, ${expected.reject} reject.${expected.changed} suggestions would change.`);
    expect(await at(page, 'weight-exposure-told').textContent()).toBe('does not count');
    expect((await settings()).choice).toEqual(before.choice);
    await picture('weights-held');
    await page.keyboard.up('Home');
    await expect.poll(async () => (await settings()).choice, patience).toEqual(choice);
    expect(await verdictOf(dark)).toBe('keep');
    // the page's own counts follow
    await expect.poll(() => at(page, 'filter-verdict-1').textContent(), patience).toContain(String(expected.keep));
    await expect.poll(() => at(page, 'genre-standard').getAttribute('aria-pressed'), patience).toBe('false');
    await page.keyboard.press('Control+Z');
    await expect.poll(async () => (await settings()).choice, patience).toEqual(before.choice);
    await expect.poll(() => at(page, 'genre-standard').getAttribute('aria-pressed'), patience).toBe('true');
    await expect.poll(() => at(page, 'weight-exposure').inputValue(), patience).toBe('1');
  });

  it('many steps by key are one step of undo', async () => {
    const steps = async (): Promise<number> => (await api.cull.history({ shoot: 1, count: 50 })).filter(({ undone }) => !undone).length;
    const before = await steps();
    await at(page, 'keep-at').focus();
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await settings()).choice.keepAt, patience).toBeCloseTo(0.85);
    expect(await at(page, 'keep-at-told').textContent()).toBe('keeps from 85 points on');
    expect(await steps()).toBe(before + 1);
    await page.keyboard.press('Control+Z');
    await expect.poll(async () => (await settings()).preset, patience).toBe('standard');
  });

  it('a genre by keyboard, with its undo in the notice', async () => {
    await at(page, 'genre-landscape').focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await settings()).preset, patience).toBe('landscape');
    await expect.poll(() => at(page, 'weight-eyes-told').textContent(), patience).toBe('does not count');
    await at(page, 'toasts').getByText('Suggestions as for landscape').waitFor();
    await at(page, 'toasts').getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await settings()).preset, patience).toBe('standard');
    await expect.poll(() => at(page, 'genre-standard').getAttribute('aria-pressed'), patience).toBe('true');
  });

  it('the best first is by what counts', async () => {
    const firstShown = (): Promise<string | null> => page.locator('[role=gridcell]').first().getAttribute('data-testid');
    await at(page, 'sort').selectOption('technical-weakest');
    const before = await firstShown();
    // by the light alone the dark ones are the weakest, by focus alone the soft ones
    await api.weights.choose({ shoot: 1, choice: changeWeights(genrePresets.standard, { focus: 0 }) });
    await expect.poll(firstShown, patience).not.toBe(before);
    const photos = await listPhotos(api);
    const id = Number((await firstShown())!.replace('tile-', ''));
    expect(truth.dark).toContain(photos.name[photos.id.indexOf(id)]);
    await api.cull.undo({ shoot: 1 });
    await expect.poll(firstShown, patience).toBe(before);
    await at(page, 'sort').selectOption('capture');
  });

  it('learns when asked: too few at first, then better, taken on by a button and back by undo', async () => {
    await at(page, 'learn-ask').click();
    await expect.poll(() => at(page, 'learned').getAttribute('data-state'), patience).toBe('too-few');
    expect(await at(page, 'learned').textContent()).toBe('Too few decisions yet: 0 photos kept, 0 passed over. 10 of each are needed.');
    const photos = await listPhotos(api);
    const idsOf = (names: readonly string[]): number[] => names.map((name) => photos.id[photos.name.indexOf(name)]!);
    const inSets = new Set([...truth.soft, ...truth.dark, ...truth.bursts[0]!.photos]);
    await api.cull.decide({ shoot: 1, ids: idsOf([...truth.dark, ...truth.photos.map(({ path }) => path).filter((path) => !inSets.has(path))]), mark: { flag: 'pick' } });
    await api.cull.decide({ shoot: 1, ids: idsOf(truth.soft), mark: { flag: 'reject' } });
    await at(page, 'learn-ask').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => at(page, 'learned').getAttribute('data-state'), patience).toBe('better');
    expect(await at(page, 'learned').textContent()).toMatch(/^Learned from 29 photos kept, 12 passed over\.Tried on decisions it had not seen, it agrees with \d+ % of them; Standard agrees with \d+ %\./);
    expect((await settings()).preset).toBe('standard');
    await at(page, 'learn-take').scrollIntoViewIfNeeded();
    await picture('weights-learned');
    await at(page, 'learn-take').focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await settings()).preset, patience).toBeNull();
    await expect.poll(() => at(page, 'learn-take').isDisabled(), patience).toBe(true);
    expect(await verdictOf(truth.dark[0]!)).toBe('keep');
    await page.keyboard.press('Control+Z');
    await expect.poll(async () => (await settings()).preset, patience).toBe('standard');
    await expect.poll(() => at(page, 'learn-take').isDisabled(), patience).toBe(false);
  });

  it('a reason shows the part that it was measured on, at 100 %, and points at it in the loupe', async () => {
    await at(page, 'weights-close').click();
    const soft = truth.soft.find((name) => name.endsWith('.JPG')) ?? truth.soft[0]!;
    const id = await focusPhoto(page, api, soft);
    const { reasons } = await api.library.photo({ id });
    const { region } = reasons.find(({ code }) => code === 'soft-focus')!;
    const crop = at(page, 'reason-soft-focus-crop');
    await expect.poll(() => crop.getAttribute('data-state'), patience).toBe('shown');
    const size = await crop.evaluate((img) => ({ natural: (img as HTMLImageElement).naturalWidth, shown: img.getBoundingClientRect().width, density: devicePixelRatio }));
    expect(size.natural).toBe(640);
    expect(size.shown).toBeCloseTo(size.natural / size.density);
    await page.keyboard.press('E');
    await at(page, 'stage').waitFor();
    await expect.poll(() => at(page, 'stage').getAttribute('data-picture'), patience).toBe('screen');
    expect(await at(page, 'stage').getAttribute('data-outline')).toBeNull();
    await at(page, 'reason-soft-focus').hover();
    await expect.poll(() => at(page, 'stage').getAttribute('data-outline'), patience).not.toBeNull();
    const [left, top, width, height] = (await at(page, 'stage').getAttribute('data-outline'))!.split(' ').map(Number) as [number, number, number, number];
    const stage = await at(page, 'stage').evaluate((canvas) => ({ width: (canvas as HTMLCanvasElement).width, height: (canvas as HTMLCanvasElement).height }));
    const detail = await api.library.photo({ id });
    const scale = Math.min(stage.width / detail.full!.width, stage.height / detail.full!.height);
    expect(width).toBeCloseTo(region!.w * detail.full!.width * scale, -1);
    expect(height).toBeCloseTo(region!.h * detail.full!.height * scale, -1);
    // the light line of the outline is drawn around it
    const light = await at(page, 'stage').evaluate((canvas, [x, y]) => [...(canvas as HTMLCanvasElement).getContext('2d')!.getImageData(x!, y!, 1, 1).data], [Math.round(left + width / 2), Math.round(top - 2 * size.density)]);
    expect(light).toEqual([237, 237, 237, 255]);
    await picture('reason-outline');
    await page.mouse.move(5, 5);
    await expect.poll(() => at(page, 'stage').getAttribute('data-outline'), patience).toBeNull();
    // by keyboard too, and at 100 %
    await page.keyboard.press('Z');
    await at(page, 'reason-soft-focus').focus();
    await expect.poll(() => at(page, 'stage').getAttribute('data-outline'), patience).not.toBeNull();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => at(page, 'stage').getAttribute('data-outline'), patience).toBeNull();
    expect(site.troubles).toEqual([]);
  });
});
