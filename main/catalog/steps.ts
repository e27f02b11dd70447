/** The steps of the journal: one each time that the person decides something. */
import type { ShootId } from '../domain/index.ts';
import type { SqlDatabase } from '../ports/index.ts';
import type { StepInfo } from './types.ts';

/** A new step; undone ones can no longer be redone. */
export function addStep(db: SqlDatabase, shoot: ShootId, text: string, at: number): number {
  db.run('DELETE FROM journal WHERE shoot_id = ? AND undone = 1', shoot);
  return db.run('INSERT INTO journal (shoot_id, at, text) VALUES (?, ?, ?)', shoot, at, text).lastId;
}

/** Newest first. */
export function listSteps(db: SqlDatabase, shoot: ShootId, count: number): StepInfo[] {
  return db.all('SELECT id, at, text, undone FROM journal WHERE shoot_id = ? ORDER BY id DESC LIMIT ?', shoot, count).map((row) => ({
    id: row['id'] as number,
    at: row['at'] as number,
    text: row['text'] as string,
    undone: row['undone'] === 1,
  }));
}
