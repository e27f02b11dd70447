/** Where in the picture it is clipped, crushed and how bright: 12 x 8 cells, from which any region can be judged later. */
import { exposureColumns, exposureRows, writeShare } from '../../domain/index.ts';
import type { ExposureMeasure } from '../../domain/index.ts';
import type { Pixels } from '../../ports/index.ts';

/** Rows that are looked at: more than some hundred a cell tell no more. */
const rowsPerCell = 64;

/** @param limits as the whole picture is counted by: a channel from `clippedFrom` on has no detail, luma up to `crushedTo` is black. */
export function mapExposure({ width, height, channels, data }: Pixels, { clippedFrom, crushedTo }: { clippedFrom: number; crushedTo: number }): NonNullable<ExposureMeasure['map']> {
  const cells = exposureColumns * exposureRows;
  const [clipped, crushed, sums, counts] = [0, 1, 2, 3].map(() => new Float64Array(cells)) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const columnOf = Uint8Array.from({ length: width }, (_, x) => Math.floor((x * exposureColumns) / width));
  const step = Math.max(1, Math.floor(height / exposureRows / rowsPerCell));
  for (let y = 0; y < height; y += step) {
    const row = Math.floor((y * exposureRows) / height) * exposureColumns;
    for (let x = 0, from = y * width * channels; x < width; x++, from += channels) {
      const cell = row + columnOf[x]!;
      const red = data[from]!;
      const green = channels === 1 ? red : data[from + 1]!;
      const blue = channels === 1 ? red : data[from + 2]!;
      const luma = (77 * red + 150 * green + 29 * blue + 128) >> 8;
      if (red >= clippedFrom || green >= clippedFrom || blue >= clippedFrom) clipped[cell]!++;
      if (luma <= crushedTo) crushed[cell]!++;
      sums[cell]! += luma / 255;
      counts[cell]!++;
    }
  }
  const write = (values: Float64Array): string => Array.from(values, (value, cell) => writeShare(counts[cell]! > 0 ? value / counts[cell]! : 0)).join('');
  return { clipped: write(clipped), crushed: write(crushed), mean: write(sums) };
}
