/** `npm run accuracy -- --hashes`: our hash beside others, as tables in Markdown (see docs/accuracy.md). */
import { compareHashes, measureRobustness, readGroupPictures } from './hash-report.ts';
import type { HashOutcome, Score } from './hash-report.ts';
import { reportGroups } from './report.ts';

const digits = (value: number): string => value.toFixed(3);
const cells = (score: Score | null): string[] => (score ? [digits(score.precision), digits(score.recall), digits(score.f1)] : ['-', '-', '-']);
const row = (values: readonly string[]): string => `| ${values.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

export async function printHashTables(photosFolder: string): Promise<void> {
  const pictures = await readGroupPictures(photosFolder);
  for (const turned of [false, true]) {
    const outcomes = await compareHashes(photosFolder, pictures, turned);
    console.log(`### Pairs of photos by the hash alone, ${turned ? 'in any of the eight positions' : 'upright, without the set of turned pictures'}\n`);
    console.log(pairTable(outcomes), '\n');
    if (!turned) continue;
    const grouping = await reportGroups(photosFolder);
    const rows = outcomes.filter(({ connected }) => connected).map(({ hash, connected }) => [`${hash.name}, connected at ${hash.published!.distance} bits`, ...cells(connected)]);
    console.log('### Groups: everything that the published distance connects, against our grouping\n');
    console.log(table(['rule', 'precision', 'recall', 'F1'], [['our grouping (hash, time, camera, exposure)', ...cells(grouping)], ...rows]), '\n');
  }
  const outcomes = await measureRobustness(photosFolder);
  console.log(`### Bits that a change of the picture costs: mean, and 95th percentile, of ${outcomes[0]!.pictures} photos\n`);
  const changes = outcomes[0]!.changes.map(({ name }, at) => [name, ...outcomes.map((one) => `${one.changes[at]!.mean.toFixed(1)}, ${one.changes[at]!.p95}`)]);
  const unrelated = ['photos of other things, 5th percentile', ...outcomes.map((one) => String(one.unrelated))];
  const refused = ['photos for which it says that it means nothing', ...outcomes.map((one) => String(one.refused))];
  console.log(table(['change', ...outcomes.map(({ hash }) => `${hash.name} (of ${hash.bits})`)], [...changes, unrelated, refused]));
}

function pairTable(outcomes: readonly HashOutcome[]): string {
  const rows = outcomes.map(({ hash, best, published }) => [hash.name, String(hash.bits), String(best.distance), ...cells(best), hash.published ? `${hash.published.distance} (${hash.published.by})` : 'none', ...cells(published)]);
  return table(['hash', 'bits', 'best distance', 'precision', 'recall', 'F1', 'published distance', 'precision', 'recall', 'F1'], rows);
}
