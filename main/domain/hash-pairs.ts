/** All near pairs among many hashes: the join for which multi-index hashing (see hash-quarters.ts) is made. */
import { countBits } from './hash.ts';
import { bucketCount, limitsOf, masksWithin, quarterCount, quarterOf } from './hash-quarters.ts';
import type { HashList } from './hash-quarters.ts';

/**
 * Calls `found` once for every two hashes that are at most `bits` apart, by their places in the list, the smaller first, in
 * no order. Exact: none is missed. For each quarter the hashes are sorted by it, so that hashes to be compared lie side by
 * side in memory; a pair that more than one quarter brings together is told by the first of these.
 * Equal hashes are pairs too: whoever may have ten thousand copies joins those before.
 * Time: see `npm run bench -- search`. Memory: 12 bytes a hash, and 0.5 MiB.
 */
export function findNearPairs(hashes: HashList, bits: number, found: (a: number, b: number, distance: number) => void): void {
  const limits = limitsOf(bits);
  const count = hashes.high.length;
  const sorted: Sorted = { starts: new Uint32Array(bucketCount + 1), order: new Uint32Array(count), own: new Int32Array(count), other: new Int32Array(count) };
  for (let quarter = 0; quarter < quarterCount; quarter++) {
    const limit = limits[quarter]!;
    if (limit < 0) continue;
    sortByQuarter(hashes, quarter, sorted);
    const { own, other, order } = sorted;
    joinBuckets(sorted, masksWithin(limit), bits, (x, y, distance) => {
      const [ownBits, otherBits] = [own[x]! ^ own[y]!, other[x]! ^ other[y]!];
      const [high, low] = quarter < 2 ? [ownBits, otherBits] : [otherBits, ownBits];
      for (let earlier = 0; earlier < quarter; earlier++) if (countBits(quarterOf(high, low, earlier)) <= limits[earlier]!) return;
      const [a, b] = [order[x]!, order[y]!];
      if (a < b) found(a, b, distance);
      else found(b, a, distance);
    });
  }
}

/** Hashes in the order of one quarter: `own` is the half that holds it. */
interface Sorted {
  /** Where each bucket begins. */
  readonly starts: Uint32Array;
  readonly order: Uint32Array;
  readonly own: Int32Array;
  readonly other: Int32Array;
}

function sortByQuarter({ high, low }: HashList, quarter: number, { starts, order, own, other }: Sorted): void {
  const [mine, theirs] = quarter < 2 ? [high, low] : [low, high];
  const shift = quarter % 2 === 0 ? 16 : 0;
  starts.fill(0);
  for (let at = 0; at < mine.length; at++) starts[((mine[at]! >>> shift) & 0xffff) + 1]!++;
  for (let bucket = 0; bucket < bucketCount; bucket++) starts[bucket + 1]! += starts[bucket]!;
  const next = starts.slice();
  for (let at = 0; at < mine.length; at++) {
    const place = next[(mine[at]! >>> shift) & 0xffff]!++;
    order[place] = at;
    own[place] = mine[at]!;
    other[place] = theirs[at]!;
  }
}

/** Compares what lies in two buckets whose numbers differ by a mask, each two once. */
function joinBuckets({ starts, own, other }: Sorted, masks: Uint16Array, bits: number, near: (x: number, y: number, distance: number) => void): void {
  for (let bucket = 0; bucket < bucketCount; bucket++) {
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
