/** What counts how much for the suggestions of a shoot, and learning it from the person's own decisions. */
import { z } from 'zod';
import { keepRange, presetNames, weightRange } from '../domain/index.ts';
import { call } from './define.ts';
import { Rev, ShootId, ofMeasures } from './schemas.ts';

const Share = z.number().min(0).max(1);
/** See domain VerdictChoice. */
export const VerdictChoice = z
  .object({
    genre: z.enum(presetNames),
    weights: ofMeasures(z.number().min(weightRange.from).max(weightRange.to)),
    keepAt: z.number().min(keepRange.from).max(keepRange.to),
    rejectAt: Share,
  })
  .refine(({ weights }) => Object.values(weights).some((weight) => weight > 0), 'nothing would count');
export type VerdictChoice = z.infer<typeof VerdictChoice>;

const Count = z.number().int().nonnegative();

/** What a choice suggests for the photos of a shoot, JPEG halves of pairs and files that are no photos left out. */
export const VerdictEffect = z.object({
  keep: Count,
  review: Count,
  reject: Count,
  /** Photos for which it suggests something else than what is chosen now. */
  changed: Count,
});
export type VerdictEffect = z.infer<typeof VerdictEffect>;

export const ShootWeights = z.object({
  choice: VerdictChoice,
  /** The genre whose preset this is exactly. */
  preset: z.enum(presetNames).nullable(),
  effect: VerdictEffect,
  photos: Count,
  /** Of how many photos each measure could be told. */
  known: ofMeasures(Count),
});
export type ShootWeights = z.infer<typeof ShootWeights>;

/** See domain LearnOutcome. */
export const LearnOutcome = z.discriminatedUnion('state', [
  z.object({ state: z.literal('too-few'), kept: Count, passed: Count, needed: Count }),
  z.object({
    state: z.enum(['better', 'no-better']),
    kept: Count,
    passed: Count,
    /** Decisions that the agreement was tried on. */
    decisions: Count,
    choice: VerdictChoice,
    agreement: Share,
    /** Of the preset of the same genre, on the same decisions. */
    presetAgreement: Share,
  }),
]);
export type LearnOutcome = z.infer<typeof LearnOutcome>;

export const weights = {
  settings: call({ in: z.object({ shoot: ShootId }), out: ShootWeights, errors: ['not-found'] }),
  /** The effect of a choice, without making it. */
  preview: call({ in: z.object({ shoot: ShootId, choice: VerdictChoice }), out: VerdictEffect, errors: ['not-found'] }),
  /** Makes a choice; it is kept for the shoot, as one step of undo. `isLearned`: it is what `learn` has answered, and the history says so. */
  choose: call({
    in: z.object({ shoot: ShootId, choice: VerdictChoice, isLearned: z.boolean().default(false) }),
    out: z.object({ rev: Rev, text: z.string(), settings: ShootWeights }),
    errors: ['not-found'],
  }),
  /** What the person's own decisions on this shoot say. Changes nothing: who wants it, chooses it. */
  learn: call({ in: z.object({ shoot: ShootId }), out: LearnOutcome, errors: ['not-found'] }),
};
