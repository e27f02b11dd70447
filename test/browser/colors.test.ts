/** That the page's decoder goes by the profile put into a JPEG which is passed through with all its pixels. */
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { createSharpCodec } from '../../main/adapters/sharp/index.ts';
import { profileOfSpace } from '../../main/domain/index.ts';
import type { Pixels } from '../../main/ports/index.ts';
import { insertIccProfile } from '../../main/stages/containers/jpeg-writer.ts';
import { needChromium } from '../config/needs.ts';

test('createImageBitmap shows Adobe RGB and ProPhoto RGB as the engine converts them', { timeout: 120_000 }, async (context) => {
  const browser = await chromium.launch({ executablePath: needChromium(context), args: ['--no-sandbox', '--headless'] });
  try {
    const page = await browser.newPage();
    const pixels: Pixels = { width: 64, height: 64, channels: 3, data: new Uint8Array(64 * 64 * 3).map((_, index) => [110, 140, 175][index % 3]!) };
    const jpeg = await sharp(pixels.data, { raw: { width: 64, height: 64, channels: 3 } }).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
    for (const space of ['adobe-rgb', 'prophoto-rgb'] as const) {
      const tagged = insertIccProfile(new Uint8Array(jpeg), profileOfSpace(space));
      const shown = await page.evaluate(async (bytes) => {
        const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }));
        const canvas = new OffscreenCanvas(64, 64);
        const drawing = canvas.getContext('2d')!;
        drawing.drawImage(bitmap, 0, 0);
        return [...drawing.getImageData(32, 32, 1, 1).data];
      }, [...tagged]);
      const ours = await createSharpCodec().finish({ ...pixels, data: pixels.data.slice() }, { maxEdge: null, orientation: 1, profile: profileOfSpace(space) });
      if (!ours.ok) throw new Error(ours.error.code);
      [...ours.value.data.subarray(0, 3)].forEach((value, channel) => expect(Math.abs(value - shown[channel]!), `${space}: ${shown.join(' ')}`).toBeLessThanOrEqual(2));
    }
  } finally {
    await browser.close();
  }
});
