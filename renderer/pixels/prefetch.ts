/**
 * What to have decoded before it is asked for. The order matters more than the amount: the shown picture first, then the way
 * the person is going, two ahead for each one behind.
 */
import type { PictureSize } from './address.ts';

export interface Wish {
  /** Place in the list. */
  readonly position: number;
  readonly size: PictureSize;
}

export interface EyePosition {
  readonly position: number;
  readonly length: number;
  /** Where the last move went. */
  readonly direction: 1 | -1;
  readonly zoom: 'fit' | 'full';
}

const screensAhead = 4;
const screensBehind = 2;
const tilesAround = 12;

/** Wishes for the loupe, most urgent first; each place and size once, none outside the list. */
export function planLoupe({ position, length, direction, zoom }: EyePosition): Wish[] {
  const wishes: Wish[] = [];
  const add = (offset: number, size: PictureSize): void => {
    const at = position + offset * direction;
    if (at >= 0 && at < length) wishes.push({ position: at, size });
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
export function planGrid(position: number, length: number): Wish[] {
  return position >= 0 && position < length ? [{ position, size: 'screen' }] : [];
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
