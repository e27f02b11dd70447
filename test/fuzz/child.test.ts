/** A small cut of `npm run fuzz`, and of its truncations, through a real decode child. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createWatcher } from './child.ts';
import type { Question } from './child.ts';
import { cutsOf, mutate } from './mutate.ts';
import { makeMadeSamples } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'parjanya-fuzz-test-'));
// A wide limit, because the machine of the tests may be busy.
const watcher = createWatcher(60_000);
afterAll(() => {
  watcher.stop();
  rmSync(folder, { recursive: true, force: true });
});

const questions: readonly Question[] = [{ kind: 'analyse', stages: ['metadata', 'preview', 'phash'] }, { kind: 'picture', size: 'full' }, { kind: 'deliver' }];

test('sixty damaged files of every kind: a picture or a code, in time and memory', { timeout: 240_000 }, async () => {
  const samples = await makeMadeSamples();
  const outcomes = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const { name, bytes, damages } = mutate(samples, seed);
    const path = join(folder, `input${extname(name)}`);
    writeFileSync(path, bytes);
    const { outcome, harm } = await watcher.judge(path, questions[seed % questions.length]!);
    expect(harm, `seed ${seed}: ${damages.join(', ')} of ${name}`).toBeNull();
    outcomes.add(outcome);
  }
  expect(outcomes.size, [...outcomes].join('; ')).toBeGreaterThan(4);
});

test('every made file cut at four points', { timeout: 240_000 }, async () => {
  let cut = 0;
  for (const { name, bytes } of await makeMadeSamples()) {
    const path = join(folder, `cut-${name}`);
    for (const length of cutsOf(bytes.length, 4)) {
      writeFileSync(path, bytes.subarray(0, length));
      const { outcome, harm } = await watcher.judge(path, questions[0]!);
      expect(harm, `${name} cut at ${length}`).toBeNull();
      if (length === 0) expect(outcome, name).toBe('empty-file');
      cut += 1;
    }
  }
  expect(cut).toBeGreaterThan(100);
});
