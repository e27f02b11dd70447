/** Stage `focus` on drawn pictures. */
import { describe, expect, test } from 'vitest';
import { scoreOf } from '../../main/domain/index.ts';
import type { FocusMeasure } from '../../main/domain/index.ts';
import type { Pixels } from '../../main/ports/index.ts';
import { createSharpCodec } from '../../main/adapters/sharp/index.ts';
import { measureFocus } from '../../main/stages/focus/index.ts';
import { blurPixels, smearPixels } from '../fixtures/index.ts';
import { addNoise, drawScene, flatPicture, mapPixels } from './drawn-scene.ts';

function focusOf(pixels: Pixels): FocusMeasure {
  const result = measureFocus(pixels);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const technicalOf = (pixels: Pixels): number => scoreOf({ focus: focusOf(pixels), exposure: null }).technical!;

/** Drawn edges are sharper than any lens makes them; a little blur makes them like a photo's. */
const sharpScene = (seed: number): Pixels => blurPixels(drawScene(seed), 0.4);

async function recompress(pixels: Pixels, quality: number): Promise<Pixels> {
  const codec = createSharpCodec();
  const jpeg = await codec.encodeJpeg(pixels, { quality });
  const decoded = jpeg.ok ? await codec.decode(jpeg.value, { maxEdge: null, orientation: 1 }) : jpeg;
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
}

describe('sharpness', () => {
  test.each([1, 2, 3])('falls with each step of blur (scene %i)', (seed) => {
    const scene = sharpScene(seed);
    const steps = [scene, ...[1, 2, 4].map((sigma) => blurPixels(scene, sigma))].map((pixels) => focusOf(pixels).sharpness);
    for (let at = 1; at < steps.length; at++) expect(steps[at], steps.join(' ')).toBeLessThan(steps[at - 1]! - 0.04);
    expect(scoreOf({ focus: focusOf(scene), exposure: null }).focus).toBeGreaterThan(0.8);
    expect(scoreOf({ focus: focusOf(blurPixels(scene, 4)), exposure: null }).focus).toBeLessThan(0.1);
  });

  test('is not raised by noise, and noise costs technical quality', () => {
    for (const sigma of [0.6, 3]) {
      const scene = blurPixels(drawScene(4), sigma);
      for (const deviation of [5, 12]) {
        const noisy = addNoise(scene, deviation);
        expect(focusOf(noisy).sharpness).toBeLessThan(focusOf(scene).sharpness + 0.03);
        expect(technicalOf(noisy)).toBeLessThan(technicalOf(scene));
        expect(focusOf(noisy).noise).toBeGreaterThan(focusOf(scene).noise + 0.005);
      }
    }
  });

  test('is not raised by noise that a white sky does not show', () => {
    const { width, height } = drawScene(4);
    const whiten = (pixels: Pixels, rows: number): Pixels => mapPixels(pixels, (value, at) => (at < width * 3 * rows ? 255 : value));
    const scene = blurPixels(whiten(drawScene(4), height / 3), 3);
    for (const deviation of [3, 6, 12]) {
      const { texture, sharpness } = focusOf(whiten(addNoise(scene, deviation), height / 3 - 12));
      // So much noise that nothing is left to be judged is an answer too.
      if (texture >= 0.02) expect(sharpness, `deviation ${deviation}`).toBeLessThan(focusOf(scene).sharpness + 0.03);
    }
  });

  test('is not raised by the blocks of JPEG compression, which are told', async () => {
    const scene = blurPixels(drawScene(5), 0.7);
    const strong = await recompress(scene, 12);
    const mild = await recompress(scene, 92);
    expect(focusOf(strong).sharpness).toBeLessThan(focusOf(scene).sharpness + 0.03);
    expect(focusOf(strong).blocking).toBeGreaterThan(focusOf(mild).blocking + 0.2);
    expect(technicalOf(strong)).toBeLessThan(technicalOf(mild));
  });

  test('does not depend on contrast and brightness', () => {
    const scene = sharpScene(6);
    const faint = mapPixels(scene, (value) => 40 + value / 4);
    expect(Math.abs(focusOf(faint).sharpness - focusOf(scene).sharpness)).toBeLessThan(0.05);
  });

  test('is about the same for the same photo at other sizes', () => {
    const sizes = [1600, 1200, 800].map((width) => focusOf(blurPixels(drawScene(7, width, Math.round(width / 1.5)), 0.7)).sharpness);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(0.12);
  });

  test('is that of the sharpest part: a subject before a blurred background is in focus, and found', () => {
    const scene = sharpScene(8);
    const soft = blurPixels(scene, 8);
    const { width } = scene;
    const isSubject = (at: number): boolean => {
      const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
      return x >= 560 && x < 860 && y >= 200 && y < 500;
    };
    const portrait = mapPixels(soft, (value, at) => (isSubject(at) ? scene.data[at]! : value));
    const focus = focusOf(portrait);
    expect(focus.sharpness).toBeGreaterThan(0.85 * focusOf(scene).sharpness);
    expect((focus.region.x + focus.region.w / 2) * width).toBeGreaterThan(520);
    expect((focus.region.x + focus.region.w / 2) * width).toBeLessThan(900);
  });

  test('a smear in one direction is softer than none and is called motion', () => {
    const scene = sharpScene(9);
    const smeared = smearPixels(scene, 17, 0);
    expect(focusOf(smeared).sharpness).toBeLessThan(focusOf(scene).sharpness - 0.1);
    expect(focusOf(smeared).motion).toBeGreaterThan(focusOf(scene).motion + 0.15);
    expect(focusOf(smeared).motion).toBeGreaterThan(focusOf(blurPixels(scene, 5)).motion);
  });
});

describe('what cannot be told', () => {
  test.each([
    ['black', flatPicture(0)],
    ['white', flatPicture(255)],
    ['grey with noise', addNoise(flatPicture(120), 6)],
    ['a few pixels', drawScene(1, 40, 30)],
    ['one pixel', flatPicture(9, 1, 1)],
  ])('%s has no focus score', (_, pixels) => {
    const focus = focusOf(pixels);
    expect(focus.texture).toBeLessThan(0.02);
    expect(scoreOf({ focus, exposure: null }).focus).toBeNull();
  });

  test('grey pictures with one channel are judged like colour ones', () => {
    const scene = sharpScene(3);
    const grey: Pixels = { ...scene, channels: 1, data: new Uint8Array(scene.width * scene.height).map((_, at) => (77 * scene.data[3 * at]! + 150 * scene.data[3 * at + 1]! + 29 * scene.data[3 * at + 2]! + 128) >> 8) };
    expect(focusOf(grey)).toEqual(focusOf(scene));
  });

  test('pixels that are too few for the stated size are an error, not a crash', () => {
    const result = measureFocus({ width: 100, height: 100, channels: 3, data: new Uint8Array(10) });
    expect(result).toMatchObject({ ok: false, error: { code: 'preview-broken' } });
  });
});
