/** Exposure on a part of the picture, from the small map that stage `exposure` leaves behind, and what may be won back. */
import type { ExposureMeasure, Measures, PhotoFormat } from './photo.ts';
import type { Region } from './region.ts';
import { subjectsOf } from './focus.ts';
import type { SubjectSource } from './focus.ts';
import { readShares } from './sharpness-map.ts';

/** The grid of ExposureMeasure's maps. */
export const exposureColumns = 12;
export const exposureRows = 8;

export interface RegionExposure {
  /** Share of its pixels with a channel that has no detail left, and share that is black. */
  readonly clipped: number;
  readonly crushed: number;
  /** Mean luma, 0..1, gamma-encoded. */
  readonly mean: number;
}

export interface SubjectExposure extends RegionExposure {
  readonly from: SubjectSource;
  readonly region: Region;
}

/** Mean over the cells that lie in the regions, by the share of each that does. Null where the measure has no map or the regions no area. */
export function exposureOn({ map }: ExposureMeasure, regions: readonly Region[]): RegionExposure | null {
  if (!map) return null;
  const [clipped, crushed, mean] = [map.clipped, map.crushed, map.mean].map(readShares) as [number[], number[], number[]];
  const sums = { weight: 0, clipped: 0, crushed: 0, mean: 0 };
  for (let row = 0; row < exposureRows; row++)
    for (let column = 0; column < exposureColumns; column++) {
      const cell = { x: column / exposureColumns, y: row / exposureRows, w: 1 / exposureColumns, h: 1 / exposureRows };
      const weight = Math.max(0, ...regions.map((region) => sharedArea(cell, region)));
      const at = row * exposureColumns + column;
      sums.weight += weight;
      sums.clipped += weight * (clipped[at] ?? 0);
      sums.crushed += weight * (crushed[at] ?? 0);
      sums.mean += weight * (mean[at] ?? 0);
    }
  if (sums.weight <= 0) return null;
  const of = (sum: number): number => Math.round((1e4 * sum) / sums.weight) / 1e4;
  return { clipped: of(sums.clipped), crushed: of(sums.crushed), mean: of(sums.mean) };
}

/** Exposure on the subject, where somebody knows it (face, focus point); null otherwise. */
export function subjectExposureOf(measures: Measures): SubjectExposure | null {
  // A whole face, not its eyes: pupils are black.
  const subject = subjectsOf(measures).find(({ from }) => from !== 'eyes');
  const found = subject && measures.exposure ? exposureOn(measures.exposure, subject.regions) : null;
  return found && subject ? { ...found, from: subject.from, region: subject.regions[0]! } : null;
}

/** Clipped pixels, as a share of the picture, from which on it is worth saying whether they may be won back. */
const worthSaying = 0.005;

/**
 * Whether lost highlights may be won back. `unknown`: the file is RAW data, which mostly hold more than the preview shows, but that was not
 * measured; `no`: the file is the picture as it is. Null where hardly anything is lost.
 */
export function recoverableOf(exposure: ExposureMeasure, format: PhotoFormat): 'unknown' | 'no' | null {
  if (exposure.clippedHigh < worthSaying) return null;
  return isRawData(format) ? 'unknown' : 'no';
}

const finished: ReadonlySet<PhotoFormat> = new Set(['jpeg', 'png', 'webp', 'tiff', 'avif', 'heif', 'other']);

function isRawData(format: PhotoFormat): boolean {
  return !finished.has(format);
}

function sharedArea(a: Region, b: Region): number {
  const across = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return across > 0 && down > 0 ? across * down : 0;
}
