/** The list on screen: table, filter, sorting and selection brought together. One function recomputes, everything else asks for it. */
import { create } from 'zustand';
import { buildList, noFilter, sortIndexes } from './filter-list.ts';
import type { Filter, PhotoList, SortBy } from './filter-list.ts';
import { PhotoTable } from './photo-table.ts';
import { keepSelection, moveTo, noSelection, placesOf, selectAll, selectOne, selectRange, toggleOne } from './selection-rules.ts';
import type { Places, Selection } from './selection-rules.ts';

interface ListState {
  readonly table: PhotoTable;
  readonly list: PhotoList;
  readonly filter: Filter;
  readonly sort: SortBy;
  /** Grows with every change of what a cell may show; cells read the table by index. */
  readonly version: number;
}

const noPhotos = new PhotoTable();
export const useList = create<ListState>(() => ({
  table: noPhotos,
  list: buildList(noPhotos, noFilter, sortIndexes(noPhotos, 'capture')),
  filter: noFilter,
  sort: 'capture',
  version: 0,
}));
export const useSelection = create<Selection>(() => noSelection);

let sorted: { table: PhotoTable | null; version: number; by: SortBy; indexes: Int32Array } = {
  table: null,
  version: -1,
  by: 'capture',
  indexes: new Int32Array(0),
};

function sortedIndexes(table: PhotoTable, by: SortBy): Int32Array {
  const same = sorted.table === table && sorted.by === by && sorted.indexes.length === table.count;
  // in the engine's own order nothing but the table itself matters
  if (same && (by.startsWith('capture') || sorted.version === table.sortVersion)) return sorted.indexes;
  sorted = { table, version: table.sortVersion, by, indexes: sortIndexes(table, by) };
  return sorted.indexes;
}

/** Filters, sorts and counts again, and keeps the selection where it makes sense. */
export function refreshList(change: Partial<Pick<ListState, 'table' | 'filter' | 'sort'>> = {}): void {
  const state = useList.getState();
  const before = placesOf(state.list, state.table);
  const table = change.table ?? state.table;
  const filter = change.filter ?? state.filter;
  const sort = change.sort ?? state.sort;
  const list = buildList(table, filter, sortedIndexes(table, sort));
  useList.setState({ table, filter, sort, list, version: state.version + 1 });
  const selection = useSelection.getState();
  const kept = keepSelection(selection, before, placesOf(list, table));
  if (kept !== selection) useSelection.setState(kept, true);
}

/** Tells the cells on screen that rows have changed, without filtering again. */
function touchList(): void {
  useList.setState((state) => ({ version: state.version + 1 }));
}

/** How long filter, order and counts may wait for what cells show already. */
const refreshAfter = 200;
let refreshTimer: ReturnType<typeof setTimeout> | null = null;

/** Cells on screen follow in the next frame; filter, order and counts a moment later, once for many changes. */
export function refreshSoon(): void {
  touchList();
  refreshTimer ??= setTimeout(() => {
    refreshTimer = null;
    refreshList();
  }, refreshAfter);
}

/** Marks of listed photos have changed. At once where that may send photos out of the filter, which a key must show. */
export function refreshMarks(): void {
  const { filter } = useList.getState();
  if (filter.flags === 0 && filter.minRating === 0 && filter.labels === 0) refreshSoon();
  else refreshList();
}

export function places(): Places {
  const { list, table } = useList.getState();
  return placesOf(list, table);
}

export function setFilter(change: Partial<Filter>): void {
  refreshList({ filter: { ...useList.getState().filter, ...change } });
}

export function clearFilter(): void {
  refreshList({ filter: noFilter });
}

export function setSort(sort: SortBy): void {
  refreshList({ sort });
}

function select(selection: Selection): void {
  useSelection.setState(selection, true);
}

export function selectPhoto(id: number, how: 'one' | 'range' | 'toggle' = 'one'): void {
  const selection = useSelection.getState();
  if (how === 'range') select(selectRange(selection, places(), id));
  else select(how === 'toggle' ? toggleOne(selection, id) : selectOne(id));
}

/** Moves the focus by `step` places. */
export function moveBy(step: number, extend = false): void {
  const here = places();
  const position = here.positionOf(useSelection.getState().focus);
  select(moveTo(useSelection.getState(), here, position < 0 ? 0 : position + step, extend));
}

export function moveToPosition(position: number, extend = false): void {
  select(moveTo(useSelection.getState(), places(), position, extend));
}

export function selectEverything(): void {
  select(selectAll(useSelection.getState(), places()));
}

export function selectOnlyFocus(): void {
  const { focus } = useSelection.getState();
  if (focus !== null) select(selectOne(focus));
}

/** Puts the focus on the first photo of the next (1) or previous (-1) group; a photo without a group is a group of its own. */
export function moveByGroup(step: 1 | -1): void {
  const { table, list } = useList.getState();
  const here = places();
  let position = here.positionOf(useSelection.getState().focus);
  if (position < 0) return moveToPosition(0);
  const groupAt = (at: number): string | number => table.group[list.order[at]!] ?? list.order[at]!;
  const start = groupAt(position);
  while (position + step >= 0 && position + step < list.order.length && groupAt(position) === start) position += step;
  if (step === -1) while (position > 0 && groupAt(position - 1) === groupAt(position)) position -= 1;
  moveToPosition(position);
}
