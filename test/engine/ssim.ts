/** Structural similarity of two pictures (Z. Wang et al., IEEE Transactions on Image Processing 13(4), 2004), mean over 8 x 8 windows. */
import type { Pixels } from '../../main/ports/index.ts';

const windowEdge = 8;
const stabilisers = [(0.01 * 255) ** 2, (0.03 * 255) ** 2] as const;

/** -1..1, 1 = equal. Compares luma (BT.601) over what both have: the pictures may differ by a few rows or columns at their ends. */
export function meanSsim(a: Pixels, b: Pixels): number {
  const [columns, rows] = [Math.floor(Math.min(a.width, b.width) / windowEdge), Math.floor(Math.min(a.height, b.height) / windowEdge)];
  const [lumaA, lumaB] = [lumaOf(a), lumaOf(b)];
  let sum = 0;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) sum += windowSsim(lumaA, a.width, lumaB, b.width, column * windowEdge, row * windowEdge);
  return sum / (columns * rows);
}

function windowSsim(a: Float64Array, widthA: number, b: Float64Array, widthB: number, left: number, top: number): number {
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let y = top; y < top + windowEdge; y++)
    for (let x = left; x < left + windowEdge; x++) {
      const [valueA, valueB] = [a[y * widthA + x]!, b[y * widthB + x]!];
      sumA += valueA;
      sumB += valueB;
      squaresA += valueA * valueA;
      squaresB += valueB * valueB;
      products += valueA * valueB;
    }
  const count = windowEdge ** 2;
  const [meanA, meanB] = [sumA / count, sumB / count];
  const [varianceA, varianceB, covariance] = [squaresA / count - meanA ** 2, squaresB / count - meanB ** 2, products / count - meanA * meanB];
  const [c1, c2] = stabilisers;
  return ((2 * meanA * meanB + c1) * (2 * covariance + c2)) / ((meanA ** 2 + meanB ** 2 + c1) * (varianceA + varianceB + c2));
}

function lumaOf({ data, channels, width, height }: Pixels): Float64Array {
  const luma = new Float64Array(width * height);
  for (let index = 0, at = 0; index < luma.length; index++, at += channels)
    luma[index] = channels === 1 ? data[at]! : 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
  return luma;
}

/** A binary PPM or PGM (netpbm), 8 bits. */
export function readNetpbm(bytes: Uint8Array): Pixels {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const match = /^P([56])\s+(\d+)\s+(\d+)\s+255\s/.exec(head);
  if (!match) throw new Error('no 8-bit PPM or PGM');
  return { width: Number(match[2]), height: Number(match[3]), channels: match[1] === '6' ? 3 : 1, data: bytes.subarray(match[0].length) };
}
