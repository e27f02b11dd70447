/** The 8 x 8 blocks of strong JPEG compression. */
import type { Plane } from './halve.ts';

/** Steps from here on, in 8-bit levels, are edges of the picture, not of its compression. */
const maxStep = 24;
/** Extra step at the borders, in 8-bit levels, that counts as 0.63 (1 - 1/e); JPEG quality 80 gives about 1, quality 10 about 4. */
const visibleStep = 2;

/**
 * How much steeper the steps across block borders are than elsewhere, 0..1. Compares the mean step at every eighth column
 * with the median of the other seven, in every fourth row (fewer of high pictures). Blocks that were resized together with their picture are hardly seen.
 * @param plane 8-bit levels, blocks beginning at its corner.
 */
export function measureBlocking(plane: Plane): number {
  const { width, height, data } = plane;
  if (width < 32 || height < 8) return 0;
  const sums = new Float64Array(8);
  const counts = new Float64Array(8);
  const columns = (width - 1) & ~7;
  const rowStep = 4 * Math.max(1, Math.floor(height / 1_600));
  for (let y = 0; y < height; y += rowStep)
    for (let x = 0, at = y * width; x < columns; x++, at++) {
      const step = Math.abs(data[at + 1]! - data[at]!);
      if (step >= maxStep) continue;
      sums[x & 7]! += step;
      counts[x & 7]!++;
    }
  const means = [...sums].map((sum, phase) => sum / Math.max(1, counts[phase]!));
  const usual = means.slice(0, 7).sort((a, b) => a - b)[3]!;
  // One hundredth may be chance.
  return 1 - Math.exp(-Math.max(0, means[7]! - 1.01 * usual) / visibleStep);
}
