/** Culling by keyboard in a real Chromium: see, move, mark, undo, filter, look closely, ask why. */
import { existsSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium, needChromium, projectFolder } from '../config/needs.ts';
import { makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { at, focusPhoto, focusedId, listPhotos, marksOf, openSite, patience, settle } from './page-kit.ts';
import type { Api, Site } from './page-kit.ts';

const markedElsewhere =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description rdf:about="" xmp:Rating="2" xmp:Label="Blue"><dc:subject><rdf:Bag><rdf:li>church</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>';

describe.sequential('the page', { timeout: 300_000 }, () => {
  let site: Site;
  let page: Page;
  let api: Api;
  let truth: ShootTruth;

  beforeAll(async () => {
    const browser = findChromium();
    if (browser === null) return;
    site = await openSite({
      browser,
      async shoots(folder) {
        truth = await makeShoot(join(folder, 'wedding'), { photos: 34, edge: 900, scenes: 12, rawKinds: ['nef', 'cr2', 'arw'], bursts: 2, brackets: 1, pairs: 2, soft: 1, dark: 1, copies: 1 });
        // what other programs have left: marks of one photo, and something broken beside another
        writeFileSync(join(truth.folder, `${truth.soft[0]!}.xmp`), markedElsewhere);
        writeFileSync(join(truth.folder, `${truth.dark[0]!}.xmp`), 'no XMP');
        return [truth.folder];
      },
    });
    api = site.api();
    page = await site.openPage();
    await at(page, 'grid').waitFor();
    await settle(site, page);
  }, 400_000);
  afterAll(async () => site?.close());
  beforeEach((context) => void needChromium(context));

  it('opens the folder that it was given and shows its pictures', async () => {
    const photos = await listPhotos(api);
    // the JPEG halves of the two pairs are folded away
    await expect.poll(() => at(page, 'counts').textContent(), patience).toBe('32 photos');
    expect(photos.id).toHaveLength(34);
    await expect.poll(() => page.locator('[role=gridcell] img').evaluateAll((images) => images.length > 10 && images.every((image) => (image as HTMLImageElement).naturalWidth > 100)), patience).toBe(true);
    expect(await page.title()).toBe('wedding – Parjanya');
    expect(await page.locator('.tile-pair').count()).toBe(2);
  });

  it('moves by keys', async () => {
    await page.keyboard.press('Home');
    const ids = (await listPhotos(api)).id;
    expect(await focusedId(page)).toBe(ids[0]);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focusedId(page), patience).toBe(ids[1]);
    const columns = Number(await at(page, 'grid').getAttribute('aria-colcount'));
    await page.keyboard.press('ArrowDown');
    await expect.poll(async () => at(page, `tile-${await focusedId(page)}`).getAttribute('aria-colindex'), patience).toBe('2');
    expect(columns).toBeGreaterThan(2);
    await page.keyboard.press('End');
    await expect.poll(async () => at(page, `tile-${await focusedId(page)}`).isVisible(), patience).toBe(true);
    await page.keyboard.press('Home');
    await expect.poll(() => focusedId(page), patience).toBe(ids[0]);
  });

  it('marks by keys, at once on screen and then in the catalog', async () => {
    const id = await focusPhoto(page, api, (await listPhotos(api)).name[0]!);
    const expectMarks = (marks: object): Promise<void> => expect.poll(() => marksOf(api, id), patience).toMatchObject(marks);
    await page.keyboard.press('p');
    await expectMarks({ flag: 'pick' });
    expect(await at(page, `tile-${id}`).getAttribute('aria-label')).toContain('picked');
    await page.keyboard.press('x');
    await expectMarks({ flag: 'reject' });
    expect(await at(page, `tile-${id}`).getAttribute('class')).toContain('is-rejected');
    await page.keyboard.press('u');
    await expectMarks({ flag: 'none' });
    await page.keyboard.press('`');
    await expectMarks({ flag: 'pick' });
    await page.keyboard.press('`');
    await expectMarks({ flag: 'none' });
    await page.keyboard.press('4');
    await expectMarks({ rating: 4 });
    await page.keyboard.press(']');
    await expectMarks({ rating: 5 });
    await page.keyboard.press('[');
    await page.keyboard.press('[');
    await expectMarks({ rating: 3 });
    for (const [key, label] of [['6', 'Red'], ['7', 'Yellow'], ['8', 'Green'], ['9', 'Blue']] as const) {
      await page.keyboard.press(key);
      await expectMarks({ label });
    }
    await page.keyboard.press('9');
    await page.keyboard.press('0');
    await expectMarks({ flag: 'none', rating: 0, label: null });
  });

  it('goes on after a mark with Shift or Caps Lock', async () => {
    await page.keyboard.press('Home');
    const ids = (await listPhotos(api)).id;
    await page.keyboard.press('Shift+P');
    await expect.poll(() => focusedId(page), patience).toBe(ids[1]);
    // Caps Lock is a state of the keyboard that Chromium's remote control cannot switch
    const pressWithCapsLock = (key: string): Promise<void> =>
      page.evaluate((one) => void window.dispatchEvent(new KeyboardEvent('keydown', { key: one, code: `Digit${one}`, modifierCapsLock: true, bubbles: true, cancelable: true })), key);
    await pressWithCapsLock('3');
    await expect.poll(() => focusedId(page), patience).toBe(ids[2]);
    expect(await at(page, 'auto-advance').isVisible()).toBe(true);
    await expect.poll(() => marksOf(api, ids[0]!), patience).toMatchObject({ flag: 'pick' });
    await expect.poll(() => marksOf(api, ids[1]!), patience).toMatchObject({ rating: 3 });
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => at(page, 'auto-advance').isVisible(), patience).toBe(false);
  });

  it('undoes and redoes, also in a new window', async () => {
    const ids = (await listPhotos(api)).id;
    await page.keyboard.press('Home');
    await page.keyboard.press('Control+z');
    await expect.poll(() => marksOf(api, ids[1]!), patience).toMatchObject({ rating: 0 });
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(() => marksOf(api, ids[1]!), patience).toMatchObject({ rating: 3 });
    await expect.poll(() => at(page, `tile-${ids[1]}`).getAttribute('aria-label'), patience).toContain('3 stars');
    const second = await site.openPage();
    await at(second, 'grid').waitFor();
    await second.keyboard.press('Control+z');
    await expect.poll(() => marksOf(api, ids[1]!), patience).toMatchObject({ rating: 0 });
    // the first window is told
    await expect.poll(() => at(page, `tile-${ids[1]}`).getAttribute('aria-label'), patience).not.toContain('3 stars');
    await second.close();
  });

  it('marks a whole selection in one step', async () => {
    const ids = (await listPhotos(api)).id;
    await page.keyboard.press('Home');
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('Shift+ArrowRight');
    expect(await at(page, 'selection').textContent()).toBe('4 photos selected');
    await page.keyboard.press('2');
    for (const id of ids.slice(0, 4)) await expect.poll(() => marksOf(api, id), patience).toMatchObject({ rating: 2 });
    await page.keyboard.press('Control+z');
    for (const id of ids.slice(0, 4)) await expect.poll(() => marksOf(api, id), patience).toMatchObject({ rating: 0 });
    await page.keyboard.press('Escape');
  });

  it('filters; a mark that sends a photo out of the filter goes on to the next', async () => {
    await page.keyboard.press('Home');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('p');
    await expect.poll(() => at(page, 'filter-flag-1').textContent(), patience).toBe('32');
    await at(page, 'filter-flag-1').click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
    const first = await focusedId(page);
    await page.keyboard.press('x');
    await expect.poll(() => at(page, 'counts').textContent(), patience).toBe('31 of 32 photos');
    expect(await focusedId(page)).not.toBe(first);
    await at(page, 'filter-flag-1').click();
    await at(page, 'filter-flag-2').click();
    await expect.poll(() => at(page, 'counts').textContent(), patience).toBe('1 of 32 photos');
    expect(await focusedId(page)).toBe(first);
    await page.keyboard.press('u');
    await at(page, 'nothing-matches').waitFor();
    await at(page, 'nothing-matches-clear').click();
    await expect.poll(() => at(page, 'counts').textContent(), patience).toBe('32 photos');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect.poll(() => at(page, 'filter-flag-0').textContent(), patience).toBe('31');
  });

  it('shows one photo, at 100 %, and goes through them', async () => {
    const name = truth.bursts[0]!.photos[0]!;
    const id = await focusPhoto(page, api, name);
    await page.keyboard.press('e');
    const stage = at(page, 'stage');
    await expect.poll(() => stage.getAttribute('data-photo'), patience).toBe(String(id));
    await expect.poll(() => stage.getAttribute('data-picture'), patience).toBe('screen');
    const spread = await stage.evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')!.getImageData(canvas.width / 2 - 50, canvas.height / 2 - 50, 100, 100);
      return Math.max(...data.filter((_, index) => index % 4 === 0)) - Math.min(...data.filter((_, index) => index % 4 === 0));
    });
    expect(spread).toBeGreaterThan(20);
    await page.keyboard.press('z');
    await expect.poll(() => at(page, 'loupe-zoom').textContent(), patience).toBe('100 %');
    await expect.poll(() => stage.getAttribute('data-picture'), patience).toBe('full');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focusedId(page), patience).not.toBe(id);
    await expect.poll(() => stage.getAttribute('data-photo'), patience).not.toBe(String(id));
    await page.keyboard.press('Escape');
    await expect.poll(() => at(page, 'loupe-zoom').textContent(), patience).toBe('Fit');
    await page.keyboard.press('x');
    await expect.poll(() => at(page, 'mark-bar').getAttribute('data-flag'), patience).toBe('2');
    await page.keyboard.press('Control+z');
    await expect.poll(() => at(page, 'mark-bar').getAttribute('data-flag'), patience).toBe('0');
  });

  it('shows a burst as a strip with its best frame, and goes from group to group', async () => {
    const photos = await listPhotos(api);
    const burst = truth.bursts[0]!;
    const strip = at(page, 'strip');
    await expect.poll(() => strip.getAttribute('data-grouped'), patience).toBe('true');
    expect(await strip.locator('[data-testid^=frame-]').count()).toBe(burst.photos.length);
    const best = photos.id[photos.name.indexOf(burst.best)]!;
    expect(await at(page, `frame-${best}`).getAttribute('aria-label')).toContain('best of the group');
    await at(page, `frame-${best}`).click();
    await expect.poll(() => focusedId(page), patience).toBe(best);
    await page.keyboard.press('ArrowDown');
    await expect.poll(async () => burst.photos.includes(photos.name[photos.id.indexOf(await focusedId(page))]!), patience).toBe(false);
    await page.keyboard.press('g');
    await at(page, 'grid').waitFor();
  });

  it('says why: what was measured, against what, where, and how long it took', async () => {
    const id = await focusPhoto(page, api, truth.soft[0]!);
    const reasons = at(page, 'reasons');
    await expect.poll(() => reasons.getAttribute('data-photo'), patience).toBe(String(id));
    await expect.poll(() => reasons.getAttribute('data-complete'), patience).toBe('true');
    const detail = await api.library.photo({ id });
    expect(detail.reasons.length).toBeGreaterThan(0);
    for (const reason of detail.reasons) await expect.poll(() => at(page, `reason-${reason.code}`).textContent(), patience).toContain(reason.text);
    const measured = detail.reasons.find((reason) => reason.value !== null && reason.threshold !== null);
    expect(await at(page, `reason-${measured!.code}`).textContent()).toMatch(/measured [\d.]+ · limit [\d.]+/);
    for (const line of detail.trace) expect(await at(page, `trace-${line.stage}`).textContent()).toMatch(/this computer.*\d (ms|s)/);
    expect(await at(page, 'facts').textContent()).toContain(truth.photos.find(({ path }) => path === truth.soft[0])!.exif.lens);
    await page.keyboard.press('i');
    await expect.poll(() => reasons.isVisible(), patience).toBe(false);
    await page.keyboard.press('i');
  });

  it('shows marks of other programs as such, and a mark of the person in their place', async () => {
    const id = await focusPhoto(page, api, truth.soft[0]!);
    const elsewhere = at(page, 'elsewhere');
    await expect.poll(() => at(page, 'reasons').getAttribute('data-photo'), patience).toBe(String(id));
    await expect.poll(() => elsewhere.textContent(), patience).toContain('2 stars · in the sidecar');
    expect(await elsewhere.textContent()).toContain('Blue');
    expect(await elsewhere.textContent()).toContain('church');
    const tile = at(page, `tile-${id}`);
    expect(await tile.getAttribute('aria-label')).toContain('2 stars given elsewhere');
    expect(await tile.locator('.stars.is-elsewhere svg').count()).toBe(2);
    expect(await marksOf(api, id)).toEqual({ flag: 'none', rating: 0, label: null });
    await page.keyboard.press('1');
    await expect.poll(() => tile.locator('.stars.is-elsewhere').count(), patience).toBe(0);
    await expect.poll(() => marksOf(api, id), patience).toMatchObject({ rating: 1 });
    expect(await elsewhere.textContent()).toContain('2 stars');
    await page.keyboard.press('Control+z');
    await expect.poll(() => tile.locator('.stars.is-elsewhere svg').count(), patience).toBe(2);
    await focusPhoto(page, api, truth.dark[0]!);
    await expect.poll(() => elsewhere.textContent(), patience).toContain('The sidecar has no XMP in it.');
    expect(await at(page, 'reasons-problems').count()).toBe(0);
  });

  it('works with the mouse too', async () => {
    await page.keyboard.press('Home');
    const tiles = page.locator('[role=gridcell]');
    await tiles.nth(1).click();
    await tiles.nth(3).click({ modifiers: ['Shift'] });
    await expect.poll(() => at(page, 'selection').textContent(), patience).toBe('3 photos selected');
    await tiles.nth(2).click({ modifiers: ['ControlOrMeta'] });
    await expect.poll(() => at(page, 'selection').textContent(), patience).toBe('2 photos selected');
    await tiles.nth(4).dblclick();
    const stage = at(page, 'stage');
    await expect.poll(() => stage.getAttribute('data-picture'), patience).toBe('screen');
    const box = (await stage.boundingBox())!;
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await page.mouse.click(middle.x, middle.y);
    await expect.poll(() => at(page, 'loupe-zoom').textContent(), patience).toBe('100 %');
    await expect.poll(() => stage.getAttribute('data-picture'), patience).toBe('full');
    await page.mouse.click(middle.x, middle.y);
    await expect.poll(() => at(page, 'loupe-zoom').textContent(), patience).toBe('Fit');
    await at(page, 'mark-pick').click();
    await expect.poll(() => at(page, 'mark-bar').getAttribute('data-flag'), patience).toBe('1');
    // a click has not taken the keyboard away from the photos
    await page.keyboard.press('Control+z');
    await expect.poll(() => at(page, 'mark-bar').getAttribute('data-flag'), patience).toBe('0');
    await at(page, 'view-grid').click();
    await at(page, 'grid').waitFor();
  });

  it('lists all its keys, and gives the keyboard back', async () => {
    await page.keyboard.press('?');
    const dialog = at(page, 'keys-dialog');
    await dialog.waitFor();
    expect(await dialog.textContent()).toContain('One photo (loupe)');
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.isVisible(), patience).toBe(false);
    const before = await focusedId(page);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focusedId(page), patience).not.toBe(before);
  });

  it('fits a small window', async () => {
    const small = await site.openPage({ width: 640, height: 400 });
    await at(small, 'grid').waitFor();
    const sideways = (): Promise<number> => small.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await sideways()).toBe(0);
    await small.keyboard.press('e');
    await at(small, 'stage').waitFor();
    expect((await at(small, 'stage').boundingBox())!.height).toBeGreaterThan(150);
    expect(await sideways()).toBe(0);
    await small.close();
  });

  it('had no trouble on the way, and makes the picture of the README', async () => {
    expect(site.troubles).toEqual([]);
    const picture = join(projectFolder, 'docs', 'images', 'grid.png');
    if (existsSync(picture) && process.env['PARJANYA_SCREENSHOTS'] === undefined) return;
    await focusPhoto(page, api, truth.bursts[0]!.best);
    await page.keyboard.press('p');
    await page.keyboard.press('4');
    await page.waitForTimeout(500);
    await mkdir(join(projectFolder, 'docs', 'images'), { recursive: true });
    await page.screenshot({ path: picture });
    expect(existsSync(picture)).toBe(true);
  });
});
