/** Near hashes among a thousand to a million: all pairs, one photo more, the worst cases; against C and a BK-tree. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HashList } from '../../main/domain/index.ts';
import { projectFolder } from '../config/needs.ts';
import { formatMiB, formatMs, formatNumber, median } from './figures.ts';
import type { Figure } from './figures.ts';
import type { SearchOutcome } from './search-child.ts';
import { findContestants, runChild } from './search-contestants.ts';
import type { Contestant, ContestantName } from './search-contestants.ts';
import { bytesOf, cutHashes, plantHashes } from './search-hashes.ts';
import { plotGrowth } from './search-plot.ts';

export interface SearchOptions {
  /** Numbers of planted hashes, rising. */
  readonly sizes: readonly number[];
  /** Draws docs/images/search.svg. */
  readonly plot: boolean;
  readonly log: (text: string) => void;
}

export const defaultSizes: readonly number[] = [1_000, 10_000, 100_000, 1_000_000];
const bits = 10;
/** Real hashes are made up to here: a million would take minutes. */
const mostReal = 100_000;
const shootSize = 5_000;
const added = 1_000;
/** Against the usual multi-index hashing in C, by number of hashes. */
const aims = new Map([[10_000, 4], [100_000, 2], [1_000_000, 3]]);
const memoryAim = 1024 ** 3;

export async function benchSearch({ sizes, plot, log }: SearchOptions): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'parjanya-bench-search-'));
  try {
    const contestants = findContestants(folder, log);
    const figures: Figure[] = [];
    const growth = new Map<ContestantName, { count: number; ms: number }[]>();
    let largest = '';
    for (const count of sizes) {
      largest = await writeHashes(folder, `planted-${count}`, plantHashes(count, count));
      const medians = compete(contestants, largest, count, log);
      figures.push(...figuresOf(`${format(count)} planted hashes`, count, contestants, medians));
      for (const [name, { cpuMs }] of medians) growth.set(name, [...(growth.get(name) ?? []), { count, ms: cpuMs }]);
    }
    for (const count of sizes.filter((size) => size >= 10_000 && size <= mostReal)) {
      const hashes = await cutHashes(count, count);
      if (!hashes) {
        figures.push(absent(`${format(count)} hashes of cuts of real photos`, 'the shared photos (../shared/photos) are not here'));
        continue;
      }
      const file = await writeHashes(folder, `real-${count}`, hashes);
      figures.push(...figuresOf(`${format(count)} hashes of cuts of real photos`, count, contestants, compete(contestants, file, count, log)));
    }
    figures.push(addingTo(largest, sizes.at(-1)!, 'a catalog', { atMost: 1 }), ...(await worstCases(folder, sizes.at(-1)!, log)), ...shootsOf(shootSize));
    if (plot) {
      const image = join(projectFolder, 'docs', 'images', 'search.svg');
      await writeFile(image, plotGrowth([...growth].map(([name, points]) => ({ name, points }))));
      log(`drew ${image}`);
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeHashes(folder: string, name: string, hashes: HashList): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, bytesOf(hashes));
  return file;
}

const format = (count: number): string => count.toLocaleString('en-US');

/** In turn, so that whatever else the machine does hits all alike. Those that look at all hashes must find the same number of pairs. */
function compete(contestants: readonly Contestant[], file: string, count: number, log: (text: string) => void): Map<ContestantName, SearchOutcome> {
  const rounds = count > 200_000 || count < 5_000 ? 3 : 5;
  const outcomes = new Map<ContestantName, SearchOutcome[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const { name, run } of contestants) {
      const outcome = run(file, count, bits);
      outcomes.get(name)!.push(outcome);
      log(`${format(count)}: ${name} ${formatMs(outcome.cpuMs)}`);
    }
  const exact = contestants.filter(({ rowsOf }) => rowsOf(count) === count).map(({ name }) => outcomes.get(name)![0]!.pairs);
  if (exact.some((pairs) => pairs !== exact[0])) throw new Error(`contestants found different numbers of pairs: ${exact.join(', ')}`);
  return new Map(
    [...outcomes].map(([name, all]) => [
      name,
      { pairs: all[0]!.pairs, cpuMs: median(all.map(({ cpuMs }) => cpuMs)), peakKiB: median(all.map(({ peakKiB }) => peakKiB)) },
    ]),
  );
}

