/**
 * Marks show at once and are confirmed later. Each mark made here stays on top of what the engine says until the engine has
 * answered it; a refused mark is taken off again and what the engine last said shows.
 * [Note: optimistic marks] Rows carry the revision they were read at; a row older than a confirmed mark may not undo it.
 */
import type { MarkChange } from '../../main/domain/index.ts';
import { codeOfFlag, codeOfLabel } from './photo-table.ts';
import type { MarkCodes, PhotoTable } from './photo-table.ts';

interface Operation {
  readonly ids: readonly number[];
  readonly change: MarkChange;
}

interface Base {
  marks: MarkCodes;
  rev: number;
}

export class PendingMarks {
  readonly #operations = new Map<number, Operation>();
  /** What the engine last said about photos that have an open operation. */
  readonly #base = new Map<number, Base>();
  /** Open operations per photo, oldest first. */
  readonly #open = new Map<number, number[]>();
  readonly #confirmedRev = new Map<number, number>();
  #nextOperation = 1;

  get size(): number {
    return this.#operations.size;
  }

  /** Shows `change` on `ids` at once. Returns the number by which it is confirmed or refused. */
  begin(table: PhotoTable, ids: readonly number[], change: MarkChange): number {
    const operation = this.#nextOperation++;
    this.#operations.set(operation, { ids, change });
    for (const id of ids) {
      const index = table.indexOf.get(id);
      if (index === undefined) continue;
      if (!this.#base.has(id)) this.#base.set(id, { marks: table.marksAt(index), rev: this.#confirmedRev.get(id) ?? 0 });
      const open = this.#open.get(id);
      if (open) open.push(operation);
      else this.#open.set(id, [operation]);
      table.setMarks(index, applyChange(table.marksAt(index), change));
    }
    return operation;
  }

  /** The engine has written it, at revision `rev`. */
  confirm(table: PhotoTable, operation: number, rev: number): void {
    this.#finish(table, operation, (id, base, change) => {
      if (base.rev < rev) {
        base.marks = applyChange(base.marks, change);
        base.rev = rev;
      }
      this.#confirmedRev.set(id, rev);
    });
  }

  /** The engine has refused it: what it said before shows again, under any later open marks. */
  refuse(table: PhotoTable, operation: number): void {
    this.#finish(table, operation, () => undefined);
  }

  /** What photo `id` shows when the engine sends `fromEngine` at `rev`; null = leave it as it is. */
  readonly rule = (id: number, fromEngine: MarkCodes, rev: number): MarkCodes | null => {
    if (rev < (this.#confirmedRev.get(id) ?? 0)) return null;
    const base = this.#base.get(id);
    if (!base) return fromEngine;
    base.marks = fromEngine;
    base.rev = rev;
    return this.#withOpen(id, fromEngine);
  };

  #finish(table: PhotoTable, operation: number, settle: (id: number, base: Base, change: MarkChange) => void): void {
    const entry = this.#operations.get(operation);
    if (!entry) return;
    this.#operations.delete(operation);
    for (const id of entry.ids) {
      const base = this.#base.get(id);
      if (!base) continue;
      settle(id, base, entry.change);
      const open = (this.#open.get(id) ?? []).filter((one) => one !== operation);
      if (open.length > 0) this.#open.set(id, open);
      else this.#open.delete(id);
      const index = table.indexOf.get(id);
      if (index !== undefined) table.setMarks(index, this.#withOpen(id, base.marks));
      if (open.length === 0) this.#base.delete(id);
    }
  }

  #withOpen(id: number, marks: MarkCodes): MarkCodes {
    let shown = marks;
    for (const operation of this.#open.get(id) ?? []) shown = applyChange(shown, this.#operations.get(operation)!.change);
    return shown;
  }
}

function applyChange(marks: MarkCodes, change: MarkChange): MarkCodes {
  return {
    flag: change.flag === undefined ? marks.flag : codeOfFlag(change.flag),
    rating: change.rating ?? marks.rating,
    label: change.label === undefined ? marks.label : codeOfLabel(change.label),
  };
}
