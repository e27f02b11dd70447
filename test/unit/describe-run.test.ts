/** How a run over a shoot ends: what was paid for is kept, and one photo that is refused is one photo. */
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { coded, createCancel } from '../../main/base/index.ts';
import type { CancelSignal, CodedError } from '../../main/base/index.ts';
import type { EndpointSettings } from '../../main/domain/index.ts';
import { createDescriptions } from '../../main/features/describe/index.ts';
import type { DescribeChoice, DescribeDeps, DescribePlan } from '../../main/features/describe/index.ts';
import type { VlmAnswer } from '../../main/ports/index.ts';
import * as stage from '../../main/stages/describe/index.ts';

const endpoint: EndpointSettings = { url: 'http://127.0.0.1:9/v1', model: 'm', usdPer1000: 1_000 };
const good = JSON.stringify({ subject: 'x', moment: 'x', expression: null, faults: [], verdict: 'keep', reason: 'x', keywords: [], caption: 'x' });
const answered = (text = good): VlmAnswer => ({ ok: true, text, tokens: null, bytes: 1_000 });
const refused = (error: CodedError, mayBeBilled = false): VlmAnswer => ({ ok: false, error, retryAfterMs: null, isThrottled: false, mayBeBilled });
let jpeg: Uint8Array;

beforeAll(async () => {
  jpeg = await sharp({ create: { width: 32, height: 24, channels: 3, background: '#888' } }).jpeg().toBuffer();
});

interface Scene {
  readonly photos?: number;
  /** What the server does with its nth request (from 1), after so many milliseconds. */
  readonly server: (nth: number) => readonly [ms: number, answer: VlmAnswer];
  readonly save?: (id: number) => void;
  /** Ids of photos that are one burst each: best and second best. */
  readonly bursts?: readonly (readonly [number, number])[];
}

/** A shoot of photos 1, 2, ... in memory, and a server that ends what is aborted, as the adapter does. */
function setUp({ photos = 6, server, save, bursts = [] }: Scene) {
  const seen = { asked: 0, underWay: 0, kept: [] as number[] };
  const ids = Array.from({ length: photos }, (_, at) => at + 1);
  const entries = new Map(ids.map((id) => [id, { id, row: { path: `${id}.jpg` }, marks: { flag: 'none' }, facts: { path: `${id}.jpg`, sha256: String(id), preview: {}, pairId: null }, judgement: { verdict: 'keep', reasons: [] } }]));
  const groups = bursts.map(([best, runnerUp]) => ({ kind: 'burst', best, runnerUp }));
  const session = { shoot: { row: { folder: '/shoot' }, entries, order: ids, groups, shownOf: (entry: unknown) => entry }, answers: { resultsOf: () => [] }, tell: () => undefined };
  const ask = (_question: unknown, signal?: CancelSignal): Promise<VlmAnswer> =>
    new Promise((resolve) => {
      seen.asked += 1;
      seen.underWay += 1;
      const [ms, answer] = server(seen.asked);
      const end = (with_: VlmAnswer): void => {
        clearTimeout(timer);
        seen.underWay -= 1;
        resolve(with_);
      };
      const timer = setTimeout(() => end(answer), ms);
      signal?.addEventListener('abort', () => end(refused(coded('cancelled', 'x'), true)), { once: true });
    });
  const deps = {
    catalog: {
      adviceOf: () => [],
      saveAdvice(id: number) {
        save?.(id);
        seen.kept.push(id);
      },
    },
    library: { sessionOfGrant: () => Promise.resolve({ ok: true, value: session }) },
    pool: { deliver: () => Promise.resolve({ ok: true, value: { jpeg, width: 32, height: 24, source: 'self' } }) },
    vlm: { ask },
    endpoint: { read: () => Promise.resolve(endpoint) },
    clock: { now: () => Date.now(), after: (ms: number, work: () => void) => { const timer = setTimeout(work, Math.min(ms, 5)); return () => clearTimeout(timer); } },
    stage,
  } as unknown as DescribeDeps;
  const plan = { endpoint, photos: ids.map((id) => ({ id, path: `${id}.jpg`, why: 'all' })), pairs: [] } as unknown as DescribePlan;
  return { seen, plan, descriptions: createDescriptions(deps) };
}

async function outcomeOf(scene: Scene, options: { maxUsd?: number; signal?: CancelSignal } = {}) {
  const { seen, plan, descriptions } = setUp(scene);
  const run = await descriptions.run('g', plan, options);
  if (!run.ok) throw new Error(run.error.message);
  return { seen, outcome: run.value };
}

