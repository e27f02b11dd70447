/** Export: a plan is shown before it runs; the run is resumable and never overwrites a name. */
import { z } from 'zod';
import { call, stream } from './define.ts';
import { WireError } from './wire.ts';
import { GrantId, ShootId } from './schemas.ts';

export const Preset = z.enum(['copy', 'web']);
export type Preset = z.infer<typeof Preset>;

/** `keep`: the suggestion is keep and the person did not reject, or the person picked. `pick`: flagged. `rating`: at least this. */
export const Where = z.union([z.literal('keep'), z.literal('pick'), z.object({ rating: z.number().int().min(1).max(5) })]);
export type Where = z.infer<typeof Where>;

export const PlanItem = z.object({
  /** Source and target names, relative to shoot and destination. */
  from: z.string(),
  to: z.string(),
  /** `write`: will be made. `done`: already there from an earlier run, the same bytes. `renamed`: the name was taken. `problem`: cannot. */
  action: z.enum(['write', 'done', 'renamed', 'problem']),
  error: WireError.nullable(),
});

export const Plan = z.object({
  plan: z.string(),
  destination: z.string(),
  preset: Preset,
  /** Photos chosen, files to be written, their bytes (an estimate for `web`). */
  photos: z.number().int(),
  files: z.number().int(),
  bytes: z.number(),
  done: z.number().int(),
  renamed: z.number().int(),
  problems: z.number().int(),
  /** The first items, for the eye. */
  items: z.array(PlanItem),
});
export type Plan = z.infer<typeof Plan>;

export const deliver = {
  plan: call({
    in: z.object({ shoot: ShootId, preset: Preset, where: Where, destination: GrantId }),
    out: Plan,
    errors: ['not-found', 'nothing-to-do', 'destination-missing', 'destination-unwritable', 'destination-inside-shoot'],
  }),
  run: stream({
    in: z.object({ plan: z.string() }),
    item: z.object({ done: z.number(), total: z.number(), name: z.string(), error: WireError.nullable() }),
    end: z.object({ written: z.number().int(), alreadyThere: z.number().int(), failed: z.number().int() }),
    errors: ['plan-expired', 'disk-full', 'destination-unwritable'],
  }),
};
