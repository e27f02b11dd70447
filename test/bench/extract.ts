/** Finding and reading embedded previews, against nothing but reading the same bytes in C, against exiftool and against exiv2. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { choosePreview } from '../../main/stages/preview/index.ts';
import { openPhoto, previewsOf } from '../../main/workers/photo.ts';
import type { Tools } from '../../main/workers/photo.ts';
import { createTools } from '../../main/workers/tools.ts';
import { findProgram } from '../config/needs.ts';
import { bytesOf, readsOutside, readsToFind } from '../config/reads.ts';
import { withCodecChild } from './codec-client.ts';
import type { CodecChild } from './codec-client.ts';
import { formatMiB, formatMs, formatNumber, median, notMeasured } from './figures.ts';
import type { Figure } from './figures.ts';
import { bytesFromDisk, readAheadOf } from './machine.ts';
import type { Material } from './material.ts';
import { buildNative, processorMsOf, runNative } from './native.ts';
import type { NativeProgram } from './native.ts';

interface Found {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

/** Which preview is read: the largest, or the smallest that serves the analysis. */
const purposes = [
  { words: 'the largest preview', edge: null },
  { words: 'the preview for the analysis (1,600 px)', edge: 1600 },
] as const;

const rounds = 5;

export async function benchExtract(material: Material): Promise<Figure[]> {
  const paths = (await material.cameraFiles()).map(({ path }) => path);
  const tools = toolsOfChild();
  const reading = buildNative('ranges', material.folder);
  const figures: Figure[] = [];
  const ours = new Map<number | null, number>();
  await withCodecChild(async (child) => {
    for (const { words, edge } of purposes) {
      const { figure, ownMs } = await againstPread(`Find and read ${words}, in memory`, paths, edge, { tools, child, reading });
      figures.push(figure);
      ours.set(edge, ownMs);
    }
  });
  for (const program of rivals) figures.push(againstRival(program, paths, ours.get(null)!, material.folder));
  figures.push(...countReads(paths, tools));
  const solid = (await material.solidFiles()).map(({ path }) => path);
  for (const { words, edge } of purposes) figures.push(...benchColdRead(words, solid, edge, tools, material.folder));
  return figures;
}

export function toolsOfChild(): Tools {
  return createTools((where, error) => {
    throw new Error(where, { cause: error });
  });
}

/** As a decode child does it: open, recognise, find, choose, read. */
export function extract(path: string, edge: number | null, tools: Tools): Found {
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

interface Contest {
  readonly tools: Tools;
  readonly child: CodecChild;
  readonly reading: NativeProgram;
}

/** Processor time of both, which other programs on the machine disturb less than the clock; in turn, so that what they do hits both alike. */
async function againstPread(name: string, paths: readonly string[], edge: number | null, { tools, child, reading }: Contest): Promise<{ figure: Figure; ownMs: number }> {
  const aim = { atMost: 1.5 };
  const found = paths.map((path) => extract(path, edge, tools));
  const input = found.map(({ offset, length, path }) => `${offset} ${length} ${path}\n`).join('');
  const own: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if ('path' in reading) plain.push(Number(runNative(reading.path, { input })[0]![0]) / 1e6 / paths.length);
    const answer = await child.ask({ kind: 'extract', paths, edge });
    if (!answer.ok) throw new Error(answer.message);
    own.push(answer.ms);
  }
  const ownMs = median(own);
  const measured = `${formatMs(ownMs)} of processor a photo (${formatNumber(1000 / ownMs)}/s)`;
  if (!('path' in reading)) return { figure: notMeasured(name, `pread in C: ${reading.absent}`, aim), ownMs };
  const against = `open, pread, close of the same bytes in C: ${formatMs(median(plain))}`;
  return { figure: { name, measured, against, ratio: median(own.map((ms, round) => ms / plain[round]!)), aim }, ownMs };
}

interface Rival {
  readonly program: string;
  readonly options: (folder: string) => readonly string[];
  readonly words: string;
}

const rivals: readonly Rival[] = [
  { program: 'exiftool', options: () => ['-b', '-JpgFromRaw', '-PreviewImage'], words: 'one process for all files, output thrown away' },
  { program: 'exiv2', options: (folder) => ['-q', '-f', '-ep', '-l', folder], words: 'one process for all files; it writes all previews to files' },
];

