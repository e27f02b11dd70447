/**
 * Stage `sharpness`: how wide the blur is in each part of the picture with all its pixels, and whether it runs in one direction.
 *
 * The quick stage `focus` sees some 1600 pixels, in which a photo of 24 megapixels is four times smaller and nearly always sharp. This one
 * looks at the largest picture in the file, as it is stored: unturned, so that JPEG's blocks are where they are and nothing is held twice. What it
 * leaves behind is a map, from which main/domain/sharpness.ts tells what a photographer asks, for whatever subject.
 */
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { allDirections, noDegrees, turnDegrees, turnPoint, turnRegion, writeBlur, writeDegrees } from '../../domain/index.ts';
import type { Orientation, Region, SharpnessMeasure } from '../../domain/index.ts';
import { doubtOf, fitBlur, fitDirectedBlur, structureOf } from './blur.ts';
import type { DirectedBlur } from './blur.ts';
import { directionCount, measureEnergies, scaleCount } from './energies.ts';
import type { Grid, TileEnergies } from './energies.ts';
import { measureBlocking } from '../pixels/index.ts';
import { findSalient } from './saliency.ts';

/** Pictures smaller than this show too little to be judged. */
const minSide = 96;
/** Tiles along the long and the short edge, fewer where they would be smaller than this many pixels. */
const [mostColumns, mostRows, tileSide] = [24, 16, 48];
/** Gradient energy of a tile at the third scale, in (levels per pixel of that scale)², that is structure. */
const minEnergy = 2;
/** ... and this share of what the picture's strong tiles have (their 90th percentile): faint ones are not its subject. */
const minOfStrong = 0.04;
/** Rounding to 8 bits alone makes this much at the finest scale. */
const roundingEnergy = 0.1;
/** From here on the blur has a direction: how sure it is, and how much wider it is than across. */
const [minSureness, minAnisotropy] = [0.5, 1.8];
/** Noise at ISO 100 that is believed, as standard deviation in 8-bit levels; it grows with the square root of ISO (photon noise). */
const noiseAtBase = 1.2;
/** Energy of noise at the finest scale from which on a tile alone is no sure measure: it is then that of it and its neighbours. */
const noisyEnergy = 6;
/** Where the file says nothing of ISO. */
const unknownIso = 6_400;

/** The picture to be measured: luma as stored, and how it is turned to be shown. */
export interface StoredLuma {
  readonly width: number;
  readonly height: number;
  /** 8 bits a pixel, gamma-encoded, rows top to bottom. */
  readonly data: Uint8Array;
  readonly orientation: Orientation;
}

/** What the file says of the exposure. */
export interface Exposure {
  /** What looks like noise but is far above what a sensor makes at this ISO is texture. Null = unknown. */
  readonly iso: number | null;
  /** In fractions of the oriented picture. */
  readonly focusPoints: readonly Region[] | null;
}

/** Measures the blur map. Pictures that are too small to be judged have a map of `-`. Errors: preview-broken for pixels that are none. */
export function measureSharpness(luma: StoredLuma, { iso, focusPoints }: Exposure): Result<SharpnessMeasure> {
  const { width, height, orientation } = luma;
  if (width < 1 || height < 1 || luma.data.length < width * height) return fail('preview-broken', 'The decoded picture has no pixels.');
  const grid = gridOf(width, height);
  const count = grid.columns * grid.rows;
  const upright = orientation >= 5 ? { width: height, height: width, columns: grid.rows, rows: grid.columns } : { width, height, ...grid };
  if (Math.min(width, height) < minSide) return ok({ ...upright, blur: '-'.repeat(count), motion: '-'.repeat(count), noise: 0, salient: null, focusPoints });

  const energies = measureEnergies(luma, grid);
  const floors = findFloors(energies, iso);
  const sums = Array.from({ length: count }, (_, tile) => sumDirections(energies, tile));
  const structures = sums.map((sum) => structureOf(sum, floors)).sort((a, b) => a - b);
  const least = Math.max(minEnergy, minOfStrong * structures[Math.floor(0.9 * count)]!);
  const isNoisy = floors[0]! > noisyEnergy;
  const blocking = measureBlocking({ ...luma, scale: 1 });
  const windows = Array.from({ length: count }, (_, tile) => fitDirectedBlur(windowAround(energies, tile), floors, least));
  const blur = Array.from<string>({ length: count }).fill('-');
  const motion = Array.from<string>({ length: count }).fill('-');
  for (let tile = 0; tile < count; tile++) {
    const blurOf = (sums: readonly number[]): number | null => fitBlur(sums, floors, least, doubtOf(sums, floors, blocking));
    const alone = blurOf(sums[tile]!);
    const own = alone !== null && isNoisy ? blurOf(addDirections(windowAround(energies, tile))) : alone;
    const directed = windows[tile] ?? null;
    const isMoved = own !== null && directed !== null && isOneSided(directed);
    const to = uprightTile(tile, grid, orientation);
    blur[to] = writeBlur(isMoved ? Math.max(own, directed.widest) : own);
    motion[to] = isMoved ? writeDegrees(turnDegrees(directed.degrees, orientation)) : own !== null && directed !== null ? allDirections : noDegrees;
  }
  const salient = findSalient(luma);
  const noise = Math.round((Math.sqrt(floors[0]! / 2) / 255) * 1e5) / 1e5;
  return ok({ ...upright, blur: blur.join(''), motion: motion.join(''), noise, salient: salient ? turnRegion(salient, orientation) : null, focusPoints });
}

