/** Writes into a catalog for ever and says on stdout what has been acknowledged; killed by its parent, catalog-kill.test.ts. */
import { writeSync } from 'node:fs';
import { answer, openCatalogFile } from './catalog-kit.ts';
import { batchOf, hashOfStep, marksOfStep } from './catalog-kill-steps.ts';

const [file, shootText, firstText] = process.argv.slice(2) as [string, string, string];
const shoot = Number(shootText);
const catalog = openCatalogFile(file);
const photos = catalog.photos(shoot);

// Synchronous, so that a line is out before the next step begins, and a killed process has said all that it was told.
const say = (line: string): void => void writeSync(1, `${line}\n`);

for (let step = Number(firstText); ; step++) {
  const batch = batchOf(step).map((index) => photos[index]!);
  catalog.saveResults(batch.map(({ id }) => ({ photo: id, results: [answer('phash', { hash: hashOfStep(step), usable: true, view: '' })] })));
  say(`saved ${step}`);
  const decided = catalog.decide(shoot, batch.map(({ id }) => ({ id, change: marksOfStep(step) })), `step ${step}`, step);
  if (!decided.ok) throw new Error(decided.error.code);
  say(`decided ${step}`);
  if (step % 7 === 0) {
    catalog.undo(shoot);
    say(`undone ${step}`);
    catalog.redo(shoot);
    say(`redone ${step}`);
  }
}
