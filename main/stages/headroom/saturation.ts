/** At which number the pixels of each colour are saturated, seen in how often each number occurs. */
import type { SensorData } from '../../ports/index.ts';

export interface Saturation {
  /** Of each place in the pattern (one for X-Trans, whose colours have one level): the number of a pixel that is full, and from where on one counts as that. */
  readonly level: readonly number[];
  readonly from: readonly number[];
  /** False where no heap was seen and the level is what the file states. */
  readonly isSeen: boolean;
}

/** A heap is looked for in steps of this share of the range, in the topmost two against those from the fourth to the ninth. */
const step = 1 / 200;
/** So many times the usual number of pixels of a step, and at least so many pixels, are a heap. */
const heapTimes = 4;
const heapPixels = 30;
/** A heap further below the stated level is a picture without tones (or a black one), not saturation. */
const leastOfStated = 0.5;
/** Full pixels spread a little (noise of reading, levels of columns). */
const spread = 0.01;

/** How many places with levels of their own the pattern has. */
export function placesOf({ period }: Pick<SensorData, 'period'>): number {
  return period === 2 ? 4 : 1;
}

/** How often each number occurs within the frame, for each place of the pattern. */
export function countNumbers(sensor: SensorData): Uint32Array[] {
  const { data, rowLength, left, top, width, height } = sensor;
  const counts = Array.from({ length: placesOf(sensor) }, () => new Uint32Array(65_536));
  for (let y = 0; y < height; y++) {
    const row = (top + y) * rowLength + left;
    const isBayer = counts.length === 4;
    const even = counts[isBayer ? (y & 1) * 2 : 0]!;
    const odd = counts[isBayer ? (y & 1) * 2 + 1 : 0]!;
    for (let x = 0; x + 1 < width; x += 2) {
      even[data[row + x]!]!++;
      odd[data[row + x + 1]!]!++;
    }
    if (width & 1) even[data[row + width - 1]!]!++;
  }
  return counts;
}

/**
 * Full pixels of a sensor lie in a heap at one number, where noise would spread them: found at the top of the histogram. Files state a
 * level too, for which a camera's real one may be a little lower. Without a heap nothing is saturated below that.
 */
export function findSaturation(counts: readonly Uint32Array[], { black, white }: { readonly black: number; readonly white: number }): Saturation {
  const heaps = counts.map((one) => findHeap(one, black, white));
  const tops = heaps.filter((heap) => heap !== null);
  // A colour that is nowhere full in this picture would be full at about the number of the others.
  const other = tops.length > 0 ? Math.max(...tops) : white;
  const level = heaps.map((heap) => heap ?? Math.max(other, 1));
  return { level, from: level.map((one) => one - Math.max(0, one - black) * spread), isSeen: tops.length > 0 };
}

function findHeap(counts: Uint32Array, black: number, white: number): number | null {
  let top = counts.length - 1;
  while (top > 0 && counts[top] === 0) top--;
  const range = top - black;
  if (range < 16 || range < (white - black) * leastOfStated) return null;
  const size = Math.max(1, Math.round(range * step));
  const stepAt = (index: number): number => {
    let sum = 0;
    for (let value = top - size * (index + 1) + 1; value <= top - size * index; value++) sum += counts[value] ?? 0;
    return sum;
  };
  const heap = Math.max(stepAt(0), stepAt(1));
  const usual = [3, 4, 5, 6, 7, 8].reduce((sum, index) => sum + stepAt(index), 0) / 6;
  return heap >= heapPixels && heap >= heapTimes * usual ? top : null;
}
