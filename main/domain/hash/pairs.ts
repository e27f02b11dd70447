/** All near pairs among many hashes: the join for which multi-index hashing (see chunks.ts) is made. */
import { countBits } from './hash.ts';
import { chooseLimits, chunkDistance, chunkOf, countMasks, masksWithin, splitHash } from './chunks.ts';
import type { Chunk, HashList } from './chunks.ts';

/**
 * Calls `found` once for every two hashes that are at most `bits` apart, by their places in the list, the smaller first, in
 * no order. Exact: none is missed. For each chunk the hashes are sorted by it, so that hashes to be compared lie side by
 * side in memory; a pair that more than one chunk brings together is told by the first of these. How
 * many bits of each may differ is what costs least by a sample of the hashes themselves: those that nearly all share one
 * chunk are not compared all with all.
 * Equal hashes are pairs too: whoever may have ten thousand copies joins those before.
 * Time: see `npm run bench -- search`. Memory: 12 bytes a hash, and 0.5 MiB.
 */
export function findNearPairs(hashes: HashList, bits: number, found: (a: number, b: number, distance: number) => void): void {
  const count = hashes.high.length;
  const { chunks, limits } = planJoin(hashes, bits);
  const sorted: Sorted = { order: new Uint32Array(count), own: new Int32Array(count), other: new Int32Array(count) };
  chunks.forEach((chunk, at) => {
    const limit = limits[at]!;
    if (limit < 0) return;
    const isFirst = (high: number, low: number): boolean => {
      for (let earlier = 0; earlier < at; earlier++) if (chunkDistance(high, low, chunks[earlier]!) <= limits[earlier]!) return false;
      return true;
    };
    const starts = sortByChunk(hashes, chunk, sorted);
    const { own, other, order } = sorted;
    joinBuckets(starts, sorted, masksWithin(chunk.width, limit), bits, (x, y, distance) => {
      const [ownBits, otherBits] = [own[x]! ^ own[y]!, other[x]! ^ other[y]!];
      if (isInHigh(chunk) ? !isFirst(ownBits, otherBits) : !isFirst(otherBits, ownBits)) return;
      const [a, b] = [order[x]!, order[y]!];
      if (a < b) found(a, b, distance);
      else found(b, a, distance);
    });
  });
}

interface Plan {
  readonly chunks: readonly Chunk[];
  readonly limits: Int32Array;
}

/** Few hashes are compared all with all; for more of them, longer chunks part them better than the buckets cost. Measured. */
const layouts = [
  { below: 1_500, chunks: [{ from: 0, width: 0 }] },
  { below: 50_000, chunks: splitHash(6) },
  { below: Infinity, chunks: splitHash(4) },
];
const mostSampled = 16_384;
/** Looking into a bucket, in comparisons. */
const probeCost = 2.5;

/** Chunks are held to be as alike as those of sampled pairs are, and never less than chance makes them. */
function planJoin({ high, low }: HashList, bits: number): Plan {
  const count = high.length;
  const { chunks } = layouts.find(({ below }) => count < below)!;
  if (chunks.length === 1) return { chunks, limits: Int32Array.of(0) };
  const samples = Math.min(mostSampled, count >>> 3);
  const alike = chunks.map(({ width }) => new Uint32Array(width + 1));
  // Steps that differ from one another, so that pairs of any two places come up.
  for (let sample = 0, a = 0, b = 1; sample < samples; sample++, a = (a + 7919) % count, b = (b + 104_729 + sample) % count) {
    if (a === b) continue;
    for (let at = 0; at < chunks.length; at++) alike[at]![chunkDistance(high[a]! ^ high[b]!, low[a]! ^ low[b]!, chunks[at]!)]!++;
  }
  for (const counts of alike) for (let distance = 1; distance < counts.length; distance++) counts[distance]! += counts[distance - 1]!;
  const limits = chooseLimits(chunks, bits, (at, limit) => {
    const { width } = chunks[at]!;
    const masks = countMasks(width, limit);
    const share = Math.max(masks / 2 ** width, alike[at]![Math.min(width, limit)]! / samples);
    return (share * count * (count - 1) + probeCost * Math.min(count, 2 ** width) * masks) / 2;
  });
  return { chunks, limits };
}

/** Hashes in the order of one chunk: `own` is the half that holds it, or its greater part. */
interface Sorted {
  readonly order: Uint32Array;
  readonly own: Int32Array;
  readonly other: Int32Array;
}

function isInHigh({ from, width }: Chunk): boolean {
  return from + width / 2 < 32;
}

/** Fills `sorted` and returns where each bucket begins. */
function sortByChunk({ high, low }: HashList, chunk: Chunk, { order, own, other }: Sorted): Uint32Array {
  const [mine, theirs] = isInHigh(chunk) ? [high, low] : [low, high];
  const buckets = 1 << chunk.width;
  const starts = new Uint32Array(buckets + 1);
  for (let at = 0; at < mine.length; at++) starts[chunkOf(high[at]!, low[at]!, chunk) + 1]!++;
  for (let bucket = 0; bucket < buckets; bucket++) starts[bucket + 1]! += starts[bucket]!;
  const next = starts.slice();
  for (let at = 0; at < mine.length; at++) {
    const place = next[chunkOf(high[at]!, low[at]!, chunk)]!++;
    order[place] = at;
    own[place] = mine[at]!;
    other[place] = theirs[at]!;
  }
  return starts;
}

/** Compares what lies in two buckets whose numbers differ by a mask, each two once. */
function joinBuckets(starts: Uint32Array, { own, other }: Sorted, masks: Uint16Array, bits: number, near: (x: number, y: number, distance: number) => void): void {
  for (let bucket = 0; bucket < starts.length - 1; bucket++) {
    const from = starts[bucket]!;
    const to = starts[bucket + 1]!;
    if (from === to) continue;
    for (let mask = 0; mask < masks.length; mask++) {
      const partner = bucket ^ masks[mask]!;
      if (partner < bucket) continue;
      const partnerTo = starts[partner + 1]!;
      for (let x = from; x < to; x++) {
        const half = other[x]!;
        const rest = own[x]!;
        for (let y = partner === bucket ? x + 1 : starts[partner]!; y < partnerTo; y++) {
          // Written out: nearly all the time goes here. The half in which the hashes need not agree tells most of them apart.
          let value = half ^ other[y]!;
          value -= (value >>> 1) & 0x55555555;
          value = (value & 0x33333333) + ((value >>> 2) & 0x33333333);
          const distance = Math.imul((value + (value >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
          if (distance > bits) continue;
          const whole = distance + countBits(rest ^ own[y]!);
          if (whole <= bits) near(x, y, whole);
        }
      }
    }
  }
}
