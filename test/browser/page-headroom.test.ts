/** What a RAW file holds beyond its preview, in the facts panel and the reasons, in a real Chromium. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium, needChromium } from '../config/needs.ts';
import { makeDrawnDng } from '../engine/drawn-dng.ts';
import { makeSensorDng } from '../engine/mosaic-dng.ts';
import { at, focusPhoto, openSite, patience, settle, takePicture } from './page-kit.ts';
import type { Site } from './page-kit.ts';

/** White in nearly all of the preview; the sensor is nowhere more than half full. */
async function makeBlownDng(): Promise<Uint8Array> {
  const [width, height] = [1_200, 800];
  const data = Uint16Array.from({ length: width * height }, (_, at) => 4_000 + ((at * 7_919) % 3_001));
  const jpeg = await sharp({ create: { width, height, channels: 3, background: { r: 254, g: 254, b: 254 } } }).jpeg({ quality: 95 }).toBuffer();
  return makeSensorDng({ width, height, data }, 1, [{ tag: 0xc61d, kind: 'long', values: [16_000] }], new Uint8Array(jpeg));
}

describe.sequential('exposure in the RAW file', { timeout: 300_000 }, () => {
  let site: Site;
  let page: Page;

  beforeAll(async () => {
    const browser = findChromium();
    if (browser === null) return;
    site = await openSite({
      browser,
      async shoots(folder) {
        const shoot = join(folder, 'raw');
        await mkdir(shoot);
        await writeFile(join(shoot, 'a-drawn.dng'), await makeDrawnDng(1));
        await writeFile(join(shoot, 'b-blown.dng'), await makeBlownDng());
        await writeFile(join(shoot, 'c-picture.jpg'), await sharp({ create: { width: 900, height: 600, channels: 3, background: 'white' } }).jpeg().toBuffer());
        return [shoot];
      },
    });
    page = await site.openPage();
    await at(page, 'grid').waitFor();
    await settle(site, page);
  }, 400_000);
  afterAll(async () => site?.close());
  beforeEach((context) => needChromium(context));

  const show = async (name: string): Promise<void> => {
    const id = await focusPhoto(page, site.api(), name);
    await expect.poll(() => at(page, 'reasons').getAttribute('data-photo'), patience).toBe(String(id));
  };

  it('is measured when the button is pressed, and told in words', async () => {
    await show('a-drawn.dng');
    await expect.poll(() => at(page, 'headroom').getAttribute('data-state'), patience).toBe('possible');
    await at(page, 'headroom-measure').click();
    await expect.poll(() => at(page, 'headroom').getAttribute('data-state'), patience).toBe('measured');
    expect((await at(page, 'headroom').textContent())?.replaceAll('\u00a0', ' ')).toMatch(/^25 % clipped as shown: 12 % recoverable from the RAW \(1\.\d EV above what is shown\), .* 15 % black as shown: /);
    expect(await at(page, 'trace-headroom').count()).toBe(1);
    await takePicture(page, 'headroom');
  });

  it('changes the suggestion and its reason: what the sensor holds is not thrown away', async () => {
    await show('b-blown.dng');
    await expect.poll(() => at(page, 'headroom').getAttribute('data-state'), patience).toBe('possible');
    const reason = async (): Promise<string> => (await at(page, 'reasons-suggestion').textContent()) ?? '';
    const before = await reason();
    await at(page, 'headroom-measure').click();
    await expect.poll(reason, patience).toMatch(/clipped as shown: all of it recoverable from the RAW/);
    expect(await reason()).not.toBe(before);
    await takePicture(page, 'headroom-reason');
  });

  it('is nothing for a picture that is finished', async () => {
    await show('c-picture.jpg');
    await expect.poll(() => at(page, 'headroom').getAttribute('data-state'), patience).toBe('none');
    expect(await at(page, 'headroom-measure').count()).toBe(0);
  });
});
