/** What goes on around culling, in a real Chromium: broken files, export, jobs, empty folders, an engine that goes away. */
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errorTexts } from '../../main/base/index.ts';
import { findChromium, needChromium } from '../config/needs.ts';
import { makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { at, focusPhoto, focusedId, listPhotos, marksOf, openSite, patience, settle } from './page-kit.ts';
import type { Api, Site } from './page-kit.ts';

describe.sequential('the page around culling', { timeout: 300_000 }, () => {
  let site: Site;
  let page: Page;
  let truth: ShootTruth;
  const api = (): Api => site.api();
  const openShoot = async (name: string): Promise<void> => {
    await at(page, 'folder').click();
    await at(page, `open-${name}`).click();
  };

  beforeAll(async () => {
    const browser = findChromium();
    if (browser === null) return;
    site = await openSite({
      browser,
      destinations: ['delivery'],
      async shoots(folder) {
        truth = await makeShoot(join(folder, 'card'), { photos: 14, edge: 900, scenes: 6, rawKinds: ['nef', 'dng'], bursts: 1, pairs: 2, broken: true });
        await mkdir(join(folder, 'empty'));
        await mkdir(join(folder, 'web'));
        return [truth.folder, join(folder, 'empty'), join(folder, 'web')];
      },
    });
    page = await site.openPage();
  }, 400_000);
  afterAll(async () => site?.close());
  beforeEach((context) => void needChromium(context));

  it('offers the folders that it was given where there are several', async () => {
    await at(page, 'welcome').waitFor();
    await at(page, 'open-card').click();
    await at(page, 'grid').waitFor();
    await settle(site, page);
    expect(await at(page, 'folder').textContent()).toBe('card');
  });

  it('shows every broken file with its reason, and no file that is none is a photo', async () => {
    const photos = await listPhotos(api());
    const rowOf = (path: string): number => photos.name.indexOf(path);
    await at(page, 'open-files').click();
    const dialog = at(page, 'files-dialog');
    await dialog.waitFor();
    for (const file of truth.broken) {
      const row = rowOf(file.path);
      expect(row, file.path).toBeGreaterThanOrEqual(0);
      // the JPEG half of a pair is told by its RAW
      if (photos.pair[row] !== null && photos.format[row] === 'jpeg') continue;
      const line = at(page, `file-${photos.id[row]}`);
      const code = (await line.getAttribute('data-code')) as keyof typeof errorTexts;
      expect(file.codes, file.path).toContain(code);
      expect(await line.textContent()).toContain(errorTexts[code]);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    const text = photos.id[rowOf('broken/text.ARW')]!;
    await page.keyboard.press('End');
    expect(await at(page, `tile-${text}`).count()).toBe(0);
  });

  it('says in the loupe and in the panel why a photo cannot be shown', async () => {
    const id = await focusPhoto(page, api(), 'broken/gutted.NEF');
    await page.keyboard.press('e');
    await expect.poll(() => at(page, 'stage-error').textContent(), patience).toBe(errorTexts['preview-not-real']);
    await expect.poll(() => at(page, 'reasons-problems').locator('li').first().getAttribute('data-code'), patience).toBe('preview-not-real');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => focusedId(page), patience).not.toBe(id);
    await page.keyboard.press('g');
  });

  it('exports: choose, see the plan, run, and find the files', async () => {
    for (const name of [truth.pairs[0]!.raw, truth.bursts[0]!.best]) {
      const id = await focusPhoto(page, api(), name);
      await page.keyboard.press('p');
      await expect.poll(() => marksOf(api(), id), patience).toMatchObject({ flag: 'pick' });
    }
    await page.keyboard.press('Control+Shift+e');
    const step = (): Promise<string | null> => at(page, 'export').getAttribute('data-step');
    await expect.poll(step, patience).toBe('planned');
    await at(page, 'export-where-pick').check();
    await expect.poll(() => at(page, 'export-run').textContent(), patience).toBe('Export 3 files');
    expect(await readdir(join(site.folder, 'delivery'))).toEqual([]);
    await page.keyboard.press('Enter');
    await expect.poll(step, patience).toBe('finished');
    expect(await at(page, 'export-written').textContent()).toBe('3 files written');
    const { raw, jpeg } = truth.pairs[0]!;
    expect((await readdir(join(site.folder, 'delivery'))).sort()).toEqual([raw, jpeg, truth.bursts[0]!.best].sort());

    // the same again finds its own work
    await at(page, 'export-plan-again').click();
    await expect.poll(step, patience).toBe('planned');
    expect(await at(page, 'export-plan').textContent()).toContain('3 files are there already');
    expect(await at(page, 'export-run').isDisabled()).toBe(true);

    await at(page, 'export-preset-web').check();
    await expect.poll(() => at(page, 'export-run').isEnabled(), patience).toBe(true);
    await at(page, 'export-run').click();
    await expect.poll(step, patience).toBe('finished');
    await at(page, 'export-close').click();
    const files = await readdir(join(site.folder, 'delivery'));
    expect(files.length).toBeGreaterThan(3);
    const made = files.find((name) => name.startsWith(truth.bursts[0]!.best.replace(/\.\w+$/, '')) && /jpe?g$/i.test(name));
    expect(await sharp(join(site.folder, 'delivery', made!)).metadata()).toMatchObject({ format: 'jpeg', width: 900, height: 600 });
  });

  it('says where else a photo is, exported or edited', async () => {
    const { raw, jpeg } = truth.pairs[0]!;
    const exported = `small ${jpeg}`;
    await sharp(join(truth.folder, jpeg)).resize(600).jpeg({ quality: 70 }).toFile(join(site.folder, 'web', exported));
    await openShoot('web');
    await expect.poll(() => at(page, 'counts').textContent(), patience).toBe('1 photo');
    await settle(site, page);
    await openShoot('card');
    await settle(site, page);
    const id = await focusPhoto(page, api(), raw);
    await expect.poll(() => at(page, 'reasons').getAttribute('data-photo'), patience).toBe(String(id));
    await expect.poll(() => at(page, 'reasons-near').locator('li').first().textContent(), patience).toMatch(new RegExp(`^Also in web: ${exported} \\((edited or exported|taken .* apart): .* of 64 features differs?\\)$`));
    expect(await at(page, 'reasons-copies').count()).toBe(0);
  });

  it('says that nothing is chosen where nothing is', async () => {
    await page.keyboard.press('Control+Shift+e');
    await at(page, 'export-where-rating').check();
    await at(page, 'export-rating').selectOption('5');
    await expect.poll(() => at(page, 'export-error').getAttribute('data-code'), patience).toBe('nothing-to-do');
    expect(await at(page, 'export-run').isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await at(page, 'export-dialog').waitFor({ state: 'hidden' });
  });

  it('tells an empty folder, and sees what is put there', async () => {
    await openShoot('empty');
    await at(page, 'open-failed').waitFor();
    expect(await at(page, 'open-failed-text').getAttribute('data-code')).toBe('folder-empty');
    await copyFile(join(truth.folder, truth.pairs[0]!.jpeg), join(site.folder, 'empty', 'first.jpg'));
    await at(page, 'open-again').click();
    await at(page, 'grid').waitFor();
    await expect.poll(() => at(page, 'counts').textContent(), patience).toBe('1 photo');
  });

  it('tells a folder that has gone', async () => {
    await at(page, 'folder').click();
    await at(page, 'open-empty').waitFor();
    await rm(join(site.folder, 'empty'), { recursive: true });
    await at(page, 'open-empty').click();
    await expect.poll(() => at(page, 'open-failed-text').getAttribute('data-code'), patience).toBe('folder-missing');
    await at(page, 'other-folder').click();
    await at(page, 'open-card').click();
    await at(page, 'grid').waitFor();
  });

  it('shows running jobs and stops them', async () => {
    const many = join(site.folder, 'empty');
    await makeShoot(many, { photos: 1200, edge: 640, scenes: 2 });
    await openShoot('empty');
    await at(page, 'grid').waitFor();
    const running = page.locator('.job-chip[data-state=running]').first();
    await running.waitFor();
    await at(page, 'open-jobs').click();
    const line = page.locator('.job-line[data-state=running]');
    await line.first().waitFor();
    for (let round = 0; (await line.count()) > 0 && round < 20; round += 1) {
      // one that ends by itself takes its button with it
      const button = line.last().getByRole('button');
      await button.click({ timeout: 3000 }).catch(async (error: unknown) => {
        if ((await line.count()) > 0 && round === 19) throw error;
      });
    }
    await expect.poll(() => line.count(), patience).toBe(0);
    expect((await api().jobs.list({})).filter((job) => job.state === 'cancelled').length).toBeGreaterThan(0);
    expect(await at(page, 'jobs-dialog').textContent()).toMatch(/stopped after [\d,]+ of 1,200/);
    await page.keyboard.press('Escape');
    // photos that were not looked at are still there to be marked
    await page.keyboard.press('End');
    const id = await focusedId(page);
    await page.keyboard.press('3');
    await expect.poll(() => at(page, `tile-${id}`).getAttribute('aria-label'), patience).toContain('3 stars');
    await openShoot('card');
    await at(page, 'grid').waitFor();
  });

  it('goes on being looked at while the engine is away, loses no mark, and comes back', async () => {
    const id = await focusPhoto(page, api(), truth.bursts[0]!.photos[1]!);
    await page.keyboard.press('4');
    await expect.poll(() => marksOf(api(), id), patience).toMatchObject({ rating: 4 });
    site.goAway();
    await at(page, 'engine-gone').waitFor();
    expect(await at(page, 'grid').isVisible()).toBe(true);
    await page.keyboard.press('1');
    // a mark that cannot be saved is not shown as if it were
    await expect.poll(() => at(page, 'toasts').textContent(), patience).toContain('not saved');
    await expect.poll(() => at(page, `tile-${id}`).getAttribute('aria-label'), patience).toContain('4 stars');
    await site.restartEngine();
    await at(page, 'engine-gone').waitFor({ state: 'hidden' });
    expect(await focusedId(page)).toBe(id);
    await expect.poll(() => marksOf(api(), id), patience).toMatchObject({ rating: 4 });
    await page.keyboard.press('5');
    await expect.poll(() => marksOf(api(), id), patience).toMatchObject({ rating: 5 });
    await page.keyboard.press('Control+z');
    await expect.poll(() => at(page, `tile-${id}`).getAttribute('aria-label'), patience).toContain('4 stars');
  });

  it('is told when the engine cannot be reached from the start', async () => {
    site.goAway();
    const late = await site.openPage();
    await at(late, 'engine-gone').waitFor();
    site.comeBack();
    await at(late, 'reconnect').click();
    await at(late, 'engine-gone').waitFor({ state: 'hidden' });
    await late.close();
  });

  it('had no trouble on the way', () => {
    // pictures of broken files are refused with a status; sockets were cut on purpose
    const expected = /status of (404|422|503)|WebSocket/;
    expect(site.troubles.filter((trouble) => !expected.test(trouble))).toEqual([]);
  });
});
