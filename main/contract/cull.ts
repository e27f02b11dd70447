/** The person's decisions, and undo. */
import { z } from 'zod';
import { call } from './define.ts';
import { MarkChange, PhotoIds, Rev, ShootId } from './schemas.ts';

const Done = z.object({ rev: Rev, changed: z.number().int(), text: z.string() });

export const cull = {
  /** Marks photos; both halves of a pair are marked. One call is one step of undo. */
  decide: call({ in: z.object({ shoot: ShootId, ids: PhotoIds.min(1), mark: MarkChange }), out: Done, errors: ['not-found'] }),
  undo: call({ in: z.object({ shoot: ShootId }), out: Done, errors: ['nothing-to-undo', 'not-found'] }),
  redo: call({ in: z.object({ shoot: ShootId }), out: Done, errors: ['nothing-to-undo', 'not-found'] }),
  /** The latest steps, newest first; `undone` ones can be redone. */
  history: call({
    in: z.object({ shoot: ShootId, count: z.number().int().min(1).max(200) }),
    out: z.array(z.object({ id: z.number().int(), at: z.number(), text: z.string(), undone: z.boolean() })),
    errors: ['not-found'],
  }),
};
