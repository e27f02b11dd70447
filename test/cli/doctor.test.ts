/** `parjanya doctor`, run as a person runs it. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from './run-command.ts';

let home: string;
beforeAll(() => void (home = mkdtempSync(join(tmpdir(), 'parjanya-doctor-cli-'))));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const doctor = (...words: string[]) => runCommand(['doctor', ...words], { env: { PARJANYA_DATA: home, PARJANYA_MODELS: '' } });

interface Report {
  readonly rows: readonly Record<string, unknown>[];
  readonly recommended: readonly Record<string, unknown>[];
  readonly packages: readonly { readonly package: string }[];
}

it('prints the matrix as one JSON document, and keeps nothing', async () => {
  const ran = await doctor('metadata', 'clip', '--json');
  expect(ran).toMatchObject({ status: 0, err: '' });
  const { rows, recommended, packages } = JSON.parse(ran.out) as Report;
  expect(rows.map(({ stage, place, state }) => `${String(stage)} ${String(place)} ${String(state)}`)).toEqual(['metadata local ok', 'clip local missing', 'clip lambda-arm64 not-set-up', 'clip lambda-x86_64 not-set-up']);
  expect(rows[0]).toMatchObject({ usdPer1000: 0, bytesPerPhoto: 0, photosPerSecond: expect.any(Number) as number });
  expect(rows[2]).toMatchObject({ usdPer1000: null, medianMs: null });
  expect(recommended).toMatchObject([{ stage: 'metadata', place: 'local', code: 'proven-here' }, { stage: 'clip', place: 'nowhere', code: 'not-set-up' }]);
  expect(packages.map((one) => one.package)).toEqual(expect.arrayContaining(['onnxruntime-node', 'sharp']));
  expect(readdirSync(home)).toEqual([]);
});

it('tells wrong usage', async () => {
  expect(await doctor('astrology')).toMatchObject({ status: 2, err: expect.stringContaining('There is no stage "astrology"') as string });
});
