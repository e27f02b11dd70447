/** The comparison that `npm run oracle` prints, as a test: no difference without an explanation, and no explanation without one. */
import { expect, test } from 'vitest';
import { findProgram, needPhotos } from '../config/needs.ts';
import { compareWithOracles, fields, liveFields } from './compare.ts';
import { explanations } from './explanations.ts';
import { readManifest } from './manifest.ts';

test('previews, time, orientation and camera of every shared photo: as exiftool and exiv2 say, or explained', { timeout: 240_000 }, async (context) => {
  needPhotos(context);
  const { files, agreements, differences } = await compareWithOracles();
  expect(files).toBe(readManifest().filter((entry) => entry.embedded_previews).length);
  expect(differences.filter(({ why }) => why === null)).toEqual([]);
  const used = new Set(differences.map(({ why }) => why));
  const isCompared = findProgram('exiftool') ? () => true : (field: string) => (fields as readonly string[]).includes(field);
  expect(explanations.filter(({ field, why }) => isCompared(field) && !used.has(why)), 'explanations of nothing').toEqual([]);
  for (const field of fields) expect(agreements[field], field).toBeGreaterThan(14);
  // no photo here has a label in it, and four have keywords
  for (const field of liveFields.filter((one) => isCompared(one) && one !== 'label' && one !== 'keywords')) expect(agreements[field], field).toBeGreaterThan(14);
});
