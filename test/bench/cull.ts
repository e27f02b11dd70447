/** A whole shoot worked through with every core, against the processor time that decoding alone would take. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { formatMs, formatNumber } from './figures.ts';
import type { Figure } from './figures.ts';
import { coldPlaces, withHost } from './host-client.ts';
import { timed } from './machine.ts';
import type { Material } from './material.ts';
import { toolsOfChild } from './extract.ts';
import { openPhoto, previewsOf, readPictureBytes } from '../../main/workers/photo.ts';
import type { Tools } from '../../main/workers/photo.ts';

const samples = 60;

export async function benchCull(material: Material): Promise<Figure[]> {
  const shoot = await material.rawShoot();
  const cores = availableParallelism();
  const ideal = await measureIdeal(shoot);
  const figures: Figure[] = [];

  const places = await coldPlaces(material, shoot);
  const seen = await withHost(async (host) => {
    await host.ask({ kind: 'open', options: places });
    return host.ask({ kind: 'openShoot', analyse: true, wait: true });
  });
  if (seen.lookMs === null) throw new Error('nothing was looked at');
  figures.push(
    rate('Photos seen, measured and judged, cold catalog', seen.rows, seen.lookMs, `${cores} cores that only decode to 1,600 px and make the grid picture`, (cores / ideal.decodeMs) * 1000),
  );

  const known = await withHost(async (host) => {
    const { ms } = await host.ask({ kind: 'open', options: places });
    return { ms, ...(await host.ask({ kind: 'openShoot', analyse: true, wait: true })) };
  });
  if (known.lookMs !== null || known.identifyMs !== null) throw new Error('a known shoot was worked on again');
  figures.push({
    name: `The same ${known.rows.toLocaleString('en-US')} photos opened again, until all are listed`,
    measured: formatMs(known.ms + known.listMs),
    against: `first time, until all were judged: ${formatMs(seen.lookMs)}`,
    ratio: (known.ms + known.listMs) / seen.lookMs,
    aim: { atMost: 0.05 },
  });

  const cull = (quick: boolean) =>
    withHost(async (host) => {
      await host.ask({ kind: 'open', options: await coldPlaces(material, shoot) });
      const before = host.processorMs();
      const report = await host.ask({ kind: 'cull', quick });
      const after = host.processorMs();
      return { ...report, processorMs: before === null || after === null ? null : after - before };
    });
  const culled = await cull(true);
  if (culled.failed > 0) throw new Error(`${culled.failed} photos of the shoot failed`);
  const idealMs = ideal.decodeMs + ideal.hashMs;
  figures.push(rate('The command line: the same and every file read and hashed', culled.photos, culled.ms, `${cores} cores that only decode and compute SHA-256`, (cores / idealMs) * 1000));
  if (culled.processorMs !== null) {
    const used = culled.processorMs / culled.photos;
    figures.push({
      name: 'Processor time a photo in that, engine and children together',
      measured: formatMs(used),
      against: `decoding and SHA-256 alone: ${formatMs(idealMs)}`,
      ratio: used / idealMs,
      aim: { atMost: 2 },
    });
  }
  const whole = await cull(false);
  if (whole.failed > 0) throw new Error(`${whole.failed} photos of the shoot failed`);
  const name = 'The command line with all measures: sharpness in all pixels too, and what the models that are here tell';
  figures.push({ ...rate(name, whole.photos, whole.ms, `without the closer look: ${formatNumber((culled.photos / culled.ms) * 1000)}/s`, (culled.photos / culled.ms) * 1000), aim: null });
  if (whole.processorMs !== null && culled.processorMs !== null) {
    const [all, quick] = [whole.processorMs / whole.photos, culled.processorMs / culled.photos];
    figures.push({ name: 'Processor time a photo in that', measured: formatMs(all), against: `without the closer look: ${formatMs(quick)}`, ratio: all / quick, aim: null });
  }
  return figures;
}

function rate(name: string, photos: number, ms: number, against: string, limit: number): Figure {
  const perSecond = (photos / ms) * 1000;
  return { name, measured: `${formatNumber(perSecond)} photos/s`, against: `${against}: ${formatNumber(limit)}/s`, ratio: perSecond / limit, aim: { atLeast: 0.5 } };
}

/** Processor milliseconds a photo in this process, one at a time: sharp alone on the same JPEGs, and node:crypto alone on the same files. */
async function measureIdeal(shoot: string): Promise<{ decodeMs: number; hashMs: number }> {
  const names = (await readdir(shoot)).sort().slice(0, samples);
  const tools = toolsOfChild();
  const jpegs = names.map((name) => readPreview(join(shoot, name), tools));
  sharp.concurrency(1);
  sharp.cache(false);
  const decode = async (): Promise<void> => {
    for (const jpeg of jpegs) {
      const { data, info } = await sharp(jpeg).resize(1600, 1600, { fit: 'inside', withoutEnlargement: true }).raw().toBuffer({ resolveWithObject: true });
      await sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } }).resize(512, 512, { fit: 'inside' }).jpeg({ quality: 82 }).toBuffer();
    }
  };
  await decode();
  const decoded = await timed(decode);
  const chunk = new Uint8Array(1024 * 1024);
  const hashed = await timed(() => names.slice(0, 20).forEach((name) => hashFile(join(shoot, name), chunk)));
  return { decodeMs: decoded.cpuMs / jpegs.length, hashMs: hashed.cpuMs / Math.min(20, names.length) };
}

function hashFile(path: string, chunk: Uint8Array): void {
  const hash = createHash('sha256');
  const descriptor = openSync(path, 'r');
  for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) hash.update(chunk.subarray(0, read));
  closeSync(descriptor);
  hash.digest();
}

function readPreview(path: string, tools: Tools): Uint8Array {
  const photo = openPhoto(path, tools);
  if (!photo.ok) throw new Error(photo.error.message);
  const previews = previewsOf(photo.value, {});
  const picture = previews.ok ? readPictureBytes(photo.value, previews.value.embedded, null, 1600) : previews;
  photo.value.source.close();
  if (!picture.ok) throw new Error(picture.error.message);
  return picture.value.bytes.slice();
}
