/** The decode pool with real processes: children that work, die, hang and are called off. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDecodePool } from '../../main/adapters/decode-pool/index.ts';
import type { DecodePoolOptions } from '../../main/adapters/decode-pool/index.ts';
import type { Result } from '../../main/base/index.ts';
import type { DecodeOutcome, DecodePool, Picture } from '../../main/ports/index.ts';
import { findProgram, need } from '../config/needs.ts';
import { drawScene, makeJpeg } from '../fixtures/index.ts';
import { isRunning, waitUntil } from './processes.ts';

const script = fileURLToPath(new URL('./pool-child.ts', import.meta.url));
let folder: string;
let pools: DecodePool[];
let told: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parjanya-pool-'));
  pools = [];
  told = [];
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  rmSync(folder, { recursive: true, force: true });
});

function open(options: Partial<DecodePoolOptions> = {}): DecodePool {
  const log = { info: (text: string) => told.push(text), warn: (text: string) => told.push(text), bug: (where: string) => told.push(where) };
  const pool = createDecodePool({ script, size: 2, log, ...options });
  pools.push(pool);
  return pool;
}

const analyse = (pool: DecodePool, path: string, signal?: AbortSignal): Promise<Result<DecodeOutcome>> =>
  pool.analyse({ path, stages: [], known: {}, thumbnail: true }, signal ? { signal } : {});
const picture = (pool: DecodePool, path: string, signal?: AbortSignal): Promise<Result<Picture>> =>
  pool.picture({ path, size: 'grid', known: {} }, signal ? { signal } : {});
const render = (pool: DecodePool, path: string, signal?: AbortSignal): Promise<Result<Picture>> =>
  pool.picture({ path, size: 'full', known: {} }, { patient: true, ...(signal ? { signal } : {}) });
const deliver = (pool: DecodePool, path: string): Promise<Result<Picture>> => pool.deliver({ path, maxEdge: 1, quality: 85, known: {} }, {});

/** Which process answered, and how many requests it had answered before. */
function whoAnswered(result: Result<DecodeOutcome> | Result<Picture>): { pid: number; seen: number } {
  if (!result.ok) throw new Error(`no answer but ${result.error.code}`);
  const bytes = 'jpeg' in result.value ? result.value.jpeg : result.value.thumbnail!;
  return JSON.parse(Buffer.from(bytes).toString()) as { pid: number; seen: number };
}

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.code;
}

/** Gives a child something to do until the answer's `release` is called. */
async function occupy(kind: (pool: DecodePool, path: string) => Promise<Result<unknown>>, pool: DecodePool, name: string): Promise<{ pid: number; release: () => void; end: Promise<Result<unknown>> }> {
  const file = join(folder, name);
  const end = kind(pool, `wait-for:${file}`);
  await waitUntil(`${name} has begun`, () => existsSync(`${file}.begun`) && readFileSync(`${file}.begun`, 'utf8') !== '');
  return { pid: Number(readFileSync(`${file}.begun`, 'utf8')), release: () => writeFileSync(file, ''), end };
}

test('children are used again and there are never more than asked for', async () => {
  const pool = open();
  expect(pool.size).toBe(2);
  const answers = (await Promise.all(Array.from({ length: 12 }, (_, index) => analyse(pool, `sleep:${index % 3}`)))).map(whoAnswered);
  expect(new Set(answers.map((answer) => answer.pid)).size).toBe(2);
  expect(answers.reduce((most, answer) => Math.max(most, answer.seen), 0)).toBeGreaterThan(1);
});

test('a picture for the eye does not wait for background work', async () => {
  const pool = open();
  const busy = [await occupy(analyse, pool, 'a'), await occupy(analyse, pool, 'b')];
  const shown = whoAnswered(await picture(pool, 'now'));
  expect(busy.map((work) => work.pid)).not.toContain(shown.pid);
  busy.forEach((work) => work.release());
  expect((await Promise.all(busy.map((work) => work.end))).map(codeOf)).toEqual(['ok', 'ok']);
});

test('pictures also use background children that have nothing to do', async () => {
  const pool = open({ size: 1 });
  const { pid } = whoAnswered(await analyse(pool, 'now'));
  const first = await occupy(picture, pool, 'first');
  const second = await occupy(picture, pool, 'second');
  expect([first.pid, second.pid]).toContain(pid);
  first.release();
  second.release();
  expect([codeOf(await first.end), codeOf(await second.end)]).toEqual(['ok', 'ok']);
});

