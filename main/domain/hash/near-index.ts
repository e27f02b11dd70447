/**
 * Near hashes of one hash, among many that come and go: multi-index hashing (see chunks.ts) in chains, so that
 * one photo more or less costs four links and not a new index.
 */
import { countBits } from './hash.ts';
import type { HashBits } from './hash.ts';
import { chooseLimits, chunkOf, countMasks, masksWithin, splitHash } from './chunks.ts';

export interface HashIndex {
  /** Hashes in it now. */
  size(): number;
  /** Takes a hash in and answers with its place, by which `search` names it; places of removed ones are given again. */
  add(hash: HashBits): number;
  /** The hash at a place; null where there is none. */
  at(place: number): HashBits | null;
  /** False where there is nothing at this place. */
  remove(place: number): boolean;
  /** Calls `found` once for each hash at most `bits` away (0..64; up to about 12 it costs thousands of comparisons in a million, not all), in no order. */
  search(hash: HashBits, bits: number, found: (place: number, distance: number) => void): void;
}

const quarters = splitHash(4);
const width = 16;
const bucketCount = 1 << width;

/** Places are kept in pages, so that growing never copies what is there. */
const pageBits = 16;
const pageSize = 1 << pageBits;
const end = -1;
/**
 * A place is eight whole numbers side by side, so that a comparison touches memory once: the two halves of the hash, the
 * search that saw it last, whether it is used (1), and the next place in each quarter's chain.
 */
const [recordBits, highAt, lowAt, seenAt, usedAt, nextAt] = [3, 0, 1, 2, 3, 4];
/** A search counts what lies in buckets up to so many bits away before it chooses. */
const counted = 2;
/** Looking into a bucket, in comparisons. */
const probeCost = 0.5;

/** An empty index; 32 bytes a hash, and 2 MiB. */
export function createHashIndex(): HashIndex {
  const heads = quarters.map(() => new Int32Array(bucketCount).fill(end));
  /** Hashes in each chain. */
  const lengths = quarters.map(() => new Uint32Array(bucketCount));
  const pages: Int32Array[] = [];
  const free: number[] = [];
  let places = 0;
  let searches = 0;

  const pageOf = (place: number): Int32Array => pages[place >>> pageBits]!;

  /** By what lies in the buckets of this hash: counted up to two bits away, beyond that as chance has it. */
  const limitsFor = (hash: HashBits, bits: number): Int32Array => {
    const near = quarters.map((quarter, at) => {
      const own = chunkOf(hash[0], hash[1], quarter);
      const counts = new Float64Array(counted + 1);
      const masks = masksWithin(width, counted);
      for (let mask = 0; mask < masks.length; mask++) counts[countBits(masks[mask]!)]! += lengths[at]![own ^ masks[mask]!]!;
      for (let limit = 1; limit <= counted; limit++) counts[limit]! += counts[limit - 1]!;
      return counts;
    });
    return chooseLimits(quarters, bits, (at, limit) => {
      const buckets = countMasks(width, limit);
      const beyond = limit <= counted ? 0 : (buckets - countMasks(width, counted)) / bucketCount;
      return near[at]![Math.min(limit, counted)]! + beyond * places + probeCost * buckets;
    });
  };

  return {
    size: () => places - free.length,

    at(place) {
      const page = pages[place >>> pageBits];
      const record = recordOf(place);
      return page?.[record + usedAt] === 1 ? [page[record + highAt]!, page[record + lowAt]!] : null;
    },

    add(hash) {
      const place = free.pop() ?? places++;
      if (place >>> pageBits === pages.length) pages.push(new Int32Array(pageSize << recordBits));
      const page = pageOf(place);
      const record = recordOf(place);
      page[record + highAt] = hash[0];
      page[record + lowAt] = hash[1];
      page[record + usedAt] = 1;
      for (let quarter = 0; quarter < quarters.length; quarter++) {
        const bucket = chunkOf(hash[0], hash[1], quarters[quarter]!);
        lengths[quarter]![bucket]!++;
        page[record + nextAt + quarter] = heads[quarter]![bucket]!;
        heads[quarter]![bucket] = place;
      }
      return place;
    },

    remove(place) {
      const page = pages[place >>> pageBits];
      const record = recordOf(place);
      if (!page || page[record + usedAt] !== 1) return false;
      for (let quarter = 0; quarter < quarters.length; quarter++) {
        const bucket = chunkOf(page[record + highAt]!, page[record + lowAt]!, quarters[quarter]!);
        lengths[quarter]![bucket]!--;
        const after = page[record + nextAt + quarter]!;
        let before = heads[quarter]![bucket]!;
        if (before === place) {
          heads[quarter]![bucket] = after;
          continue;
        }
        for (;;) {
          const link = pageOf(before);
          const from = recordOf(before) + nextAt + quarter;
          if (link[from] === place) {
            link[from] = after;
            break;
          }
          before = link[from]!;
        }
      }
      page[record + usedAt] = 0;
      free.push(place);
      return true;
    },

    search(hash, bits, found) {
      // counts around: a place seen four thousand million searches ago is no matter
      searches = (searches + 1) | 0;
      limitsFor(hash, bits).forEach((limit, quarter) => {
        if (limit < 0) return;
        const own = chunkOf(hash[0], hash[1], quarters[quarter]!);
        const chain = heads[quarter]!;
        const masks = masksWithin(width, limit);
        for (let mask = 0; mask < masks.length; mask++) {
          for (let place = chain[own ^ masks[mask]!]!; place !== end; ) {
            const page = pageOf(place);
            const record = recordOf(place);
            if (page[record + seenAt] !== searches) {
              page[record + seenAt] = searches;
              const distance = countBits(hash[0] ^ page[record + highAt]!) + countBits(hash[1] ^ page[record + lowAt]!);
              if (distance <= bits) found(place, distance);
            }
            place = page[record + nextAt + quarter]!;
          }
        }
      });
    },
  };
}

function recordOf(place: number): number {
  return (place & (pageSize - 1)) << recordBits;
}
