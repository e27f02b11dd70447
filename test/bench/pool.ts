/** Decode children as the product starts them: how two do against one, against the naive chain of programs, and what memory they take. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDecodePool } from '../../main/adapters/decode-pool/index.ts';
import type { StageId } from '../../main/domain/index.ts';
import { firstLook } from '../../main/pipeline/index.ts';
import type { DecodePool, Log } from '../../main/ports/index.ts';
import { childrenOf } from '../config/processes.ts';
import { findProgram, photosFolder } from '../config/needs.ts';
import { makeMosaicDng } from '../engine/mosaic-dng.ts';
import { drawScene } from '../fixtures/index.ts';
import type { CameraFile } from './camera-files.ts';
import { formatMiB, formatMs, formatNumber, median, notMeasured } from './figures.ts';
import type { Figure } from './figures.ts';
import { loadNow, peakBytes, processorMs } from './machine.ts';
import type { Material } from './material.ts';
import { processorMsOf } from './native.ts';

const script = fileURLToPath(new URL('../../main/workers/decode.ts', import.meta.url));
/** Only `warn` is of interest here: a child that died would spoil the figures. */
const log: Log = {
  info: () => undefined,
  warn: (text) => console.error(`bench: ${text}`),
  bug: (where, error) => {
    throw new Error(where, { cause: error });
  },
};

export async function withPool<T>(size: number, work: (pool: DecodePool) => Promise<T>): Promise<T> {
  const pool = createDecodePool({ script, size, log, timeLimitMs: 120_000 });
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}

/** Has every file worked on, as many at once as the pool takes; wall milliseconds. `after`: between two files. */
async function workThrough(pool: DecodePool, paths: readonly string[], stages: readonly StageId[], after?: () => void): Promise<number> {
  const start = performance.now();
  const waiting = [...paths];
  const one = async (): Promise<void> => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const outcome = await pool.analyse({ path, stages, known: {}, thumbnail: true }, {});
      if (!outcome.ok) throw new Error(`${path}: ${outcome.error.message}`);
      after?.();
    }
  };
  await Promise.all(Array.from({ length: pool.size }, one));
  return performance.now() - start;
}

/** What the first pass needs for a picture on screen and for groups: found, read, thumbnail, hash. */
const seen: readonly StageId[] = ['metadata', 'preview', 'phash'];
const rounds = 3;
const poolFiles = 48;

export async function benchFirstPass(material: Material): Promise<Figure[]> {
  const files = (await material.cameraFiles()).slice(0, poolFiles);
  const paths = files.map(({ path }) => path);
  const [ones, twos]: [Run[], Run[]] = [[], []];
  const all: Run[] = [];
  await withPool(1, async (one) => {
    // the child starts, code is compiled
    await workThrough(one, paths.slice(0, 12), firstLook);
    const [single] = childrenOf(process.pid);
    await withPool(2, async (two) => {
      await workThrough(two, paths.slice(0, 24), firstLook);
      const pair = childrenOf(process.pid).filter(({ id }) => id !== single!.id).map(({ id }) => id);
      for (let round = 0; round < rounds; round++) {
        ones.push(await measure([single!.id], () => workThrough(one, paths, seen)));
        twos.push(await measure(pair, () => workThrough(two, paths, seen)));
        all.push(await measure(pair, () => workThrough(two, paths, firstLook)));
      }
    });
  });
  const rate = (runs: readonly Run[]): number => (paths.length / median(runs.map(({ ms }) => ms))) * 1000;
  const used = (runs: readonly Run[]): number => median(runs.map(({ cpuMs }) => cpuMs / paths.length));
  const gain = (of: (run: Run) => number): number => median(ones.map((one, round) => of(one) / of(twos[round]!)));
  const aim = { atLeast: 1.75 };
  const name = 'Two decode children: found, read, thumbnail, hash';
  return [
    { name, measured: `${formatNumber(rate(twos))} photos/s`, against: `one child: ${formatNumber(rate(ones))}/s (load ${loadNow()})`, ratio: gain(({ ms }) => ms), aim },
    {
      name: 'The same by processor time: what two free cores would give at most',
      measured: `${formatMs(used(twos))} a photo`,
      against: `one child: ${formatMs(used(ones))}`,
      ratio: 2 * gain(({ cpuMs }) => cpuMs),
      aim: null,
    },
    ...againstChain(files, rate(twos), used(twos)),
    { name: 'With focus and exposure too (the whole first pass)', measured: `${formatMs(used(all))} of processor a photo`, against: `without: ${formatMs(used(twos))}`, ratio: used(all) / used(twos), aim: null },
  ];
}

interface Run {
  /** By the clock. */
  readonly ms: number;
  /** Of all children. */
  readonly cpuMs: number;
}

async function measure(children: readonly number[], work: () => Promise<number>): Promise<Run> {
  const sum = (of: (id: number) => number | null): number => children.reduce((total, id) => total + (of(id) ?? Number.NaN), 0);
  const cpu = sum(processorMs);
  const ms = await work();
  return { ms, cpuMs: sum(processorMs) - cpu };
}

