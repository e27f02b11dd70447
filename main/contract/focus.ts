/** Focus and exposure of the subject as the page sees them; see domain FocusJudgement and SubjectExposure. */
import { z } from 'zod';
import { focusStates } from '../domain/index.ts';
import { Region } from './schemas.ts';

export const Focus = z.object({
  state: z.enum(focusStates),
  /** Width of the blur on the subject and what passes as sharp, in pixels (standard deviation) of the measured picture. */
  blur: z.number().nullable(),
  limit: z.number(),
  region: Region,
  from: z.enum(['eyes', 'faces', 'af-point', 'saliency', 'sharpest', 'whole', 'none']),
  motion: z.object({ degrees: z.number().nullable(), length: z.number() }).nullable(),
  /** Where it is sharp instead, where the subject was missed. */
  sharpest: Region.nullable(),
  isShallow: z.boolean(),
  /** Size of the picture that was measured. */
  width: z.number(),
  height: z.number(),
});
export type Focus = z.infer<typeof Focus>;
