/** The picture as 32 x 32 mean brightnesses, in whole numbers only, so that every machine gets the same. */
import type { Pixels } from '../../ports/index.ts';

export const side = 32;

/** How one line of pixels falls onto the cells: pixel `at` gives `weight` of its 32 parts to `cell`, the rest to the next. */
interface Coverage {
  readonly cell: Uint8Array;
  readonly weight: Uint8Array;
}

/**
 * Area-averages luma (BT.601) to 32 x 32 cells in 1/16 of an 8-bit level, 0..4080, row by row. In units of 1/32 pixel each
 * cell is exactly as wide as the picture has pixels, so that all weights are whole numbers.
 */
export function shrinkToCells(pixels: Pixels): Int32Array {
  const { width, height, channels, data } = pixels;
  const across = coverageOf(width);
  const down = coverageOf(height);
  const sums = new Float64Array(side * side);
  const line = new Float64Array(side + 1);
  for (let y = 0, from = 0; y < height; y++) {
    line.fill(0);
    for (let x = 0; x < width; ) {
      const cell = across.cell[x]!;
      let sum = 0;
      let luma = 0;
      let last = x;
      for (; x < width && across.cell[x] === cell; x++, from += channels) {
        luma = channels === 1 ? data[from]! : (77 * data[from]! + 150 * data[from + 1]! + 29 * data[from + 2]! + 128) >> 8;
        sum += luma;
        last = x;
      }
      // Only the last pixel of a cell may reach into the next.
      const beyond = luma * (side - across.weight[last]!);
      line[cell]! += sum * side - beyond;
      line[cell + 1]! += beyond;
    }
    const row = down.cell[y]!;
    const weight = down.weight[y]!;
    for (let cell = 0; cell < side; cell++) {
      sums[row * side + cell]! += line[cell]! * weight;
      if (weight < side) sums[(row + 1) * side + cell]! += line[cell]! * (side - weight);
    }
  }
  const area = width * height;
  return Int32Array.from(sums, (sum) => Math.floor((16 * sum) / area));
}

/** For lines of at least 32 pixels. */
function coverageOf(length: number): Coverage {
  const cell = new Uint8Array(length);
  const weight = new Uint8Array(length);
  for (let at = 0; at < length; at++) {
    const start = at * side;
    const first = Math.floor(start / length);
    cell[at] = first;
    weight[at] = Math.min(side, (first + 1) * length - start);
  }
  return { cell, weight };
}
