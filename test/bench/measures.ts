/** What it costs to measure a photo with all its pixels, beside decoding alone, at the sizes of today's cameras. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { drawScene } from '../fixtures/index.ts';
import { measureExposure } from '../../main/stages/exposure/index.ts';
import { measureFocus } from '../../main/stages/focus/index.ts';
import { formatMs, formatMiB, median } from './figures.ts';
import type { Figure } from './figures.ts';
import type { Material } from './material.ts';

const script = fileURLToPath(new URL('measures-child.ts', import.meta.url));
const sizes = [['24 megapixels', 6_000, 4_000], ['45 megapixels', 8_256, 5_504]] as const;
const rounds = 5;

export async function benchMeasures(material: Material): Promise<Figure[]> {
  const scene = drawScene({ seed: 5, width: 1_200, height: 800, noise: 2 });
  const tile = await sharp(scene.data, { raw: { width: 1_200, height: 800, channels: 3 } }).png().toBuffer();
  const figures: Figure[] = [];
  for (const [name, width, height] of sizes) {
    const path = join(material.folder, `${width}.jpg`);
    writeFileSync(path, await sharp({ create: { width, height, channels: 3, background: '#777' } }).composite([{ input: tile, tile: true }]).jpeg({ quality: 92 }).toBuffer());
    const run = (what: string): { ms: number; bytes: number } => JSON.parse(execFileSync(process.execPath, [script, path, '3', what], { encoding: 'utf8' })) as { ms: number; bytes: number };
    const [whole, decode] = [run('sharpness'), run('decode')];
    figures.push({ name: `Sharpness in all of ${name}, processor time a photo`, measured: formatMs(whole.ms), against: `decoding it to brightness alone: ${formatMs(decode.ms)}`, ratio: whole.ms / decode.ms, aim: null });
    figures.push({ name: `Most memory of a process that does it, ${name}`, measured: formatMiB(whole.bytes), against: 'aim: 400 MB', ratio: whole.bytes / 400e6, aim: { atMost: 1 } });
  }
  const small = drawScene({ seed: 5, width: 1_600, height: 1_067, noise: 2 });
  for (const [name, measure] of [['focus', measureFocus], ['exposure', measureExposure]] as const) {
    const times = Array.from({ length: rounds + 1 }, () => {
      const before = process.cpuUsage();
      measure(small);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    }).slice(1);
    figures.push({ name: `The quick measure of ${name}, 1,600 pixels, processor time a photo`, measured: formatMs(median(times)), against: '', ratio: null, aim: null });
  }
  return figures;
}
