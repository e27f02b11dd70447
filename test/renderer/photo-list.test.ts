/** Table, filter, sorting, counts and selection: what the person sees of a shoot. */
import { describe, expect, it } from 'vitest';
import { PhotoColumns } from '../../main/contract/index.ts';
import { toggleMask, toggleStars } from '../../renderer/filter/filter-bar.tsx';
import { listFiles } from '../../renderer/frame/files-dialog.tsx';
import { buildList, isFiltered, noFilter, sortIndexes } from '../../renderer/state/filter-list.ts';
import type { Filter, PhotoList } from '../../renderer/state/filter-list.ts';
import { PhotoTable, labelCodes, noExistingRating } from '../../renderer/state/photo-table.ts';
import { keepSelection, moveTo, noSelection, placesOf, selectAll, selectOne, selectRange, toggleOne } from '../../renderer/state/selection-rules.ts';
import { columnsOf, makeRow } from './rows.ts';
import type { Row } from './rows.ts';

function tableOf(rows: readonly Row[]): PhotoTable {
  const table = new PhotoTable();
  table.merge(PhotoColumns.parse(columnsOf(rows)));
  return table;
}
const listOf = (table: PhotoTable, filter: Partial<Filter> = {}): PhotoList => buildList(table, { ...noFilter, ...filter }, sortIndexes(table, 'capture'));
const idsOf = (table: PhotoTable, list: PhotoList): number[] => [...list.order].map((index) => table.id[index]!);

describe('the table of photos', () => {
  it('takes new rows and changes known ones in place', () => {
    const table = tableOf([makeRow(7), makeRow(9)]);
    expect(table.merge(columnsOf([makeRow(9, { rating: 4, label: 'Blue' }), makeRow(11)]))).toBe(1);
    expect([...table.id.subarray(0, table.count)]).toEqual([7, 9, 11]);
    expect(table.marksAt(1)).toEqual({ flag: 0, rating: 4, label: 4 });
  });

  it('keeps marks of other programs apart from those of the person', () => {
    const table = tableOf([makeRow(1, { existingRating: 3, existingLabel: 'green' }), makeRow(2, { existingRating: -1, existingLabel: 'Select' }), makeRow(3, { rating: 2 })]);
    expect([...table.existingRating.subarray(0, 3)]).toEqual([3, -1, noExistingRating]);
    expect([...table.existingLabel.subarray(0, 3)].map((code) => labelCodes[code])).toEqual(['Green', null, null]);
    expect(table.marksAt(0)).toEqual({ flag: 0, rating: 0, label: 0 });
    expect(table.reordered([2, 1]).existingRating.subarray(0, 2)).toEqual(new Int8Array([-1, 3]));
    expect(idsOf(table, listOf(table, { minRating: 1 })), 'a filter counts only the marks of the person').toEqual([3]);
  });

  it('grows past its first room without losing a column', () => {
    const rows = Array.from({ length: 1000 }, (_, at) => makeRow(at + 1, { rating: at % 6, technical: (at % 100) / 100 }));
    const table = new PhotoTable();
    for (let start = 0; start < rows.length; start += 130) table.merge(columnsOf(rows.slice(start, start + 130)));
    expect(table.count).toBe(1000);
    expect(table.rating[999]).toBe(999 % 6);
    expect(table.technical[999]).toBeCloseTo(0.99);
    expect(table.indexOf.get(613)).toBe(612);
  });

  it('is put into the order of a list, without those that have gone', () => {
    const table = tableOf([makeRow(1, { rating: 1 }), makeRow(2, { rating: 2 }), makeRow(3, { rating: 3, group: 'g' })]);
    expect(table.isOrdered([1, 2, 3])).toBe(true);
    const next = table.reordered([3, 99, 1, 3]);
    expect([...next.id.subarray(0, next.count)]).toEqual([3, 1]);
    expect(next.rating[0]).toBe(3);
    expect(next.membersOf('g')).toEqual([0]);
    expect(table.isOrdered([3, 1])).toBe(false);
  });

  it('folds the JPEG of a pair away, but never a photo whose other half is unknown', () => {
    const pair = tableOf([makeRow(1, { pair: 2 }), makeRow(2, { pair: 1, format: 'jpeg' }), makeRow(3, { pair: 77, format: 'jpeg' })]);
    expect([0, 1, 2].map((index) => pair.isFolded(index))).toEqual([false, true, false]);
    const heif = tableOf([makeRow(1, { pair: 2, format: 'cr3' }), makeRow(2, { pair: 1, format: 'heif' })]);
    expect([0, 1].map((index) => heif.isFolded(index))).toEqual([false, true]);
  });

  it('knows the members of a group, and forgets those that leave it', () => {
    const table = tableOf([makeRow(1, { group: 'a' }), makeRow(2, { group: 'a' }), makeRow(3)]);
    expect(table.membersOf('a')).toEqual([0, 1]);
    table.merge(columnsOf([makeRow(2)]));
    expect(table.membersOf('a')).toEqual([0]);
    expect(table.membersOf('none')).toEqual([]);
  });
});