/** Where ExifTool finds the picture of each kind that is large enough. */
const tags: Readonly<Record<CameraFile['kind'], string>> = { cr2: '-PreviewImage', cr3: '-PreviewImage', nef: '-JpgFromRaw', arw: '-JpgFromRaw', raf: '-PreviewImage', dng: '-PreviewImage' };
const chainFiles = 18;

/** What a script of two lines does: exiftool to a file, vipsthumbnail to another, for each photo. */
function againstChain(files: readonly CameraFile[], ownRate: number, ownMs: number): Figure[] {
  const name = 'The same, all cores, against exiftool and vipsthumbnail for each photo';
  const aim = { atLeast: 12 };
  const [exiftool, vips, shell] = [findProgram('exiftool'), findProgram('vipsthumbnail'), findProgram('sh')];
  if (!exiftool || !vips || !shell) return [notMeasured(name, `${exiftool ? 'vipsthumbnail' : 'exiftool'} is not here`, aim)];
  const folder = join(files[0]!.path, '..', '..', 'chain');
  mkdirSync(folder, { recursive: true });
  const line = `${exiftool} -b "$0" "$1" > out.jpg && ${vips} out.jpg -s 256 -o thumbnail.jpg`;
  const few = files.slice(0, chainFiles);
  const start = performance.now();
  for (const { path, kind } of few) execFileSync(shell, ['-c', line, tags[kind], path], { cwd: folder, stdio: 'ignore' });
  const theirRate = (few.length / (performance.now() - start)) * 1000;
  const chain = few.map(({ path, kind }) => processorMsOf(shell, { arguments: ['-c', line, tags[kind], path], folder })).filter((ms) => ms !== null);
  rmSync(folder, { recursive: true });
  const theirMs = chain.reduce((sum, ms) => sum + ms, 0) / chain.length;
  return [
    { name, measured: `${formatNumber(ownRate)} photos/s`, against: `the chain, one photo after the other: ${formatNumber(theirRate)}/s (load ${loadNow()})`, ratio: ownRate / theirRate, aim },
    ...(!Number.isFinite(ownMs) || chain.length === 0 ? [] : [{ name: 'The same by processor time', measured: `${formatMs(ownMs)} a photo`, against: `the chain: ${formatMs(theirMs)}`, ratio: theirMs / ownMs, aim: null }]),
  ];
}

/** So many files go through one child, for each of the bench's own: 1,000 of 480. */
const workerShare = 1_000 / 480;
export const mostMiB = 400;

export async function benchWorker(material: Material): Promise<Figure[]> {
  const count = Math.round((await material.cameraFiles()).length * workerShare);
  const name = `Decode child's highest memory over ${count.toLocaleString('en-US')} files`;
  const aim = { atMost: 1 };
  if (peakBytes(process.pid) === null) return [notMeasured(name, 'only Linux tells', aim)];
  const { paths, rendered } = await workerMaterial(material, count);
  const highest = new Map<number, number>();
  // a child is replaced after a thousand photos or where its memory has grown: each of them counts
  const look = (): void => {
    for (const { id } of childrenOf(process.pid)) highest.set(id, Math.max(highest.get(id) ?? 0, peakBytes(id) ?? 0));
  };
  await withPool(1, (pool) => workThrough(pool, paths, firstLook, look));
  const peak = Math.max(...highest.values());
  return [
    {
      name,
      measured: `${formatMiB(peak)} (${highest.size === 1 ? 'one child' : `${highest.size} children, one after the other`})`,
      against: `${mostMiB} MB; 24 and 45 megapixels in turn, one in ${Math.round(count / rendered)} rendered from sensor data`,
      ratio: peak / (mostMiB * 1e6),
      aim,
    },
  ];
}

/** The bench's RAW files again and again, and every twentieth one that has to be rendered: real ones where they are here, and one of 24 megapixels. */
async function workerMaterial(material: Material, count: number): Promise<{ paths: string[]; rendered: number }> {
  const made = (await material.cameraFiles()).map(({ path }) => path);
  const mosaic = join(material.folder, 'mosaic.dng');
  writeFileSync(mosaic, makeMosaicDng(drawScene({ seed: 5, width: 6000, height: 4000, noise: 4 }), 1));
  const real = join(photosFolder, 'raw');
  const toRender = [mosaic, ...listFiles(real).filter((path) => !/\.(qtk|gpr)$/i.test(path))];
  let rendered = 0;
  const paths = Array.from({ length: count }, (_, index) => {
    if (index % 20 !== 19) return made[index % made.length]!;
    return toRender[rendered++ % toRender.length]!;
  });
  return { paths, rendered };
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder).sort().filter((name) => !name.endsWith('.md')).map((name) => join(folder, name));
  } catch {
    return []; // the shared photos are not here
  }
}
