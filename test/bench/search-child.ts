/**
 * One measurement of the search for near hashes in a process of its own, so that each has its own memory and starts
 * uncompiled: `search-child.ts WORK FILE BITS ROWS`. Prints JSON (see SearchOutcome). Cold by intention: a shoot is grouped
 * once, by a process that has not done it before.
 */
import { readFileSync } from 'node:fs';
import { assessShoot, createHashIndex, findNearPairs, groupPhotos, groupShoot } from '../../main/domain/index.ts';
import type { HashBits, HashList, PhotoFacts } from '../../main/domain/index.ts';
import { createRandom } from '../fixtures/index.ts';
import { createBkTree } from './bk-tree.ts';
import { median } from './figures.ts';
import { timed } from './machine.ts';
import { factsOf } from './rules.ts';
import { hashesOf } from './search-hashes.ts';

export interface SearchOutcome {
  readonly pairs: number;
  readonly cpuMs: number;
  /** Highest resident memory of the process; 0 where the system does not tell. */
  readonly peakKiB: number;
  /** Of repeated work, in milliseconds (see each), the first time in this process told apart. */
  readonly firstMs?: number;
  readonly medianMs?: number;
  readonly worstMs?: number;
  /** What was built, in bytes of memory more than before. */
  readonly bytes?: number;
}

export type SearchWork = 'pairs' | 'bk-tree' | 'add' | 'group' | 'assess' | 'copies';

type Measured = Omit<SearchOutcome, 'peakKiB'>;
type Work = (hashes: HashList, bits: number, rows: number) => Promise<Measured>;

const hashAt = ({ high, low }: HashList, at: number): HashBits => [high[at]!, low[at]!];

const works: Readonly<Record<SearchWork, Work>> = {
  async pairs(hashes, bits) {
    let pairs = 0;
    const { cpuMs } = await timed(() => findNearPairs(hashes, bits, () => pairs++));
    return { pairs, cpuMs };
  },

  /** The tree is built of all, and asked for the first `rows`; the time of asking is scaled to all. */
  async 'bk-tree'(hashes, bits, rows) {
    const tree = createBkTree();
    const count = hashes.high.length;
    let pairs = 0;
    const built = await timed(() => {
      for (let at = 0; at < count; at++) tree.add(hashAt(hashes, at), at);
    });
    const asked = await timed(() => {
      for (let at = 0; at < Math.min(rows, count); at++) tree.search(hashAt(hashes, at), bits, (place) => (pairs += place > at ? 1 : 0));
    });
    return { pairs, cpuMs: built.cpuMs + asked.cpuMs * Math.max(1, count / rows) };
  },

  /** `rows` photos come to a catalog of all: each is searched for and added; by the clock, since systems count a thread's processor time in steps of some milliseconds. */
  async add(hashes, bits, rows) {
    globalThis.gc?.();
    // buffers that are gone are counted until they have been swept, which happens beside
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = process.memoryUsage().arrayBuffers;
    const index = createHashIndex();
    const count = hashes.high.length;
    const { cpuMs } = await timed(() => {
      for (let at = 0; at < count; at++) index.add(hashAt(hashes, at));
    });
    const bytes = process.memoryUsage().arrayBuffers - before;
    const random = createRandom(99);
    const times: number[] = [];
    let pairs = 0;
    for (let row = 0; row <= rows; row++) {
      const like = hashAt(hashes, Math.floor(random.next() * count));
      const hash: HashBits = [like[0] ^ (1 << row), like[1] ^ (1 << (row >> 5))];
      const spent = await timed(() => {
        index.search(hash, bits, () => pairs++);
        index.add(hash);
      });
      times.push(spent.ms);
    }
    const [firstMs, ...later] = times;
    return { pairs, cpuMs, bytes, firstMs: firstMs!, medianMs: median(later), worstMs: Math.max(...later) };
  },

  /** Grouping a shoot of `rows`: processor time of the thread. */
  group: (_hashes, _bits, rows) => repeat(rows, (photos) => groupShoot(photos).length),

  /** The same, and judging each photo of it. */
  assess: (_hashes, _bits, rows) => repeat(rows, (photos) => assessShoot(photos).groups.length),

  /** `rows` copies of one picture that state no time, other bytes each: found by their hash alone. */
  async copies(_hashes, _bits, rows) {
    const photos = Array.from({ length: rows }, (_, at) => {
      const photo = factsOf(at);
      return { ...photo, metadata: { ...photo.metadata!, capturedAt: null, capturedMs: null }, phash: '83026404d2049c86' };
    });
    const { value, cpuMs } = await timed(() => groupPhotos(photos));
    return { pairs: value.length, cpuMs };
  },
};

async function repeat(rows: number, work: (photos: readonly PhotoFacts[]) => number): Promise<Measured> {
  const photos = Array.from({ length: rows }, (_, at) => factsOf(at));
  const { value, cpuMs, threadMs } = await timed(() => work(photos));
  const later: number[] = [];
  for (let round = 0; round < 5; round++) later.push((await timed(() => work(photos))).threadMs);
  return { pairs: value, cpuMs, firstMs: threadMs, medianMs: median(later), worstMs: Math.max(...later) };
}

/** Linux tells it of this process alone; what `getrusage` tells may be the parent's. */
function highestKiB(): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

const [work, file, bits, rows] = process.argv.slice(2);
const hashes = file ? hashesOf(readFileSync(file)) : { high: new Int32Array(0), low: new Int32Array(0) };
const measured = await works[work as SearchWork](hashes, Number(bits), Number(rows));
console.log(JSON.stringify({ ...measured, peakKiB: highestKiB() }));
