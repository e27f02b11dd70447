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

async function withPool<T>(size: number, work: (pool: DecodePool) => Promise<T>): Promise<T> {
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
const poolFiles = 72;

export async function benchFirstPass(material: Material): Promise<Figure[]> {
  const files = (await material.cameraFiles()).slice(0, poolFiles);
  const paths = files.map(({ path }) => path);
  const cores: { ones: number[]; twos: number[] } = { ones: [], twos: [] };
  const used: number[] = [];
  const usedForAll: number[] = [];
  await withPool(1, (one) =>
    withPool(2, async (two) => {
      // children start, code is compiled
      await workThrough(one, paths.slice(0, 6), firstLook);
      await workThrough(two, paths.slice(0, 12), firstLook);
      for (let round = 0; round < rounds; round++) {
        cores.ones.push(await workThrough(one, paths, seen));
        const before = processorMs(process.pid);
        cores.twos.push(await workThrough(two, paths, seen));
        const middle = processorMs(process.pid);
        await workThrough(two, paths, firstLook);
        const after = processorMs(process.pid);
        if (before === null || middle === null || after === null) continue;
        used.push((middle - before) / paths.length);
        usedForAll.push((after - middle) / paths.length);
      }
    }),
  );
  const rate = (ms: number): number => (paths.length / ms) * 1000;
  const twoRate = rate(median(cores.twos));
  return [
    {
      name: 'Two decode children: found, read, thumbnail, hash',
      measured: `${formatNumber(twoRate)} photos/s`,
      against: `one child: ${formatNumber(rate(median(cores.ones)))}/s (load ${loadNow()})`,
      ratio: median(cores.ones.map((ms, round) => ms / cores.twos[round]!)),
      aim: { atLeast: 1.75 },
    },
    ...againstChain(files, twoRate, used.length > 0 ? median(used) : null),
    ...(usedForAll.length > 0 ? [{ name: 'With focus and exposure too (the whole first pass)', measured: `${formatMs(median(usedForAll))} of processor a photo`, against: `without: ${formatMs(median(used))}`, ratio: median(usedForAll) / median(used), aim: null }] : []),
  ];
}

/** Where ExifTool finds the picture of each kind that is large enough. */
const tags: Readonly<Record<CameraFile['kind'], string>> = { cr2: '-PreviewImage', cr3: '-PreviewImage', nef: '-JpgFromRaw', arw: '-JpgFromRaw', raf: '-PreviewImage', dng: '-PreviewImage' };
const chainFiles = 24;

/** What a script of two lines does: exiftool to a file, vipsthumbnail to another, for each photo. */
function againstChain(files: readonly CameraFile[], ownRate: number, ownMs: number | null): Figure[] {
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
    ...(ownMs === null || chain.length === 0 ? [] : [{ name: 'The same by processor time', measured: `${formatMs(ownMs)} a photo`, against: `the chain: ${formatMs(theirMs)}`, ratio: theirMs / ownMs, aim: null }]),
  ];
}

/** So many files go through one child. */
const workerFiles = 1_000;
const mostMiB = 400;

export async function benchWorker(material: Material): Promise<Figure[]> {
  const name = `Decode child's highest memory over ${workerFiles.toLocaleString('en-US')} files`;
  const aim = { atMost: 1 };
  if (peakBytes(process.pid) === null) return [notMeasured(name, 'only Linux tells', aim)];
  const { paths, rendered } = await workerMaterial(material);
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
      against: `${mostMiB} MB; 24 and 45 megapixels in turn, one in ${Math.round(workerFiles / rendered)} rendered from sensor data`,
      ratio: peak / (mostMiB * 1e6),
      aim,
    },
  ];
}

/** The bench's RAW files again and again, and every twentieth one that has to be rendered: real ones where they are here, and one of 24 megapixels. */
async function workerMaterial(material: Material): Promise<{ paths: string[]; rendered: number }> {
  const made = (await material.cameraFiles()).map(({ path }) => path);
  const mosaic = join(material.folder, 'mosaic.dng');
  writeFileSync(mosaic, makeMosaicDng(drawScene({ seed: 5, width: 6000, height: 4000, noise: 4 }), 1));
  const real = join(photosFolder, 'raw');
  const toRender = [mosaic, ...listFiles(real).filter((path) => !/\.(qtk|gpr)$/i.test(path))];
  let rendered = 0;
  const paths = Array.from({ length: workerFiles }, (_, index) => {
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