test('pictures that take seconds keep neither the child for the eye nor the background busy, and do not wait for them', async () => {
  const pool = open({ size: 1 });
  const background = await occupy(analyse, pool, 'background');
  const renderings = [await occupy(render, pool, 'first'), await occupy(render, pool, 'next')];
  const third = render(pool, 'now');
  const shown = whoAnswered(await picture(pool, 'now'));
  const busy = [background, ...renderings].map((work) => work.pid);
  expect(new Set([...busy, shown.pid]).size).toBe(4);
  renderings.forEach((work) => work.release());
  expect(renderings.map((work) => work.pid)).toContain(whoAnswered(await third).pid);
  expect((await Promise.all(renderings.map((work) => work.end))).map(codeOf)).toEqual(['ok', 'ok']);
  background.release();
  await background.end;
});

test('a rendering that is called off is ended with its child, and the next one is not harmed', async () => {
  const pool = open({ size: 1 });
  const control = new AbortController();
  const called = await occupy((own, path) => render(own, path, control.signal), pool, 'called off');
  control.abort();
  expect(codeOf(await called.end)).toBe('cancelled');
  await waitUntil('its process is gone', () => !isRunning(called.pid));
  const next = whoAnswered(await render(pool, 'now'));
  expect(next.pid).not.toBe(called.pid);
  expect(told, 'nobody calls that a crash').toEqual([]);
});

test('a rendering has more time than a photo of the background, and not for ever', async () => {
  const pool = open({ size: 1, timeLimitMs: 600 });
  await render(pool, 'now');
  expect(codeOf(await render(pool, 'sleep:1000'))).toBe('ok');
  expect(codeOf(await analyse(pool, 'sleep:30000'))).toBe('timeout');
  expect(codeOf(await render(pool, 'hang'))).toBe('timeout');
});

test('the eye is served before export, export before analysis', async () => {
  const pool = open({ size: 1 });
  const eye = await occupy(picture, pool, 'eye');
  const background = await occupy(analyse, pool, 'background');
  const order: string[] = [];
  const note = (name: string) => () => order.push(name);
  const waiting = [
    analyse(pool, 'x').then(note('analyse')),
    analyse(pool, 'x').then(note('analyse')),
    deliver(pool, 'x').then(note('deliver')),
    picture(pool, 'x').then(note('picture')),
  ];
  background.release();
  await Promise.all(waiting);
  expect(order).toEqual(['picture', 'deliver', 'analyse', 'analyse']);
  eye.release();
  await eye.end;
});

test('a child killed in the middle of a photo: the photo is tried once more, others are unharmed', async () => {
  const pool = open();
  const harmed = await occupy(analyse, pool, 'harmed');
  const other = await occupy(analyse, pool, 'other');
  rmSync(join(folder, 'harmed.begun'));
  process.kill(harmed.pid, 'SIGKILL');
  await waitUntil('the second attempt has begun', () => existsSync(join(folder, 'harmed.begun')));
  harmed.release();
  other.release();
  const [again, unharmed] = await Promise.all([harmed.end, other.end]);
  const answer = whoAnswered(again as Result<DecodeOutcome>);
  expect(answer.pid).not.toBe(harmed.pid);
  expect(answer.seen, 'the second attempt is in a fresh process').toBe(0);
  expect(whoAnswered(unharmed as Result<DecodeOutcome>).pid).toBe(other.pid);
  expect(isRunning(harmed.pid)).toBe(false);
});