function figuresOf(what: string, count: number, contestants: readonly Contestant[], medians: ReadonlyMap<ContestantName, SearchOutcome>): Figure[] {
  const own = medians.get('Parjanya')!;
  const measured = `${formatMs(own.cpuMs)} of processor, ${format(own.pairs)} pairs`;
  const rivals = contestants.filter(({ name }) => name !== 'Parjanya').map(({ name, rowsOf }): Figure => {
    const { cpuMs, peakKiB } = medians.get(name)!;
    const scaled = rowsOf(count) < count ? `, from ${format(rowsOf(count))} of the hashes` : '';
    const aim = name === 'C MIH' && what.includes('planted') ? aims.get(count) : undefined;
    return {
      name: `${what}: all pairs within ${bits} bits`,
      measured,
      against: `${name}: ${formatMs(cpuMs)}${scaled}; ${formatMiB(peakKiB * 1024)}`,
      ratio: own.cpuMs / cpuMs,
      aim: aim === undefined ? null : { atMost: aim },
    };
  });
  const withoutC = rivals.length > 1 ? [] : [absent(`${what}: against C`, 'no C compiler here')];
  const memory: Figure = {
    name: `${what}: highest memory of the process`,
    measured: own.peakKiB === 0 ? 'not told by this system' : formatMiB(own.peakKiB * 1024),
    against: '1 GiB',
    ratio: own.peakKiB === 0 ? null : (own.peakKiB * 1024) / memoryAim,
    aim: { atMost: 1 },
  };
  return [...rivals, ...withoutC, memory];
}

function absent(name: string, reason: string): Figure {
  return { name, measured: 'not measured', against: reason, ratio: null, aim: null };
}

function addingTo(file: string, count: number, what: string, aim: Figure['aim']): Figure {
  const { firstMs, medianMs, worstMs, bytes } = runChild('add', file, bits, added);
  return {
    name: `One photo more in ${what} of ${format(count)}: searched within ${bits} bits and added, by the clock, worst of ${format(added)}`,
    measured: `${formatMs(worstMs!)} (median ${formatMs(medianMs!)}; the very first ${formatMs(firstMs!)}); the index: ${formatMiB(bytes!)}, ${formatNumber(bytes! / count)} bytes a photo`,
    against: '5 ms',
    ratio: worstMs! / 5,
    aim,
  };
}

/** What a library can hold at worst: one picture ten thousand times, and hashes that all share their first quarter. */
async function worstCases(folder: string, most: number, log: (text: string) => void): Promise<Figure[]> {
  const copies = Math.min(10_000, most);
  log('worst cases');
  const equal = await writeHashes(folder, 'equal', { high: new Int32Array(copies).fill(0x12345678), low: new Int32Array(copies).fill(0x1abcdef0) });
  const pairs = runChild('pairs', equal, bits, copies);
  const grouped = runChild('copies', '', bits, copies);
  const planted = plantHashes(most, 5);
  const bucket = await writeHashes(folder, 'bucket', { ...planted, high: planted.high.map((high) => (high & 0xffff) | 0x5a5a0000) });
  const full = runChild('pairs', bucket, bits, most);
  return [
    { name: `${format(copies)} copies of one picture without times, grouped`, measured: `${formatMs(grouped.cpuMs)} of processor, ${format(grouped.pairs)} group`, against: 'a second', ratio: grouped.cpuMs / 1000, aim: { atMost: 1 } },
    { name: `${format(copies)} equal hashes: all pairs told one by one`, measured: `${formatMs(pairs.cpuMs)} of processor, ${format(pairs.pairs)} pairs`, against: 'no limit: as many as there are', ratio: null, aim: null },
    { name: `${format(most)} hashes with the same first quarter: all pairs`, measured: `${formatMs(full.cpuMs)} of processor, ${format(full.pairs)} pairs`, against: '', ratio: null, aim: null },
    addingTo(bucket, most, 'hashes with the same first quarter', null),
  ];
}

function shootsOf(count: number): Figure[] {
  const of = (work: 'group' | 'assess', words: string, aim: Figure['aim']): Figure => {
    const outcomes = Array.from({ length: 3 }, () => runChild(work, '', bits, count));
    const again = median(outcomes.map(({ medianMs }) => medianMs!));
    return {
      name: `${words} a shoot of ${format(count)}`,
      measured: `${formatMs(again)} (the first time in a process: ${formatMs(median(outcomes.map(({ firstMs }) => firstMs!)))}), ${format(outcomes[0]!.pairs)} groups`,
      against: '100 ms',
      ratio: again / 100,
      aim,
    };
  };
  return [of('group', 'Grouping', { atMost: 1 }), of('assess', 'Grouping and judging', null)];
}
