/** The perceptual hashes that are compared, ours among them. */
import { hashPositions, parseHash } from '../../../main/domain/index.ts';
import type { Pixels } from '../../../main/ports/index.ts';
import { computePhash } from '../../../main/stages/phash/index.ts';
import { computeBlockhash } from './blockhash.ts';
import { computePdq } from './pdq.ts';
import { computeAhash, computeDhash, computeMedianPhash, computeWhash } from './short.ts';

export interface PictureHash {
  readonly name: string;
  readonly bits: number;
  /** The distance up to which its authors, or the program that made it known, call two pictures the same; null where none is stated. */
  readonly published: { readonly distance: number; readonly by: string } | null;
  /** One number 0 or 1 a bit; null for a picture that the hash says it means nothing for. */
  compute(pixels: Pixels): Promise<Uint8Array | null>;
}

const imagededup = { distance: 10, by: 'imagededup' };

export const pictureHashes: readonly PictureHash[] = [
  { name: 'ours (pHash by sign)', bits: 64, published: { distance: 6, by: 'untimedBits' }, compute: async (pixels) => ownBits(pixels) },
  { name: 'pHash by median', bits: 64, published: imagededup, compute: computeMedianPhash },
  { name: 'dHash', bits: 64, published: imagededup, compute: computeDhash },
  { name: 'aHash', bits: 64, published: imagededup, compute: computeAhash },
  { name: 'wHash', bits: 64, published: imagededup, compute: computeWhash },
  { name: 'blockhash 64', bits: 64, published: null, compute: async (pixels) => computeBlockhash(pixels, 8) },
  { name: 'blockhash 256', bits: 256, published: null, compute: async (pixels) => computeBlockhash(pixels, 16) },
  {
    name: 'PDQ',
    bits: 256,
    published: { distance: 31, by: 'its paper' },
    async compute(pixels) {
      const { bits, quality } = computePdq(pixels);
      return quality < 50 ? null : bits;
    },
  },
];

function ownBits(pixels: Pixels): Uint8Array | null {
  const result = computePhash(pixels);
  const hash = result.ok && result.value.usable ? parseHash(result.value.hash) : null;
  return hash ? unpackBits(hash) : null;
}

/** Ours in all eight positions, from the hash alone. */
export function ownPositions(bits: Uint8Array): Uint8Array[] {
  const word = (from: number): number => bits.subarray(from, from + 32).reduce((all, bit) => (all << 1) | bit, 0);
  return hashPositions([word(0), word(32)]).map(unpackBits);
}

function unpackBits(hash: readonly [number, number]): Uint8Array {
  return Uint8Array.from({ length: 64 }, (_, at) => (hash[at >> 5]! >>> (31 - (at & 31))) & 1);
}

export function bitDistance(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, bit, at) => sum + (bit ^ b[at]!), 0);
}