test('keys to other places stay out of the process that reads the files', async () => {
  const keys = { PARJANYA_VLM_KEY: 'sk-secret', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token', AWS_PROFILE: 'studio' };
  const before = { ...process.env };
  Object.assign(process.env, keys);
  try {
    const result = await picture(open(), 'environment');
    const { names } = whoAnswered(result) as unknown as { names: string[] };
    expect(names.filter((name) => name in keys || name.startsWith('AWS_'))).toEqual([]);
    // where the system's parts are is told
    expect(names.map((name) => name.toUpperCase())).toContain('PATH');
  } finally {
    for (const name of Object.keys(keys)) if (before[name] === undefined) delete process.env[name]; else process.env[name] = before[name];
  }
});

test.each(['analyse', 'picture', 'deliver'] as const)('%s: a photo that kills its child once succeeds, twice is worker-crashed', async (kind) => {
  const run = { analyse, picture, deliver }[kind];
  const pool = open();
  expect(codeOf(await run(pool, `first-time-dies:${join(folder, 'marker')}`))).toBe('ok');
  expect(codeOf(await run(pool, 'die'))).toBe('worker-crashed');
  expect(codeOf(await run(pool, 'exit'))).toBe('worker-crashed');
  expect(codeOf(await run(pool, 'cut-line'))).toBe('worker-crashed');
  expect(codeOf(await run(pool, 'now')), 'the pool works on').toBe('ok');
  expect(told.some((line) => line.includes('SIGKILL'))).toBe(true);
});

test('many crashing photos among good ones: each gets its own answer', async () => {
  const pool = open();
  const paths = Array.from({ length: 9 }, (_, index) => (index % 3 === 0 ? 'die' : `sleep:${index % 2}`));
  const codes = (await Promise.all(paths.map((path) => analyse(pool, path)))).map(codeOf);
  expect(codes).toEqual(paths.map((path) => (path === 'die' ? 'worker-crashed' : 'ok')));
});

test('a child that hangs is killed at the time limit and the photo not tried again', async () => {
  const pool = open({ timeLimitMs: 300 });
  const { pid } = whoAnswered(await analyse(pool, 'now'));
  const results = await Promise.all([analyse(pool, 'hang'), analyse(pool, 'now'), picture(pool, 'hang'), picture(pool, 'now')]);
  expect(results.map(codeOf)).toEqual(['timeout', 'ok', 'timeout', 'ok']);
  const next = await Promise.all([analyse(pool, 'now'), analyse(pool, 'now')]);
  expect(next.map(codeOf)).toEqual(['ok', 'ok']);
  await pool.close();
  expect(isRunning(pid)).toBe(false);
});

test('a cancelled photo is answered at once; its child goes on and is used again', async () => {
  const pool = open({ size: 1 });
  const file = join(folder, 'slow');
  const [running, queued] = [new AbortController(), new AbortController()];
  const first = analyse(pool, `wait-for:${file}`, running.signal);
  await waitUntil('it has begun', () => existsSync(`${file}.begun`) && readFileSync(`${file}.begun`, 'utf8') !== '');
  const second = analyse(pool, 'die', queued.signal);
  queued.abort();
  running.abort();
  expect([codeOf(await first), codeOf(await second)]).toEqual(['cancelled', 'cancelled']);
  const third = analyse(pool, 'now');
  writeFileSync(file, '');
  expect(whoAnswered(await third)).toEqual({ pid: Number(readFileSync(`${file}.begun`, 'utf8')), seen: 1 });
  expect(codeOf(await analyse(pool, 'now', AbortSignal.abort()))).toBe('cancelled');
});

test('a cancelled photo that hangs is killed all the same', async () => {
  const pool = open({ size: 1, timeLimitMs: 300 });
  const { pid } = whoAnswered(await analyse(pool, 'now'));
  const calledOff = new AbortController();
  const hanging = analyse(pool, 'hang', calledOff.signal);
  calledOff.abort();
  expect(codeOf(await hanging)).toBe('cancelled');
  expect(whoAnswered(await analyse(pool, 'now')).pid).not.toBe(pid);
});

test('close answers everything and leaves no process', async () => {
  const pool = open();
  const working = [await occupy(analyse, pool, 'a'), await occupy(analyse, pool, 'b'), await occupy(picture, pool, 'c')];
  const waiting = [analyse(pool, 'now'), picture(pool, 'now'), deliver(pool, 'now')];
  await pool.close();
  expect((await Promise.all([...working.map((work) => work.end), ...waiting])).map(codeOf)).toEqual(Array(6).fill('closed'));
  for (const { pid } of working) expect(isRunning(pid)).toBe(false);
  expect(codeOf(await analyse(pool, 'now'))).toBe('closed');
  await pool.close();
});

test('idle background children end, and new ones are started when there is work again', async () => {
  const pool = open({ size: 1, idleLimitMs: 50 });
  const { pid } = whoAnswered(await analyse(pool, 'now'));
  await waitUntil('the idle child ends', () => !isRunning(pid));
  expect(whoAnswered(await analyse(pool, 'now')).pid).not.toBe(pid);
});

test('a background child is replaced after its share of photos, and no photo is harmed by it', async () => {
  const pool = open({ size: 1, photosPerChild: 3 });
  const answers = (await Promise.all(Array.from({ length: 7 }, () => analyse(pool, 'now')))).map(whoAnswered);
  expect(answers.map((answer) => answer.seen)).toEqual([0, 1, 2, 0, 1, 2, 0]);
  expect(new Set(answers.map((answer) => answer.pid)).size).toBe(3);
  expect(told).toEqual([]);
});

test.each(['analyse', 'picture', 'deliver'] as const)('%s: what a child has no room for is done by a fresh one, and is no attempt', async (kind) => {
  const run = { analyse, picture, deliver }[kind];
  const pool = open({ size: 1 });
  const before = whoAnswered(await run(pool, 'now'));
  const after = whoAnswered(await run(pool, 'no-room:'));
  expect(after.pid).not.toBe(before.pid);
  expect(after.seen).toBe(0);
  await waitUntil('the first is gone', () => !isRunning(before.pid));
  expect(told).toEqual([]);
});

test('a script or an executable that is not there fails each photo with a code', async () => {
  expect(codeOf(await analyse(open({ script: join(folder, 'none.ts') }), 'now'))).toBe('worker-crashed');
  const pool = open({ executable: join(folder, 'no-node') });
  expect((await Promise.all([analyse(pool, 'now'), picture(pool, 'now')])).map(codeOf)).toEqual(['worker-crashed', 'worker-crashed']);
});

test('what decoders write on stderr reaches the log, but cannot flood it', async () => {
  const pool = open();
  expect(codeOf(await analyse(pool, 'complain'))).toBe('ok');
  await waitUntil('the log has it', () => told.some((line) => line.includes('complains at length')));
  expect(told.join('').length).toBeLessThan(20_000);
});

test('children end when their parent is killed, also in the middle of a photo', async () => {
  const parent = join(folder, 'parent.mjs');
  const pool = new URL('../../main/adapters/decode-pool/index.ts', import.meta.url).href;
  const waits = [join(folder, 'one'), join(folder, 'two')];
  writeFileSync(
    parent,
    `import { createDecodePool } from ${JSON.stringify(pool)};
     const log = { info() {}, warn() {}, bug() {} };
     const pool = createDecodePool({ script: ${JSON.stringify(script)}, size: 2, log });
     for (const wait of ${JSON.stringify(waits)}) void pool.analyse({ path: 'wait-for:' + wait, stages: [], known: {}, thumbnail: false }, {});`,
  );
  const child = spawn(process.execPath, [parent], { stdio: 'ignore' });
  await waitUntil('both have begun', () => waits.every((wait) => existsSync(`${wait}.begun`) && readFileSync(`${wait}.begun`, 'utf8') !== ''));
  const pids = waits.map((wait) => Number(readFileSync(`${wait}.begun`, 'utf8')));
  expect(pids.every(isRunning)).toBe(true);
  child.kill('SIGKILL');
  await waitUntil('the children are gone', () => !pids.some(isRunning));
});

test('the real decode child ends with its parent too, while its decoder is at work', async (context) => {
  const pgrep = process.platform === 'win32' ? null : findProgram('pgrep');
  need(context, 'pgrep', pgrep !== null, 'pgrep is not on this machine');
  const photo = join(folder, 'large.jpg');
  writeFileSync(photo, await makeJpeg(drawScene({ seed: 3, width: 3_000, height: 2_000 })));
  const parent = join(folder, 'parent.mjs');
  const pool = new URL('../../main/adapters/decode-pool/index.ts', import.meta.url).href;
  const worker = fileURLToPath(new URL('../../main/workers/decode.ts', import.meta.url));
  const ready = join(folder, 'ready');
  writeFileSync(
    parent,
    `import { writeFileSync } from 'node:fs';
     import { createDecodePool } from ${JSON.stringify(pool)};
     const log = { info() {}, warn() {}, bug() {} };
     const pool = createDecodePool({ script: ${JSON.stringify(worker)}, size: 2, log });
     const look = async () => { for (;;) { const result = await pool.picture({ path: ${JSON.stringify(photo)}, size: 500, known: {} }, {}); writeFileSync(${JSON.stringify(ready)}, String(result.ok)); } };
     await Promise.all([look(), look()]);`,
  );
  const child = spawn(process.execPath, [parent], { stdio: 'ignore' });
  await waitUntil('pictures are made', () => existsSync(ready) && readFileSync(ready, 'utf8') === 'true');
  const pids = execFileSync(pgrep!, ['-P', String(child.pid)], { encoding: 'utf8' }).trim().split('\n').map(Number);
  expect(pids.length).toBeGreaterThan(0);
  child.kill('SIGKILL');
  await waitUntil('the children are gone', () => !pids.some(isRunning));
});
