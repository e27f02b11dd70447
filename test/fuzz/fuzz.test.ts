/** A short, always equal part of `npm run fuzz`: made files, the locator and the metadata reader, no child. */
import { expect, test } from 'vitest';
import { createMetadataReader } from '../../main/adapters/exifr/index.ts';
import { errorCodes } from '../../main/base/index.ts';
import { readerOfBytes } from '../../main/stages/containers/reader.ts';
import { detectFormat } from '../../main/stages/identify/index.ts';
import { readMetadata } from '../../main/stages/metadata/index.ts';
import { findEmbeddedPreviews, listEmbeddedPreviews } from '../../main/stages/preview/index.ts';
import { cutsOf, damages, mutate } from './mutate.ts';
import type { Sample } from './mutate.ts';
import { makeMadeSamples } from './samples.ts';

const metadataReader = createMetadataReader();

/** True where the locator found something; every preview lies inside the file, every failure has a code. */
async function look({ name, bytes }: Pick<Sample, 'name' | 'bytes'>): Promise<boolean> {
  const reader = readerOfBytes(bytes);
  const format = detectFormat(reader, name);
  if (format === 'other') return false;
  const listed = listEmbeddedPreviews(reader, format);
  for (const { offset, length, width, height } of listed) {
    expect(offset >= 0 && length > 0 && offset + length <= bytes.length, name).toBe(true);
    expect(Math.min(width, height), name).toBeGreaterThan(0);
  }
  const found = findEmbeddedPreviews(reader, format);
  if (!found.ok) expect(errorCodes).toContain(found.error.code);
  const metadata = await readMetadata(reader, format, metadataReader);
  if (!metadata.ok) expect(metadata.error.code).toBe('metadata-broken');
  return listed.length > 0;
}

test('three thousand damaged files: no throw, no preview outside the file, only coded errors', async () => {
  const samples = await makeMadeSamples();
  const seen = new Set<string>();
  let found = 0;
  for (let seed = 0; seed < 3_000; seed++) {
    const mutant = mutate(samples, seed);
    for (const damage of mutant.damages) seen.add(damage);
    if (await look(mutant)) found += 1;
  }
  expect(seen.size).toBe(damages.length);
  expect(found, 'most damage leaves a preview').toBeGreaterThan(500);
  expect(found, 'not all damage does').toBeLessThan(2_990);
  expect(mutate(samples, 7)).toEqual(mutate(samples, 7));
});

test('every made file cut at 64 points', async () => {
  for (const sample of await makeMadeSamples()) {
    const { bytes, size } = sample;
    const lengths = cutsOf(bytes.length);
    expect([lengths.length, lengths.at(-1), size]).toEqual([64, 0, bytes.length]);
    for (const length of lengths) await look({ name: sample.name, bytes: bytes.subarray(0, length) });
  }
});
