/** Where the pixels come from, in a real Chromium: always said, toggled in place, real ones at 100 %. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Pixels } from '../../main/ports/index.ts';
import { findChromium, needChromium } from '../config/needs.ts';
import { makeMosaicDng } from '../engine/mosaic-dng.ts';
import { drawScene, makeJpeg, makeRaw, stampExif } from '../fixtures/index.ts';
import { at, focusPhoto, openSite, patience, settle } from './page-kit.ts';
import type { Api, Site } from './page-kit.ts';

async function makePreview({ data, width, height, channels }: Pixels, edge: number): Promise<Uint8Array> {
  return new Uint8Array(await sharp(data, { raw: { width, height, channels } }).resize(edge, edge, { fit: 'inside' }).jpeg({ quality: 92 }).toBuffer());
}

const exif = { make: 'Nikon', model: 'D850', date: '2024:05:01 12:00:00' };

describe.sequential('the source of the pixels', { timeout: 300_000 }, () => {
  let site: Site;
  let page: Page;
  let api: Api;

  beforeAll(async () => {
    const browser = findChromium();
    if (browser === null) return;
    site = await openSite({
      browser,
      async shoots(folder) {
        const shoot = join(folder, 'sources');
        await mkdir(shoot);
        // as large as most cameras' pictures
        const scene = drawScene({ seed: 31, width: 6000, height: 4000 });
        await writeFile(join(shoot, 'a-short.dng'), makeMosaicDng(scene, 1, [], await makePreview(scene, 2000)));
        const other = drawScene({ seed: 34, width: 3000, height: 2000 });
        await writeFile(join(shoot, 'b-short.dng'), makeMosaicDng(other, 1, [], await makePreview(other, 1000)));
        await writeFile(join(shoot, 'c-noise.arw'), makeRaw('arw', { previews: [await makePreview(other, 800)], sensor: { width: 3000, height: 2000 }, exif }));
        await writeFile(join(shoot, 'd-plain.jpg'), stampExif(await makeJpeg(drawScene({ seed: 33, width: 2400, height: 1600 })), exif));
        return [shoot];
      },
    });
    api = site.api();
    page = await site.openPage();
    await at(page, 'grid').waitFor();
    await settle(site, page);
  }, 400_000);
  afterAll(async () => site?.close());
  beforeEach((context) => void needChromium(context));

  const said = (): Promise<string | null> => at(page, 'loupe-source').textContent();
  const remark = async (): Promise<string | null> => ((await at(page, 'loupe-remark').count()) === 0 ? null : at(page, 'loupe-remark').textContent());
  const drawn = async (): Promise<string> => {
    const stage = at(page, 'stage');
    return `${await stage.getAttribute('data-photo')} ${await stage.getAttribute('data-picture')} ${await stage.getAttribute('data-source')}`;
  };
  /** Grey levels of a small copy of what the stage shows. */
  const look = (): Promise<number[]> =>
    at(page, 'stage').evaluate((element) => {
      const small = new OffscreenCanvas(60, 40);
      const context = small.getContext('2d')!;
      context.drawImage(element as HTMLCanvasElement, 0, 0, 60, 40);
      return [...context.getImageData(0, 0, 60, 40).data.filter((_, index) => index % 4 === 1)];
    });
  /** How alike two looks are, whatever their brightness: 1 is the same. */
  const likeness = (a: readonly number[], b: readonly number[]): number => {
    const mean = (of: readonly number[]): number => of.reduce((sum, value) => sum + value, 0) / of.length;
    const [meanA, meanB] = [mean(a), mean(b)];
    const product = (x: readonly number[], meanX: number, y: readonly number[], meanY: number): number => x.reduce((sum, value, index) => sum + (value - meanX) * (y[index]! - meanY), 0);
    return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB));
  };

  it('is said without a panel, and at 100 % the preview gives way to the real pixels in place', async () => {
    const id = await focusPhoto(page, api, 'a-short.dng');
    await page.keyboard.press('i');
    await page.keyboard.press('e');
    await expect.poll(drawn, patience).toBe(`${id} screen embedded`);
    await expect.poll(said, patience).toBe('Camera preview 2000 × 1333');
    await page.keyboard.press('z');
    // the enlarged preview is there before the rendering can be
    const full = page.waitForResponse((response) => /\/full\?k=[^&]+$/.test(response.url()), patience);
    await expect.poll(() => at(page, 'stage-note').textContent(), patience).toBe('Real pixels are on their way…');
    await expect.poll(async () => (await drawn()) !== '' && at(page, 'loupe-zoom').textContent(), patience).toBe('100 %');
    const before = await look();
    expect((await full).headers()['picture-source']).toBe('rendered');
    await expect.poll(drawn, patience).toBe(`${id} full rendered`);
    await expect.poll(said, patience).toBe('Rendered 6000 × 4000');
    await expect.poll(() => at(page, 'stage-note').evaluate((element) => getComputedStyle(element).visibility), patience).toBe('hidden');
    expect(likeness(before, await look()), 'the same part of the picture, at the same place').toBeGreaterThan(0.9);
  });

  it('is toggled by key and by button; zoom, place and layout stay', async () => {
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Shift+ArrowUp');
    await page.waitForTimeout(200);
    const [rendered, box] = [await look(), await at(page, 'stage').boundingBox()];
    await page.keyboard.press('v');
    await expect.poll(said, patience).toBe('Preview of 2000 × 1333; the photo has 6000 × 4000');
    await expect.poll(async () => (await drawn()).endsWith('full embedded'), patience).toBe(true);
    expect(likeness(rendered, await look())).toBeGreaterThan(0.9);
    expect(await at(page, 'loupe-toggle').getAttribute('aria-pressed')).toBe('true');
    expect(await at(page, 'stage').boundingBox()).toEqual(box);
    await at(page, 'loupe-toggle').click();
    await expect.poll(said, patience).toBe('Rendered 6000 × 4000');
    expect(await at(page, 'loupe-toggle').getAttribute('aria-pressed')).toBe('false');
    expect(likeness(rendered, await look()), 'and back to the very same').toBeGreaterThan(0.999);
    expect(await at(page, 'loupe-zoom').textContent()).toBe('100 %');
  });

  it('holds from photo to photo until it is toggled back; what a photo does not have is said calmly', async () => {
    await page.keyboard.press('z');
    await expect.poll(said, patience).toBe('Camera preview 2000 × 1333');
    await page.keyboard.press('v');
    await expect.poll(said, patience).toBe('Rendered 6000 × 4000');
    await focusFromLoupe('b-short.dng');
    await expect.poll(said, patience).toBe('Rendered 3000 × 2000');
    // whole renderings are made for the eye only
    expect(site.pictureAnswers.filter((answer) => answer.includes(' full ') && answer.endsWith(' rendered'))).toHaveLength(1);
    await focusFromLoupe('c-noise.arw');
    await expect.poll(remark, patience).toBe('cannot be rendered');
    expect(await said()).toBe('Camera preview 800 × 533');
    await focusFromLoupe('d-plain.jpg');
    await expect.poll(remark, patience).toBe('nothing to render');
    expect(await said()).toBe('Photo 2400 × 1600');
    await page.keyboard.press('v');
    await expect.poll(remark, patience).toBe(null);
    expect(await at(page, 'loupe-toggle').getAttribute('aria-pressed')).toBe('false');
    await page.keyboard.press('v');
    await expect.poll(() => page.getByText('This file is itself the picture: there is no other to choose.').count(), patience).toBeGreaterThan(0);
  });

  it('says how many pixels there are and how many there should be where a photo cannot be rendered', async () => {
    await focusFromLoupe('c-noise.arw');
    await page.keyboard.press('z');
    await expect.poll(said, patience).toBe('Preview of 800 × 533; the photo has 3000 × 2000');
    await page.keyboard.press('i');
    await expect.poll(() => at(page, 'facts').textContent(), patience).toMatch(/Size3000 × 2000.*Previews800.×.533.*Renderingnot possible: /);
    await page.keyboard.press('z');
    await focusFromLoupe('a-short.dng');
    await expect.poll(() => at(page, 'facts').textContent(), patience).toMatch(/Renderingpossible/);
  });

  it('gives up a rendering whose photo the eye has left', async () => {
    const fresh = await site.openPage();
    await at(fresh, 'grid').waitFor();
    const id = await focusPhoto(fresh, api, 'b-short.dng');
    // nobody has made it before: that takes a second and more
    const asked = fresh.waitForRequest((request) => /\/full\?k=[^&]+$/.test(request.url()), patience);
    await fresh.keyboard.press('z');
    await asked;
    // photos without a time come last
    await fresh.keyboard.press('Home');
    await expect.poll(() => site.pictureAnswers, patience).toContain(`${id} full auto cancelled`);
    await fresh.close();
  });

  it('had no trouble but the pictures that were asked for and are not there', () => {
    expect(site.troubles.filter((trouble) => !/status of 422.*from=rendered/.test(trouble))).toEqual([]);
  });

  /** By way of the grid; the loupe opens at fit. */
  async function focusFromLoupe(name: string): Promise<void> {
    await page.keyboard.press('g');
    await focusPhoto(page, api, name);
    await page.keyboard.press('e');
  }
});
