/** The client against the emulator: real processes run the packed function on the seeded tower, under throttling, faults and a network that goes away. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEmbedder } from '../../main/adapters/embedder/index.ts';
import type { LambdaOptions } from '../../main/adapters/lambda/index.ts';
import { createCancel } from '../../main/base/index.ts';
import type { RemoteImage, RemoteScorer } from '../../main/ports/index.ts';
import { need } from '../config/needs.ts';
import { expiredKey, forbiddenKey, startLambdaEmulator } from '../fakes/lambda/index.ts';
import type { EmulatedFunction, EmulatorOptions, LambdaEmulator } from '../fakes/lambda/index.ts';
import { createRandom } from '../fixtures/random.ts';
import { drawScene, makeJpeg } from '../fixtures/index.ts';
import { drawMany, emulated, hashOf, keysSent, packHere, scorerFor, tower, towerHash, writeHandler } from './lambda-kit.ts';

const home = mkdtempSync(join(tmpdir(), 'parjanya-scorer-'));
const packed = join(home, 'function');
beforeAll(async () => {
  if (process.platform === 'linux') await packHere(packed);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

let emulator: LambdaEmulator;
const scorers: RemoteScorer[] = [];
beforeEach((context) => {
  need(context, 'linux', process.platform === 'linux', 'the function runs on Linux');
  // the default provider chain, with nothing of this computer's own in it
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'KEY');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', join(home, 'no-config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(home, 'no-credentials'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const scorer of scorers.splice(0)) scorer.close();
  await emulator?.close();
});

async function start(changes: Partial<EmulatedFunction> = {}, fault?: EmulatorOptions['fault'], options: Partial<LambdaOptions> = {}): Promise<RemoteScorer> {
  const functions = { 'parjanya-clip': emulated(packed, changes) };
  emulator = await startLambdaEmulator(fault ? { functions, fault } : { functions });
  const scorer = scorerFor(emulator.endpoint, options);
  scorers.push(scorer);
  return scorer;
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, at) => sum + value * y[at]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

const twiceIn = (keys: readonly string[]): string[] => keys.filter((key, at) => keys.indexOf(key) !== at);

describe('a shoot', () => {
  it('of 1,000 photos, 32 calls at a time with throttling, 5 % faults and a killed environment, ends with 1,000 embeddings, each once', async () => {
    const random = createRandom(6);
    const told: string[] = [];
    const scorer = await start(
      { reservedConcurrency: 4 },
      ({ number }) => {
        if (number === 20) return 'kill';
        const chance = random.next();
        return chance < 0.02 ? 'crash' : chance < 0.035 ? { status: 500, name: 'ServiceException' } : chance < 0.05 ? 'cut' : null;
      },
      { concurrency: 32, together: 16, repeats: 30 },
    );
    const images = await drawMany(1_000);
    const run = await scorer.score(images, { onAnswer: (key) => void told.push(key) });
    expect(run.stopped).toBeNull();
    expect(run.answers.size).toBe(1_000);
    expect([...run.answers.values()].flatMap((one) => (one.ok ? [] : [one.error]))).toEqual([]);
    expect([told.length, new Set(told).size]).toEqual([1_000, 1_000]);
    expect(told.every((key) => run.answers.has(key))).toBe(true);
    expect(emulator.throttled).toBeGreaterThan(0);
    // the killed environment was replaced
    expect(emulator.environments).toBeGreaterThan(4);
    // faults make some pictures be asked about again, and no more than that
    const sent = keysSent(emulator.invoked);
    expect(new Set(sent).size).toBe(1_000);
    expect(sent.length).toBeGreaterThan(1_000);
    expect(sent.length).toBeLessThan(1_500);
    expect(run.use.memoryMb).toBe(1_769);
    expect(run.use.billedMs).toBeGreaterThan(0);
    expect(run.use.bytesSent).toBeGreaterThan(images.reduce((sum, { jpeg }) => sum + jpeg.length, 0));
  }, 240_000);

  it('has the same embeddings as on this computer, from pictures whose metadata stay here', async () => {
    const model = join(home, 'tower.onnx');
    writeFileSync(model, tower);
    const scorer = await start();
    const embedder = createEmbedder({ script: fileURLToPath(new URL('../../main/workers/decode.ts', import.meta.url)), log: { info: () => undefined, warn: () => undefined, bug: () => undefined } });
    const images: RemoteImage[] = [];
    for (let seed = 1; seed <= 12; seed++) {
      const jpeg = await makeJpeg(drawScene({ seed, width: 512, height: seed % 2 ? 341 : 512 }), { exif: { model: 'Secret Camera' } });
      images.push({ key: hashOf(jpeg), jpeg });
    }
    const run = await scorer.score([...images, images[0]!]);
    expect(run.answers.size).toBe(12);
    for (const { key, jpeg } of images) {
      const [here, there] = [await embedder.embed(jpeg, { path: model, sha256: towerHash, version: 'seeded' }), run.answers.get(key)!];
      if (!here.ok || !there.ok) throw new Error('not embedded');
      expect(cosine(here.value.vector, there.value.vector)).toBeGreaterThanOrEqual(0.99999);
      // to the fourth decimal, which is all that is kept
      expect(Math.abs(here.value.score - there.value.score)).toBeLessThanOrEqual(0.0002);
    }
    await embedder.close();
    const bodies = emulator.invoked.map((body) => JSON.parse(body.toString('utf8')) as { images: { jpeg: string }[] });
    const sent = bodies.flatMap((body) => body.images.map(({ jpeg }) => Buffer.from(jpeg, 'base64')));
    expect(sent).toHaveLength(12);
    for (const jpeg of sent) for (const word of ['Exif', 'Secret']) expect(jpeg.includes(word)).toBe(false);
  });

  it('goes on by itself when the network comes back, and what was answered is not sent again', async () => {
    const scorer = await start({ reservedConcurrency: 2 }, undefined, { concurrency: 2, together: 10, repeats: 12, pauseMs: 200 });
    const images = await drawMany(120);
    const answered = new Set<string>();
    let before = -1;
    const run = await scorer.score(images, {
      onAnswer(key) {
        answered.add(key);
        if (answered.size < 30 || before >= 0) return;
        before = emulator.invoked.length;
        void emulator.cut().then(() => setTimeout(() => void emulator.restore(), 1_500));
      },
    });
    expect(run.stopped).toBeNull();
    expect([...run.answers.values()].every(({ ok }) => ok)).toBe(true);
    // only calls that were under way when the line was cut are asked anew
    expect(before).toBeGreaterThan(0);
    expect(twiceIn(keysSent(emulator.invoked)).length).toBeLessThanOrEqual(20);
  });

  it('is gone on with in another run when the network stays away for longer', async () => {
    const scorer = await start({ reservedConcurrency: 2 }, undefined, { concurrency: 2, together: 10, repeats: 1 });
    const images = await drawMany(100);
    const kept = new Set<string>();
    const first = await scorer.score(images, {
      onAnswer(key) {
        kept.add(key);
        if (kept.size === 40) void emulator.cut();
      },
    });
    expect(first.stopped).toMatchObject({ code: 'place-unreachable', retry: true });
    expect(kept.size).toBeGreaterThanOrEqual(40);
    expect(first.answers.size).toBe(100);
    const rest = images.filter(({ key }) => !first.answers.get(key)!.ok);
    expect(rest).toHaveLength(100 - kept.size);
    for (const { key } of rest) expect(first.answers.get(key)).toMatchObject({ ok: false, error: { code: 'place-unreachable', retry: true } });
    const already = new Set(kept);
    await emulator.restore();
    const calls = emulator.invoked.length;
    const second = await scorer.score(rest, { onAnswer: (key) => void kept.add(key) });
    expect([second.stopped, kept.size]).toEqual([null, 100]);
    expect(keysSent(emulator.invoked.slice(calls)).filter((key) => already.has(key))).toEqual([]);
  });

  it('is cancelled at once, with what has been answered', async () => {
    const scorer = await start({}, undefined, { concurrency: 2, together: 8 });
    const { signal, cancel } = createCancel();
    const images = await drawMany(80);
    let answered = 0;
    const run = await scorer.score(images, { signal, onAnswer: () => ++answered === 8 && cancel() });
    expect(run.stopped).toMatchObject({ code: 'cancelled' });
    const fine = [...run.answers.values()].filter(({ ok }) => ok).length;
    expect(fine).toBe(answered);
    expect(fine).toBeLessThan(80);
    scorer.close();
    expect((await scorer.score(images)).stopped).toMatchObject({ code: 'closed' });
  });
});

describe('a caller that throws at an answer', () => {
  it('gets it back, once the calls under way have ended', async () => {
    const scorer = await start({}, undefined, { concurrency: 2, together: 4 });
    let told = 0;
    const run = scorer.score(await drawMany(40), {
      onAnswer() {
        told += 1;
        throw new Error('disk full');
      },
    });
    await expect(run).rejects.toThrow('disk full');
    expect(told).toBeLessThanOrEqual(2);
    expect(emulator.invoked.length).toBeLessThanOrEqual(2);
  });
});

describe('a function that does not do', () => {
  const broken = async (handler: string, changes: Partial<EmulatedFunction> = {}, options: Partial<LambdaOptions> = {}) => {
    const folder = mkdtempSync(join(home, 'broken-'));
    writeHandler(folder, handler);
    return start({ folder, ...changes }, undefined, { concurrency: 2, ...options });
  };
  const anything = `const embedding = Buffer.from(new Float32Array(512).fill(Math.sqrt(1 / 512)).buffer).toString('base64');`;

  it('with many pictures in its time is asked for fewer, until each has its embedding', async () => {
    const scorer = await broken(`${anything} await new Promise((done) => setTimeout(done, event.images.length > 6 ? 60_000 : 1)); return { model: event.model, images: event.images.map(({ key }) => ({ key, embedding })) };`, { timeoutMs: 700 }, { together: 20 });
    const run = await scorer.score(await drawMany(20));
    expect([run.stopped, [...run.answers.values()].every(({ ok }) => ok)]).toEqual([null, true]);
    // 20 and 10 were too many; halves of 5 were not
    expect(emulator.invoked.map((body) => keysSent([body]).length).sort((a, b) => b - a)).toEqual([20, 10, 10, 5, 5, 5, 5]);
  });

  it('with one picture in the caller\'s time is called so often as is told, and no more', async () => {
    const scorer = await broken('await new Promise((done) => setTimeout(done, 8_000));', {}, { timeoutMs: 1_500 });
    const run = await scorer.score(await drawMany(1));
    expect([...run.answers.values()]).toMatchObject([{ ok: false, error: { code: 'timeout' } }]);
    expect([run.use.calls, emulator.invoked.length]).toEqual([3, 3]);
  });

  it('with one picture has that picture fail, alone', async () => {
    const [bad, ...others] = await drawMany(7);
    const scorer = await broken(`${anything} if (event.images.some(({ key }) => key === '${bad!.key}')) process.exit(1); return { model: event.model, images: event.images.map(({ key }) => ({ key, embedding })) };`);
    const run = await scorer.score([bad!, ...others]);
    expect(run.stopped).toBeNull();
    expect(run.answers.get(bad!.key)).toMatchObject({ ok: false, error: { code: 'worker-crashed' } });
    expect(others.every(({ key }) => run.answers.get(key)!.ok)).toBe(true);
  });

  it('with any is given up, and not paid for every picture', async () => {
    const scorer = await broken('process.exit(1)', {}, { together: 8 });
    const run = await scorer.score(await drawMany(160));
    expect(run.stopped).toMatchObject({ code: 'worker-crashed' });
    expect(run.use.calls).toBeLessThan(25);
  });

  it.each([
    ['nonsense', 'return "all is well"'],
    ['no answer', 'return null'],
    ['embeddings that are none', 'return { model: event.model, images: event.images.map(({ key }) => ({ key, embedding: "AAAA" })) }'],
    ['numbers that are none', 'const embedding = Buffer.from(new Float32Array(512).fill(NaN).buffer).toString("base64"); return { model: event.model, images: event.images.map(({ key }) => ({ key, embedding })) }'],
    ['pictures that nobody asked about', 'return { model: event.model, images: event.images.map(() => ({ key: "x", embedding: "AAAA" })) }'],
  ])('answers %s: a sentence, after a second try', async (_, handler) => {
    const scorer = await broken(handler);
    const run = await scorer.score(await drawMany(4));
    expect(run.stopped).toMatchObject({ code: 'place-failed', message: expect.stringMatching(/nonsense|no answer|none/) as string });
    expect([...run.answers.values()].map(({ ok }) => ok)).toEqual([false, false, false, false]);
    expect(run.use.calls).toBe(2);
  });

  it('cannot be started, or has another model: is not asked again', async () => {
    const scorer = await start({ handler: 'nothing.handler' });
    expect(await scorer.score(await drawMany(3))).toMatchObject({ stopped: { code: 'place-failed', message: expect.stringContaining('Deploy it again') as string }, use: { calls: 1 } });
    await emulator.close();
    const other = await start({}, undefined, { model: 'c'.repeat(64) });
    expect(await other.score(await drawMany(3))).toMatchObject({ stopped: { code: 'model-wrong', message: expect.stringContaining('Deploy the function with the model') as string }, use: { calls: 1 } });
  });

  it('is too small for a picture: it is not sent; what is no JPEG is not either', async () => {
    const scorer = await start();
    const jpeg = await makeJpeg(drawScene({ seed: 1, width: 64, height: 64 }));
    // filler in the picture's own data, so that it is not cut off as metadata
    const large = Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(5_000_000), jpeg.subarray(-2)]);
    const [good] = await drawMany(1);
    const run = await scorer.score([{ key: hashOf(large), jpeg: large }, { key: hashOf(Buffer.from('text')), jpeg: Buffer.from('text') }, good!]);
    expect(run.answers.get(hashOf(large))).toMatchObject({ ok: false, error: { code: 'too-large' } });
    expect(run.answers.get(hashOf(Buffer.from('text')))).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect(run.answers.get(good!.key)!.ok).toBe(true);
    expect(keysSent(emulator.invoked)).toEqual([good!.key]);
  });
});

describe('what a person can have wrong', () => {
  const ask = async (scorer: RemoteScorer) => {
    const run = await scorer.score(await drawMany(3));
    expect([...run.answers.values()].every((one) => !one.ok && one.error === run.stopped)).toBe(true);
    return run;
  };

  it('no credentials', async () => {
    const scorer = await start();
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', '');
    expect(await ask(scorer)).toMatchObject({ stopped: { code: 'credentials-missing', retry: false, message: expect.stringContaining('aws configure sso') as string }, use: { calls: 1 } });
    expect(emulator.invoked).toEqual([]);
    // a profile that is not there
    expect(await ask(scorerFor(emulator.endpoint, { profile: 'nobody' }))).toMatchObject({ stopped: { code: 'credentials-missing' } });
  });

  it('an expired token, and keys that may not', async () => {
    const scorer = await start();
    vi.stubEnv('AWS_ACCESS_KEY_ID', expiredKey);
    expect(await ask(scorer)).toMatchObject({ stopped: { code: 'credentials-expired', message: expect.stringContaining('aws sso login') as string }, use: { calls: 1 } });
    vi.stubEnv('AWS_ACCESS_KEY_ID', forbiddenKey);
    expect(await ask(scorer)).toMatchObject({ stopped: { code: 'access-denied', message: expect.stringContaining('lambda:InvokeFunction') as string }, use: { calls: 1 } });
    // they were renewed
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'KEY');
    expect((await scorer.score(await drawMany(2))).stopped).toBeNull();
  });

  it('a function that is not there, or not under this alias', async () => {
    await start();
    for (const wrong of [{ functionName: 'nobody' }, { qualifier: 'nobody' }])
      expect(await ask(scorerFor(emulator.endpoint, wrong))).toMatchObject({ stopped: { code: 'place-missing', message: expect.stringContaining('nobody') as string }, use: { calls: 1 } });
  });

  it('a region that does not exist, and one that is no name', async () => {
    await start();
    expect(await ask(scorerFor('http://lambda.xx-nowhere-1.invalid', { region: 'xx-nowhere-1', repeats: 1 }))).toMatchObject({ stopped: { code: 'place-unreachable', retry: true, message: expect.stringContaining('xx-nowhere-1') as string } });
    expect(await ask(scorerFor(emulator.endpoint, { region: 'Frankfurt!' }))).toMatchObject({ stopped: { code: 'bad-input' }, use: { calls: 0 } });
  });

  it('a port where nobody listens', async () => {
    await start();
    await emulator.cut();
    expect(await ask(scorerFor(emulator.endpoint, { repeats: 1 }))).toMatchObject({ stopped: { code: 'place-unreachable', retry: true } });
  });
});
