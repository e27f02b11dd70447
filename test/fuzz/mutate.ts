/** Seeded damage to whole files: flipped bits and bytes, cuts, hostile numbers, pieces of one file in another. */
import { createRandom } from '../fixtures/index.ts';

export interface Sample {
  readonly name: string;
  /** The whole file, or its head where {@link size} says more. */
  readonly bytes: Uint8Array;
  /** Bytes of the file; what lies behind `bytes` reads as zeros. */
  readonly size: number;
}

export type Damage = 'flip' | 'number' | 'cut' | 'splice' | 'repeat';
export const damages: readonly Damage[] = ['flip', 'number', 'cut', 'splice', 'repeat'];

export interface Mutant extends Sample {
  readonly damage: Damage;
}

/** Numbers at the edges of what offsets, lengths and counts can be. */
const edges: readonly number[] = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff];
/** Most of what can be followed wrongly is in the headers. */
const headBytes = 4_096;

/** The lengths at which a file of `size` bytes is cut: `count` of them, evenly spread, the longest first. */
export function cutsOf(size: number, count = 64): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor((size * (count - 1 - index)) / count));
}

/** The same mutant for the same seed and samples. */
export function mutate(samples: readonly Sample[], seed: number): Mutant {
  const { next: random } = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const { name, bytes: original, size: whole } = samples[below(samples.length)]!;
  const damage = damages[below(damages.length)]!;
  let bytes = original.slice();
  let size = whole;
  const place = (): number => (random() < 0.7 ? below(Math.min(headBytes, bytes.length)) : below(bytes.length));
  if (damage === 'flip') {
    for (let left = 1 + below(24); left > 0; left--) {
      const at = place();
      bytes[at] = random() < 0.5 ? bytes[at]! ^ (1 << below(8)) : below(256);
    }
  } else if (damage === 'number') {
    const view = new DataView(bytes.buffer);
    for (let left = 1 + below(6); left > 0; left--) {
      const at = Math.min(place(), Math.max(0, bytes.length - 4));
      const number = edges[below(edges.length)]!;
      if (bytes.length < 4) continue;
      if (random() < 0.5) view.setUint32(at, number, random() < 0.5);
      else view.setUint16(at, number & 0xffff, random() < 0.5);
    }
  } else if (damage === 'cut') {
    size = place();
    bytes = bytes.slice(0, size);
  } else {
    const source = damage === 'splice' ? samples[below(samples.length)]!.bytes : original;
    const from = below(source.length);
    const piece = source.subarray(from, from + 1 + below(2_048));
    bytes.set(piece.subarray(0, Math.min(piece.length, bytes.length)), Math.min(place(), Math.max(0, bytes.length - piece.length)));
  }
  return { name, damage, bytes, size };
}
