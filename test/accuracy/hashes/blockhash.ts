/** Blockhash (Yang, Gu, Niu 2006, "Block mean value based image perceptual hashing", method 1), in bands as commonsmachinery's programs have it. */
import type { Pixels } from '../../../main/ports/index.ts';
import { medianOf } from './picture.ts';

const bands = 4;

/** `side` x `side` blocks, each against the median of its quarter of the rows; a block at a median that is itself bright counts as brighter. */
export function computeBlockhash({ width, height, channels, data }: Pixels, side: number): Uint8Array {
  const sums = new Float64Array(side * side);
  // A pixel on a border gives each block its share of the area.
  const share = (length: number): { readonly block: number; readonly part: number }[][] =>
    Array.from({ length }, (_, at) => {
      const [from, to] = [(at * side) / length, ((at + 1) * side) / length];
      const parts = [];
      for (let block = Math.floor(from); block < Math.min(side, Math.ceil(to)); block++) parts.push({ block, part: Math.min(to, block + 1) - Math.max(from, block) });
      return parts;
    });
  const [across, down] = [share(width), share(height)];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels;
      const value = channels === 1 ? 3 * data[from]! : data[from]! + data[from + 1]! + data[from + 2]!;
      for (const row of down[y]!) for (const column of across[x]!) sums[row.block * side + column.block]! += value * row.part * column.part;
    }
  // The shares of one block add up to one block's area in units of blocks: sums are means of three channels.
  const bright = (255 * 3) / 2;
  const perBand = sums.length / bands;
  return Uint8Array.from(sums, (value, at) => {
    const band = Math.floor(at / perBand);
    const median = medianOf(sums.subarray(band * perBand, (band + 1) * perBand));
    return value > median || (Math.abs(value - median) < 1e-9 && median > bright) ? 1 : 0;
  });
}
