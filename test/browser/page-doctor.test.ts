/** What runs where, in a real Chromium: opened by key, tried out by the real engine, stopped, and tried again. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium, needChromium } from '../config/needs.ts';
import { makeShoot } from '../fixtures/index.ts';
import { at, focusedId, openSite, patience, settle, takePicture } from './page-kit.ts';
import type { Site } from './page-kit.ts';

describe.sequential('what runs where, on the page', { timeout: 400_000 }, () => {
  let site: Site;
  let page: Page;
  const dialog = () => at(page, 'doctor-dialog');
  const step = (): Promise<string | null> => at(page, 'doctor').getAttribute('data-step');
  const stateOf = (row: string): Promise<string | null> => at(page, `doctor-${row}`).getAttribute('data-state');
  const reach = (wanted: string) => expect.poll(step, { timeout: 300_000, interval: 250 }).toBe(wanted);
  const sideways = (of: Page): Promise<number> => of.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

  beforeAll(async () => {
    const browser = findChromium();
    if (browser === null) return;
    site = await openSite({
      browser,
      async shoots(folder) {
        await makeShoot(join(folder, 'card'), { photos: 4, edge: 600, scenes: 2 });
        return [join(folder, 'card')];
      },
    });
    page = await site.openPage({ width: 1440, height: 900 });
    await at(page, 'grid').waitFor();
    await settle(site, page);
  }, 400_000);
  afterAll(async () => site?.close());
  beforeEach((context) => void needChromium(context));

  it('opens by key and by button, tries nothing by itself, and gives the keyboard back', async () => {
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+D');
    await dialog().waitFor();
    expect(await step()).toBe('idle');
    expect(await at(page, 'doctor-places').count()).toBe(0);
    await at(page, 'doctor-packages').waitFor();
    expect((await site.api().jobs.list({})).filter(({ kind }) => kind === 'doctor')).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    const first = await focusedId(page);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focusedId(page), patience).not.toBe(first);
    await at(page, 'show-doctor').focus();
    await page.keyboard.press('Enter');
    await dialog().waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('show-doctor');
    await at(page, 'show-doctor').click();
    await dialog().waitFor();
  });

  it('says for which desktops the packages are made, and where one is not', async () => {
    const { packages } = await site.api().doctor.packages({});
    for (const one of packages!)
      expect(await at(page, `doctor-package-${one.package}`).locator('td').allTextContents(), one.package).toEqual(Object.values(one.platforms).map(({ answer }) => ({ yes: 'Yes', no: 'No', WASM: 'WebAssembly' })[answer]));
    expect(await at(page, 'doctor-package-libraw-wasm').locator('td').allTextContents()).toEqual(Array(6).fill('WebAssembly'));
    expect(await at(page, 'doctor-packages').locator('li').allTextContents()).toContain('onnxruntime-node on macOS x64: no binary for it in the installed package');
  });

  it('tries every step with Enter, and says in words what came out', async () => {
    await at(page, 'doctor').click();
    await page.keyboard.press('Enter');
    await reach('running');
    await expect.poll(() => at(page, 'doctor-progress').textContent(), patience).toMatch(/^.+, this computer: \d+ of \d+$/);
    await at(page, 'doctor-metadata-local').waitFor();
    await takePicture(page, 'doctor-running');
    // it goes on while the dialog is closed, and is seen below
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    await expect.poll(() => at(page, 'job-bar').textContent(), patience).toContain('Trying out what runs where');
    await page.keyboard.press('Shift+D');
    await dialog().waitFor();
    await reach('done');
    for (const stage of ['identify', 'metadata', 'preview', 'phash', 'focus', 'exposure', 'sharpness', 'headroom']) {
      expect(await stateOf(`${stage}-local`), stage).toBe('ok');
      const cells = await at(page, `doctor-${stage}-local`).locator('td').allTextContents();
      expect(cells.slice(0, 2), stage).toEqual(['This computer', 'Works']);
      expect(cells.slice(2, 5).every((text) => /\d/.test(text)), `${stage}: ${cells.join(' | ')}`).toBe(true);
      expect(cells[5], stage).toBe('$0');
      expect(cells[6], stage).toMatch(/^This computerRuns here: /);
    }
    expect(await at(page, 'doctor-clip-local').textContent()).toContain('Missing');
    expect(await at(page, 'doctor-clip-local').locator('code').allTextContents()).toEqual(['parjanya models pull clip-b32-image']);
    expect(await at(page, 'doctor-clip-lambda-arm64').textContent()).toContain('AWS Lambda (arm64)Not set up');
    expect(await at(page, 'doctor-clip-lambda-x86_64').locator('td').nth(2).textContent()).toContain('not measured');
    expect(await at(page, 'doctor-best-clip').textContent()).toMatch(/^NowhereRuns nowhere: it is not on this computer/);
    expect(await stateOf('describe-gpu')).toBe('not-set-up');
    expect(await sideways(page)).toBe(0);
    await takePicture(page, 'doctor-done');
    await at(page, 'doctor-packages').locator('li').last().scrollIntoViewIfNeeded();
    await takePicture(page, 'doctor-packages');
  });

  it('stops, and keeps what was found until then', async () => {
    await at(page, 'doctor-run').click();
    await at(page, 'doctor-identify-local').waitFor();
    await at(page, 'doctor-stop').click();
    await reach('stopped');
    expect(await at(page, 'doctor-stopped').textContent()).toContain('It was stopped');
    expect(await stateOf('identify-local')).toBe('ok');
    expect(await at(page, 'doctor-describe-gpu').count()).toBe(0);
    expect((await site.api().jobs.list({})).filter(({ kind }) => kind === 'doctor').map(({ state }) => state)).toEqual(['done', 'cancelled']);
  });

  it('says so where another window tries out already, and fits a small one', async () => {
    const other = await site.openPage({ width: 640, height: 400 });
    await at(other, 'grid').waitFor();
    expect(await sideways(other)).toBe(0);
    await at(page, 'doctor-run').click();
    await reach('running');
    await other.keyboard.press('Shift+D');
    await at(other, 'doctor-run').click();
    await expect.poll(() => at(other, 'doctor-error').getAttribute('data-code'), patience).toBe('place-busy');
    expect(await sideways(other)).toBe(0);
    await takePicture(other, 'doctor-small');
    await other.close();
    await at(page, 'doctor-stop').click();
    await reach('stopped');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    expect(site.troubles).toEqual([]);
  });
});
