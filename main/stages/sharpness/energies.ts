/** Gradient energy of each tile, by scale and by direction. */
import { createPlaneBuffers, halvePlane } from '../pixels/index.ts';
import type { Plane } from '../pixels/index.ts';

export interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** Scales that are looked at: 1, 2, 4, 8 and 16 pixels wide. Four halvings of 8 bits fit the 16 of a plane. */
export const scaleCount = 5;
/** Directions of the gradient, 22.5 degrees apart: the middle of number i lies at i * 22.5 degrees, counted from right towards down. */
export const directionCount = 8;
const perTile = scaleCount * directionCount;

/** Mean gradient energy, in (8-bit levels per pixel of the scale)², of tile t at scale s in direction d: `data[(t * scaleCount + s) * directionCount + d]`. */
export interface TileEnergies {
  readonly grid: Grid;
  readonly data: Float64Array;
}

/**
 * Adds up the squared gradient (Roberts, averaged over 2 x 2 pixels) over each tile of the grid at five scales. The finest is the
 * picture itself: only halves of it are made, so that 45 megapixels take 30 MB beside their own 45. Differences across the borders of JPEG's 8 x 8
 * blocks are left out at the three finest scales.
 * @param luma 8 bits a pixel, as stored (not turned), so that JPEG's blocks begin at its corner.
 */
export function measureEnergies(luma: { readonly width: number; readonly height: number; readonly data: Uint8Array }, grid: Grid): TileEnergies {
  const energies = { grid, data: new Float64Array(grid.columns * grid.rows * perTile) };
  let plane: Plane = { width: luma.width, height: luma.height, scale: 1, data: luma.data };
  for (let scale = 0; scale < scaleCount; scale++) {
    if (scale > 0) plane = halvePlane(plane, scale, buffers);
    addScale(plane, scale, energies);
  }
  return energies;
}

/** Planes above this many pixels are not kept for the next picture. */
const buffers = createPlaneBuffers(16_000_000);

/** Tangents of 11.25, 33.75, 56.25 and 78.75 degrees: between the directions. */
const [first, second, third, fourth] = [11.25, 33.75, 56.25, 78.75].map((degrees) => Math.tan((degrees * Math.PI) / 180)) as [number, number, number, number];

/** Two rows of the plane that is gone through: the inner loop then knows one type of array, whatever the plane's. */
let rowPair: readonly [Int32Array, Int32Array] = [new Int32Array(0), new Int32Array(0)];

function addScale(plane: Plane, scale: number, { grid, data: energies }: TileEnergies): void {
  const { width, height, data, scale: unit } = plane;
  // Every second row of the finest scale is enough, and the even ones never lie across a block's border.
  const rowStep = scale === 0 ? 2 : 1;
  // Where the border of a block lies between a pixel and the next: behind every eighth of the picture's, every fourth of its half's.
  const border = [7, 3, 1][scale] ?? -1;
  if (rowPair[0].length < width) rowPair = [new Int32Array(width), new Int32Array(width)];
  let [upper, lower] = rowPair;
  let inLower = -1;
  const lefts = Array.from({ length: grid.columns + 1 }, (_, column) => Math.floor((column * width) / grid.columns));
  const rights = lefts.slice(1).map((right) => Math.min(width - 1, right));
  const sums = new Float64Array(grid.columns * directionCount);
  for (let row = 0; row < grid.rows; row++) {
    const top = Math.ceil(Math.floor((row * height) / grid.rows) / rowStep) * rowStep;
    const bottom = Math.min(height - 1, Math.floor(((row + 1) * height) / grid.rows));
    sums.fill(0);
    let counted = 0;
    for (let y = top; y < bottom; y += rowStep) {
      if (scale > 0 && border > 0 && (y & border) === border) continue;
      if (inLower === y) [upper, lower] = [lower, upper];
      else upper.set(data.subarray(y * width, (y + 1) * width));
      lower.set(data.subarray((y + 1) * width, (y + 2) * width));
      inLower = y + 1;
      counted++;
      for (let column = 0; column < grid.columns; column++) addRow(upper, lower, lefts[column]!, rights[column]!, border, sums, column * directionCount);
    }
    for (let column = 0; column < grid.columns; column++) {
      const divisor = 4 * unit * unit * Math.max(1, counted * countAcross(lefts[column]!, rights[column]!, border));
      const to = (row * grid.columns + column) * perTile + scale * directionCount;
      for (let direction = 0; direction < directionCount; direction++) energies[to + direction] = sums[column * directionCount + direction]! / divisor;
    }
  }
}

/** Pixels from `left` to before `right` that do not lie before a block's border. */
function countAcross(left: number, right: number, border: number): number {
  let count = 0;
  for (let x = left; x < right; x++) if (border < 0 || (x & border) !== border) count++;
  return count;
}

/**
 * Adds the squared gradients between two rows to the sums of their directions from `to` on. The direction is found by counting: branches on it
 * cannot be foreseen by the processor, and cost more than all else here.
 */
function addRow(upper: Int32Array, lower: Int32Array, left: number, right: number, border: number, sums: Float64Array, to: number): void {
  for (let x = left; x < right; x++) {
    const end = border < 0 ? right : Math.min(right, x | border);
    for (; x < end; x++) {
      const falling = (lower[x + 1]! - upper[x]!) | 0;
      const rising = (upper[x + 1]! - lower[x]!) | 0;
      const across = (falling + rising) | 0;
      const down = (falling - rising) | 0;
      const wide = Math.abs(across);
      const tall = Math.abs(down);
      const sector = Number(tall >= first * wide) + Number(tall >= second * wide) + Number(tall >= third * wide) + Number(tall >= fourth * wide);
      // Those that rise to the left lie on the other side of the vertical: 8 - sector, the first of which is the first again.
      const direction = (sector + ((directionCount - 2 * sector) & ((across ^ down) >> 31))) & (directionCount - 1);
      sums[to + direction]! += across * across + down * down;
    }
  }
}
