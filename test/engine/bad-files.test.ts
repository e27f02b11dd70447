/** Broken files of every kind, through real decode children: each gets its code, none harms anything, none hangs. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ErrorCode } from '../../main/base/index.ts';
import { needPhotos, photosFolder } from '../config/needs.ts';
import { makeBadFiles } from '../fixtures/index.ts';
import { isHarmful } from '../fuzz/child.ts';
import { readManifest } from '../oracle/manifest.ts';
import { lookAt, useDecodeBench } from './decode-kit.ts';
import type { Looked } from './decode-kit.ts';

const bench = useDecodeBench();
const { pool } = bench;

function codesOf({ error, errors }: Looked): ErrorCode[] {
  return [error?.code, ...Object.values(errors).map((failure) => failure.code)].filter((code) => code !== undefined);
}

test('made files: each answers with its code, and what can be shown is shown', { timeout: 240_000 }, async () => {
  const files = await makeBadFiles(bench.folder);
  const looked = await Promise.all(files.map(({ path }) => lookAt(pool, join(bench.folder, path))));
  files.forEach(({ path, codes, why, shown }, index) => {
    const seen = looked[index]!;
    expect(codes, `${path}: ${why}`).toContain(seen.error?.code ?? seen.errors.preview?.code);
    expect(codesOf(seen).filter(isHarmful), path).toEqual([]);
    if (shown) expect(seen.thumbnail, `${path} can be shown`).not.toBeNull();
    else expect(seen.outputs.phash, `${path} is not judged`).toBeUndefined();
  });
});

test('things that are no files are refused without being opened', async () => {
  expect((await lookAt(pool, bench.folder)).error?.code).toBe('file-unreadable');
  expect((await lookAt(pool, join(bench.folder, 'never.jpg'))).error?.code).toBe('file-vanished');
  if (process.platform !== 'win32') expect((await lookAt(pool, '/dev/zero')).error?.code).toBe('file-unreadable');
});

/** What the files of bad/made have been made to be (their README), and those with a known right answer. */
const expected: Readonly<Record<string, ErrorCode | null>> = {
  'bad/made/zero.CR2': 'empty-file',
  'bad/made/zero.jpg': 'empty-file',
  'bad/made/text-named.ARW': 'not-a-photo',
  'bad/made/noise.RAF': 'not-a-photo',
  'bad/made/zero-filled.dng': 'not-a-photo',
  'bad/made/jpeg-named.NEF': null,
  'bad/made/nef-named.jpg': 'truncated',
  'bad/made/nikon-d1-first-64k.nef': 'truncated',
  'bad/made/nikon-d1-first-half.nef': 'truncated',
  'bad/made/nikon-d1-bitflips.nef': 'preview-none',
  'bad/made/landscape_1-first-third.jpg': 'truncated',
  'bad/made/canon-g1-tail-missing.CRW': 'truncated',
  'bad/river-truncated.heic': 'truncated',
  'bad/wrong.heic': null,
};

test('real broken files: no crash, no hang, a code for each that cannot be shown', { timeout: 240_000 }, async (context) => {
  needPhotos(context);
  const oracles = readManifest('bad');
  expect(oracles.length).toBeGreaterThan(80);
  const looked = await Promise.all(oracles.map(({ file }) => lookAt(pool, join(photosFolder, file))));
  oracles.forEach(({ file, decodes, pixels, bytes, sha256 }, index) => {
    const seen = looked[index]!;
    expect(codesOf(seen).filter(isHarmful), file).toEqual([]);
    const { preview, identify } = seen.outputs;
    if (file in expected) expect(seen.error?.code ?? seen.errors.preview?.code ?? null, file).toBe(expected[file]);
    if (!seen.error) expect([identify?.bytes, identify?.sha256], file).toEqual([bytes, sha256]);
    // Either there is a picture or there is a reason.
    expect(preview !== undefined || seen.error !== null || seen.errors.preview !== undefined, file).toBe(true);
    if (decodes === true && identify?.format === 'jpeg') expect([preview?.width, preview?.height, seen.errors.preview], file).toEqual([...pixels!, undefined]);
    if (seen.errors.preview && seen.errors.preview.code !== 'truncated') expect(seen.outputs.phash, file).toBeUndefined();
  });
});

test('real broken files asked for by the eye: a picture or a code', { timeout: 240_000 }, async (context) => {
  needPhotos(context);
  const files = readManifest('bad').map(({ file }) => file);
  const before = files.map((file) => statSync(join(photosFolder, file)).mtimeMs);
  const shown = await Promise.all(files.map((file) => pool.picture({ path: join(photosFolder, file), size: 'screen', known: {} }, {})));
  shown.forEach((result, index) => {
    if (result.ok) expect([...result.value.jpeg.subarray(0, 2)], files[index]).toEqual([0xff, 0xd8]);
    else expect(isHarmful(result.error.code), files[index]).toBe(false);
  });
  const one = shown[files.indexOf('bad/made/landscape_1-first-third.jpg')]!;
  expect(one.ok, 'what there is of a cut picture is shown').toBe(true);
  expect(files.map((file) => statSync(join(photosFolder, file)).mtimeMs)).toEqual(before);
});
