/** Which photos the person sees, in which order, and how many each filter would show. Pure. */
import { bestCodes } from './photo-table.ts';
import type { PhotoTable } from './photo-table.ts';

export type GroupFilter = 'all' | 'grouped' | 'best' | 'single';
export type SortBy = 'capture' | 'capture-newest' | 'technical-best' | 'technical-weakest';

/** Masks have bit c set where code c is wanted; 0 = everything. Codes: see photo-table.ts. */
export interface Filter {
  readonly flags: number;
  readonly minRating: number;
  readonly labels: number;
  readonly verdicts: number;
  readonly problems: boolean;
  readonly groups: GroupFilter;
}

export const noFilter: Filter = { flags: 0, minRating: 0, labels: 0, verdicts: 0, problems: false, groups: 'all' };

export function isFiltered(filter: Filter): boolean {
  return filter.flags !== 0 || filter.minRating !== 0 || filter.labels !== 0 || filter.verdicts !== 0 || filter.problems || filter.groups !== 'all';
}

/** How many photos each choice would show with all the *other* filters as they are. */
export interface Counts {
  /** Photos there are, whatever the filter. */
  readonly photos: number;
  readonly shown: number;
  readonly flags: readonly number[];
  /** Index n: at least n stars. */
  readonly minRating: readonly number[];
  readonly labels: readonly number[];
  readonly verdicts: readonly number[];
  readonly problems: number;
  readonly groups: Readonly<Record<GroupFilter, number>>;
  /** Files that are no photos, whatever the filter. */
  readonly notPhotos: number;
  /** Photos with an error, whatever the filter. */
  readonly failed: number;
}

export interface PhotoList {
  /** Table indexes in the order shown. */
  readonly order: Int32Array;
  /** Table index -> place in `order`, -1 where it is not shown. */
  readonly position: Int32Array;
  readonly counts: Counts;
}

/** All indexes of the table in the order of `by`; photos that cannot be told come last. */
export function sortIndexes(table: PhotoTable, by: SortBy): Int32Array {
  const indexes = new Int32Array(table.count);
  for (let index = 0; index < indexes.length; index += 1) indexes[index] = index;
  // the engine lists in capture order
  if (by === 'capture') return indexes;
  if (by === 'capture-newest') return indexes.reverse();
  const { technical } = table;
  const sign = by === 'technical-best' ? -1 : 1;
  return indexes.sort((left, right) => {
    const a = technical[left]!;
    const b = technical[right]!;
    const unknownA = Number.isNaN(a);
    if (unknownA || Number.isNaN(b)) return unknownA === Number.isNaN(b) ? left - right : unknownA ? 1 : -1;
    return a === b ? left - right : sign * (a - b);
  });
}

// which facets a photo fails, as bits
const flagFails = 1;
const ratingFails = 2;
const labelFails = 4;
const verdictFails = 8;
const problemFails = 16;
const groupFails = 32;

/** One pass over the photos in `sorted` order. */
export function buildList(table: PhotoTable, filter: Filter, sorted: Int32Array): PhotoList {
  const order = new Int32Array(table.count);
  const position = new Int32Array(table.count).fill(-1);
  const flags = [0, 0, 0];
  const ratings = [0, 0, 0, 0, 0, 0];
  const labels = [0, 0, 0, 0, 0, 0];
  const verdicts = [0, 0, 0, 0];
  const groups = { all: 0, grouped: 0, best: 0, single: 0 };
  let problems = 0;
  let shown = 0;
  let photos = 0;
  let notPhotos = 0;
  let failed = 0;
  for (const index of sorted) {
    if (!table.isPhoto(index)) {
      notPhotos += 1;
      continue;
    }
    if (table.isFolded(index)) continue;
    photos += 1;
    const flag = table.flag[index]!;
    const rating = table.rating[index]!;
    const label = table.label[index]!;
    const verdict = table.verdict[index]!;
    const problem = table.error[index] !== null;
    const grouped = table.group[index] !== null;
    const best = grouped && table.best[index] !== bestCodes.other;
    if (problem) failed += 1;
    let fails = 0;
    if (filter.flags !== 0 && (filter.flags & (1 << flag)) === 0) fails |= flagFails;
    if (rating < filter.minRating) fails |= ratingFails;
    if (filter.labels !== 0 && (filter.labels & (1 << label)) === 0) fails |= labelFails;
    if (filter.verdicts !== 0 && (filter.verdicts & (1 << verdict)) === 0) fails |= verdictFails;
    if (filter.problems && !problem) fails |= problemFails;
    if (!passesGroups(filter.groups, grouped, best)) fails |= groupFails;
    if ((fails & ~flagFails) === 0) flags[flag]! += 1;
    if ((fails & ~ratingFails) === 0) for (let least = 0; least <= rating; least += 1) ratings[least]! += 1;
    if ((fails & ~labelFails) === 0) labels[label]! += 1;
    if ((fails & ~verdictFails) === 0) verdicts[verdict]! += 1;
    if ((fails & ~problemFails) === 0 && problem) problems += 1;
    if ((fails & ~groupFails) === 0) {
      groups.all += 1;
      if (grouped) groups.grouped += 1;
      else groups.single += 1;
      if (best) groups.best += 1;
    }
    if (fails === 0) {
      order[shown] = index;
      position[index] = shown;
      shown += 1;
    }
  }
  return {
    order: order.subarray(0, shown),
    position,
    counts: { photos, shown, flags, minRating: ratings, labels, verdicts, problems, groups, notPhotos, failed },
  };
}

function passesGroups(wanted: GroupFilter, grouped: boolean, best: boolean): boolean {
  if (wanted === 'all') return true;
  if (wanted === 'grouped') return grouped;
  return wanted === 'best' ? best : !grouped;
}
