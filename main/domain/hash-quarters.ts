/**
 * What both searches for near hashes share: multi-index hashing (Norouzi, Punjani, Fleet 2012) over four quarters of 16
 * bits, with one limit for each quarter instead of one for all (the pigeonhole principle in its general form, Qin et al.
 * 2018): if every quarter differed by more than its limit, the whole would differ by more than `bits`.
 */
import { countBits } from './hash.ts';
import type { HashBits } from './hash.ts';

export const quarterCount = 4;
/** Values that a quarter may have. */
export const bucketCount = 1 << 16;

/** How many bits of each quarter may differ, so that no hash at most `bits` away is missed; -1 = that quarter need not be looked at. */
export function limitsOf(bits: number): readonly number[] {
  const sum = Math.min(64, Math.floor(bits)) + 1 - quarterCount;
  return Array.from({ length: quarterCount }, (_, quarter) => Math.max(-1, Math.floor((sum + quarterCount - 1 - quarter) / quarterCount)));
}

const masks = new Map<number, Uint16Array>();

/** All 16-bit numbers with at most `limit` bits set; those with the fewest first. */
export function masksWithin(limit: number): Uint16Array {
  let known = masks.get(limit);
  if (!known) {
    const all = Array.from({ length: bucketCount }, (_, mask) => mask).filter((mask) => countBits(mask) <= limit);
    known = Uint16Array.from(all.sort((a, b) => countBits(a) - countBits(b) || a - b));
    masks.set(limit, known);
  }
  return known;
}

export function quarterOf(high: number, low: number, quarter: number): number {
  return ((quarter < 2 ? high : low) >>> (quarter % 2 === 0 ? 16 : 0)) & 0xffff;
}

/** Hashes side by side: two whole numbers of 32 bits each. */
export interface HashList {
  readonly high: Int32Array;
  readonly low: Int32Array;
}

export function packHashes(hashes: readonly HashBits[]): HashList {
  return { high: Int32Array.from(hashes, (hash) => hash[0]), low: Int32Array.from(hashes, (hash) => hash[1]) };
}
