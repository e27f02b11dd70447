/**
 * Near hashes of one hash, among many that come and go: multi-index hashing (see hash-chunks.ts) in chains, so that
 * one photo more or less costs four links and not a new index.
 */
import { countBits, hashDistance } from './hash.ts';
import type { HashBits } from './hash.ts';
import { chooseLimits, chunkOf, countMasks, masksWithin, splitHash } from './hash-chunks.ts';

export interface HashIndex {
  /** Hashes in it now. */
  size(): number;
  /** Takes a hash in and answers with its place, by which `search` names it; places of removed ones are given again. */
  add(hash: HashBits): number;
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
/** A search counts what lies in buckets up to so many bits away before it chooses. */
const counted = 2;
/** Looking into a bucket, in comparisons. */
const probeCost = 0.5;

interface Page {
  readonly high: Int32Array;
  readonly low: Int32Array;
  /** The next place in each quarter's chain, quarter by quarter. */
  readonly next: Int32Array;
  readonly seenAt: Uint32Array;
  readonly isUsed: Uint8Array;
}

/** An empty index; about 29 bytes a hash, and 2 MiB. */
export function createHashIndex(): HashIndex {
  const heads = quarters.map(() => new Int32Array(bucketCount).fill(end));
  /** Hashes in each chain. */
  const lengths = quarters.map(() => new Uint32Array(bucketCount));
  const pages: Page[] = [];
  const free: number[] = [];
  let places = 0;
  let searches = 0;

  const pageOf = (place: number): Page => pages[place >>> pageBits]!;

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

    add(hash) {
      const place = free.pop() ?? places++;
      if (place >>> pageBits === pages.length) pages.push(createPage());
      const page = pageOf(place);
      const at = place & (pageSize - 1);
      [page.high[at], page.low[at]] = hash;
      page.isUsed[at] = 1;
      for (let quarter = 0; quarter < quarters.length; quarter++) {
        const bucket = chunkOf(hash[0], hash[1], quarters[quarter]!);
        lengths[quarter]![bucket]!++;
        page.next[quarter * pageSize + at] = heads[quarter]![bucket]!;
        heads[quarter]![bucket] = place;
      }
      return place;
    },

    remove(place) {
      const page = pages[place >>> pageBits];
      const at = place & (pageSize - 1);
      if (!page || page.isUsed[at] !== 1) return false;
      for (let quarter = 0; quarter < quarters.length; quarter++) {
        const bucket = chunkOf(page.high[at]!, page.low[at]!, quarters[quarter]!);
        lengths[quarter]![bucket]!--;
        const after = page.next[quarter * pageSize + at]!;
        let before = heads[quarter]![bucket]!;
        if (before === place) {
          heads[quarter]![bucket] = after;
          continue;
        }
        for (;;) {
          const link = pageOf(before);
          const from = quarter * pageSize + (before & (pageSize - 1));
          if (link.next[from] === place) {
            link.next[from] = after;
            break;
          }
          before = link.next[from]!;
        }
      }
      page.isUsed[at] = 0;
      free.push(place);
      return true;
    },

    search(hash, bits, found) {
      searches++;
      limitsFor(hash, bits).forEach((limit, quarter) => {
        if (limit < 0) return;
        const own = chunkOf(hash[0], hash[1], quarters[quarter]!);
        const chain = heads[quarter]!;
        const masks = masksWithin(width, limit);
        for (let mask = 0; mask < masks.length; mask++) {
          for (let place = chain[own ^ masks[mask]!]!; place !== end; ) {
            const page = pageOf(place);
            const at = place & (pageSize - 1);
            if (page.seenAt[at] !== searches) {
              page.seenAt[at] = searches;
              const distance = hashDistance(hash, [page.high[at]!, page.low[at]!]);
              if (distance <= bits) found(place, distance);
            }
            place = page.next[quarter * pageSize + at]!;
          }
        }
      });
    },
  };
}

function createPage(): Page {
  return {
    high: new Int32Array(pageSize),
    low: new Int32Array(pageSize),
    next: new Int32Array(quarters.length * pageSize),
    seenAt: new Uint32Array(pageSize),
    isUsed: new Uint8Array(pageSize),
  };
}
