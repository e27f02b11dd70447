/** Stage `sharpness` in the decode child, on pictures that are hard to decode or say nothing; memory stays bounded. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { judgeFocus } from '../../main/domain/index.ts';
import { blurPixels, drawDeadLeaves, makeJpeg, makeRaw } from '../fixtures/index.ts';
import { lookAt, useDecodeBench } from './decode-kit.ts';

const script = fileURLToPath(new URL('sharpness-memory.ts', import.meta.url));

describe('sharpness of files', () => {
  const bench = useDecodeBench();
  const leaves = blurPixels(drawDeadLeaves({ seed: 5, width: 1200, height: 800 }), 0.5);
  const scene = { ...leaves, channels: 3 as const, data: Uint8Array.from({ length: 3 * leaves.data.length }, (_, at) => leaves.data[Math.floor(at / 3)]!) };
  const raw = { raw: { width: 1200, height: 800, channels: 3 as const } };

  it('16 bits, CMYK, grey, PNG and a RAW file with a full preview are judged like the JPEG', async () => {
    const jpeg = await makeJpeg(scene, { quality: 95 });
    const pictures: Record<string, Uint8Array> = {
      'plain.jpg': jpeg,
      'sixteen.png': await sharp(scene.data, raw).toColourspace('rgb16').png().toBuffer(),
      'cmyk.jpg': await sharp(scene.data, raw).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(),
      'grey.jpg': await sharp(scene.data, raw).greyscale().jpeg({ quality: 95 }).toBuffer(),
      'plain.png': await sharp(scene.data, raw).png().toBuffer(),
    };
    for (const [name, bytes] of Object.entries(pictures)) {
      const { outputs, errors } = await lookAt(bench.pool, bench.put(name, bytes), ['metadata', 'preview', 'sharpness']);
      expect(errors.sharpness, name).toBeUndefined();
      expect(outputs.sharpness, name).toMatchObject({ width: 1200, height: 800 });
      expect(judgeFocus(outputs.sharpness!).state, name).toBe('sharp');
    }
    const { outputs } = await lookAt(bench.pool, bench.put('a.nef', makeRaw('nef', { previews: [jpeg], exif: {} })), ['metadata', 'preview', 'sharpness']);
    expect(outputs.sharpness?.width).toBe(1200);
  }, 120_000);

  it('black frames and single pixels say that they cannot tell', async () => {
    for (const [name, width, height] of [['black.jpg', 2000, 1500], ['pixel.png', 1, 1], ['line.png', 3000, 1]] as const) {
      const image = sharp({ create: { width, height, channels: 3, background: '#000' } });
      const bytes = await (name.endsWith('jpg') ? image.jpeg() : image.png()).toBuffer();
      const { outputs, errors } = await lookAt(bench.pool, bench.put(name, bytes), ['metadata', 'preview', 'sharpness']);
      expect(errors.sharpness, name).toBeUndefined();
      expect(judgeFocus(outputs.sharpness!), name).toMatchObject({ state: 'cannot-tell', score: null });
    }
  }, 60_000);

  it('what is cut off or no picture has a code', async () => {
    const jpeg = await makeJpeg(scene, { quality: 95 });
    const { outputs, errors } = await lookAt(bench.pool, bench.put('cut.jpg', jpeg.subarray(0, jpeg.length / 2)), ['metadata', 'preview', 'sharpness']);
    expect(outputs.sharpness).toBeUndefined();
    expect(errors.sharpness?.code).toBe('truncated');
  }, 60_000);

  it('a panorama of 30,000 pixels and 24 megapixels stay below 400 MB', async () => {
    const tile = await sharp(scene.data, raw).png().toBuffer();
    for (const [name, width, height] of [['panorama.jpg', 30_000, 2_400], ['large.jpg', 6_000, 4_000]] as const) {
      const bytes = await sharp({ create: { width, height, channels: 3, background: '#777' } }).composite([{ input: tile, tile: true }]).jpeg({ quality: 90 }).toBuffer();
      const told = JSON.parse(execFileSync(process.execPath, [script, bench.put(name, bytes)], { encoding: 'utf8' })) as { width: number; state: string; megabytes: number };
      expect(told.state, name).toBe('sharp');
      expect(told.width, name).toBeLessThanOrEqual(width);
      expect(told.megabytes, name).toBeLessThan(400);
    }
  }, 240_000);
});
