/** Sensor data rendered at half size by LibRaw in WebAssembly, as the product does it, against native LibRaw. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { photosFolder } from '../config/needs.ts';
import { withCodecChild } from './codec-client.ts';
import { formatMs, median, notMeasured } from './figures.ts';
import type { Figure } from './figures.ts';
import type { Material } from './material.ts';
import { buildNative, runNative } from './native.ts';

const rounds = 3;
const times = 2;

export async function benchFallback(material: Material): Promise<Figure[]> {
  const name = 'RAW files rendered at half size by LibRaw in WebAssembly';
  const aim = { atMost: 2 };
  const folder = join(photosFolder, 'raw');
  if (!existsSync(folder)) return [notMeasured(name, 'the shared photos (../shared/photos) are not here', aim)];
  const half = buildNative('half', material.folder);
  if (!('path' in half)) return [notMeasured(name, `native LibRaw: ${half.absent}`, aim)];
  const native = (path: string): { ms: number; size: string } | null => {
    const [ns, width, height] = runNative(half.path, { arguments: [path] })[0]!;
    return ns === 'refused' ? null : { ms: Number(ns) / 1e6, size: `${width} x ${height}` };
  };
  return withCodecChild(async (child) => {
    const figures: Figure[] = [];
    const sums = { own: 0, theirs: 0 };
    for (const file of readdirSync(folder).sort()) {
      const path = join(folder, file);
      const first = native(path);
      const answer = first ? await child.ask({ kind: 'half', path, times: 1 }) : null;
      // files that only one of the two decodes say nothing of their speed
      if (!first || !answer?.ok) continue;
      const own: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const again = await child.ask({ kind: 'half', path, times });
        if (!again.ok) throw new Error(`${file}: ${again.message}`);
        own.push(again.ms);
        theirs.push(native(path)!.ms);
      }
      sums.own += median(own);
      sums.theirs += median(theirs);
      figures.push({ name: `${file}, ${answer.width} x ${answer.height}`, measured: `${formatMs(median(own))} of processor`, against: `native LibRaw (${first.size}): ${formatMs(median(theirs))}`, ratio: median(own) / median(theirs), aim: null });
    }
    if (figures.length === 0) return [notMeasured(name, 'native LibRaw decodes none of these files', aim)];
    return [{ name: `${name}, ${figures.length} files together`, measured: `${formatMs(sums.own)} of processor`, against: `native LibRaw: ${formatMs(sums.theirs)}`, ratio: sums.own / sums.theirs, aim }, ...figures];
  });
}
