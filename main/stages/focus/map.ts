/** Where in the picture it is fine and where coarse: the sharpness of one frame of a focus stack against that of the next. */
import { mapColumns, mapRows } from '../../domain/index.ts';
import { energyOf, tensorAt } from './tensors.ts';
import type { Grid, TileTensors } from './tensors.ts';

/** Gradient energy of the coarsest level, in (8-bit levels per pixel)², below which a cell has no structure: blur leaves it as it is. */
const minCoarse = 1;
const perOctave = 20;
const middle = 121;

/**
 * The `map` of a FocusMeasure. `tensors` from the finest to the coarsest level over the tiles of `grid`, `floor` the noise energy in
 * each direction by level. A cell is the mean of the tiles whose middle lies in it.
 */
export function readMap(tensors: readonly TileTensors[], grid: Grid, floor: readonly number[]): string {
  const coarsest = tensors.length - 1;
  const sums = Array.from({ length: mapColumns * mapRows }, () => ({ fine: 0, coarse: 0, tiles: 0 }));
  const energy = (level: number, tile: number): number => energyOf(tensorAt(tensors[level]!, tile)) - 2 * floor[level]!;
  for (let row = 0; row < grid.rows; row++)
    for (let column = 0; column < grid.columns; column++) {
      const tile = row * grid.columns + column;
      const cell = sums[Math.floor(((row + 0.5) * mapRows) / grid.rows) * mapColumns + Math.floor(((column + 0.5) * mapColumns) / grid.columns)]!;
      cell.fine += energy(0, tile) + energy(1, tile);
      cell.coarse += energy(coarsest, tile);
      cell.tiles++;
    }
  return sums.map(({ fine, coarse, tiles }) => (tiles === 0 || coarse / tiles < minCoarse ? '00' : hexOf(fine / coarse))).join('');
}

function hexOf(ratio: number): string {
  const value = Math.round(perOctave * Math.log2(Math.max(1e-6, ratio)) + middle);
  return Math.max(1, Math.min(255, value)).toString(16).padStart(2, '0');
}
