/** The adapter to vision models, the stage and the sender, over real HTTP against a server that really looks at the picture. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createVlm } from '../../main/adapters/vlm/index.ts';
import { coded, neverCancelled } from '../../main/base/index.ts';
import type { CodedError } from '../../main/base/index.ts';
import { keepPictureOnly, stripControls } from '../../main/domain/index.ts';
import type { EndpointSettings } from '../../main/domain/index.ts';
import { createSender } from '../../main/features/describe/index.ts';
import { comparePictures, describePicture } from '../../main/stages/describe/index.ts';
import type { Vlm } from '../../main/ports/index.ts';
import { findProgram, need } from '../config/needs.ts';
import { fakeModel, startFakeVlm } from '../fakes/vlm/index.ts';
import type { FakeOptions, FakeVlm } from '../fakes/vlm/index.ts';

const key = 'sk-very-secret-0123456789';
let bright: Uint8Array;
let dark: Uint8Array;
let soft: Uint8Array;
let server: FakeVlm | null = null;

beforeAll(async () => {
  const noise = (mean: number) => sharp({ create: { width: 320, height: 200, channels: 3, background: '#000', noise: { type: 'gaussian', mean, sigma: 20 } } });
  const code = async (picture: Sharp): Promise<Uint8Array> => {
    const jpeg = keepPictureOnly(await picture.jpeg({ quality: 80 }).toBuffer());
    if (!jpeg.ok) throw new Error(jpeg.error.message);
    return jpeg.value;
  };
  bright = await code(noise(150));
  dark = await code(noise(12));
  soft = await code(sharp(await noise(150).png().toBuffer()).blur(4));
});
afterEach(async () => {
  await server?.close();
  server = null;
});

const clock = {
  now: () => Date.now(),
  after(ms: number, work: () => void) {
    // waits are what is tested elsewhere; here they only cost time
    const timer = setTimeout(work, Math.min(ms, 20));
    return () => clearTimeout(timer);
  },
};

async function setUp(options: FakeOptions = {}, given: { key?: string | null; endpoint?: Partial<EndpointSettings>; limitMs?: number; mostRequests?: number } = {}) {
  server = await startFakeVlm(options);
  const endpoint: EndpointSettings = { url: server.url, model: fakeModel, usdPer1000: null, ...given.endpoint };
  const vlm = createVlm({ secrets: { vlmKey: () => Promise.resolve(given.key ?? null) }, limitMs: given.limitMs ?? 10_000 });
  const sender = createSender({ vlm, clock }, given.mostRequests ?? null, neverCancelled);
  return { fake: server, vlm, endpoint, sender, describe: (jpeg: Uint8Array) => describePicture(sender.ask, endpoint, jpeg) };
}

describe('a question', () => {
  it('takes the picture as it is, in the portable form, and tells nothing else', async () => {
    const { fake, describe: ask } = await setUp({ key }, { key });
    const { result, spent } = await ask(bright);
    expect(result).toMatchObject({ ok: true, value: { subject: 'a frame of 320 by 200', verdict: 'keep', keywords: ['bright', 'test'] } });
    expect(spent).toMatchObject({ requests: 1, tokens: { in: 700, out: 120 } });
    const [sent] = fake.received;
    expect(Buffer.from(bright).equals(sent!.pictures[0]!)).toBe(true);
    expect(sent!.temperature).toBe(0);
    expect(sent!.responseFormat).toMatchObject({ type: 'json_schema', json_schema: { strict: true, schema: { additionalProperties: false } } });
    expect(sent!.headers['user-agent']).toBe('Parjanya');
    expect(Object.keys(sent!.headers).filter((name) => name.startsWith('x-stainless'))).toEqual([]);
    // what is said to have left is what has left
    expect(spent.bytes).toBe(Buffer.byteLength(sent!.body));
  });

  it('takes no key, organisation or address from the environment', async () => {
    const names = { OPENAI_API_KEY: 'sk-of-another-program', OPENAI_ORG_ID: 'org-x', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', OPENAI_CUSTOM_HEADERS: 'X-Other: leaked' };
    const before = { ...process.env };
    Object.assign(process.env, names);
    try {
      const { fake, describe: ask } = await setUp();
      expect((await ask(bright)).result.ok).toBe(true);
      const { headers } = fake.received[0]!;
      expect(headers.authorization).toBeUndefined();
      expect(headers['openai-organization']).toBeUndefined();
      expect(headers['x-other']).toBeUndefined();
    } finally {
      for (const name of Object.keys(names)) if (before[name] === undefined) delete process.env[name];
    }
  });

  it('looks at what was sent: a dark picture is another answer', async () => {
    const { describe: ask } = await setUp();
    expect((await ask(dark)).result).toMatchObject({ ok: true, value: { verdict: 'reject', faults: [{ kind: 'exposure', severity: 'serious' }] } });
  });

  it.each([
    ['words without JSON', 'I am sorry, Dave.'],
    ['nonsense inside the schema', '{"subject":"x","moment":"","expression":null,"faults":[],"verdict":"keep","reason":"","keywords":[],"caption":"x"}'],
    ['ranges that are wrong', JSON.stringify({ subject: 'x', moment: 'x', expression: null, faults: [{ kind: 'noise', severity: 'minor', evidence: 'x', region: { x: 3, y: 0, w: 41173, h: 1 } }], verdict: 'keep', reason: 'x', keywords: [], caption: 'x' })],
  ])('is asked once more after %s, with what was wrong', async (_name, content) => {
    const { fake, describe: ask } = await setUp();
    fake.play({ kind: 'content', content });
    const { result, spent } = await ask(bright);
    expect(result.ok).toBe(true);
    expect(spent.requests).toBe(2);
    expect(fake.received[1]!.text).toContain('Your last answer could not be used.');
    fake.play({ kind: 'content', content }, { kind: 'content', content });
    expect((await ask(bright)).result).toMatchObject({ ok: false, error: { code: 'answer-invalid', retry: false } });
    expect(fake.received).toHaveLength(4);
  });
});

describe('two pictures', () => {
  it('are shown in both orders, and the better one wins in both', async () => {
    const { fake, sender, endpoint } = await setUp();
    const { result, spent } = await comparePictures(sender.ask, endpoint, soft, bright);
    expect(result).toMatchObject({ ok: true, value: { winner: 'second' } });
    expect(spent).toMatchObject({ requests: 2, tokens: { in: 2800 } });
    const orders = fake.received.map(({ pictures }) => pictures.map((picture) => (picture.equals(Buffer.from(bright)) ? 'bright' : 'soft')));
    expect(orders).toEqual([['soft', 'bright'], ['bright', 'soft']]);
  });

  it('are a tie where the model prefers a position', async () => {
    const { sender, endpoint } = await setUp({ prefers: 'first' });
    expect((await comparePictures(sender.ask, endpoint, soft, bright)).result).toMatchObject({ ok: true, value: { winner: 'tie', reason: expect.stringContaining('the other way round') as string } });
  });
});

describe('what passes', () => {
  it.each([
    ['429 with Retry-After', { kind: 'status', status: 429, retryAfter: '1' }],
    ['500', { kind: 'status', status: 500 }],
    ['503', { kind: 'status', status: 503 }],
    ['a stream that is cut', { kind: 'cut' }],
  ] as const)('%s is tried again', async (_name, fault) => {
    const { fake, describe: ask } = await setUp();
    fake.play(fault, fault);
    const { result, spent } = await ask(bright);
    expect(result.ok).toBe(true);
    expect(fake.received).toHaveLength(3);
    // what failed was not answered, and is not paid for
    expect(spent.requests).toBe(1);
  });

  it('says how long the server asks to wait', async () => {
    const { fake, vlm, endpoint } = await setUp();
    const question = { endpoint, system: 's', text: 't', pictures: [bright], schema: { name: 'x', schema: {} } };
    fake.play({ kind: 'status', status: 429, retryAfter: '7' }, { kind: 'status', status: 429, retryAfter: new Date(Date.now() + 20_000).toUTCString() }, { kind: 'status', status: 429, retryAfter: 'soon' });
    expect(await vlm.ask(question)).toMatchObject({ ok: false, isThrottled: true, retryAfterMs: 7_000, error: { code: 'place-busy', retry: true } });
    const dated = await vlm.ask(question);
    expect(!dated.ok && dated.retryAfterMs! > 10_000 && dated.retryAfterMs! <= 20_000).toBe(true);
    expect(await vlm.ask(question)).toMatchObject({ ok: false, retryAfterMs: null });
  });

  it('gives up after six tries, and where the server asks for more patience than a run has', async () => {
    const { fake, describe: ask } = await setUp();
    fake.play(...Array.from({ length: 6 }, () => ({ kind: 'status', status: 503 }) as const));
    expect((await ask(bright)).result).toMatchObject({ ok: false, error: { code: 'place-busy' } });
    expect(fake.received).toHaveLength(6);
    fake.play({ kind: 'status', status: 429, retryAfter: '600' });
    expect((await ask(bright)).result).toMatchObject({ ok: false, error: { code: 'place-busy' } });
    expect(fake.received).toHaveLength(7);
  });

  it('waits before it asks again, where a busy server says that it need not', async () => {
    server = await startFakeVlm();
    server.play(...Array.from({ length: 4 }, () => ({ kind: 'status', status: 429, retryAfter: '0' }) as const));
    const waits: number[] = [];
    const patient = { ...clock, after: (ms: number, work: () => void) => (waits.push(ms), clock.after(ms, work)) };
    const sender = createSender({ vlm: createVlm({ secrets: { vlmKey: () => Promise.resolve(null) } }), clock: patient }, null, neverCancelled);
    expect((await describePicture(sender.ask, { url: server.url, model: fakeModel, usdPer1000: null }, bright)).result.ok).toBe(true);
    expect(waits).toHaveLength(4);
    for (const [at, ms] of waits.entries()) expect(ms).toBeGreaterThanOrEqual(250 * 2 ** at);
  });

  it('ends an answer that begins at once and does not come to its end', async () => {
    const { fake, vlm, endpoint } = await setUp({}, { limitMs: 300 });
    fake.play({ kind: 'drip' });
    expect(await vlm.ask({ endpoint, system: 's', text: 't', pictures: [bright], schema: { name: 'x', schema: {} } })).toMatchObject({ ok: false, mayBeBilled: true, error: { code: 'timeout', retry: true } });
  });

  it('is cancelled in the middle of an answer, and that is what it tells', async () => {
    const { fake, vlm, endpoint } = await setUp();
    fake.play({ kind: 'drip' });
    const stop = new AbortController();
    const asked = vlm.ask({ endpoint, system: 's', text: 't', pictures: [bright], schema: { name: 'x', schema: {} } }, stop.signal);
    setTimeout(() => stop.abort(), 300);
    expect(await asked).toMatchObject({ ok: false, mayBeBilled: true, error: { code: 'cancelled', retry: false } });
  });

  it('does not wait for another try once it is cancelled', async () => {
    const stop = new AbortController();
    let waits = 0;
    const vlm: Vlm = {
      ask() {
        stop.abort();
        return Promise.resolve({ ok: false, error: coded('place-failed', 'x', { retry: true }), retryAfterMs: null, isThrottled: false, mayBeBilled: true });
      },
    };
    const sender = createSender({ vlm, clock: { now: () => 0, after: () => ((waits += 1), () => undefined) } }, null, stop.signal);
    expect((await describePicture(sender.ask, { url: 'http://127.0.0.1/v1', model: 'x', usdPer1000: null }, bright)).result).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(waits).toBe(0);
  });

  it('ends an answer that takes too long', async () => {
    const { fake, vlm, endpoint } = await setUp({}, { limitMs: 150 });
    fake.play({ kind: 'slow', ms: 5_000 });
    expect(await vlm.ask({ endpoint, system: 's', text: 't', pictures: [bright], schema: { name: 'x', schema: {} } })).toMatchObject({ ok: false, error: { code: 'timeout', retry: true } });
  });

  it('is cancelled at once', async () => {
    const { fake, vlm, endpoint } = await setUp();
    fake.play({ kind: 'slow', ms: 5_000 });
    const stop = new AbortController();
    const asked = vlm.ask({ endpoint, system: 's', text: 't', pictures: [bright], schema: { name: 'x', schema: {} } }, stop.signal);
    setTimeout(() => stop.abort(), 50);
    expect(await asked).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });
});

describe('what does not pass', () => {
  const refused = async (options: FakeOptions, given: Parameters<typeof setUp>[1] = {}) => {
    const { fake, describe: ask } = await setUp(options, given);
    const { result } = await ask(bright);
    expect(result.ok).toBe(false);
    expect(fake.received.length).toBeLessThanOrEqual(1);
    return result.ok ? null : result.error;
  };

  it('a key that is missing or wrong, and no key is in any text', async () => {
    expect(await refused({ key })).toMatchObject({ code: 'credentials-missing', retry: false, message: expect.stringContaining('PARJANYA_VLM_KEY') as string });
    const wrong = await refused({ key }, { key: 'sk-wrong-and-secret' });
    expect(wrong).toMatchObject({ code: 'access-denied', retry: false });
    // the server repeats it
    expect(wrong!.message).toContain('Incorrect API key provided');
    expect(wrong!.message).not.toContain('sk-wrong-and-secret');
  });

  it('an account without money, which answers 429', async () => {
    const { fake, describe: ask } = await setUp();
    fake.play({ kind: 'status', status: 429, code: 'insufficient_quota', message: 'You exceeded your current quota' });
    expect((await ask(bright)).result).toMatchObject({ ok: false, error: { code: 'access-denied', retry: false } });
    expect(fake.received).toHaveLength(1);
  });

  it('a model that is not there, an address that is not complete, a model without eyes', async () => {
    expect(await refused({}, { endpoint: { model: 'qwen-none' } })).toMatchObject({ code: 'place-missing', message: expect.stringContaining('"qwen-none"') as string });
    const { fake, vlm, endpoint } = await setUp();
    const question = { endpoint: { ...endpoint, url: fake.url.replace('/v1', '') }, system: 's', text: 't', pictures: [bright], schema: { name: 'x', schema: {} } };
    expect(await vlm.ask(question)).toMatchObject({ ok: false, error: { code: 'place-missing', message: expect.stringContaining('/v1') as string } });
    expect(await refused({ isBlind: true })).toMatchObject({ code: 'place-failed', message: expect.stringContaining('does not take pictures') as string });
  });

  it('a server that is something else', async () => {
    const { fake, describe: ask } = await setUp();
    fake.play({ kind: 'html' });
    expect((await ask(bright)).result).toMatchObject({ ok: false, error: { code: 'place-failed', retry: false, message: expect.stringContaining('OpenAI-compatible') as string } });
    expect(fake.received).toHaveLength(1);
  });

  it('a response without end: it is not read to where there is no memory left', async () => {
    const { fake, describe: ask } = await setUp();
    fake.play({ kind: 'endless' });
    expect((await ask(bright)).result).toMatchObject({ ok: false, error: { code: 'place-failed', retry: false, message: expect.stringContaining('at a length') as string } });
    // what is under way in sockets comes on top
    expect(fake.poured).toBeLessThan(20_000_000);
    expect(fake.received).toHaveLength(1);
  });

  it.each([400, 422])('one picture that a server does not take (HTTP %i): it may take the next', async (status) => {
    const { fake, describe: ask } = await setUp();
    fake.play({ kind: 'status', status, message: 'Invalid image: it cannot be loaded' });
    expect((await ask(bright)).result).toMatchObject({ ok: false, error: { code: 'bad-input', retry: false } });
    expect(fake.received).toHaveLength(1);
    expect((await ask(bright)).result.ok).toBe(true);
  });

  it('a message without words: that is an answer, and not a usable one', async () => {
    const { fake, describe: ask } = await setUp();
    fake.play({ kind: 'content', content: null }, { kind: 'content', content: null });
    const { result, spent } = await ask(bright);
    expect(result).toMatchObject({ ok: false, error: { code: 'answer-invalid' } });
    expect(spent.requests).toBe(2);
  });

  it('words of a server: no terminal is steered by them, and no part of a key is in them', async () => {
    const { fake, describe: ask } = await setUp({}, { key });
    fake.play({ kind: 'status', status: 403, message: `\u001b[31mNo\u202e\u0007 entry\r\nfor ${'x'.repeat(170)} ${key}` });
    const { result } = await ask(bright);
    expect(result).toMatchObject({ ok: false, error: { code: 'access-denied', message: expect.stringContaining('[31mNo entry for') as string } });
    const { message } = (result as { error: CodedError }).error;
    expect(stripControls(message)).toBe(message);
    // the first of its letters would stand where the text is cut
    expect(message).not.toContain(key.slice(0, 5));
  });

  it('an address that sends on: no picture goes there', async () => {
    const elsewhere = await startFakeVlm();
    try {
      const { fake, describe: ask } = await setUp();
      fake.play({ kind: 'redirect', to: `${elsewhere.url}/chat/completions` });
      expect((await ask(bright)).result).toMatchObject({ ok: false, error: { code: 'place-unreachable', retry: false } });
      expect(elsewhere.received).toHaveLength(0);
    } finally {
      await elsewhere.close();
    }
  });

  it('a name that nobody has, a port where nobody listens, https where there is none', async () => {
    const { fake, vlm, endpoint } = await setUp();
    const ask = (url: string) => vlm.ask({ endpoint: { ...endpoint, url }, system: 's', text: 't', pictures: [bright], schema: { name: 'x', schema: {} } });
    expect(await ask(fake.url.replace('http:', 'https:'))).toMatchObject({ ok: false, error: { code: 'place-unreachable', retry: false, message: expect.stringContaining('does not speak https') as string } });
    const { url } = fake;
    await fake.close();
    server = null;
    expect(await ask(url)).toMatchObject({ ok: false, error: { code: 'place-unreachable', message: expect.stringContaining('Nothing listens') as string } });
    // .invalid is never given to anybody (RFC 2606)
    expect(await ask('https://nobody.invalid/v1')).toMatchObject({ ok: false, error: { code: 'place-unreachable' } });
  });

  it('a certificate that nobody vouches for', async (context) => {
    const openssl = findProgram('openssl');
    need(context, 'openssl', openssl !== null, 'it makes the certificate');
    const folder = mkdtempSync(join(tmpdir(), 'parjanya-vlm-tls-'));
    try {
      execFileSync(openssl!, ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')], { stdio: 'ignore' });
      const error = await refused({ tls: { key: readFileSync(join(folder, 'key.pem'), 'utf8'), cert: readFileSync(join(folder, 'cert.pem'), 'utf8') } });
      expect(error).toMatchObject({ code: 'place-unreachable', retry: false, message: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('many questions', () => {
  it('go at once as far as the server takes them, and each is answered once', async () => {
    const { fake, sender, describe: ask } = await setUp({ mostTogether: 4, takes: 15 });
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask(bright)));
    expect(answers.every(({ result }) => result.ok)).toBe(true);
    expect(answers.reduce((sum, { spent }) => sum + spent.requests, 0)).toBe(60);
    expect(sender.together).toBeGreaterThan(2);
    expect(fake.together).toBeGreaterThan(2);
  });

  it('count what may be billed though no answer came, and not what was never taken', async () => {
    const { fake, sender, describe: ask } = await setUp({}, { mostRequests: 4 });
    fake.play({ kind: 'cut' }, { kind: 'status', status: 500 }, { kind: 'status', status: 503 }, { kind: 'status', status: 429 }, { kind: 'cut' });
    const { result, spent } = await ask(bright);
    expect(result.ok).toBe(true);
    expect(spent.requests).toBe(1);
    expect(fake.received).toHaveLength(6);
    // two that were cut, one that failed, one that was answered
    expect(sender.counted).toBe(4);
    expect((await ask(bright)).result).toMatchObject({ ok: false, error: { code: 'not-agreed' } });
    expect(fake.received).toHaveLength(6);
  });

  it('are not sent any more once it is halted, and those under way are let end', async () => {
    const { fake, vlm, endpoint } = await setUp({ takes: 200 });
    const halt = new AbortController();
    const sender = createSender({ vlm, clock }, null, neverCancelled, halt.signal);
    const asked = Array.from({ length: 5 }, () => describePicture(sender.ask, endpoint, bright));
    setTimeout(() => halt.abort(), 100);
    const codes = (await Promise.all(asked)).map(({ result }) => (result.ok ? 'answered' : result.error.code));
    expect(codes).toEqual(['answered', 'answered', 'cancelled', 'cancelled', 'cancelled']);
    expect(fake.received).toHaveLength(2);
  });

  it('stop at what may be spent, however many are under way', async () => {
    const { fake, describe: ask } = await setUp({ takes: 5 }, { mostRequests: 7 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(bright)));
    expect(answers.filter(({ result }) => result.ok)).toHaveLength(7);
    expect(answers.filter(({ result }) => !result.ok && result.error.code === 'not-agreed')).toHaveLength(13);
    expect(fake.received).toHaveLength(7);
  });
});
