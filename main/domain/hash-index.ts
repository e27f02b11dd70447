/**
 * Search for near hashes: multi-index hashing (Norouzi et al. 2012). Cut in four, two hashes up to seven bits apart agree in
 * one quarter but for one bit at most; so 4 x 17 small lists are looked through instead of all hashes.
 */
import { hashDistance } from './hash.ts';
import type { HashBits } from './hash.ts';

const quarters = 4;
const buckets = 1 << 16;
/** Bits for which nothing is missed. */
export const maxSearchBits = 7;

export interface HashIndex {
  /** Calls `found` once for each hash (by its place in the list) that is at most `bits` away; at most 7 bits. */
  search(hash: HashBits, bits: number, found: (at: number, distance: number) => void): void;
}

export function indexHashes(hashes: readonly HashBits[]): HashIndex {
  const starts = Array.from({ length: quarters }, () => new Uint32Array(buckets + 1));
  const lists = Array.from({ length: quarters }, () => new Uint32Array(hashes.length));
  for (let quarter = 0; quarter < quarters; quarter++) {
    const start = starts[quarter]!;
    for (const hash of hashes) start[quarterOf(hash, quarter) + 1]!++;
    for (let bucket = 0; bucket < buckets; bucket++) start[bucket + 1]! += start[bucket]!;
    const next = start.slice();
    hashes.forEach((hash, at) => (lists[quarter]![next[quarterOf(hash, quarter)]!++] = at));
  }
  const seenAt = new Uint32Array(hashes.length);
  let searches = 0;
  return {
    search(hash, bits, found) {
      searches++;
      // Up to three bits apart, one quarter of four agrees fully.
      const flips = bits < quarters ? 0 : 16;
      for (let quarter = 0; quarter < quarters; quarter++) {
        const key = quarterOf(hash, quarter);
        for (let flip = -1; flip < flips; flip++) {
          const bucket = flip < 0 ? key : key ^ (1 << flip);
          const end = starts[quarter]![bucket + 1]!;
          for (let place = starts[quarter]![bucket]!; place < end; place++) {
            const at = lists[quarter]![place]!;
            if (seenAt[at] === searches) continue;
            seenAt[at] = searches;
            const distance = hashDistance(hash, hashes[at]!);
            if (distance <= bits) found(at, distance);
          }
        }
      }
    },
  };
}

function quarterOf(hash: HashBits, quarter: number): number {
  return (hash[quarter >> 1]! >>> (quarter % 2 === 0 ? 16 : 0)) & 0xffff;
}
