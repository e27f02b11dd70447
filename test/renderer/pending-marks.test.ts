/** Marks show at once and survive whatever order the engine's answers come in. */
import { describe, expect, it } from 'vitest';
import { PendingMarks } from '../../renderer/state/pending-marks.ts';
import { PhotoTable } from '../../renderer/state/photo-table.ts';
import { columnsOf, makeRow } from './rows.ts';

function setUp(): { table: PhotoTable; marks: PendingMarks; rating(id?: number): number; flag(id?: number): number } {
  const table = new PhotoTable();
  table.merge(columnsOf([makeRow(1), makeRow(2)]));
  return {
    table,
    marks: new PendingMarks(),
    rating: (id = 1) => table.marksAt(table.indexOf.get(id)!).rating,
    flag: (id = 1) => table.marksAt(table.indexOf.get(id)!).flag,
  };
}

describe('pending marks', () => {
  it('show at once, and are taken back when refused', () => {
    const { table, marks, rating } = setUp();
    const operation = marks.begin(table, [1, 2], { rating: 4 });
    expect([rating(1), rating(2)]).toEqual([4, 4]);
    marks.refuse(table, operation);
    expect([rating(1), rating(2)]).toEqual([0, 0]);
    expect(marks.size).toBe(0);
  });

  it('stay on top of rows that were read before', () => {
    const { table, marks, rating } = setUp();
    const operation = marks.begin(table, [1], { rating: 4 });
    table.merge(columnsOf([makeRow(1)]), 5, marks.rule);
    expect(rating()).toBe(4);
    marks.confirm(table, operation, 6);
    // an answer that was under way for longer
    table.merge(columnsOf([makeRow(1)]), 5, marks.rule);
    expect(rating()).toBe(4);
    table.merge(columnsOf([makeRow(1, { rating: 2 })]), 7, marks.rule);
    expect(rating()).toBe(2);
  });

  it('leave later ones as they are when an earlier one is refused', () => {
    const { table, marks, rating, flag } = setUp();
    const first = marks.begin(table, [1], { rating: 4 });
    const second = marks.begin(table, [1], { flag: 'pick' });
    marks.refuse(table, first);
    expect([rating(), flag()]).toEqual([0, 1]);
    marks.confirm(table, second, 3);
    expect([rating(), flag()]).toEqual([0, 1]);
  });

  it('do not come back when the engine undoes them', () => {
    const { table, marks, rating } = setUp();
    marks.confirm(table, marks.begin(table, [1], { rating: 4 }), 3);
    table.merge(columnsOf([makeRow(1, { rating: 0 })]), 4, marks.rule);
    expect(rating()).toBe(0);
  });

  it('take quick changes of one photo one after the other', () => {
    const { table, marks, rating } = setUp();
    const operations = [1, 2, 3].map((stars) => marks.begin(table, [1], { rating: stars }));
    expect(rating()).toBe(3);
    marks.confirm(table, operations[0]!, 1);
    expect(rating()).toBe(3);
    table.merge(columnsOf([makeRow(1, { rating: 1 })]), 1, marks.rule);
    expect(rating()).toBe(3);
    marks.confirm(table, operations[1]!, 2);
    marks.refuse(table, operations[2]!);
    expect(rating()).toBe(2);
  });
});
