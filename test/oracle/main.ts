/** `npm run oracle`: prints agreements and differences with exiftool and exiv2; exit code 1 where one has no explanation. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { photosFolder } from '../config/needs.ts';
import { compareWithOracles } from './compare.ts';
import type { Field } from './compare.ts';

if (!existsSync(join(photosFolder, 'manifest.json'))) {
  console.log('The shared photos (../shared/photos) are not here: there is nothing to compare with.');
} else {
  const { files, agreements, differences } = await compareWithOracles();
  const unexplained = differences.filter(({ why }) => why === null);
  console.log(`${files} files\n\n${'what'.padEnd(18)}${'agree'.padStart(8)}${'differ'.padStart(8)}${'unexplained'.padStart(13)}`);
  for (const field of Object.keys(agreements) as Field[]) {
    const differing = differences.filter((difference) => difference.field === field);
    console.log(`${field.padEnd(18)}${String(agreements[field]).padStart(8)}${String(differing.length).padStart(8)}${String(differing.filter(({ why }) => why === null).length).padStart(13)}`);
  }
  console.log('\nDifferences');
  for (const { file, field, detail, why } of differences) console.log(`${file}: ${field}: ${detail}\n    ${why ?? 'NOT EXPLAINED'}`);
  console.log(`\n${differences.length} differences, ${unexplained.length} not explained`);
  process.exitCode = unexplained.length > 0 ? 1 : 0;
}
