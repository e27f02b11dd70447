/** How a shoot's photos are grouped: the person's choice, their own groups, and why two photos are together. */
import { z } from 'zod';
import { groupKinds, joinRules, likenessRange, mostShiftMs, presetNames, windowRange } from '../domain/index.ts';
import { call } from './define.ts';
import { PhotoId, PhotoIds, Rev, ShootId } from './schemas.ts';

/** The two sliders; see domain GroupChoice. */
export const GroupChoice = z.object({
  window: z.number().min(windowRange.from).max(windowRange.to),
  likeness: z.number().int().min(likenessRange.from).max(likenessRange.to),
});
export type GroupChoice = z.infer<typeof GroupChoice>;

/** What a choice makes of a shoot. */
export const GroupEffect = z.object({
  groups: z.number().int(),
  /** Photos that are in a group. */
  photos: z.number().int(),
  kinds: z.partialRecord(z.enum(groupKinds), z.number().int()),
  largest: z.number().int(),
});
export type GroupEffect = z.infer<typeof GroupEffect>;

export const ShootGroups = z.object({
  choice: GroupChoice,
  preset: z.enum(presetNames).nullable(),
  effect: GroupEffect,
  /** Cameras of the shoot, most photos first: what is added to their clocks, and what their look-alike photos suggest. */
  cameras: z.array(z.object({ camera: z.string(), photos: z.number().int(), shiftMs: z.number(), suggestedMs: z.number().nullable(), pairs: z.number().int() })),
  /** Photos that the person put somewhere themselves. */
  placed: z.number().int(),
});
export type ShootGroups = z.infer<typeof ShootGroups>;

/** Why two photos of one group are in it; see domain PairReason. */
export const PairReason = z.object({
  rule: z.enum(joinRules),
  text: z.string(),
  bits: z.number().int().nullable(),
  gapMs: z.number().nullable(),
  position: z.string().nullable(),
});
export type PairReason = z.infer<typeof PairReason>;

export const groups = {
  settings: call({ in: z.object({ shoot: ShootId }), out: ShootGroups, errors: ['not-found'] }),
  /** The effect of a choice, without making it. */
  preview: call({ in: z.object({ shoot: ShootId, choice: GroupChoice }), out: GroupEffect, errors: ['not-found'] }),
  /** Makes a choice; it is kept for the shoot. Cameras that are not named keep their clocks. */
  choose: call({
    in: z.object({ shoot: ShootId, choice: GroupChoice, shifts: z.record(z.string(), z.number().min(-mostShiftMs).max(mostShiftMs)).optional() }),
    out: ShootGroups,
    errors: ['not-found'],
  }),
  /**
   * Puts photos somewhere themselves, whatever the rules say: `alone` (not a duplicate of anything), `together` (one group of their own),
   * `with` another photo's group, or back to the `rules`. One call is one step of undo. JPEG halves follow their RAW.
   */
  place: call({
    in: z.object({ shoot: ShootId, ids: PhotoIds.min(1), target: z.enum(['alone', 'together', 'with', 'rules']), with: PhotoId.optional() }),
    out: z.object({ rev: Rev, changed: z.number().int(), text: z.string() }),
    errors: ['not-found', 'bad-input'],
  }),
  /** Why two photos of one group are in it. Errors: not-found, also where they are in no group together. */
  explain: call({
    in: z.object({ shoot: ShootId, a: PhotoId, b: PhotoId }),
    out: PairReason,
    errors: ['not-found'],
  }),
};
