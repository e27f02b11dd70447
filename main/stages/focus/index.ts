/**
 * Stage `focus`: how sharp the sharpest part of the picture is.
 *
 * Method: a sharp edge loses half of its gradient energy when the picture is halved (per pixel of the halved picture it
 * has half as much as before), fine texture loses more, and a blurred edge none at all. So the ratio of the gradient
 * energies of neighbouring levels of a pyramid tells the blur, whatever the contrast: the idea of re-blurring (Crete et
 * al. 2007, "The blur effect"; Zhuo and Sim 2011, "Defocus map estimation from a single image") taken over several
 * scales. Energies are structure tensors, so that the ratio can be asked in the direction where it is worst: camera shake
 * leaves edges along its way sharp.
 *
 * What the flattest tiles have is taken for noise and subtracted everywhere. A sensor's noise differs with the brightness, and the flattest
 * tiles may be white or black, where there is none; so what would be left at a level if all of the next finer one were noise is subtracted
 * too, as in the stage `sharpness`. Edges lose the same share at every level, and their ratios stay; fine texture would lose more than what is
 * blurred, so no more is subtracted than a sensor makes at high ISO, nor, where the flattest tiles can be believed, than some times theirs.
 */
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { FocusMeasure } from '../../domain/index.ts';
import type { Pixels } from '../../ports/index.ts';
import { measureBlocking } from '../pixels/index.ts';
import { readMap } from './map.ts';
import { buildPyramid } from './pyramid.ts';
import type { Plane } from './pyramid.ts';
import { compareTensors, energyOf, subtractTensor, tensorAt, tensorsOf } from './tensors.ts';
import type { Grid, Tensor, TensorRatio, TileTensors } from './tensors.ts';

/** Share of a tile's edge structure at each octave, finest first. */
const octaveWeights = [0.4, 0.35, 0.25];
const levels = octaveWeights.length + 1;
/** Long edge, in pixels, that sharpness is stated for. */
const referenceEdge = 1_600;
/** Pictures smaller than this show too little to be judged. */
const minSide = 96;
/** Gradient energy of the halved picture, in (8-bit levels per pixel)², below which a window has no structure to judge. */
const minEnergy = 1;
/** Structure must have this many times the energy of the noise. */
const minOverNoise = 1.5;
/** ... and this share of the energy of the picture's strong windows (their 90th percentile): faint ones are not its subject. */
const minOfStrong = 0.1;
/** White noise has a sixteenth of its energy left at the next level, by area of the picture; resized and after noise reduction it is coarser. */
const noiseFall = 7;
/** Of both directions together at the finest level, in (8-bit levels per pixel)²: what a sensor makes at ISO 25,600 (deviation 12). What is above that is texture. */
const mostNoise = 1000;
/** Where the flattest tiles have noise, that of others is up to so many times theirs, in energy: it differs with the brightness. */
const noiseSpread = 8;
/** The sharpest share of the windows with structure stands for the picture: a face in a portrait need not be larger. */
const sharpShare = 0.1;

/**
 * Measures sharpness, blur direction, noise and JPEG blocking of an upright picture of at most about 1600 pixels.
 * `texture` 0 says that nothing can be told (flat or very small pictures). Errors: preview-broken for pixels that are none.
 */
export function measureFocus(pixels: Pixels): Result<FocusMeasure> {
  const { width, height } = pixels;
  if (width < 1 || height < 1 || pixels.data.length < width * height * pixels.channels) return fail('preview-broken', 'The decoded picture has no pixels.');
  const planes = buildPyramid(pixels, levels, minSide / 8);
  const whole = { x: 0, y: 0, w: 1, h: 1 };
  if (Math.min(width, height) < minSide || planes.length < levels) return ok({ sharpness: 0, texture: 0, motion: 0, noise: 0, blocking: 0, map: '', region: whole });

  const grid: Grid = { columns: tilesOf(width), rows: tilesOf(height) };
  const tensors = planes.map((plane, level) => tensorsOf(plane, grid, level === 0));
  const floor = findFloor(tensors, grid);
  const windows = readWindows(tensors, grid, floor, hasWhite(planes[0]!) ? mostNoise : Math.min(mostNoise, noiseSpread * 2 * floor[0]!));
  const judged = windows.filter((window) => window.hasStructure).sort((a, b) => b.sharpness - a.sharpness);
  const noise = noiseOf(floor);
  const blocking = measureBlocking(planes[0]!);
  const texture = judged.length / windows.length;
  const map = readMap(tensors, grid, floor);
  const best = judged[0];
  if (!best) return ok({ sharpness: 0, texture: 0, motion: 0, noise, blocking, map, region: whole });

  const sharpest = judged.slice(0, Math.max(2, Math.round(judged.length * sharpShare)));
  return ok({
    sharpness: round(mean(sharpest.map((window) => window.sharpness)) * detailOf(Math.max(width, height))),
    texture: round(texture),
    motion: round(mean(judged.map((window) => window.motion))),
    noise: round(noise),
    blocking: round(blocking),
    map,
    region: { x: best.column / grid.columns, y: best.row / grid.rows, w: 2 / grid.columns, h: 2 / grid.rows },
  });
}

/** Tiles of about 64 pixels, but enough of them for small pictures. */
function tilesOf(side: number): number {
  return Math.max(4, Math.min(28, Math.round(side / Math.max(24, Math.min(64, side / 12)))));
}

interface Window {
  readonly column: number;
  readonly row: number;
  readonly hasStructure: boolean;
  readonly sharpness: number;
  readonly motion: number;
}

