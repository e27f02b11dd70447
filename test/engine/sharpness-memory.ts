/** Measures one file with all its pixels as a decode child does, in a process of its own: prints what it was told and the most memory that it took. */
import { focusOf } from '../../main/domain/index.ts';
import type { SharpnessMeasure } from '../../main/domain/index.ts';
import { analyse } from '../../main/workers/analyse.ts';
import { createTools } from '../../main/workers/tools.ts';

const tools = createTools((where, error) => {
  throw new Error(`bug in ${where}`, { cause: error });
});
const outcome = await analyse({ path: process.argv[2]!, stages: ['metadata', 'preview', 'sharpness'], known: {}, thumbnail: true }, tools);
if (!outcome.ok) throw new Error(outcome.error.message);
const result = outcome.value.results.find(({ stage }) => stage === 'sharpness');
const sharpness = (result?.output ?? null) as SharpnessMeasure | null;
const state = sharpness ? focusOf({ focus: null, exposure: null, sharpness })?.state : result?.error?.code;
process.stdout.write(JSON.stringify({ state, width: sharpness?.width ?? 0, ms: result?.ms, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }));
