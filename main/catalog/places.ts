/** Where the person put photos themselves, and how a shoot is grouped. Changes of places are steps of the same journal as marks. */
import { fail, ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';
import { readGrouping } from '../domain/index.ts';
import type { PhotoId, ShootGrouping, ShootId } from '../domain/index.ts';
import type { SqlDatabase } from '../ports/index.ts';
import { addStep } from './steps.ts';
import type { PlaceChange, StepOutcome } from './types.ts';

/** One step; photos that are there already are not touched. Errors: not-found (nothing is changed). */
export function storePlaces(db: SqlDatabase, shoot: ShootId, changes: readonly PlaceChange[], text: string, at: number): Result<StepOutcome> {
  return db.transaction(() => {
    const places: (PlaceChange & { readonly before: string | null })[] = [];
    for (const { id, place } of changes) {
      const row = db.get('SELECT place FROM photos WHERE id = ? AND shoot_id = ?', id, shoot);
      if (!row) return fail('not-found', 'A photo of this step is not known here (any more).', { photoId: id });
      const before = row['place'] as string | null;
      if (before !== place) places.push({ id, place, before });
    }
    if (places.length === 0) return ok({ text, changed: [], places, verdict: null });
    const step = addStep(db, shoot, text, at);
    for (const { id, place, before } of places) {
      db.run('INSERT INTO journal_places (step_id, photo_id, place_before, place_after) VALUES (?, ?, ?, ?)', step, id, before, place);
      storePlace(db, id, place);
    }
    return ok({ text, changed: [], places: places.map(({ id, place }) => ({ id, place })), verdict: null });
  });
}

/** The places of one step, brought to what they were before it or after it. */
export function walkPlaces(db: SqlDatabase, step: number, direction: 'undo' | 'redo'): PlaceChange[] {
  const column = direction === 'undo' ? 'place_before' : 'place_after';
  const changed: PlaceChange[] = [];
  for (const row of db.all(`SELECT i.photo_id, i.${column} AS place, p.place AS now FROM journal_places i JOIN photos p ON p.id = i.photo_id WHERE i.step_id = ?`, step)) {
    if (row['place'] === row['now']) continue;
    const change = { id: row['photo_id'] as PhotoId, place: row['place'] as string | null };
    storePlace(db, change.id, change.place);
    changed.push(change);
  }
  return changed;
}

export function storePlace(db: SqlDatabase, id: PhotoId, place: string | null): void {
  db.run('UPDATE photos SET place = ? WHERE id = ?', place, id);
}

/** The usual where nothing was chosen, or what is stored makes no sense. */
export function groupingOf(db: SqlDatabase, shoot: ShootId): ShootGrouping {
  return readGrouping(db.get('SELECT grouping FROM shoots WHERE id = ?', shoot)?.['grouping'] as string | null | undefined);
}

export function storeGrouping(db: SqlDatabase, shoot: ShootId, grouping: ShootGrouping): void {
  db.run('UPDATE shoots SET grouping = ? WHERE id = ?', JSON.stringify(grouping), shoot);
}
