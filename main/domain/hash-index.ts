/**
 * Near hashes of one hash, among many that come and go: multi-index hashing (see hash-quarters.ts) in chains, so that
 * one photo more or less costs four links and not a new index.
 */
import { hashDistance } from './hash.ts';
import type { HashBits } from './hash.ts';
import { bucketCount, limitsOf, masksWithin, quarterCount, quarterOf } from './hash-quarters.ts';

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

/** Places are kept in pages, so that growing never copies what is there. */
const pageBits = 16;
const pageSize = 1 << pageBits;
const end = -1;

interface Page {
  readonly high: Int32Array;
  readonly low: Int32Array;
  /** The next place in each quarter's chain, quarter by quarter. */
  readonly next: Int32Array;
  readonly seenAt: Uint32Array;
  readonly isUsed: Uint8Array;
}

/** An empty index; about 29 bytes a hash, and 1 MiB. */
export function createHashIndex(): HashIndex {
  const heads = Array.from({ length: quarterCount }, () => new Int32Array(bucketCount).fill(end));
  const pages: Page[] = [];
  const free: number[] = [];
  let places = 0;
  let searches = 0;

  const pageOf = (place: number): Page => pages[place >>> pageBits]!;

  return {
    size: () => places - free.length,

    add(hash) {
      const place = free.pop() ?? places++;
      if (place >>> pageBits === pages.length) pages.push(createPage());
      const page = pageOf(place);
      const at = place & (pageSize - 1);
      [page.high[at], page.low[at]] = hash;
      page.isUsed[at] = 1;
      for (let quarter = 0; quarter < quarterCount; quarter++) {
        const bucket = quarterOf(hash[0], hash[1], quarter);
        page.next[quarter * pageSize + at] = heads[quarter]![bucket]!;
        heads[quarter]![bucket] = place;
      }
      return place;
    },

    remove(place) {
      const page = pages[place >>> pageBits];
      const at = place & (pageSize - 1);
      if (!page || page.isUsed[at] !== 1) return false;
      for (let quarter = 0; quarter < quarterCount; quarter++) {
        const bucket = quarterOf(page.high[at]!, page.low[at]!, quarter);
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
      limitsOf(bits).forEach((limit, quarter) => {
        if (limit < 0) return;
        const own = quarterOf(hash[0], hash[1], quarter);
        const chain = heads[quarter]!;
        for (const mask of masksWithin(limit)) {
          for (let place = chain[own ^ mask]!; place !== end; ) {
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
    next: new Int32Array(quarterCount * pageSize),
    seenAt: new Uint32Array(pageSize),
    isUsed: new Uint8Array(pageSize),
  };
}
