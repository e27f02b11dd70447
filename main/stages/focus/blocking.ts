/** The 8 x 8 blocks of strong JPEG compression. */
import type { Plane } from './pyramid.ts';

/**
 * How much steeper the steps across block borders are than elsewhere, 0..1: 0 none, 1 twice as steep and more. Compares
 * the absolute differences of every eighth column with the median of the other seven. Blocks that were resized together
 * with their picture are not seen.
 */
export function measureBlocking(plane: Plane): number {
  const { width, height, data } = plane;
  if (width < 32 || height < 4) return 0;
  const sums = new Float64Array(8);
  const columns = (width - 1) & ~7;
  for (let y = 0; y < height; y += 4)
    for (let x = 0, at = y * width; x < columns; x++, at++) {
      const step = Math.abs(data[at + 1]! - data[at]!);
      // Strong edges are of the picture, not of its compression.
      if (step < 24) sums[x & 7]! += step;
    }
  const border = sums[7]!;
  const others = [...sums.subarray(0, 7)].sort((a, b) => a - b);
  const usual = others[3]!;
  return usual === 0 ? 0 : Math.max(0, Math.min(1, border / usual - 1.02));
}
