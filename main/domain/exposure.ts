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
  for (const [at, weight] of weighCells(regions).entries()) {
    sums.weight += weight;
    sums.clipped += weight * (clipped[at] ?? 0);
    sums.crushed += weight * (crushed[at] ?? 0);
    sums.mean += weight * (mean[at] ?? 0);
  }
  if (sums.weight <= 0) return null;
  const of = (sum: number): number => Math.round((1e4 * sum) / sums.weight) / 1e4;
  return { clipped: of(sums.clipped), crushed: of(sums.crushed), mean: of(sums.mean) };
}

/** Area of each cell of exposure's grid, row by row, that lies in one of the regions. */
export function weighCells(regions: readonly Region[]): number[] {
  return Array.from({ length: exposureColumns * exposureRows }, (_, at) => {
    const cell = { x: (at % exposureColumns) / exposureColumns, y: Math.floor(at / exposureColumns) / exposureRows, w: 1 / exposureColumns, h: 1 / exposureRows };
    return Math.max(0, ...regions.map((region) => sharedArea(cell, region)));
  });
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
/** Black pixels below this share are usual in good photos. */
const muchBlack = 0.05;

/**
 * Whether lost highlights may be won back. `measured`: see the measure `headroom`; `unknown`: the file is RAW data, which mostly hold more than
 * the preview shows, but that was not measured or could not be; `no`: the file is the picture as it is. Null where hardly anything is lost.
 */
export function recoverableOf({ exposure, headroom }: Pick<Measures, 'exposure' | 'headroom'>, format: PhotoFormat): 'measured' | 'unknown' | 'no' | null {
  if (!exposure || exposure.clippedHigh < worthSaying) return null;
  if (!isRawData(format)) return 'no';
  return headroom ? 'measured' : 'unknown';
}

/** True where enough is clipped or black that what the RAW file holds of it may change the judgement. */
export function isWorthAsking({ clippedHigh, crushedLow }: ExposureMeasure): boolean {
  return clippedHigh >= worthSaying || crushedLow >= muchBlack;
}

const finished: ReadonlySet<PhotoFormat> = new Set(['jpeg', 'png', 'webp', 'tiff', 'avif', 'heif', 'other']);

/** Whether a file of this format holds a sensor's data, as far as its name or content tells. */
export function isRawData(format: PhotoFormat): boolean {
  return !finished.has(format);
}

function sharedArea(a: Region, b: Region): number {
  const across = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return across > 0 && down > 0 ? across * down : 0;
}
