/**
 * What to have decoded before it is asked for. The order matters more than the amount: the shown picture first, then the way
 * the person is going, two ahead for each one behind.
 */
import type { PictureSize } from './address.ts';

export interface Wish {
  /** Place in the list. */
  readonly position: number;
  readonly size: PictureSize;
  /** What is at once there in place of a picture that takes seconds. */
  readonly isStandIn?: true;
  /** Takes seconds. */
  readonly isCostly?: true;
}

/** Whether the picture of a place takes seconds. */
export type CostOf = (position: number, size: PictureSize) => boolean;

export interface EyePosition {
  readonly position: number;
  readonly length: number;
  /** Where the last move went. */
  readonly direction: 1 | -1;
  readonly zoom: 'fit' | 'full';
  readonly isCostly?: CostOf;
}

const neverCostly: CostOf = () => false;
const screensAhead = 4;
const screensBehind = 2;
const tilesAround = 12;

/** Costly pictures had ready at fit: a card of HEIF files is walked through like any other. Whole ones are made for the eye only. */
const costlyAhead = 2;
const costlyBehind = 1;

/** Wishes for the loupe, most urgent first; each place and size once, of costly ones also what stands in; none outside the list. */
export function planLoupe({ position, length, direction, zoom, isCostly = neverCostly }: EyePosition): Wish[] {
  const wishes: Wish[] = [];
  const isMadeFor = (offset: number, size: PictureSize): boolean =>
    offset === 0 ? size === (zoom === 'full' ? 'full' : 'screen') : zoom === 'fit' && offset <= costlyAhead && offset >= -costlyBehind;
  const add = (offset: number, size: PictureSize): void => {
    const at = position + offset * direction;
    if (at < 0 || at >= length) return;
    if (!isCostly(at, size)) return void wishes.push({ position: at, size });
    wishes.push({ position: at, size, isStandIn: true });
    if (isMadeFor(offset, size)) wishes.push({ position: at, size, isCostly: true });
  };
  add(0, 'grid');
  add(0, 'screen');
  if (zoom === 'full') add(0, 'full');
  let behind = 1;
  for (let ahead = 1; ahead <= screensAhead; ahead += 1) {
    add(ahead, 'screen');
    // a full picture is large: only the very next one
    if (ahead === 1 && zoom === 'full') add(1, 'full');
    if (ahead % 2 === 1 && behind <= screensBehind) add(-behind++, 'screen');
  }
  // tiles are small and make the first moment of any move
  for (let offset = 1; offset <= tilesAround; offset += 1) {
    add(offset, 'grid');
    add(-offset, 'grid');
  }
  return wishes;
}

/** In the grid: the photo under the keyboard, so that opening it is instant. */
export function planGrid(position: number, length: number, isCostly: CostOf = neverCostly): Wish[] {
  if (position < 0 || position >= length) return [];
  return [{ position, size: 'screen', ...(isCostly(position, 'screen') ? { isCostly: true } : {}) }];
}

/** In the loupe a page would be one photo. */
const leastAhead = 12;

/** Places near the visible ones, for the engine's own order of work: a page ahead of the travel, then half a page behind. */
export function nearRange(first: number, last: number, length: number, direction: 1 | -1): { from: number; to: number }[] {
  const page = Math.max(leastAhead, last - first + 1);
  const after = direction === 1 ? page : Math.ceil(page / 2);
  const before = direction === 1 ? Math.ceil(page / 2) : page;
  const ranges = [
    { from: last + 1, to: Math.min(length, last + 1 + after) },
    { from: Math.max(0, first - before), to: first },
  ].filter((range) => range.to > range.from);
  return direction === 1 ? ranges : ranges.reverse();
}