describe('the filter', () => {
  const rows = [
    makeRow(1, { flag: 'pick', rating: 5 }),
    makeRow(2, { flag: 'reject', verdict: 'reject', rating: 1 }),
    makeRow(3, { label: 'Red', group: 'g', best: true, verdict: 'review' }),
    makeRow(4, { group: 'g', rating: 3 }),
    makeRow(5, { error: 'truncated', verdict: 'review' }),
    makeRow(6, { state: 'not-a-photo', format: 'other', error: 'not-a-photo', verdict: null }),
    makeRow(7, { pair: 8 }),
    makeRow(8, { pair: 7, format: 'jpeg', rating: 5 }),
  ];
  const table = tableOf(rows);

  it('shows photos only, pairs once', () => {
    const list = listOf(table);
    expect(idsOf(table, list)).toEqual([1, 2, 3, 4, 5, 7]);
    expect(list.counts).toMatchObject({ photos: 6, shown: 6, notPhotos: 1, failed: 1 });
    expect(list.position[table.indexOf.get(8)!]).toBe(-1);
  });

  it.each<[string, Partial<Filter>, number[]]>([
    ['picked', { flags: 0b010 }, [1]],
    ['picked or unflagged', { flags: 0b011 }, [1, 3, 4, 5, 7]],
    ['three stars and more', { minRating: 3 }, [1, 4]],
    ['red', { labels: 0b10 }, [3]],
    ['suggested for review', { verdicts: 0b100 }, [3, 5]],
    ['with a problem', { problems: true }, [5]],
    ['in a group', { groups: 'grouped' }, [3, 4]],
    ['best of their group', { groups: 'best' }, [3]],
    ['in no group', { groups: 'single' }, [1, 2, 5, 7]],
    ['both at once', { minRating: 1, groups: 'single' }, [1, 2]],
  ])('shows those %s', (_name, filter, expected) => {
    expect(idsOf(table, listOf(table, filter))).toEqual(expected);
    expect(isFiltered({ ...noFilter, ...filter })).toBe(true);
  });

  it('hides no frame of a set that is kept whole behind another', () => {
    const bracket = (id: number): Row => makeRow(id, { group: 'b', kind: 'bracket' });
    const sets = tableOf([bracket(1), bracket(2), bracket(3), makeRow(4, { group: 'g', kind: 'burst', best: true }), makeRow(5, { group: 'g', kind: 'burst' })]);
    expect(idsOf(sets, listOf(sets, { groups: 'best' }))).toEqual([1, 2, 3, 4]);
  });

  it('says for each choice how many it would show', () => {
    const base: Partial<Filter> = { groups: 'single' };
    const { counts } = listOf(table, base);
    for (let code = 0; code < 3; code += 1) expect(listOf(table, { ...base, flags: 1 << code }).order.length).toBe(counts.flags[code]);
    for (let stars = 1; stars <= 5; stars += 1) expect(listOf(table, { ...base, minRating: stars }).order.length).toBe(counts.minRating[stars]);
    for (let code = 1; code <= 3; code += 1) expect(listOf(table, { ...base, verdicts: 1 << code }).order.length).toBe(counts.verdicts[code]);
    for (const groups of ['all', 'grouped', 'best', 'single'] as const) expect(listOf(table, { groups }).order.length).toBe(counts.groups[groups]);
  });

  it('is switched by chips: each press in or out', () => {
    expect(toggleMask(noFilter, 'flags', 1)).toEqual({ flags: 2 });
    expect(toggleMask({ ...noFilter, flags: 2 }, 'flags', 1)).toEqual({ flags: 0 });
    expect(toggleStars(noFilter, 4)).toEqual({ minRating: 4 });
    expect(toggleStars({ ...noFilter, minRating: 4 }, 4)).toEqual({ minRating: 0 });
  });

  it('leaves what is no photo, or broken, to the list of files', () => {
    const { broken, others } = listFiles(table);
    expect(broken.map((index) => table.id[index])).toEqual([5]);
    expect(others.map((index) => table.id[index])).toEqual([6]);
  });
});