/** Windows of 2 x 2 tiles, overlapping by half. `floor`: noise energy in each direction, by level. */
function readWindows(tensors: readonly TileTensors[], grid: Grid, floor: readonly number[], mostNoise: number): Window[] {
  const sumsOfWindows: { readonly column: number; readonly row: number; readonly sums: readonly Tensor[] }[] = [];
  for (let row = 0; row + 1 < grid.rows; row++)
    for (let column = 0; column + 1 < grid.columns; column++) {
      const first = row * grid.columns + column;
      const tiles = [first, first + 1, first + grid.columns, first + grid.columns + 1];
      const sums = tensors.map((level) => meanTensor(tiles.map((tile) => tensorAt(level, tile))));
      sumsOfWindows.push({ column, row, sums });
    }
  const overFloor = (sums: readonly Tensor[], level: number): number => energyOf(sums[level]!) - 2 * floor[level]!;
  const energies = sumsOfWindows.map(({ sums }) => overFloor(sums, 1) - (4 * Math.min(mostNoise, Math.max(0, overFloor(sums, 0)))) / noiseFall);
  const strong = [...energies].sort((a, b) => a - b)[Math.floor(0.9 * energies.length)]!;
  const least = Math.max(minEnergy, minOverNoise * 2 * floor[1]!, minOfStrong * strong);
  return sumsOfWindows.map(({ column, row, sums }, at) => {
    if (energies[at]! <= least) return { column, row, hasStructure: false, sharpness: 0, motion: 0 };
    const byArea = sums.map((sum, level): Tensor => lessFloor(sum, floor[level]!).map((energy) => energy / 4 ** level) as unknown as Tensor);
    /** Share of a level that may be noise. */
    const doubts = byArea.map((tensor, level) => Math.min(1, mostNoise / noiseFall ** level / energyOf(tensor)));
    const clean = byArea.map((tensor, level) => (level === 0 ? tensor : subtractTensor(tensor, byArea[level - 1]!, doubts[level - 1]! / noiseFall)));
    const ratios = octaveWeights.map((_, level) => compareTensors(clean[level]!, clean[level + 1]!));
    // At the finest level nothing can be taken off: of noise on a blurred picture the next octave shows that there is no detail.
    ratios[0] = limitRatio(compareTensors(byArea[0]!, byArea[1]!), ratios[1]!, doubts[0]!);
    let sharpness = 0;
    let best = 0;
    octaveWeights.forEach((weight, level) => {
      sharpness += weight * scoreRatio(ratios[level]!.least);
      best += weight * scoreRatio(ratios[level]!.most);
    });
    return { column, row, hasStructure: true, sharpness, motion: best > 0 ? 1 - sharpness / best : 0 };
  });
}

function lessFloor([xx, xy, yy]: Tensor, floor: number): Tensor {
  return [positive(xx - floor), xy, positive(yy - floor)];
}

function limitRatio(ratio: TensorRatio, limit: TensorRatio, doubt: number): TensorRatio {
  const limited = (own: number, most: number): number => own - doubt * Math.max(0, own - most);
  return { least: limited(ratio.least, limit.least), most: limited(ratio.most, limit.most) };
}

/**
 * 0 where halving took nothing (fully blurred), 0.75 for an ideal step edge (ratio 2), towards 1 for the finest texture:
 * beyond the step edge it is the subject that differs rather than its sharpness.
 */
function scoreRatio(ratio: number): number {
  const lost = ratio <= 1 ? 0 : 1 - 1 / ratio;
  return lost <= 0.5 ? 1.5 * lost : Math.min(1, 0.75 + 0.6 * (lost - 0.5));
}

/** Noise energy in each direction, by level: what the flattest twentieth of the tiles has. */
function findFloor(tensors: readonly TileTensors[], grid: Grid): number[] {
  const tiles = Array.from({ length: grid.columns * grid.rows }, (_, tile) => tile);
  const flatness = new Map(tiles.map((tile) => [tile, energyOf(tensorAt(tensors[1]!, tile))]));
  const flattest = tiles.sort((a, b) => flatness.get(a)! - flatness.get(b)!).slice(0, Math.max(1, Math.round(tiles.length / 20)));
  return tensors.map((level) => mean(flattest.map((tile) => energyOf(tensorAt(level, tile)))) / 2);
}

/** Share of the pixels that are white, from which on the flattest tiles may be such. (Black ones have the noise of shadows; pictures that are dark as a whole would lose their detail.) */
const whiteShare = 0.04;

function hasWhite({ data }: Plane): boolean {
  let white = 0;
  let count = 0;
  for (let at = 0; at < data.length; at += 37, count++) if (data[at]! > 251) white++;
  return white > whiteShare * count;
}

/** Standard deviation of the noise, 0..1 of full scale: what is finer in the flattest tiles than their structure explains. */
function noiseOf(floor: readonly number[]): number {
  return Math.sqrt(positive(floor[0]! - floor[1]! / 4)) / 255;
}

/** Equal ratios in a smaller picture stand for less detail of the scene; a small factor, because a small preview is not a soft photo. */
function detailOf(longEdge: number): number {
  return Math.min(1, (longEdge / referenceEdge) ** 0.12);
}

function meanTensor(tensors: readonly Tensor[]): Tensor {
  const sum = [0, 0, 0];
  for (const tensor of tensors) for (let at = 0; at < 3; at++) sum[at]! += tensor[at]! / tensors.length;
  return sum as unknown as Tensor;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function positive(value: number): number {
  return Math.max(1e-6, value);
}

function round(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
