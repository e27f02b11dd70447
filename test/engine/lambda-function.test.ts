/** The function as it is deployed, in the emulator: what it answers, and that the emulator does what AWS Lambda was measured to do. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packFunction } from '../../app/lambda/package.ts';
import type { ScoreAnswer } from '../../main/domain/index.ts';
import { need } from '../config/needs.ts';
import { childrenOf } from '../config/processes.ts';
import { mostAnswerBytes, mostRequestBytes, startLambdaEmulator } from '../fakes/lambda/index.ts';
import type { EmulatorOptions, LambdaEmulator } from '../fakes/lambda/index.ts';
import { drawScene, makeJpeg } from '../fixtures/index.ts';
import { drawMany, emulated, hashOf, packHere, towerHash, writeHandler } from './lambda-kit.ts';

const home = mkdtempSync(join(tmpdir(), 'parjanya-lambda-'));
const packed = join(home, 'function');
beforeAll(async () => {
  if (process.platform === 'linux') await packHere(packed);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

let emulator: LambdaEmulator | null = null;
const clients: LambdaClient[] = [];
beforeEach((context) => need(context, 'linux', process.platform === 'linux', 'the function runs on Linux'));
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await emulator?.close();
  emulator = null;
});

async function start(functions: EmulatorOptions['functions'], fault?: EmulatorOptions['fault']): Promise<LambdaClient> {
  emulator = await startLambdaEmulator(fault ? { functions, fault } : { functions });
  const client = new LambdaClient({ endpoint: emulator.endpoint, region: 'eu-central-1', credentials: { accessKeyId: 'KEY', secretAccessKey: 'secret' }, maxAttempts: 1 });
  clients.push(client);
  return client;
}

async function invoke(client: LambdaClient, payload: unknown, name = 'f') {
  const output = await client.send(new InvokeCommand({ FunctionName: name, Payload: typeof payload === 'string' ? Buffer.from(payload) : JSON.stringify(payload), LogType: 'Tail' }));
  return { ...output, value: JSON.parse(Buffer.from(output.Payload!).toString('utf8')) as unknown, log: Buffer.from(output.LogResult ?? '', 'base64').toString('utf8') };
}

describe("Parjanya's function", () => {
  const request = async (more: { key: string; jpeg: Uint8Array }[] = []) => {
    const images = [...(await drawMany(2)), ...more];
    return { model: towerHash, images: images.map(({ key, jpeg }) => ({ key, jpeg: Buffer.from(jpeg).toString('base64') })) };
  };

  it('embeds each picture; a bad one fails alone, and what claims too much is not decoded', async () => {
    const client = await start({ f: emulated(packed) });
    const good = await makeJpeg(drawScene({ seed: 9, width: 300, height: 200 }));
    const huge = Buffer.from(good);
    const frame = huge.indexOf(Buffer.from([0xff, 0xc0]));
    huge.writeUInt16BE(60_000, frame + 5);
    huge.writeUInt16BE(60_000, frame + 7);
    const bad = [Buffer.from('no picture at all'), Buffer.alloc(0), good.subarray(0, good.length / 2), huge];
    const asked = await request(bad.map((jpeg, at) => ({ key: hashOf(Buffer.from(`bad ${at}`)), jpeg })));
    const { value, FunctionError, log } = await invoke(client, asked);
    expect(FunctionError).toBeUndefined();
    const answer = value as ScoreAnswer & { images: { key: string; embedding?: string; error?: { code: string; message: string } }[] };
    const byKey = new Map(answer.images.map((image) => [image.key, image]));
    expect(byKey.size).toBe(6);
    expect(asked.images.map(({ key }) => (byKey.get(key)!.embedding === undefined ? byKey.get(key)!.error!.code : 'embedding'))).toEqual(['embedding', 'embedding', 'preview-broken', 'preview-broken', 'truncated', 'too-large']);
    for (const { embedding } of answer.images) if (embedding !== undefined) expect(Buffer.from(embedding, 'base64')).toHaveLength(2_048);
    expect(log).toMatch(/REPORT RequestId: .*Billed Duration: \d+ ms\tMemory Size: 1769 MB.*Init Duration/);
  });

  it('refuses another model, and goes on', async () => {
    const client = await start({ f: emulated(packed) });
    expect((await invoke(client, { ...(await request()), model: 'c'.repeat(64) })).value).toMatchObject({ error: { code: 'model-wrong', message: expect.stringContaining(towerHash.slice(0, 12)) as string } });
    expect((await invoke(client, await request())).value).toMatchObject({ model: towerHash });
    expect(emulator!.environments).toBe(1);
  });

  it('says that its model is missing', async () => {
    const client = await start({ bare: emulated(packed, { environment: { PARJANYA_MODEL: join(home, 'nothing.onnx') } }) });
    expect((await invoke(client, await request(), 'bare')).value).toMatchObject({ error: { code: 'model-missing' } });
    expect((await invoke(client, [1, 2], 'bare')).value).toMatchObject({ error: { code: 'bad-input' } });
    expect(emulator!.environments).toBe(1);
  });
});

describe('its package', () => {
  it('has one processor\'s code alone, fits a ZIP, and is refused where it does not', async () => {
    expect(readdirSync(join(packed, 'node_modules', 'onnxruntime-node', 'bin', 'napi-v6'))).toEqual(['linux']);
    expect(readdirSync(join(packed, 'node_modules', 'onnxruntime-node', 'bin', 'napi-v6', 'linux'))).toEqual([process.arch]);
    const arch = process.arch === 'arm64' ? 'arm64' : 'x86_64';
    expect(await packFunction({ arch, folder: packed, model: null })).toMatchObject({ ok: false, error: { code: 'destination-unwritable' } });
    const other = process.arch === 'arm64' ? 'x86_64' : 'arm64';
    const refused = await packFunction({ arch: other, folder: join(home, 'other'), model: null });
    // where the other processor's packages are installed too it can be packed
    if (!refused.ok) expect(refused.error).toMatchObject({ code: 'native-missing', message: expect.stringContaining('npm ci --os=linux') as string });
    const large = join(home, 'large.onnx');
    writeFileSync(large, Buffer.alloc(230_000_000));
    expect(await packFunction({ arch, folder: join(home, 'large'), model: large })).toMatchObject({ ok: false, error: { code: 'too-large' } });
    expect(await packFunction({ arch, folder: join(home, 'image'), model: large, isImage: true })).toMatchObject({ ok: true });
    expect(existsSync(join(home, 'image', 'model.onnx'))).toBe(true);
    rmSync(large);
  });

  it('of the other processor is not taken from a folder with this one\'s', async () => {
    const packages = join(home, 'wrong');
    for (const name of ['sharp', 'detect-libc', 'semver', '@img/colour', 'onnxruntime-common', 'onnxruntime-node', '@img/sharp-linux-arm64', '@img/sharp-libvips-linux-arm64']) mkdirSync(join(packages, name), { recursive: true });
    const elf = Buffer.alloc(4_096);
    elf.write('\x7fELF', 'latin1');
    elf.writeUInt16LE(0x3e, 18);
    writeFileSync(join(packages, '@img/sharp-linux-arm64', 'sharp.node'), elf);
    expect(await packFunction({ arch: 'arm64', folder: join(home, 'mixed'), model: null, packages })).toMatchObject({ ok: false, error: { code: 'native-missing', message: expect.stringContaining('sharp.node') as string } });
  });
});

describe('the emulator', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(home, 'small-'))));

  it('answers cold and warm, tells thrown errors on HTTP 200, and limits what is sent and answered', async () => {
    writeHandler(folder, `if (event.throw) throw new TypeError('on purpose'); if (event.size) return 'x'.repeat(event.size); return { got: event };`);
    const client = await start({ f: emulated(folder) });
    expect((await invoke(client, { a: 1 })).log).toContain('Init Duration');
    const warm = await invoke(client, { a: 2 });
    expect([warm.value, warm.log.includes('Init Duration')]).toEqual([{ got: { a: 2 } }, false]);
    expect(await invoke(client, { throw: true })).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled', value: { errorType: 'TypeError', errorMessage: 'on purpose' } });
    expect(await invoke(client, { size: mostAnswerBytes })).toMatchObject({ FunctionError: 'Unhandled', value: { errorType: 'Function.ResponseSizeTooLarge' } });
    await expect(invoke(client, 'x'.repeat(mostRequestBytes + 1))).rejects.toMatchObject({ name: 'RequestTooLargeException', $metadata: { httpStatusCode: 413 } });
    await expect(invoke(client, '{')).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
    await expect(invoke(client, {}, 'g')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(client.send(new InvokeCommand({ FunctionName: 'f', Qualifier: 'nobody' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await client.send(new InvokeCommand({ FunctionName: 'f', Qualifier: 'live', InvocationType: 'DryRun', Payload: '{}' }))).toMatchObject({ StatusCode: 204 });
  });

  it('ends an environment at its time limit and when it exits, and begins another; throttles beyond its room', async () => {
    writeHandler(folder, `if (event.exit) process.exit(3); if (event.ms) await new Promise((done) => setTimeout(done, event.ms)); return process.pid;`);
    const client = await start({ f: emulated(folder, { timeoutMs: 1_500, reservedConcurrency: 2 }) });
    const first = (await invoke(client, {})).value as number;
    expect((await invoke(client, {})).value).toBe(first);
    expect(await invoke(client, { ms: 60_000 })).toMatchObject({ FunctionError: 'Unhandled', value: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('Task timed out after 1.50 seconds') as string } });
    await expect.poll(() => childrenOf(process.pid).some(({ id }) => id === first)).toBe(false);
    const second = (await invoke(client, {})).value as number;
    expect(second).not.toBe(first);
    expect(await invoke(client, { exit: true })).toMatchObject({ FunctionError: 'Unhandled', value: { errorType: 'Runtime.ExitError' } });
    const many = await Promise.allSettled(Array.from({ length: 6 }, () => invoke(client, { ms: 700 })));
    expect(many.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(many.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).name] : []))).toEqual(Array.from({ length: 4 }, () => 'TooManyRequestsException'));
  });
});
