/** Scores and groups on the labelled photos, with floors a little below what `npm run accuracy` measures. */
import { expect, test } from 'vitest';
import { judge } from '../../main/domain/index.ts';
import { needPhotos, photosFolder } from '../config/needs.ts';
import { reportGroups, reportQuality } from './report.ts';

test('the better photo of a pair scores higher; what is labelled sharp is never rejected', async (context) => {
  needPhotos(context);
  const { sets, wrong, photos } = await reportQuality(photosFolder);
  const right = sets.reduce((sum, set) => sum + set.right, 0);
  const total = sets.reduce((sum, set) => sum + set.total, 0);
  expect(right / total, JSON.stringify(wrong)).toBeGreaterThanOrEqual(0.95);
  const rejected = [...photos.values()].filter((photo) => judge(photo)?.verdict === 'reject').map((photo) => photo.path);
  expect(rejected.filter((path) => /_gt\.|_S\.|digikam\/test\.jpg|compressed|exposed|jpeg-ladder/.test(path))).toEqual([]);
  // Half of the badly blurred ones: a suggestion that never rejects would pass the line above.
  expect(rejected.length).toBeGreaterThanOrEqual(4);
}, 300_000);

test('groups find what belongs together and put nothing else together', async (context) => {
  needPhotos(context);
  const { precision, recall, f1, groups, relations } = await reportGroups(photosFolder);
  expect(precision).toBeGreaterThanOrEqual(0.98);
  expect(recall).toBeGreaterThanOrEqual(0.95);
  expect(f1).toBeGreaterThanOrEqual(0.96);
  const bracket = groups.find(({ files }) => files.includes('bracket-nikon-d5000/sample1.dng'));
  expect(bracket?.group.kind).toBe('bracket');
  expect(bracket?.files).toHaveLength(3);
  for (const id of ['potatoes', 'seneca-drone', 'gps-walk', 'ukbench-0']) expect(relations.find((relation) => relation.id === id)!.wrong, id).toBe(0);
  expect(Math.max(0, ...groups.filter(({ files }) => files[0]!.startsWith('sceaux-castle')).map(({ files }) => files.length))).toBeLessThan(5);
}, 300_000);
