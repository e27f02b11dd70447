/** Stage `exposure` on input that breaks careless code: black frames, a single pixel, 16 bits, CMYK, panoramas of 30,000 pixels. */
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { judge } from '../../main/domain/index.ts';
import type { ExposureMeasure } from '../../main/domain/index.ts';
import { photoFacts } from '../unit/photo-facts.ts';
import { lookAt, useDecodeBench } from './decode-kit.ts';

const bench = useDecodeBench();

async function exposureOf(name: string, bytes: Buffer): Promise<ExposureMeasure> {
  const { outputs, errors, error } = await lookAt(bench.pool, bench.put(name, new Uint8Array(bytes)), ['metadata', 'preview', 'exposure']);
  if (!outputs.exposure) throw new Error(JSON.stringify(errors.exposure ?? error));
  return outputs.exposure;
}

/** A quarter white, a quarter black, the rest grey. */
function quarters(width: number, height: number): Sharp {
  const part = (value: number): Buffer => Buffer.alloc(Math.floor(width / 4) * height * 3, value);
  return sharp({ create: { width, height, channels: 3, background: { r: 128, g: 128, b: 128 } } }).composite([
    { input: part(255), raw: { width: Math.floor(width / 4), height, channels: 3 }, left: 0, top: 0 },
    { input: part(0), raw: { width: Math.floor(width / 4), height, channels: 3 }, left: Math.floor(width / 4), top: 0 },
  ]);
}

test('counts alike in 8 and 16 bits, CMYK, and a panorama of 30,000 pixels', { timeout: 240_000 }, async () => {
  const pictures: Record<string, Buffer> = {
    'plain.jpg': await quarters(1_200, 800).jpeg({ quality: 95 }).toBuffer(),
    'sixteen.png': await quarters(1_200, 800).toColourspace('rgb16').png().toBuffer(),
    'sixteen.tif': await quarters(1_200, 800).toColourspace('rgb16').tiff({ compression: 'lzw' }).toBuffer(),
    'panorama.jpg': await quarters(30_000, 1_000).jpeg({ quality: 90 }).toBuffer(),
  };
  for (const [name, bytes] of Object.entries(pictures)) {
    const { clippedHigh, crushedLow } = await exposureOf(name, bytes);
    expect(clippedHigh, name).toBeCloseTo(0.25, 1);
    expect(crushedLow, name).toBeCloseTo(0.25, 1);
  }
  // Inks have no such black as light: it is dark, and white is white.
  const cmyk = await exposureOf('cmyk.jpg', await quarters(1_200, 800).toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 95 }).toBuffer());
  expect(cmyk.clippedHigh).toBeCloseTo(0.25, 1);
  expect(cmyk.p1).toBeLessThan(0.25);
});

test('a black frame is black, a white one blown out, a single pixel of either has numbers', async () => {
  for (const size of [400, 1]) {
    const black = await exposureOf(`black-${size}.jpg`, await sharp({ create: { width: size, height: size, channels: 3, background: 'black' } }).jpeg().toBuffer());
    expect(black).toMatchObject({ clippedHigh: 0, crushedLow: 1, mean: 0, p99: 0 });
    const white = await exposureOf(`white-${size}.png`, await sharp({ create: { width: size, height: size, channels: 3, background: 'white' } }).png().toBuffer());
    expect(white).toMatchObject({ clippedHigh: 1, crushedLow: 0, mean: 1, p1: 1 });
    const codesOf = (exposure: ExposureMeasure): string[] => judge(photoFacts(1, 0, '0', { measures: { focus: null, exposure } }))!.reasons.map(({ code }) => code);
    expect(codesOf(black)).toContain('black');
    expect(codesOf(white)).toContain('blown-out');
  }
});