describe('a run', () => {
  it('that has reached its limit keeps what is under way, and counts it', async () => {
    // the first answer is of no use, and to ask again is one request too many: that is found out while the third, of another photo, is under way
    const { seen, outcome } = await outcomeOf({ server: (nth) => [[10, answered('no')], [60, answered()], [200, answered()]][nth - 1] as [number, VlmAnswer] }, { maxUsd: 3 });
    expect(outcome).toMatchObject({ described: 2, requests: 3, usd: 3, failed: [], stopped: { code: 'not-agreed' } });
    expect(seen).toMatchObject({ asked: 3, underWay: 0 });
    expect(seen.kept).toEqual([2, 3]);
  });

  it('that nothing can help takes no new work and keeps what is under way', async () => {
    const { seen, outcome } = await outcomeOf({ photos: 12, server: (nth) => (nth === 1 ? [5, refused(coded('access-denied', 'no'))] : [150, answered()]) });
    expect(outcome).toMatchObject({ failed: [{ path: '1.jpg' }], stopped: { code: 'access-denied' } });
    // the next in line may be sent before what is wrong is known
    expect(seen.asked).toBeLessThanOrEqual(3);
    expect(seen.kept).toHaveLength(seen.asked - 1);
    expect(outcome).toMatchObject({ described: seen.asked - 1, requests: seen.asked - 1, usd: seen.asked - 1 });
  });

  it('ends what is under way where the person cancels, and counts it as what may be paid for', async () => {
    const cancel = createCancel();
    setTimeout(() => cancel.cancel(), 60);
    const { seen, outcome } = await outcomeOf({ server: () => [5_000, answered()] }, { signal: cancel.signal });
    expect(outcome).toMatchObject({ described: 0, requests: 0, usd: 2, failed: [], stopped: { code: 'cancelled' } });
    expect(seen).toEqual({ asked: 2, underWay: 0, kept: [] });
  });

  const refusal = refused(coded('bad-input', 'This picture is not taken.'), true);
  it('goes on after photos that the server refuses', async () => {
    const { outcome } = await outcomeOf({ photos: 20, server: (nth) => [1, nth % 3 === 0 ? answered() : refusal] });
    expect(outcome).toMatchObject({ described: 6, requests: 6, usd: 20, stopped: null });
    expect(outcome.failed).toHaveLength(14);
  });

  it('ends where the server refuses one after the other', async () => {
    const { seen, outcome } = await outcomeOf({ photos: 40, server: () => [1, refusal] });
    expect(outcome).toMatchObject({ described: 0, stopped: { code: 'bad-input', message: 'This picture is not taken.' } });
    expect(seen.asked).toBeGreaterThanOrEqual(5);
    expect(seen.asked).toBeLessThan(10);
  });

  it('that cannot keep an answer sends nothing more, and says so when all has ended', async () => {
    const { seen, plan, descriptions } = setUp({
      photos: 12,
      server: (nth) => [nth === 1 ? 5 : 100, answered()],
      save(id) {
        if (id === 1) throw new Error('disk full');
      },
    });
    await expect(descriptions.run('g', plan)).rejects.toThrow('disk full');
    expect(seen.underWay).toBe(0);
    expect(seen.asked).toBeLessThanOrEqual(3);
    expect(seen.kept).toHaveLength(seen.asked - 1);
  });
});

describe('a plan', () => {
  const plan = async (choice: Partial<DescribeChoice>) => {
    const planned = await setUp({ photos: 8, bursts: [[1, 2], [3, 4], [5, 6]], server: () => [0, answered()] }).descriptions.plan('g', { only: 'winners', compare: true, maxPhotos: null, maxUsd: null, ...choice });
    if (!planned.ok) return planned.error.code;
    const { photos, pairs, left, requests } = planned.value;
    return { photos: photos.map(({ id }) => id), pairs: pairs.map(({ best }) => best), left, requests };
  };

  it('counts for its limit in photos every photo that is sent', async () => {
    expect(await plan({})).toEqual({ photos: [1, 3, 5], pairs: [1, 3, 5], left: 0, requests: 9 });
    expect(await plan({ maxPhotos: 3 })).toEqual({ photos: [1, 3, 5], pairs: [], left: 3, requests: 3 });
    // a pair of a photo that is described adds the other one
    expect(await plan({ maxPhotos: 5 })).toEqual({ photos: [1, 3, 5], pairs: [1, 3], left: 1, requests: 7 });
    // where both are described, it adds none
    expect(await plan({ only: 'all', maxPhotos: 4 })).toEqual({ photos: [1, 2, 3, 4], pairs: [1, 3], left: 5, requests: 8 });
    expect(await plan({ maxPhotos: 0 })).toBe('nothing-to-do');
  });

  it('keeps to both limits', async () => {
    expect(await plan({ maxPhotos: 6, maxUsd: 6 })).toEqual({ photos: [1, 3, 5], pairs: [1], left: 2, requests: 5 });
    expect(await plan({ maxUsd: 2 })).toEqual({ photos: [1, 3], pairs: [], left: 4, requests: 2 });
  });
});
