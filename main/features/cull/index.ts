/** The person's decisions: one call is one step of the journal, undone and redone across restarts. */
import { ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { Catalog, StepOutcome } from '../../catalog/types.ts';
import type { HandlersOf, ParjanyaContract } from '../../contract/index.ts';
import { describeMark } from '../../domain/index.ts';
import type { ShootId } from '../../domain/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { Library, ShootSession } from '../library/index.ts';

export interface CullDeps {
  readonly catalog: Catalog;
  readonly library: Library;
  readonly clock: Clock;
}

export function createCull({ catalog, library, clock }: CullDeps): HandlersOf<ParjanyaContract>['cull'] {
  /** Takes an outcome of the journal into memory and tells pages. */
  const take = (session: ShootSession, outcome: Result<StepOutcome>): Result<{ rev: number; changed: number; text: string }> => {
    if (!outcome.ok) return outcome;
    const { text, changed, places, verdict } = outcome.value;
    session.shoot.mark(changed);
    session.tell(changed.map(({ id }) => id));
    if (places.length > 0) {
      session.shoot.place(places);
      session.assess();
    }
    if (verdict) session.judgeBy(verdict);
    return ok({ rev: session.shoot.rev, changed: changed.length + places.length + (verdict ? 1 : 0), text });
  };
  const repeat = (what: 'undo' | 'redo', shoot: ShootId): Result<{ rev: number; changed: number; text: string }> => {
    const session = library.session(shoot);
    return session.ok ? take(session.value, catalog[what](shoot)) : session;
  };
  return {
    decide({ shoot, ids, mark }) {
      const session = library.session(shoot);
      if (!session.ok) return session;
      const all = session.value.shoot.withPairs(ids);
      const changes = all.map((id) => ({ id, change: mark }));
      return take(session.value, catalog.decide(shoot, changes, describeMark(new Set(ids).size, mark), clock.now()));
    },
    undo: ({ shoot }) => repeat('undo', shoot),
    redo: ({ shoot }) => repeat('redo', shoot),
    history({ shoot, count }) {
      const session = library.session(shoot);
      return session.ok ? ok(catalog.history(shoot, count)) : session;
    },
  };
}
