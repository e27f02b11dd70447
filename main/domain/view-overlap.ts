/** How much of one small view (StageOutputs' `view`) is seen in another, moved. */
import { viewColumns, viewRows } from './small-pictures.ts';

export interface Overlap {
  /** By how many cells the second view looks further right and further down. */
  readonly across: number;
  readonly down: number;
  /** Normalised cross-correlation of what both show, -1..1. */
  readonly likeness: number;
  /** The same for the views as they stand, not moved. */
  readonly still: number;
}

/** With less in common than this many cells anything is like anything. */
const leastCells = 60;
/** Views are moved along one axis mostly: a hand holds the other still within this. */
const mostSlip = 2;
/** Standard deviation of the common part, in levels, below which likeness means nothing (sky). */
const leastContrast = 6;

/**
 * The movement under which two views of the same scene agree best; null where no common part has enough structure.
 * Correlation takes out brightness and contrast, as between frames of different exposure.
 */
export function findOverlap(a: Uint8Array, b: Uint8Array): Overlap | null {
  let best: Omit<Overlap, 'still'> | null = null;
  const consider = (across: number, down: number, between: Between = 'none'): void => {
    const likeness = correlate(a, b, across, down, between);
    const half = { across: between === 'across' ? 0.5 : 0, down: between === 'down' ? 0.5 : 0 };
    if (likeness !== null && (!best || likeness > best.likeness)) best = { across: across + half.across, down: down + half.down, likeness };
  };
  for (let across = 1 - viewColumns; across < viewColumns; across++) for (let down = -mostSlip; down <= mostSlip; down++) consider(across, down);
  for (let down = 1 - viewRows; down < viewRows; down++) if (Math.abs(down) > mostSlip) for (let across = -mostSlip; across <= mostSlip; across++) consider(across, down);
  const whole = best as Omit<Overlap, 'still'> | null;
  if (!whole) return null;
  // Cells are coarse: the true movement may lie half way between two.
  for (const step of [-1, 0]) {
    consider(whole.across + step, whole.down, 'across');
    consider(whole.across, whole.down + step, 'down');
  }
  return { ...(best as unknown as Omit<Overlap, 'still'>), still: correlate(a, b, 0, 0, 'none') ?? -1 };
}

/** Half a cell further along one axis: the mean of two neighbours stands for what lies between them. */
type Between = 'none' | 'across' | 'down';

/** b moved by (across, down) lies over a: cell (x, y) of b over cell (x + across, y + down) of a. */
function correlate(a: Uint8Array, b: Uint8Array, across: number, down: number, between: Between): number | null {
  const [left, right] = [Math.max(0, across + (between === 'across' ? 1 : 0)), Math.min(viewColumns, viewColumns + across)];
  const [top, bottom] = [Math.max(0, down + (between === 'down' ? 1 : 0)), Math.min(viewRows, viewRows + down)];
  const count = (right - left) * (bottom - top);
  if (right <= left || bottom <= top || count < leastCells) return null;
  const other = between === 'across' ? 1 : between === 'down' ? viewColumns : 0;
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const at = (y - down) * viewColumns + x - across;
      const valueA = a[y * viewColumns + x]!;
      const valueB = (b[at]! + b[at - other]!) / 2;
      sumA += valueA;
      sumB += valueB;
      squaresA += valueA * valueA;
      squaresB += valueB * valueB;
      products += valueA * valueB;
    }
  const varianceA = squaresA / count - (sumA / count) ** 2;
  const varianceB = squaresB / count - (sumB / count) ** 2;
  if (Math.min(varianceA, varianceB) < leastContrast ** 2) return null;
  return (products / count - (sumA / count) * (sumB / count)) / Math.sqrt(varianceA * varianceB);
}
