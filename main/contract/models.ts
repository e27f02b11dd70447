/** What this computer has and can: model files, and whether each part works here as it should. */
import { z } from 'zod';
import { call } from './define.ts';
import { WireError } from './wire.ts';
import { modelIds, selfTestIds, selfTestOutcomes } from '../domain/index.ts';

export const ModelInfo = z.object({
  model: z.enum(modelIds),
  title: z.string(),
  version: z.string(),
  /** What needs it. */
  stage: z.string(),
  bytes: z.number().nullable(),
  licence: z.string(),
  state: z.enum(['present', 'missing', 'wrong']),
  /** What helps, where it is not there. */
  error: WireError.nullable(),
});
export type ModelInfo = z.infer<typeof ModelInfo>;

export const SelfTestInfo = z.object({
  test: z.enum(selfTestIds),
  outcome: z.enum(selfTestOutcomes),
  message: z.string().nullable(),
  ms: z.number().nullable(),
  /** When it was run, in milliseconds since 1970. */
  at: z.number(),
});
export type SelfTestInfo = z.infer<typeof SelfTestInfo>;

/** Two opposite sentences that pictures are held against. */
export const PromptInfo = z.object({ id: z.string(), title: z.string(), positive: z.string(), negative: z.string(), use: z.string() });

export const models = {
  list: call({ in: z.object({}), out: z.array(ModelInfo) }),
  /** The sentences behind impressions, and why there are no impressions here, if so. `make`: embeds them first, by the text tower. */
  prompts: call({
    in: z.object({ make: z.boolean().default(false) }),
    out: z.object({ off: WireError.nullable(), pairs: z.array(PromptInfo) }),
    errors: ['model-missing', 'model-wrong', 'native-missing', 'infer-failed', 'timeout', 'worker-crashed', 'disk-full', 'destination-unwritable'],
  }),
  /** Results of self-tests. `run`: those that have none here yet (default), all of them again, or none: only what is known. */
  checks: call({ in: z.object({ run: z.enum(['new', 'all', 'none']).default('new') }), out: z.array(SelfTestInfo) }),
};
