/** `npm run accuracy [-- --hashes | --eyes]`: prints how well scores, eyes and groups, or hashes, agree with the labelled photos in ../shared/photos. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../../main/domain/index.ts';
import { modelsFolder, photosFolder } from '../config/needs.ts';
import { describeEyes, reportEyes } from './eyes.ts';
import { printHashTables } from './hash-tables.ts';
import { printQualityTables } from './quality-table.ts';
import { reportGroups, reportQuality } from './report.ts';

if (!existsSync(join(photosFolder, 'manifest.json'))) {
  console.log('skipped: the shared photos (../shared/photos) are not here');
  process.exit(0);
}

if (process.argv.includes('--hashes')) {
  await printHashTables(photosFolder);
  process.exit(0);
}

const eyes = existsSync(modelsFolder) ? describeEyes(await reportEyes(modelsFolder, photosFolder)) : 'Eyes: skipped, the shared models (../shared/models) are not here';
if (process.argv.includes('--eyes')) {
  console.log(eyes);
  process.exit(0);
}

const quality = await reportQuality(photosFolder);
console.log('Technical quality: the better photo of a pair has the higher score');
for (const { set, right, total } of quality.sets) console.log(`  ${set.padEnd(22)} ${right} of ${total}`);
const sum = (pick: 'right' | 'total'): number => quality.sets.reduce((all, set) => all + set[pick], 0);
console.log(`  ${'all'.padEnd(22)} ${sum('right')} of ${sum('total')}`);
for (const { better, worse } of quality.wrong) console.log(`  wrong: ${better} (${text(better)}) should beat ${worse} (${text(worse)})`);
console.log('Each picture: technical, focus, exposure, verdict');
for (const [file, photo] of quality.photos) if (!file.startsWith('eyes')) console.log(`  ${file.slice(0, 62).padEnd(63)} ${text(file)}  ${judge(photo)?.verdict}`);
console.log('Eye crops (open or closed is told by another stage): with a technical score');
for (const { label, judged, total } of quality.crops) console.log(`  ${label.padEnd(22)} ${judged} of ${total}`);

console.log(`\n${eyes}`);
await printQualityTables(photosFolder, quality);

const grouping = await reportGroups(photosFolder);
console.log('\nGroups: pairs of photos that belong together (all sets as one shoot)');
for (const { id, relation, truePairs, found, wrong } of grouping.relations) {
  const precision = found + wrong === 0 ? '-' : (found / (found + wrong)).toFixed(2);
  const recall = truePairs === 0 ? '-' : (found / truePairs).toFixed(2);
  console.log(`  ${id.padEnd(20)} found ${found} of ${truePairs}, wrong ${wrong}; precision ${precision} recall ${recall}  (${relation})`);
}
console.log(`  precision ${grouping.precision.toFixed(3)}, recall ${grouping.recall.toFixed(3)}, F1 ${grouping.f1.toFixed(3)}`);
for (const { group, files } of grouping.groups) console.log(`  ${group.kind}: ${files.join(' ')}; best ${files[group.photoIds.indexOf(group.best)]}`);

function text(file: string): string {
  const scores = quality.scores.get(file)!;
  return [scores.technical, scores.focus, scores.exposure].map((score) => (score === null ? '  -  ' : score.toFixed(3))).join(' ');
}
