/** PDQ (Facebook 2019, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm"): 256 bits and a quality. */
import type { Pixels } from '../../../main/ports/index.ts';
import { cosineTransform, grayOf } from './picture.ts';
import type { Gray } from './picture.ts';

const side = 64;
const kept = 16;

export interface PdqHash {
  readonly bits: Uint8Array;
  /** 0..100: how much there is in the picture; below 50 the paper advises against its use. */
  readonly quality: number;
}

export function computePdq(pixels: Pixels): PdqHash {
  const small = shrink(grayOf(pixels));
  const frequencies = cosineTransform(small, kept, 1);
  // The lower of the two middle ones, as the reference has it.
  const median = [...frequencies].sort((a, b) => a - b)[frequencies.length / 2 - 1]!;
  return { bits: Uint8Array.from(frequencies, (value) => (value > median ? 1 : 0)), quality: qualityOf(small) };
}

/** Jarosz filter (two box filters each way), then the nearest of 64 x 64 places. */
function shrink({ width, height, values }: Gray): Gray {
  const windowOf = (length: number): number => Math.floor((length + 2 * side - 1) / (2 * side));
  let current = values;
  for (let round = 0; round < 2; round++) {
    current = boxFilter(current, { lines: height, next: width, length: width, step: 1 }, windowOf(width));
    current = boxFilter(current, { lines: width, next: 1, length: height, step: width }, windowOf(height));
  }
  const place = (at: number, length: number): number => Math.floor(((at + 0.5) * length) / side);
  return { width: side, height: side, values: Float64Array.from({ length: side * side }, (_, at) => current[place(Math.floor(at / side), height) * width + place(at % side, width)]!) };
}

interface Lines {
  readonly lines: number;
  readonly next: number;
  readonly length: number;
  readonly step: number;
}

/** Means over a window of `size`, cut at the borders. */
function boxFilter(values: Float64Array, { lines, next, length, step }: Lines, size: number): Float64Array {
  const filtered = new Float64Array(values.length);
  const ahead = (size + 2) >> 1;
  for (let line = 0; line < lines; line++) {
    let sum = 0;
    let count = 0;
    for (let at = 1 - ahead; at < length; at++) {
      const [entering, leaving] = [at + ahead - 1, at + ahead - 1 - size];
      if (entering < length) {
        sum += values[line * next + entering * step]!;
        count++;
      }
      if (leaving >= 0) {
        sum -= values[line * next + leaving * step]!;
        count--;
      }
      if (at >= 0) filtered[line * next + at * step] = sum / count;
    }
  }
  return filtered;
}

function qualityOf({ values }: Gray): number {
  let sum = 0;
  const steepness = (a: number, b: number): number => Math.abs(Math.trunc(((a - b) * 100) / 255));
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const value = values[y * side + x]!;
      if (y + 1 < side) sum += steepness(value, values[(y + 1) * side + x]!);
      if (x + 1 < side) sum += steepness(value, values[y * side + x + 1]!);
    }
  return Math.min(100, Math.floor(sum / 90));
}
