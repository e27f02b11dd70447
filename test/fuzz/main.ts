/** `npm run fuzz -- --seconds N [--seed S] [--no-cuts] [--no-child]`: damaged files must end in a picture or a code. Saves nothing. */
import { parseArgs } from 'node:util';
import { fuzz } from './run.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' }, 'no-cuts': { type: 'boolean', default: false }, 'no-child': { type: 'boolean', default: false } } });
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
const seconds = Number(values.seconds);
if (!Number.isSafeInteger(seed) || !(seconds > 0)) {
  console.error('usage: npm run fuzz -- --seconds N [--seed S] [--no-cuts] [--no-child]');
  process.exitCode = 2;
} else {
  const counts = await fuzz({ seconds, seed, cuts: !values['no-cuts'], child: !values['no-child'], log: (line) => console.log(line) });
  for (const line of counts.harm) console.log(`TO BE MENDED ${line}`);
  console.log(`seed ${seed}: ${counts.inputs} inputs, ${counts.pictures} pictures, ${counts.coded} coded errors, ${counts.harm.length} to be mended; slowest ${counts.slowest} ms (${counts.slowestInput}), most memory ${counts.peakMemory} MB`);
  process.exitCode = counts.harm.length > 0 ? 1 : 0;
}
