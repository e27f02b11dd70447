/** What models on other computers said of a photo. Advice: shown beside the reasons, counted by no rule. */
import { z } from 'zod';
import { faultKinds } from '../domain/index.ts';

const shared = {
  model: z.string(),
  place: z.literal('gpu'),
  ms: z.number(),
  /** That left this computer for it. */
  bytes: z.number(),
  tokens: z.object({ in: z.number(), out: z.number() }).nullable(),
  /** Milliseconds since 1970. */
  at: z.number(),
};
const region = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() });

/** See domain Description. */
export const PhotoDescription = z.object({
  subject: z.string(),
  moment: z.string(),
  expression: z.string().nullable(),
  faults: z.array(z.object({ kind: z.enum(faultKinds), severity: z.enum(['minor', 'serious']), evidence: z.string(), region: region.nullable() })),
  /** Null: cannot tell; `doubt` says in what the answer contradicts itself. */
  verdict: z.enum(['keep', 'review', 'reject']).nullable(),
  reason: z.string(),
  keywords: z.array(z.string()),
  caption: z.string(),
  doubt: z.string().nullable(),
  ...shared,
});

export const PhotoAdvice = z.object({
  /** The latest; null where none was asked for. */
  description: PhotoDescription.nullable(),
  /** With other frames of its burst, the latest first. `against`: path of the other one in this shoot; null where it is not there (any more). */
  comparisons: z.array(z.object({ against: z.string().nullable(), outcome: z.enum(['better', 'worse', 'tie']), reason: z.string(), ...shared })),
});
export type PhotoAdvice = z.infer<typeof PhotoAdvice>;
