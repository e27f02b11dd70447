/** `npm run build` builds; `--if-stale` does so only where a source has changed since. */
import { parseArgs } from 'node:util';
import { missingSources } from './bundle.ts';
import { ensureBuilt } from './ensure.ts';

const { values } = parseArgs({ options: { 'if-stale': { type: 'boolean', default: false } } });
const missing = missingSources();
if (missing.length > 0) {
  // an unfinished checkout can still run its unit tests
  console.error(`Not built: this checkout has no ${missing.join(', no ')}.`);
  if (!values['if-stale']) process.exitCode = 1;
} else {
  const { built, seconds } = await ensureBuilt({ force: !values['if-stale'], log: (text) => console.error(text) });
  console.error(built ? `Built dist/ in ${seconds.toFixed(1)} s.` : 'dist/ is up to date.');
}
