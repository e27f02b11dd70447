/** Faces and eyes in the facts panel, in a real Chromium; what is off, and why. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { modelsOfStage } from '../../main/domain/index.ts';
import { findChromium, modelsFolder, needChromium, needModels } from '../config/needs.ts';
import { makeClosedFace, makeGlassesFace, placeFaces, smileFile, winkFile } from '../fixtures/faces.ts';
import { at, focusPhoto, openSite, patience, settle, takePicture } from './page-kit.ts';
import type { Site } from './page-kit.ts';
import { modelFileNames } from '../fixtures/model-folder.ts';

describe.sequential('faces', { timeout: 300_000 }, () => {
  let site: Site;
  let page: Page;

  beforeAll(async () => {
    const browser = findChromium();
    if (browser === null || !existsSync(modelsFolder)) return;
    site = await openSite({
      browser,
      // empty at first
      modelFolders: (folder) => [join(folder, 'models')],
      async shoots(folder) {
        const shoot = join(folder, 'faces');
        await mkdir(join(folder, 'models'));
        await mkdir(shoot);
        await copyFile(winkFile, join(shoot, 'a-wink.jpg'));
        await writeFile(join(shoot, 'b-glasses.jpg'), await sharp(await makeGlassesFace()).jpeg().toBuffer());
        const closed = await makeClosedFace();
        await writeFile(join(shoot, 'c-group.jpg'), await placeFaces(1600, 1000, [{ picture: smileFile, edge: 420, left: 100, top: 200 }, { picture: closed, edge: 420, left: 600, top: 200 }, { picture: winkFile, edge: 420, left: 1100, top: 200 }]));
        await writeFile(join(shoot, 'd-none.jpg'), await sharp({ create: { width: 900, height: 600, channels: 3, background: 'gray', noise: { type: 'gaussian', mean: 128, sigma: 40 } } }).jpeg().toBuffer());
        return [shoot];
      },
    });
    page = await site.openPage();
    await at(page, 'grid').waitFor();
    await settle(site, page);
  }, 400_000);
  afterAll(async () => site?.close());
  beforeEach((context) => {
    needChromium(context);
    needModels(context);
  });

  const fact = async (name: string): Promise<string> => (await at(page, 'facts').locator('.fact', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).locator('dd').textContent()) ?? '';

  it('are off without models, and the panel says so and what helps', async () => {
    const id = await focusPhoto(page, site.api(), 'a-wink.jpg');
    await expect.poll(() => at(page, 'reasons').getAttribute('data-photo'), patience).toBe(String(id));
    await expect.poll(() => fact('Faces'), patience).toMatch(/^not looked for: .* is not on this computer\. .*models pull/);
    expect(await fact('Eyes')).toBe('–');
    expect(await fact('Aesthetics')).toMatch(/^off: .*models pull clip-b32-image/);
    expect(await fact('Impressions')).toBe('off, as aesthetics are');
    expect(await at(page, 'trace-faces').count()).toBe(0);
    expect(await at(page, 'reasons-problems').count()).toBe(0);
    await takePicture(page, 'faces-off');
  });

  it('are told in words, with the reason where the eyes cannot be, once the models are there and the folder is opened again', async () => {
    for (const model of modelsOfStage.faces!) await copyFile(join(modelsFolder, modelFileNames[model]), join(site.folder, 'models', modelFileNames[model]));
    const api = site.api();
    await api.library.open({ grant: (await api.library.grants({})).find(({ kind }) => kind === 'shoot')!.grant });
    for (const [name, faces, eyes] of [
      ['a-wink.jpg', '1 face', 'one eye closed'],
      ['b-glasses.jpg', '1 face', 'cannot tell (covered or not to be made out)'],
      ['c-group.jpg', '3 faces', '1 closed · 1 one eye closed · 1 open'],
      ['d-none.jpg', 'none found', '–'],
    ] as const) {
      const id = await focusPhoto(page, site.api(), name);
      await expect.poll(() => at(page, 'reasons').getAttribute('data-photo'), patience).toBe(String(id));
      await expect.poll(() => fact('Faces'), patience).toBe(faces);
      expect(await fact('Eyes')).toBe(eyes);
      expect(await at(page, 'trace-faces').textContent()).toMatch(/^Faces.*this computer/);
      await takePicture(page, `faces-${name.slice(0, 1)}`);
    }
    expect(site.troubles).toEqual([]);
  });
});
