/** The two measures that most programs call sharpness. Higher = sharper. Both see 8-bit luma. */
import type { Luma } from '../../../main/ports/index.ts';

type Plane = Pick<Luma, 'width' | 'height' | 'data'>;

/** Variance of the Laplacian with the kernel 0 1 0 / 1 -4 1 / 0 1 0 (Pech-Pacheco et al. 2000). */
export function measureLaplacianVariance({ width, height, data }: Plane): number {
  let [sum, squares, count] = [0, 0, 0];
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const value = data[at - 1]! + data[at + 1]! + data[at - width]! + data[at + width]! - 4 * data[at]!;
      sum += value;
      squares += value * value;
      count++;
    }
  return squares / count - (sum / count) ** 2;
}

/** Mean squared Sobel gradient (Tenenbaum 1970; Krotkov 1988). */
export function measureTenengrad({ width, height, data }: Plane): number {
  let [sum, count] = [0, 0];
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const [up, down] = [at - width, at + width];
      const across = data[up + 1]! + 2 * data[at + 1]! + data[down + 1]! - data[up - 1]! - 2 * data[at - 1]! - data[down - 1]!;
      const along = data[down - 1]! + 2 * data[down]! + data[down + 1]! - data[up - 1]! - 2 * data[up]! - data[up + 1]!;
      sum += across * across + along * along;
      count++;
    }
  return sum / count;
}
