/** `npm run fuzz`: damaged files must end in a picture or a coded error, in time and memory. Explained in docs/fuzz.md. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeCounts } from './report.ts';
import { fuzz, judgeOne, judgeTruncations } from './run.ts';

const usage = 'usage: npm run fuzz -- [--seconds N, 60 where neither is given] [--inputs N] [--seed S] [--no-child] [--keep FOLDER] | --truncations | --only SEED';
const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    inputs: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    keep: { type: 'string', default: join(tmpdir(), 'parjanya-fuzz-findings') },
    truncations: { type: 'boolean', default: false },
    'no-child': { type: 'boolean', default: false },
  },
});
const seed = Number(values.only ?? values.seed ?? Math.floor(Math.random() * 1e9));
const [seconds, inputs] = [Number(values.seconds ?? (values.inputs === undefined ? 60 : Infinity)), Number(values.inputs ?? Infinity)];
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (isStopped = true));
const options = { seconds, inputs, seed, child: !values['no-child'], keep: values.keep, log: (line: string) => console.log(line), isStopped: () => isStopped };
if (!Number.isSafeInteger(seed) || !(seconds > 0) || !(inputs > 0)) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const counts = values.truncations ? await judgeTruncations(options) : values.only === undefined ? await fuzz(options) : await judgeOne(options);
  for (const line of describeCounts(counts)) console.log(line);
  process.exitCode = counts.findings.length > 0 ? 1 : 0;
}
