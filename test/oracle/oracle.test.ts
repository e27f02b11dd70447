/** The comparison that `npm run oracle` prints, as a test: no difference without an explanation, and no explanation without one. */
import { expect, test } from 'vitest';
import { needPhotos } from '../config/needs.ts';
import { compareWithOracles } from './compare.ts';
import { explanations } from './explanations.ts';
import { readManifest } from './manifest.ts';

test('previews, time, orientation and camera of every shared photo: as exiftool and exiv2 say, or explained', { timeout: 240_000 }, async (context) => {
  needPhotos(context);
  const { files, agreements, differences } = await compareWithOracles();
  expect(files).toBe(readManifest().filter((entry) => entry.embedded_previews).length);
  expect(differences.filter(({ why }) => why === null)).toEqual([]);
  const used = new Set(differences.map(({ why }) => why));
  expect(explanations.filter(({ why }) => !used.has(why)), 'explanations of nothing').toEqual([]);
  for (const [field, count] of Object.entries(agreements)) expect(count, field).toBeGreaterThan(14);
});
