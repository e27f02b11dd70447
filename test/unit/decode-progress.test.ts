/** What is known of an analysis when its last child could not do the rest. */
import { expect, it } from 'vitest';
import { createProgress } from '../../main/adapters/decode-pool/progress.ts';
import { coded } from '../../main/base/index.ts';
import type { StageResult } from '../../main/domain/index.ts';
import type { DecodeTask } from '../../main/ports/index.ts';

const task: DecodeTask = { path: '/card/a.jpg', stages: ['identify', 'preview', 'faces', 'sharpness'], known: {}, thumbnail: true };
const gone = coded('file-vanished', 'The file is not there any more.');
const result = (stage: 'identify' | 'preview'): StageResult => ({ stage, version: 1, place: 'local', placeReason: '', ms: 1, output: {}, error: null }) as unknown as StageResult;

it('answers that were told before the card was pulled are kept, and the rest says why it is missing', () => {
  const progress = createProgress(task);
  progress.take({ id: 1, kind: 'part', begun: 'faces', rest: ['sharpness'], results: [result('identify'), result('preview')], thumbnail: new Uint8Array([1]) });
  const outcome = progress.outcome({ results: [], thumbnail: null, error: gone });
  expect(outcome.error).toBeNull();
  expect(outcome.results.map(({ stage }) => stage)).toEqual(['identify', 'preview']);
  expect(outcome.thumbnail).toEqual(new Uint8Array([1]));
  expect(outcome.stopped).toEqual([{ stage: 'faces', error: gone }, { stage: 'sharpness', error: gone }]);
});

it('with nothing told, the error is the answer', () => {
  expect(createProgress(task).outcome({ results: [], thumbnail: null, error: gone })).toEqual({ results: [], thumbnail: null, error: gone });
});

it('a hash that takes too long costs no picture of the grid', () => {
  const progress = createProgress(task);
  progress.take({ id: 1, kind: 'part', begun: 'identify', rest: ['preview', 'faces', 'sharpness'], results: [], thumbnail: null });
  expect(progress.skip(coded('timeout', 'It took too long.'))).toBe(true);
  expect(progress.remaining()).toMatchObject({ stages: ['preview', 'faces', 'sharpness'], thumbnail: true });
});
