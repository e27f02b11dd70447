/** Faces and eyes as the page sees them; see domain FaceMeasure. */
import { z } from 'zod';
import { eyeDoubts, eyeStates } from '../domain/index.ts';

const Point = z.object({ x: z.number(), y: z.number() });

export const Eye = z.object({
  state: z.enum(eyeStates),
  why: z.enum(eyeDoubts).nullable(),
  openness: z.number().nullable(),
  ratio: z.number().nullable(),
  corners: z.tuple([Point, Point]).readonly().nullable(),
  width: z.number(),
});

export const Face = z.object({
  box: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  score: z.number(),
  importance: z.number(),
  sharpness: z.number(),
  pose: z.object({ yaw: z.number(), pitch: z.number(), roll: z.number() }).nullable(),
  eyes: z.object({ left: Eye, right: Eye }),
  /** Both eyes together. */
  state: z.enum(['open', 'closed', 'one-closed', 'unknown']),
  /** False for faces that do not count for the suggestion. */
  isImportant: z.boolean(),
});
export type Face = z.infer<typeof Face>;