describe('sorting', () => {
  const table = tableOf([makeRow(1, { technical: 0.2 }), makeRow(2, { technical: null }), makeRow(3, { technical: 0.9 }), makeRow(4, { technical: 0.2 })]);
  it.each([
    ['capture', [1, 2, 3, 4]],
    ['capture-newest', [4, 3, 2, 1]],
    ['technical-best', [3, 1, 4, 2]],
    ['technical-weakest', [1, 4, 3, 2]],
  ] as const)('by %s; what cannot be told comes last', (by, expected) => {
    expect([...sortIndexes(table, by)].map((index) => table.id[index])).toEqual(expected);
  });
});

describe('the selection', () => {
  const table = tableOf([1, 2, 3, 4, 5].map((id) => makeRow(id, id === 3 ? { flag: 'reject' } : {})));
  const all = placesOf(listOf(table), table);

  it('moves, stays inside, and extends from its anchor', () => {
    const start = selectOne(2);
    expect(moveTo(start, all, 2).focus).toBe(3);
    expect(moveTo(start, all, -5).focus).toBe(1);
    expect(moveTo(start, all, 99).focus).toBe(5);
    const extended = moveTo(start, all, 3, true);
    expect([...extended.selected]).toEqual([2, 3, 4]);
    // back over the anchor to the other side
    expect([...moveTo(extended, all, 0, true).selected]).toEqual([1, 2]);
    expect([...selectRange(selectOne(5), all, 3).selected]).toEqual([3, 4, 5]);
  });

  it('takes photos in and out, but never the last one', () => {
    const two = toggleOne(selectOne(1), 4);
    expect([...two.selected]).toEqual([1, 4]);
    const one = toggleOne(two, 4);
    expect(one).toMatchObject({ focus: 1 });
    expect(toggleOne(one, 1)).toBe(one);
    expect([...selectAll(noSelection, all).selected]).toEqual([1, 2, 3, 4, 5]);
  });

  it('moves on to the next photo when a mark sends its photo out of the filter', () => {
    const without3 = placesOf(listOf(table, { flags: 0b001 }), table);
    expect(keepSelection(selectOne(3), all, without3).focus).toBe(4);
    const without5 = placesOf(listOf(tableOf([1, 2].map((id) => makeRow(id)))), table);
    expect(keepSelection(selectOne(5), all, without5).focus).toBe(2);
    expect(keepSelection(selectOne(5), all, placesOf(listOf(new PhotoTable()), table))).toBe(noSelection);
  });

  it('keeps what is still shown', () => {
    const without3 = placesOf(listOf(table, { flags: 0b001 }), table);
    const kept = keepSelection(moveTo(selectOne(2), all, 3, true), all, without3);
    expect(kept.focus).toBe(4);
    expect([...kept.selected].sort()).toEqual([2, 4]);
    const same = selectOne(2);
    expect(keepSelection(same, all, without3)).toBe(same);
  });
});