function gridOf(width: number, height: number): Grid {
  const [columns, rows] = width >= height ? [mostColumns, mostRows] : [mostRows, mostColumns];
  const tiles = (side: number, most: number): number => Math.max(1, Math.min(most, Math.round(side / tileSide)));
  return { columns: tiles(width, columns), rows: tiles(height, rows) };
}

function isOneSided({ widest, across, sureness }: DirectedBlur): boolean {
  return sureness >= minSureness && widest >= minAnisotropy * across;
}

/** Place of a stored tile in the map of the upright picture. */
function uprightTile(tile: number, { columns, rows }: Grid, orientation: Orientation): number {
  const { x, y } = turnPoint(((tile % columns) + 0.5) / columns, (Math.floor(tile / columns) + 0.5) / rows, orientation);
  const [across, down] = orientation >= 5 ? [rows, columns] : [columns, rows];
  return Math.floor(y * down) * across + Math.floor(x * across);
}

/** Energy of noise by scale, all directions together: that of the flattest twentieth of the tiles, but no more than a sensor makes. */
function findFloors(energies: TileEnergies, iso: number | null): number[] {
  const tiles = Array.from({ length: energies.grid.columns * energies.grid.rows }, (_, tile) => sumDirections(energies, tile));
  const flattest = tiles.sort((a, b) => a[1]! - b[1]!).slice(0, Math.max(1, Math.round(tiles.length / 20)));
  const believed = 2 * noiseAtBase ** 2 * Math.max(1, (iso ?? unknownIso) / 100);
  return Array.from({ length: scaleCount }, (_, scale) => {
    const measured = flattest.reduce((sum, tile) => sum + tile[scale]!, 0) / flattest.length;
    // Noise that is not quite white falls by less than 4 a scale in these units.
    return Math.max(roundingEnergy / 4 ** scale, Math.min(measured, believed / 3 ** scale));
  });
}

function sumDirections({ data }: TileEnergies, tile: number): number[] {
  return addDirections(data.subarray(tile * scaleCount * directionCount, (tile + 1) * scaleCount * directionCount));
}

/** @param energies of one tile, by scale, then direction. */
function addDirections(energies: Float64Array): number[] {
  return Array.from({ length: scaleCount }, (_, scale) => {
    let sum = 0;
    for (let direction = 0; direction < directionCount; direction++) sum += energies[scale * directionCount + direction]!;
    return sum;
  });
}

/** Mean of the tile and its neighbours: one tile alone seldom has edges in all directions. */
function windowAround({ grid, data }: TileEnergies, tile: number): Float64Array {
  const size = scaleCount * directionCount;
  const sums = new Float64Array(size);
  const [column, row] = [tile % grid.columns, Math.floor(tile / grid.columns)];
  let count = 0;
  for (let y = Math.max(0, row - 1); y <= Math.min(grid.rows - 1, row + 1); y++)
    for (let x = Math.max(0, column - 1); x <= Math.min(grid.columns - 1, column + 1); x++) {
      const from = (y * grid.columns + x) * size;
      for (let at = 0; at < size; at++) sums[at]! += data[from + at]!;
      count++;
    }
  return sums.map((sum) => sum / count);
}
