/**
 * What both searches for near hashes share: multi-index hashing (Norouzi, Punjani, Fleet 2012) over chunks of the hash, with
 * one limit for each chunk instead of one for all (the pigeonhole principle in its general form, Qin et al. 2018, "GPH:
 * similarity search in Hamming space"): if every chunk differed by more than its limit, and the limits are chosen by
 * `chooseLimits`, the whole would differ by more than `bits`. Hashes of pictures are not uniform: where many share a chunk,
 * that one gets a low limit and the others bear more.
 */
import { countBits } from './hash.ts';
import type { HashBits } from './hash.ts';

/** Some bits side by side: `from` counts from the first bit of the hash, `width` is 0..16. */
export interface Chunk {
  readonly from: number;
  readonly width: number;
}

/** The hash in so many chunks of nearly equal width, the wider first. */
export function splitHash(chunks: number): readonly Chunk[] {
  const starts = Array.from({ length: chunks + 1 }, (_, at) => Math.ceil((64 * at) / chunks));
  return starts.slice(1).map((to, at) => ({ from: starts[at]!, width: to - starts[at]! }));
}

export function chunkOf(high: number, low: number, { from, width }: Chunk): number {
  const to = from + width;
  const mask = (1 << width) - 1;
  if (to <= 32) return (high >>> (32 - to)) & mask;
  if (from >= 32) return (low >>> (64 - to)) & mask;
  return ((high << (to - 32)) | (low >>> (64 - to))) & mask;
}

/**
 * How many bits of each chunk may differ, so that no hash at most `bits` away is missed, at the least cost; -1 = that chunk
 * need not be looked at. `costOf` rises with the limit.
 */
export function chooseLimits(chunks: readonly Chunk[], bits: number, costOf: (chunk: number, limit: number) => number): Int32Array {
  // Limits plus one add up to one more than the bits; a chunk that may differ in all its bits finds everything alone.
  const shares = Math.max(0, Math.min(64, Math.floor(bits)) + 1);
  let least = new Float64Array(shares + 1).fill(Infinity);
  least[0] = 0;
  const chosen = chunks.map((chunk, at) => {
    const own = new Int32Array(shares + 1);
    const next = new Float64Array(shares + 1).fill(Infinity);
    for (let share = 0; share <= Math.min(shares, chunk.width + 1); share++) {
      const cost = share === 0 ? 0 : costOf(at, share - 1);
      for (let before = 0; before + share <= shares; before++) {
        if (least[before]! + cost >= next[before + share]!) continue;
        next[before + share] = least[before]! + cost;
        own[before + share] = share;
      }
    }
    least = next;
    return own;
  });
  const limits = new Int32Array(chunks.length);
  for (let at = chunks.length - 1, left = shares; at >= 0; at--) {
    limits[at] = chosen[at]![left]! - 1;
    left -= chosen[at]![left]!;
  }
  return limits;
}

const masks = new Map<number, Uint16Array>();

/** All numbers of so many bits with at most `limit` bits set; those with the fewest first. */
export function masksWithin(width: number, limit: number): Uint16Array {
  const key = width * 32 + limit;
  let known = masks.get(key);
  if (!known) {
    known = new Uint16Array(countMasks(width, limit));
    let at = 0;
    for (let ones = 0; ones <= Math.min(width, limit); ones++)
      for (let mask = (1 << ones) - 1; mask < 1 << width; mask = ones === 0 ? 1 << width : nextMask(mask)) known[at++] = mask;
    masks.set(key, known);
  }
  return known;
}

/** The next larger number with as many bits set (Gosper, HAKMEM 175). */
function nextMask(mask: number): number {
  const lowest = mask & -mask;
  const carried = mask + lowest;
  return carried | (((mask ^ carried) >>> 2) / lowest);
}

/** How many numbers `masksWithin` has. */
export function countMasks(width: number, limit: number): number {
  let sum = 0;
  for (let ones = 0, ways = 1; ones <= Math.min(width, limit); ways = (ways * (width - ones)) / ++ones) sum += ways;
  return sum;
}

/** Differing bits of one chunk of two hashes, by the bits in which the hashes differ. */
export function chunkDistance(high: number, low: number, chunk: Chunk): number {
  return countBits(chunkOf(high, low, chunk));
}

/** Hashes side by side: two whole numbers of 32 bits each. */
export interface HashList {
  readonly high: Int32Array;
  readonly low: Int32Array;
}

export function packHashes(hashes: readonly HashBits[]): HashList {
  return { high: Int32Array.from(hashes, (hash) => hash[0]), low: Int32Array.from(hashes, (hash) => hash[1]) };
}
