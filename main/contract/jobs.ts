/** Long work that the person can see and stop. */
import { z } from 'zod';
import { call, event } from './define.ts';
import { Job } from './schemas.ts';

export const jobs = {
  list: call({ in: z.object({}), out: z.array(Job) }),
  cancel: call({ in: z.object({ id: z.number().int().positive() }), out: z.object({}), errors: ['not-found'] }),
  /** All jobs that changed, coalesced to about ten a second. */
  changed: event(z.array(Job)),
};
