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

function addScale(plane: Plane, scale: number, { grid, data: energies }: TileEnergies): void {
  const { width, height, data, scale: unit } = plane;
  // Every second row of the finest scale is enough, and the even ones never lie across a block's border.
  const rowStep = scale === 0 ? 2 : 1;
  // Where the border of a block lies between a pixel and the next: behind every eighth of the picture's, every fourth of its half's.
  const border = [7, 3, 1][scale] ?? -1;
  const sums = new Float64Array(directionCount);
  for (let row = 0; row < grid.rows; row++) {
    const top = Math.ceil(Math.floor((row * height) / grid.rows) / rowStep) * rowStep;
    const bottom = Math.min(height - 1, Math.floor(((row + 1) * height) / grid.rows));
    for (let column = 0; column < grid.columns; column++) {
      const left = Math.floor((column * width) / grid.columns);
      const right = Math.min(width - 1, Math.floor(((column + 1) * width) / grid.columns));
      sums.fill(0);
      let count = 0;
      for (let y = top; y < bottom; y += rowStep) {
        if (scale > 0 && border > 0 && (y & border) === border) continue;
        let at = y * width + left;
        let upper = data[at]!;
        let lower = data[at + width]!;
        for (let x = left; x < right; x++) {
          at++;
          const nextUpper = data[at]!;
          const nextLower = data[at + width]!;
          if (border < 0 || (x & border) !== border) {
            const falling = nextLower - upper;
            const rising = nextUpper - lower;
            const across = falling + rising;
            const down = falling - rising;
            count++;
            if (across !== 0 || down !== 0) {
              const wide = across < 0 ? -across : across;
              const tall = down < 0 ? -down : down;
              const sector = tall < second * wide ? (tall < first * wide ? 0 : 1) : tall < third * wide ? 2 : tall < fourth * wide ? 3 : 4;
              const direction = sector === 0 || sector === 4 || across > 0 === down > 0 ? sector : directionCount - sector;
              sums[direction]! += across * across + down * down;
            }
          }
          upper = nextUpper;
          lower = nextLower;
        }
      }
      const divisor = 4 * unit * unit * Math.max(1, count);
      const to = (row * grid.columns + column) * perTile + scale * directionCount;
      for (let direction = 0; direction < directionCount; direction++) energies[to + direction] = sums[direction]! / divisor;
    }
  }
}
