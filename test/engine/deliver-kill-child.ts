/** Exports everything in a home made by deliver-kill.test.ts, says what is done, and is killed by it in between. */
import { writeSync } from 'node:fs';
import { createExportHome } from './deliver-kit.ts';

const [root, preset, ...choices] = process.argv.slice(2) as [string, 'copy' | 'web', ...string[]];
const home = createExportHome({ root });
home.choices = choices;
const plan = await home.plan(preset);
if (!plan.ok) throw new Error(plan.error.code);
writeSync(1, 'planned\n');
const { end } = await home.run(plan.value.plan, { onItem: (done) => void writeSync(1, `${done}\n`) });
writeSync(1, `end ${JSON.stringify(end)}\n`);
await home.close();
