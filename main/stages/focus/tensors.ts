/** Gradient energy by tile and direction. */
import type { Plane } from './pyramid.ts';

export interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** Structure tensor [xx, xy, yy]: mean of the products of the horizontal and vertical gradient, in (8-bit levels per pixel)². */
export type Tensor = readonly [number, number, number];

/** One tensor a tile, row by row; `data` has three numbers for each. */
export interface TileTensors {
  readonly data: Float64Array;
}

/**
 * Averages the structure tensor over each tile of the grid. The gradient is that of Roberts, averaged over 2 x 2 pixels.
 * Where `skipBlocks` is set, differences across the borders of JPEG's 8 x 8 blocks are left out: those of every eighth
 * column, and (by looking at every second row only) those of every eighth row.
 */
export function tensorsOf(plane: Plane, grid: Grid, skipBlocks: boolean): TileTensors {
  const { width, height, data } = plane;
  const tensors = new Float64Array(grid.columns * grid.rows * 3);
  const rowStep = skipBlocks ? 2 : 1;
  const unit = 4 * plane.scale * plane.scale;
  for (let row = 0; row < grid.rows; row++) {
    const top = Math.ceil(Math.floor((row * height) / grid.rows) / rowStep) * rowStep;
    const bottom = Math.min(height - 1, Math.floor(((row + 1) * height) / grid.rows));
    for (let column = 0; column < grid.columns; column++) {
      const left = Math.floor((column * width) / grid.columns);
      const right = Math.min(width - 1, Math.floor(((column + 1) * width) / grid.columns));
      let xx = 0;
      let xy = 0;
      let yy = 0;
      let count = 0;
      for (let y = top; y < bottom; y += rowStep) {
        let at = y * width + left;
        let upper = data[at]!;
        let lower = data[at + width]!;
        for (let x = left; x < right; x++) {
          at++;
          const nextUpper = data[at]!;
          const nextLower = data[at + width]!;
          if (!skipBlocks || (x & 7) !== 7) {
            const falling = nextLower - upper;
            const rising = nextUpper - lower;
            const across = falling + rising;
            const down = falling - rising;
            xx += across * across;
            xy += across * down;
            yy += down * down;
            count++;
          }
          upper = nextUpper;
          lower = nextLower;
        }
      }
      const to = 3 * (row * grid.columns + column);
      const divisor = unit * Math.max(1, count);
      tensors[to] = xx / divisor;
      tensors[to + 1] = xy / divisor;
      tensors[to + 2] = yy / divisor;
    }
  }
  return { data: tensors };
}

/** The sum of both energies. */
export function energyOf(tensor: Tensor): number {
  return tensor[0] + tensor[2];
}

export function tensorAt(tensors: TileTensors, tile: number): Tensor {
  const { data } = tensors;
  return [data[3 * tile]!, data[3 * tile + 1]!, data[3 * tile + 2]!];
}

export interface TensorRatio {
  readonly least: number;
  readonly most: number;
}

/** Of what a subtraction would leave less than this share of the tensor in a direction, this share is left. */
const leastLeft = 0.02;

/** `tensor` less `share` times `other`, still with energy in all directions. */
export function subtractTensor(tensor: Tensor, other: Tensor, share: number): Tensor {
  const [xx, xy, yy] = [tensor[0] - share * other[0], tensor[1] - share * other[1], tensor[2] - share * other[2]];
  const half = Math.hypot((xx - yy) / 2, xy);
  const least = (leastLeft * energyOf(tensor)) / 2;
  const [low, high] = [Math.max(least, (xx + yy) / 2 - half), Math.max(least, (xx + yy) / 2 + half)];
  const [middle, narrowed] = [(low + high) / 2, half > 0 ? (high - low) / 2 / half : 0];
  return [middle + (narrowed * (xx - yy)) / 2, narrowed * xy, middle - (narrowed * (xx - yy)) / 2];
}

/**
 * How much more energy the fine tensor has than the coarse one, in the direction where it is least and where it is most:
 * the generalised eigenvalues of the pair. A share of the mean is mixed in, so that a direction in which there is hardly
 * any structure cannot speak for the picture.
 */
export function compareTensors(fine: Tensor, coarse: Tensor): TensorRatio {
  const mean = energyOf(fine) / energyOf(coarse);
  const share = 0.15 * energyOf(coarse);
  const [axx, axy, ayy] = [fine[0] + mean * share, fine[1], fine[2] + mean * share];
  const [bxx, bxy, byy] = [coarse[0] + share, coarse[1], coarse[2] + share];
  const determinant = bxx * byy - bxy * bxy;
  const half = (axx * byy - 2 * axy * bxy + ayy * bxx) / determinant / 2;
  const spread = Math.sqrt(Math.max(0, half * half - (axx * ayy - axy * axy) / determinant));
  return { least: half - spread, most: half + spread };
}
