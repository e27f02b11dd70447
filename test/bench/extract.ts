/** Finding and reading embedded previews, against nothing but reading the same bytes, and against exiftool. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { choosePreview } from '../../main/stages/preview/index.ts';
import { openPhoto, previewsOf } from '../../main/workers/photo.ts';
import type { Tools } from '../../main/workers/photo.ts';
import { createTools } from '../../main/workers/tools.ts';
import { findProgram } from '../config/needs.ts';
import { formatMiB, formatNumber, median } from './figures.ts';
import type { Figure } from './figures.ts';
import { bytesFromDisk, readAheadOf, timed } from './machine.ts';
import type { Material } from './material.ts';

interface Found {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

const rounds = 5;
/** exiftool is slow enough that fewer files tell as much. */
const exiftoolFiles = 60;

export async function benchExtract(material: Material): Promise<Figure[]> {
  const folder = await material.rawShoot();
  const paths = readdirSync(folder).sort().map((name) => join(folder, name));
  const tools = toolsOfChild();
  const kinds = [
    // a small preview is read so fast that opening the file and finding it count; what matters there is what decoding takes
    { name: 'Find and read the preview for the analysis (1,600 px)', edge: 1600, aim: null },
    { name: 'Find and read the largest preview', edge: null, aim: { atMost: 1.5 } },
  ] as const;
  const figures: Figure[] = [];
  for (const { name, edge, aim } of kinds) {
    const found = paths.map((path) => extract(path, edge, tools));
    const own: number[] = [];
    const plain: number[] = [];
    // in turn, so that whatever else the machine does hits both alike
    for (let round = 0; round < rounds; round++) {
      own.push(await processorSeconds(() => paths.forEach((path) => extract(path, edge, tools))));
      plain.push(await processorSeconds(() => readRanges(found)));
    }
    const perSecond = paths.length / median(own);
    const limit = paths.length / median(plain);
    figures.push({
      name,
      measured: `${formatNumber(perSecond)} photos a processor second`,
      against: `reading the same ranges and nothing else: ${formatNumber(limit)}`,
      ratio: median(own.map((value, round) => value / plain[round]!)),
      aim,
    });
    const exiftool = edge === null ? findProgram('exiftool') : null;
    if (exiftool) figures.push(againstExiftool(exiftool, paths.slice(0, exiftoolFiles), (few) => few.forEach((path) => extract(path, edge, tools))));
  }
  return [...figures, ...(await benchColdRead(material, tools))];
}

export function toolsOfChild(): Tools {
  return createTools((where, error) => {
    throw new Error(where, { cause: error });
  });
}

/** As a decode child does it: open, recognise, find, choose, read. */
function extract(path: string, edge: number | null, tools: Tools): Found {
  const photo = openPhoto(path, tools);
  if (!photo.ok) throw new Error(`${path}: ${photo.error.message}`);
  const { source } = photo.value;
  try {
    const previews = previewsOf(photo.value, {});
    const preview = previews.ok ? choosePreview(previews.value.embedded, edge) : null;
    if (!preview) throw new Error(`${path}: no preview`);
    const read = source.read(preview.offset, preview.length);
    if (!read.ok || read.value.length !== preview.length) throw new Error(`${path}: the preview could not be read`);
    return { path, offset: preview.offset, length: preview.length };
  } finally {
    source.close();
  }
}

function readRanges(ranges: readonly Found[]): void {
  const buffer = new Uint8Array(Math.max(...ranges.map(({ length }) => length)));
  for (const { path, offset, length } of ranges) {
    const descriptor = openSync(path, 'r');
    if (readSync(descriptor, buffer, 0, length, offset) !== length) throw new Error(`${path} is too short`);
    closeSync(descriptor);
  }
}

function againstExiftool(exiftool: string, paths: readonly string[], own: (paths: readonly string[]) => void): Figure {
  const theirs = paths.length / secondsOf(() => execFileSync(exiftool, ['-b', '-JpgFromRaw', '-PreviewImage', ...paths], { stdio: ['ignore', 'ignore', 'ignore'] }));
  const ours = paths.length / secondsOf(() => own(paths));
  return {
    name: 'The same against exiftool, one process for many files',
    measured: `${formatNumber(ours)} photos/s`,
    against: `exiftool: ${formatNumber(theirs)}/s`,
    ratio: ours / theirs,
    aim: { atLeast: 20 },
  };
}

/** What the disk has to deliver when nothing is in memory. Needs Linux and dd, which can drop a file from the page cache. */
async function benchColdRead(material: Material, tools: Tools): Promise<Figure[]> {
  const dd = findProgram('dd');
  if (process.platform !== 'linux' || !dd || bytesFromDisk() === null) return [];
  const paths = await material.solidFiles();
  const coldRead = <T>(work: () => T): { read: number; value: T } => {
    for (const path of paths) {
      execFileSync(dd, [`if=${path}`, 'iflag=nocache', 'count=0', 'status=none']);
      execFileSync(dd, [`of=${path}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0', 'status=none']);
    }
    const before = bytesFromDisk()!;
    const value = work();
    return { read: bytesFromDisk()! - before, value };
  };
  const own = coldRead(() => paths.map((path) => extract(path, 1600, tools)));
  const plain = coldRead(() => readRanges(own.value));
  const needed = own.value.reduce((sum, { length }) => sum + length, 0);
  const whole = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  const ahead = readAheadOf(material.folder);
  // a folder in memory, or a file system that does not obey: nothing was read, nothing can be said
  if (own.read < needed / 2 || plain.read < needed / 2) return [];
  return [
    {
      name: `Bytes read from the disk for the analysis, ${paths.length} cold files`,
      measured: formatMiB(own.read),
      against: `the same ranges and nothing else: ${formatMiB(plain.read)}${ahead === null ? '' : ` (read-ahead of this disk: ${formatMiB(ahead)})`}`,
      ratio: own.read / plain.read,
      aim: { atMost: 1.7 },
    },
    { name: 'The same', measured: formatMiB(own.read), against: `bytes of the previews themselves: ${formatMiB(needed)}`, ratio: own.read / needed, aim: null },
    { name: 'The same', measured: formatMiB(own.read), against: `bytes of the whole files: ${formatMiB(whole)}`, ratio: own.read / whole, aim: { atMost: 0.15 } },
  ];
}

/** Processor time of this process, which other programs on the machine disturb less than the clock. */
async function processorSeconds(work: () => void): Promise<number> {
  return (await timed(work)).cpuMs / 1000;
}

function secondsOf(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}
