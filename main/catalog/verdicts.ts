/** What counts how much for a shoot's suggestions. Changes of it are steps of the same journal as marks. */
import { ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';
import { isSameVerdictChoice, readVerdictChoice } from '../domain/index.ts';
import type { ShootId, VerdictChoice } from '../domain/index.ts';
import type { SqlDatabase } from '../ports/index.ts';
import { addStep } from './steps.ts';
import type { StepOutcome } from './types.ts';

/** The usual where nothing was chosen, or what is stored makes no sense. */
export function verdictChoiceOf(db: SqlDatabase, shoot: ShootId): VerdictChoice {
  return readVerdictChoice(storedChoice(db, shoot));
}

/** One step; none where it is chosen already. */
export function chooseVerdict(db: SqlDatabase, shoot: ShootId, choice: VerdictChoice, text: string, at: number): Result<StepOutcome> {
  return db.transaction(() => {
    const before = storedChoice(db, shoot);
    const known = readVerdictChoice(before);
    if (isSameVerdictChoice(known, choice) && known.genre === choice.genre) return ok({ text, changed: [], places: [], verdict: null });
    const step = addStep(db, shoot, text, at);
    const after = JSON.stringify(choice);
    db.run('INSERT INTO journal_verdicts (step_id, verdict_before, verdict_after) VALUES (?, ?, ?)', step, before, after);
    storeChoice(db, shoot, after);
    return ok({ text, changed: [], places: [], verdict: choice });
  });
}

/** Brings back what was chosen before one step or after it; null where the step changed nothing of it. */
export function walkVerdict(db: SqlDatabase, shoot: ShootId, step: number, direction: 'undo' | 'redo'): VerdictChoice | null {
  const row = db.get('SELECT verdict_before, verdict_after FROM journal_verdicts WHERE step_id = ?', step);
  if (!row) return null;
  const text = row[direction === 'undo' ? 'verdict_before' : 'verdict_after'] as string | null;
  storeChoice(db, shoot, text);
  return readVerdictChoice(text);
}

function storedChoice(db: SqlDatabase, shoot: ShootId): string | null {
  return (db.get('SELECT verdict FROM shoots WHERE id = ?', shoot)?.['verdict'] as string | null | undefined) ?? null;
}

function storeChoice(db: SqlDatabase, shoot: ShootId, text: string | null): void {
  db.run('UPDATE shoots SET verdict = ? WHERE id = ?', text, shoot);
}
