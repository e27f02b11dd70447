/** Marks and the journal of their changes: one `decide` is one step, undone and redone in order, across restarts. */
import { fail, ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';
import type { Flag, LabelName, MarkChange, Marks, PhotoId, ShootId } from '../domain/index.ts';
import type { SqlDatabase, SqlRow } from '../ports/index.ts';
import { marksOf, sameMarks, storeMarks } from './photos.ts';
import { walkPlaces } from './places.ts';
import { addStep } from './steps.ts';
import type { StepOutcome } from './types.ts';
import { walkVerdict } from './verdicts.ts';

type Change = { readonly id: PhotoId; readonly change: MarkChange };

export function decide(db: SqlDatabase, shoot: ShootId, changes: readonly Change[], text: string, at: number): Result<StepOutcome> {
  return db.transaction(() => {
    const before = new Map<PhotoId, Marks>();
    const after = new Map<PhotoId, Marks>();
    for (const { id, change } of changes) {
      if (!before.has(id)) {
        const row = db.get('SELECT flag, rating, label FROM photos WHERE id = ? AND shoot_id = ?', id, shoot);
        if (!row) return fail('not-found', 'A photo of this step is not known here (any more).', { photoId: id });
        before.set(id, marksOf(row));
      }
      const now = after.get(id) ?? before.get(id)!;
      after.set(id, {
        flag: change.flag ?? now.flag,
        rating: change.rating ?? now.rating,
        label: change.label === undefined ? now.label : change.label,
      });
    }
    const changed = [...after].filter(([id, marks]) => !sameMarks(marks, before.get(id)!)).map(([id, marks]) => ({ id, marks }));
    if (changed.length === 0) return ok({ text, changed, places: [], verdict: null });
    const step = addStep(db, shoot, text, at);
    for (const { id, marks } of changed) {
      const was = before.get(id)!;
      db.run(
        `INSERT INTO journal_items (step_id, photo_id, flag_before, flag_after, rating_before, rating_after, label_before, label_after)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        step, id, was.flag, marks.flag, was.rating, marks.rating, was.label, marks.label,
      );
      storeMarks(db, id, marks);
    }
    return ok({ text, changed, places: [], verdict: null });
  });
}

/** Errors: nothing-to-undo. */
export function undo(db: SqlDatabase, shoot: ShootId): Result<StepOutcome> {
  return walk(db, shoot, 'SELECT id, text FROM journal WHERE shoot_id = ? AND undone = 0 ORDER BY id DESC LIMIT 1', 'undo');
}

/** Errors: nothing-to-undo. */
export function redo(db: SqlDatabase, shoot: ShootId): Result<StepOutcome> {
  return walk(db, shoot, 'SELECT id, text FROM journal WHERE shoot_id = ? AND undone = 1 ORDER BY id LIMIT 1', 'redo');
}

function walk(db: SqlDatabase, shoot: ShootId, sql: string, direction: 'undo' | 'redo'): Result<StepOutcome> {
  return db.transaction(() => {
    const step = db.get(sql, shoot);
    if (!step) return fail('nothing-to-undo', direction === 'undo' ? 'There is nothing to undo.' : 'There is nothing to redo.');
    const changed: { id: PhotoId; marks: Marks }[] = [];
    const items = db.all('SELECT i.*, p.flag, p.rating, p.label FROM journal_items i JOIN photos p ON p.id = i.photo_id WHERE i.step_id = ?', step['id']!);
    for (const item of items) {
      const now = marksOf(item);
      const marks = marksAfter(item, now, direction === 'undo' ? ['after', 'before'] : ['before', 'after']);
      if (sameMarks(now, marks)) continue;
      storeMarks(db, item['photo_id'] as number, marks);
      changed.push({ id: item['photo_id'] as number, marks });
    }
    const places = walkPlaces(db, step['id'] as number, direction);
    const verdict = walkVerdict(db, shoot, step['id'] as number, direction);
    db.run('UPDATE journal SET undone = ? WHERE id = ?', direction === 'undo' ? 1 : 0, step['id']!);
    return ok({ text: step['text'] as string, changed, places, verdict });
  });
}

/** Only what the step itself changed is set; the other marks stay as they are now. */
function marksAfter(item: SqlRow, now: Marks, [from, to]: readonly [string, string]): Marks {
  const pick = <T>(name: string, current: T): T => (item[`${name}_${from}`] === item[`${name}_${to}`] ? current : (item[`${name}_${to}`] as T));
  return { flag: pick<Flag>('flag', now.flag), rating: pick('rating', now.rating), label: pick<LabelName | null>('label', now.label) };
}
