/** How the selection answers keys, clicks and a changing list. Pure; photos by id, places by position in the list. */
import type { PhotoList } from './filter-list.ts';
import type { PhotoTable } from './photo-table.ts';

export interface Selection {
  /** The photo the keyboard is on; null only while the list is empty. */
  readonly focus: number | null;
  /** Where a range starts. */
  readonly anchor: number | null;
  readonly selected: ReadonlySet<number>;
}

export const noSelection: Selection = { focus: null, anchor: null, selected: new Set() };

/** What the rules need to know of the list. */
export interface Places {
  readonly length: number;
  idAt(position: number): number | null;
  /** -1 where the photo is not in the list. */
  positionOf(id: number | null): number;
}

export function placesOf(list: PhotoList, table: PhotoTable): Places {
  return {
    length: list.order.length,
    idAt: (position) => {
      const index = list.order[position];
      return index === undefined ? null : table.id[index]!;
    },
    positionOf: (id) => {
      const index = id === null ? undefined : table.indexOf.get(id);
      return index === undefined ? -1 : (list.position[index] ?? -1);
    },
  };
}

export function selectOne(id: number): Selection {
  return { focus: id, anchor: id, selected: new Set([id]) };
}

/** Moves the focus to `position` (held inside the list); `extend` selects from the anchor to there. */
export function moveTo(selection: Selection, places: Places, position: number, extend = false): Selection {
  if (places.length === 0) return noSelection;
  const id = places.idAt(Math.max(0, Math.min(places.length - 1, position)))!;
  if (!extend) return selectOne(id);
  return selectRange(selection, places, id);
}

/** Everything from the anchor to `id`. */
export function selectRange(selection: Selection, places: Places, id: number): Selection {
  const anchor = places.positionOf(selection.anchor) >= 0 ? selection.anchor! : (selection.focus ?? id);
  const from = places.positionOf(anchor);
  const to = places.positionOf(id);
  if (from < 0 || to < 0) return selectOne(id);
  const selected = new Set<number>();
  for (let position = Math.min(from, to); position <= Math.max(from, to); position += 1) selected.add(places.idAt(position)!);
  return { focus: id, anchor, selected };
}

/** Ctrl or Cmd and a click: in or out. The last photo cannot be taken out. */
export function toggleOne(selection: Selection, id: number): Selection {
  const selected = new Set(selection.selected);
  if (!selected.has(id)) return { focus: id, anchor: id, selected: selected.add(id) };
  if (selected.size === 1) return selection;
  selected.delete(id);
  const focus = selection.focus === id ? [...selected].at(-1)! : selection.focus;
  return { focus, anchor: focus, selected };
}

export function selectAll(selection: Selection, places: Places): Selection {
  const selected = new Set<number>();
  for (let position = 0; position < places.length; position += 1) selected.add(places.idAt(position)!);
  const focus = selection.focus ?? places.idAt(0);
  return { focus, anchor: focus, selected };
}

/**
 * What stays selected when the list has changed from `before` to `after`: photos that are still shown. Where none is, the photo
 * that has moved into the place of the focus takes over, so that a mark which sends a photo out of the filter moves on to the next.
 */
export function keepSelection(selection: Selection, before: Places, after: Places): Selection {
  if (after.length === 0) return noSelection;
  const selected = new Set([...selection.selected].filter((id) => after.positionOf(id) >= 0));
  if (selection.focus !== null && after.positionOf(selection.focus) >= 0) {
    if (selected.size === selection.selected.size) return selection;
    if (selected.size === 0) selected.add(selection.focus);
    const anchor = after.positionOf(selection.anchor) >= 0 ? selection.anchor : selection.focus;
    return { focus: selection.focus, anchor, selected };
  }
  const focus = nextSurvivor(selection.focus, before, after);
  if (!selected.has(focus)) selected.clear();
  return { focus, anchor: focus, selected: selected.add(focus) };
}

/** The first photo after the lost one that is still shown, else the last before it. */
function nextSurvivor(lost: number | null, before: Places, after: Places): number {
  const start = before.positionOf(lost);
  if (start < 0) return after.idAt(0)!;
  for (let position = start + 1; position < before.length; position += 1) {
    const id = before.idAt(position);
    if (after.positionOf(id) >= 0) return id!;
  }
  for (let position = start - 1; position >= 0; position -= 1) {
    const id = before.idAt(position);
    if (after.positionOf(id) >= 0) return id!;
  }
  return after.idAt(0)!;
}
