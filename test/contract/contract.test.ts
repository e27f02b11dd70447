/** The wire itself, on a small contract: good, bad, oversized, cancelled calls; streams, events, a connection that ends. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CodedFailure, createEmitter, fail, ok } from '../../main/base/index.ts';
import type { CancelSignal } from '../../main/base/index.ts';
import { call, contract, createClient, createTransportPair, event, methodNames, serveContract, stream } from '../../main/contract/index.ts';
import type { Def, HandlersOf, Transport } from '../../main/contract/index.ts';

const small = {
  math: {
    half: call({ in: z.object({ value: z.number().int() }), out: z.number(), errors: ['not-found'] }),
    wait: call({ in: z.object({}), out: z.string() }),
    breaks: call({ in: z.object({}), out: z.string() }),
    many: call({ in: z.object({ ids: z.array(z.number()).max(5000) }), out: z.number() }),
    count: stream({ in: z.object({ to: z.number() }), item: z.number(), end: z.object({ sum: z.number() }) }),
    ticked: event(z.number()),
  },
} as const;

function setUp() {
  const ticked = createEmitter<number>();
  const bugs: string[] = [];
  let waiting: CancelSignal | null = null;
  let release: () => void = () => undefined;
  const handlers: HandlersOf<typeof small> = {
    math: {
      half: ({ value }) => (value % 2 === 0 ? ok(value / 2) : fail('not-found', 'Odd numbers have no half here.', { retry: true })),
      wait: (_input, { signal }) =>
        new Promise((resolve) => {
          waiting = signal;
          release = () => resolve(ok('released'));
          signal.addEventListener('abort', () => resolve(fail('cancelled', 'It was cancelled.')));
        }),
      breaks: () => {
        throw new Error('secret detail');
      },
      many: ({ ids }) => ok(ids.length),
      async count({ to }, { item, signal }) {
        let sum = 0;
        for (let value = 1; value <= to; value += 1) {
          if (signal.aborted) return fail('cancelled', 'It was cancelled.');
          item(value);
          sum += value;
          await new Promise((resolve) => setImmediate(resolve));
        }
        return ok({ sum });
      },
      ticked,
    },
  };
  const [page, engine] = createTransportPair();
  const stop = serveContract(small, handlers, engine, { onBug: (method) => void bugs.push(method) });
  const connection = createClient(small, page);
  return { api: connection.api, connection, ticked, bugs, stop, page, waiting: () => waiting, release: () => release() };
}

const errorOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => ({ value }),
    (reason: unknown) => (reason instanceof CodedFailure ? reason.error : reason),
  );

/** What a peer that does not use our client sees. */
function rawPeer(): { transport: Transport; answers: unknown[] } {
  const { page } = setUp();
  const answers: unknown[] = [];
  page.onMessage((message) => void answers.push(message));
  return { transport: page, answers };
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('contract on the wire', () => {
  it('answers a good call, and a foreseen failure with its code', async () => {
    const { api } = setUp();
    expect(await api.math.half({ value: 8 })).toBe(4);
    expect(await errorOf(api.math.half({ value: 7 }))).toEqual({ code: 'not-found', message: 'Odd numbers have no half here.', retry: true });
  });

  it('refuses bad input before the handler sees it, naming the field', async () => {
    const { api } = setUp();
    const error = await errorOf(api.math.half({ value: 'x' as unknown as number }));
    expect(error).toMatchObject({ code: 'bad-input' });
    expect((error as { message: string }).message).toContain('value');
    expect(await errorOf(api.math.half(undefined as unknown as { value: number }))).toMatchObject({ code: 'bad-input' });
  });

  it('refuses an oversized list and takes the largest allowed one', async () => {
    const { api } = setUp();
    const ids = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
    expect(await api.math.many({ ids: ids(5000) })).toBe(5000);
    expect(await errorOf(api.math.many({ ids: ids(5001) }))).toMatchObject({ code: 'bad-input' });
  });

  it('tells an unexpected throw as internal, without details, and to the log', async () => {
    const { api, bugs } = setUp();
    const error = await errorOf(api.math.breaks({}));
    expect(error).toMatchObject({ code: 'internal' });
    expect(JSON.stringify(error)).not.toContain('secret');
    expect(bugs).toEqual(['math.breaks']);
  });

  it('carries a cancel to the other side', async () => {
    const { api, waiting } = setUp();
    const control = new AbortController();
    const answer = errorOf(api.math.wait({}, { signal: control.signal }));
    await settled();
    expect(waiting()?.aborted).toBe(false);
    control.abort();
    expect(await answer).toMatchObject({ code: 'cancelled' });
    expect(waiting()?.aborted).toBe(true);
    expect(await errorOf(api.math.wait({}, { signal: control.signal }))).toMatchObject({ code: 'cancelled' });
  });

  it('streams items in order before the end, and stops when cancelled', async () => {
    const { api } = setUp();
    const items: number[] = [];
    expect(await api.math.count({ to: 5 }, (item) => void items.push(item))).toEqual({ sum: 15 });
    expect(items).toEqual([1, 2, 3, 4, 5]);
    const control = new AbortController();
    const seen: number[] = [];
    const stopped = errorOf(
      api.math.count(
        { to: 1e9 },
        (item) => {
          seen.push(item);
          if (item === 3) control.abort();
        },
        { signal: control.signal },
      ),
    );
    expect(await stopped).toMatchObject({ code: 'cancelled' });
    expect(seen.length).toBeLessThan(100);
  });

  it('delivers events while subscribed', async () => {
    const { api, ticked } = setUp();
    const seen: number[] = [];
    const off = api.math.ticked((value) => void seen.push(value));
    await settled();
    ticked.emit(1);
    await settled();
    off();
    await settled();
    ticked.emit(2);
    await settled();
    expect(seen).toEqual([1]);
  });

  it('rejects what is pending, and everything later, when the connection ends, and cancels what runs', async () => {
    const { api, page, connection, waiting } = setUp();
    let told = 0;
    connection.onClosed(() => (told += 1));
    const answer = errorOf(api.math.wait({}));
    await settled();
    page.close();
    expect(await answer).toMatchObject({ code: 'closed', retry: true });
    expect(await errorOf(api.math.half({ value: 2 }))).toMatchObject({ code: 'closed' });
    expect(waiting()?.aborted).toBe(true);
    expect(told).toBe(1);
  });

  it('survives a peer that does not keep to the protocol', async () => {
    const { transport, answers } = rawPeer();
    for (const message of [null, 'text', 7, [], {}, { t: 'call' }, { t: 'call', id: -1, m: 'math.half', in: {} }, { t: 'call', id: 1, m: 'x'.repeat(65), in: {} }, { t: 'cancel', id: 99 }, { t: 'unsub', id: 99 }])
      transport.send(message);
    transport.send({ t: 'call', id: 2, m: 'math.nothing', in: {} });
    transport.send({ t: 'call', id: 3, m: '__proto__.toString', in: {} });
    transport.send({ t: 'call', id: 4, m: 'math.ticked', in: {} });
    transport.send({ t: 'call', id: 5, m: 'math.half', in: { value: 4 } });
    await settled();
    expect(answers).toEqual([
      { t: 'err', id: 1, error: { code: 'bad-input', message: 'The request is not valid.', retry: false } },
      { t: 'err', id: 2, error: { code: 'unknown-method', message: 'There is no method "math.nothing".', retry: false } },
      { t: 'err', id: 3, error: { code: 'unknown-method', message: 'There is no method "__proto__.toString".', retry: false } },
      { t: 'err', id: 4, error: { code: 'unknown-method', message: 'There is no method "math.ticked".', retry: false } },
      { t: 'ok', id: 5, out: 2 },
    ]);
  });

  it('refuses a second call under an id that is in use', async () => {
    const { transport, answers } = rawPeer();
    transport.send({ t: 'call', id: 1, m: 'math.wait', in: {} });
    transport.send({ t: 'call', id: 1, m: 'math.half', in: { value: 4 } });
    await settled();
    expect(answers).toMatchObject([{ t: 'err', id: 1, error: { code: 'bad-input' } }]);
  });
});

describe('the real contract', () => {
  it('takes no path from a page anywhere', () => {
    for (const [space, defs] of Object.entries(contract))
      for (const [name, def] of Object.entries(defs) as [string, Def][]) {
        if (def.kind === 'event') continue;
        const schema = JSON.stringify(z.toJSONSchema(def.in, { io: 'input', unrepresentable: 'any' }));
        expect(schema, `${space}.${name}`).not.toMatch(/"(path|file|folder|dir|to|from_path)"/i);
      }
  });

  it.each([
    ['cull.decide', { shoot: 1, ids: [], mark: { flag: 'pick' } }],
    ['cull.decide', { shoot: 1, ids: [1], mark: {} }],
    ['cull.decide', { shoot: 1, ids: [1], mark: { rating: 6 } }],
    ['cull.decide', { shoot: 1, ids: [1.5], mark: { rating: 1 } }],
    ['library.photos', { shoot: 1, from: -1, count: 10 }],
    ['library.photos', { shoot: 1, from: 0, count: 1_000_000 }],
    ['library.open', { grant: 'x'.repeat(65) }],
    ['deliver.plan', { shoot: 1, preset: 'tiff', where: 'keep', destination: 'd' }],
    ['deliver.plan', { shoot: 1, preset: 'web', where: { rating: 0 }, destination: 'd' }],
  ])('refuses bad input of %s', (method, input) => {
    const [space, name] = method.split('.') as [keyof typeof contract, string];
    const def = (contract[space] as Record<string, { in: z.ZodType }>)[name]!;
    expect(def.in.safeParse(input).success).toBe(false);
  });

  it('names every method once', () => {
    const names = methodNames(contract);
    expect(names).toContain('library.open');
    expect(new Set(names).size).toBe(names.length);
  });
});