/** One process is slow enough that fewer files tell as much. */
const rivalFiles = 120;

function againstRival({ program, options, words }: Rival, paths: readonly string[], ownMs: number, folder: string): Figure {
  const name = `Find and read the largest preview, against ${program}`;
  const aim = { atLeast: 20 };
  const file = findProgram(program);
  if (!file) return notMeasured(name, `${program} is not here`, aim);
  const out = join(folder, 'extracted');
  mkdirSync(out, { recursive: true });
  const few = paths.slice(0, rivalFiles);
  const used = processorMsOf(file, { arguments: [...options(out), ...few], folder: out });
  rmSync(out, { recursive: true, force: true });
  if (used === null) return notMeasured(name, 'no shell that tells the time of a program', aim);
  const theirMs = used / few.length;
  return { name, measured: `${formatMs(ownMs)} of processor a photo`, against: `${program}, ${words}: ${formatMs(theirMs)}`, ratio: theirMs / ownMs, aim };
}

/** Reads, and the bytes they ask for, before those of the chosen preview itself, of which a first part may be looked at before. */
function countReads(paths: readonly string[], tools: Tools): Figure[] {
  const counts = paths.map((path) => {
    const { offset, length } = extract(path, 1600, tools);
    const before = readsOutside(readsToFind(path)!.reads, [{ offset, length }]);
    return { reads: before.length, bytes: bytesOf(before) };
  });
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [reads, bytes] = [counts.map((one) => one.reads), counts.map((one) => one.bytes)];
  return [
    { name: "Reads before the preview's own, mean", measured: `${formatNumber(mean(reads))} (most: ${Math.max(...reads)})`, against: '2', ratio: mean(reads) / 2, aim: { atMost: 1 } },
    { name: 'Their bytes, mean', measured: `${formatNumber(mean(bytes) / 1024)} KiB (most: ${formatNumber(Math.max(...bytes) / 1024)})`, against: '64 KiB', ratio: mean(bytes) / 65_536, aim: { atMost: 1 } },
  ];
}

/** What the disk has to deliver when nothing is in memory. Needs Linux and dd, which can drop a file from the page cache. */
function benchColdRead(words: string, paths: readonly string[], edge: number | null, tools: Tools, folder: string): Figure[] {
  const name = `Bytes read from the disk for ${words}, ${paths.length} cold files`;
  const aim = { atMost: 1.7 };
  const dd = findProgram('dd');
  if (process.platform !== 'linux' || !dd || bytesFromDisk() === null) return [notMeasured(name, 'only Linux tells, and dd is needed', aim)];
  const coldRead = <T>(work: () => T): { read: number; value: T } => {
    for (const path of paths) {
      execFileSync(dd, [`of=${path}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0', 'status=none']);
      execFileSync(dd, [`if=${path}`, 'iflag=nocache', 'count=0', 'status=none']);
    }
    const before = bytesFromDisk()!;
    const value = work();
    return { read: bytesFromDisk()! - before, value };
  };
  const own = coldRead(() => paths.map((path) => extract(path, edge, tools)));
  const plain = coldRead(() => readRanges(own.value));
  const needed = own.value.reduce((sum, { length }) => sum + length, 0);
  const whole = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  const ahead = readAheadOf(folder);
  // a folder in memory, or a file system that does not obey: nothing was read, nothing can be said
  if (own.read < needed / 2 || plain.read < needed / 2) return [notMeasured(name, 'the files do not leave the memory here', aim)];
  const told = ahead === null ? '' : `; read-ahead of this disk: ${formatMiB(ahead)}`;
  return [
    { name, measured: formatMiB(own.read), against: `bytes of the previews: ${formatMiB(needed)} (plain reading of them fetched ${formatMiB(plain.read)}${told})`, ratio: own.read / needed, aim },
    { name: 'The same', measured: formatMiB(own.read), against: `bytes of the whole files: ${formatMiB(whole)}`, ratio: own.read / whole, aim: { atMost: 0.15 } },
  ];
}

function readRanges(ranges: readonly Found[]): void {
  const buffer = new Uint8Array(Math.max(...ranges.map(({ length }) => length)));
  for (const { path, offset, length } of ranges) {
    const descriptor = openSync(path, 'r');
    if (readSync(descriptor, buffer, 0, length, offset) !== length) throw new Error(`${path} is too short`);
    closeSync(descriptor);
  }
}
