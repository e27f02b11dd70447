/** Trying out this computer: real work in the real child, and children that die or hang. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalProbe, encodePng, makeRawSample, readPortability } from '../../main/adapters/doctor/index.ts';
import type { LocalProbeOptions } from '../../main/adapters/doctor/index.ts';
import { createModelShelf } from '../../main/adapters/models/index.ts';
import { createSelfTests } from '../../main/adapters/self-tests/index.ts';
import type { SelfTests } from '../../main/ports/index.ts';
import { drawTestPicture } from '../../main/workers/self-test/picture.ts';
import { childrenOf } from '../config/processes.ts';

const realChild = fileURLToPath(new URL('../../main/workers/decode.ts', import.meta.url));
const oddChild = fileURLToPath(new URL('./self-test-child.ts', import.meta.url));
const log = { info: () => undefined, warn: () => undefined, bug: () => undefined };

let home: string;
let tests: SelfTests[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'parjanya-doctor-test-'));
  tests = [];
  process.env['PARJANYA_TEST_LOG'] = join(home, 'log');
});
afterEach(async () => {
  await Promise.all(tests.map((one) => one.close()));
  for (const name of ['PARJANYA_TEST_LOG', 'PARJANYA_TEST_CHILD']) delete process.env[name];
  rmSync(home, { recursive: true, force: true });
});

function probeWith(options: Partial<LocalProbeOptions> & { readonly testScript?: string } = {}) {
  const bytes = encodePng(drawTestPicture(800, 600));
  const path = join(home, 'picture.png');
  writeFileSync(path, bytes);
  const rawPath = join(home, 'picture.dng');
  writeFileSync(rawPath, makeRawSample());
  const { locate } = createModelShelf({ folders: [join(home, 'models')], notes: home });
  const selfTests = createSelfTests({ script: options.testScript ?? realChild, file: join(home, 'tests.json'), locate, versions: {}, limitMs: options.testScript ? 1_000 : 60_000, log });
  tests.push(selfTests);
  return createLocalProbe({ script: realChild, log, selfTests, locate, picture: { path, bytes }, rawPath, children: 2, runs: 2, limitMs: 60_000, ...options });
}

describe('the doctor on this computer', () => {
  it('times real work, and leaves no process behind', async () => {
    const report = await probeWith().probe('focus');
    expect(report).toMatchObject({ state: 'ok', message: null });
    expect(report.medianMs).toBeGreaterThan(0);
    expect(report.p95Ms).toBeGreaterThanOrEqual(report.medianMs!);
    expect(report.coldStartMs).toBeGreaterThan(report.medianMs!);
    expect(report.photosPerSecond).toBeGreaterThan(0);
    await tests[0]!.close();
    expect(childrenOf(process.pid).filter(({ command }) => command.includes('workers/decode'))).toEqual([]);
  });

  it('gives what works on sensor data a RAW file', async () => {
    expect(await probeWith().probe('headroom')).toMatchObject({ state: 'ok', message: null });
  });

  it('says which model is missing and what helps', async () => {
    expect(await probeWith().probe('clip')).toMatchObject({ state: 'missing', message: expect.stringContaining('parjanya models pull clip-b32-image') as string, medianMs: null });
  });

  it('tells a part that dies, hangs or answers wrongly in its self-test', async () => {
    process.env['PARJANYA_TEST_CHILD'] = 'focus=die,phash=hang,exposure=wrong';
    const probe = probeWith({ testScript: oddChild });
    expect(await probe.probe('focus')).toMatchObject({ state: 'crashed', message: 'Its process ended (SIGSEGV).' });
    expect(await probe.probe('phash')).toMatchObject({ state: 'slow' });
    expect(await probe.probe('exposure')).toMatchObject({ state: 'wrong', message: 'Other numbers.' });
  });

  it('tells a child that dies or hangs over the picture', async () => {
    const child = (body: string): string => {
      const file = join(home, `child-${body.length}.mjs`);
      writeFileSync(file, `process.on('message', () => { ${body} }); process.on('disconnect', () => process.exit()); process.send({ kind: 'ready' });`);
      return file;
    };
    const dead = probeWith({ testScript: oddChild, script: child("process.kill(process.pid, 'SIGKILL');") });
    expect(await dead.probe('metadata')).toMatchObject({ state: 'crashed', message: 'Its process ended (SIGKILL).', coldStartMs: null });
    const hung = probeWith({ testScript: oddChild, script: child('for (;;);'), limitMs: 500 });
    expect(await hung.probe('metadata')).toMatchObject({ state: 'slow', message: 'There was no answer within 0.5 s of work.' });
  });
});

describe('packages', () => {
  it('of this project: WebAssembly everywhere, and the one hole', async () => {
    const packages = (await readPortability(fileURLToPath(new URL('../../', import.meta.url))))!;
    const answers = Object.fromEntries(packages.map((one) => [one.package, Object.fromEntries(Object.entries(one.platforms).map(([platform, { answer }]) => [platform, answer]))]));
    expect(Object.values(answers['libraw-wasm']!)).toEqual(Array(6).fill('WASM'));
    expect(Object.values(answers['sharp']!)).toEqual(Array(6).fill('yes'));
    expect(answers['onnxruntime-node']).toMatchObject({ 'darwin-arm64': 'yes', 'darwin-x64': 'no', 'linux-arm64': 'yes', 'win32-arm64': 'yes' });
    expect(packages.some((one) => one.package === 'esbuild')).toBe(false);
  });

  it('are found where they lie: nested, for musl only, beside a binary of another computer', async () => {
    const lock = {
      packages: {
        '': { dependencies: { a: '1', b: '1' }, devDependencies: { d: '1' } },
        'node_modules/a': { version: '1.0.0', optionalDependencies: { 'a-linux': '1', 'a-musl': '1' } },
        'node_modules/a/node_modules/a-linux': { version: '1.0.1', os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
        'node_modules/a-musl': { version: '1.0.0', os: ['linux'], cpu: ['arm64'], libc: ['musl'] },
        'node_modules/b': { version: '2.0.0' },
        'node_modules/d': { version: '3.0.0', optionalDependencies: { 'a-musl': '1' } },
      },
    };
    writeFileSync(join(home, 'package-lock.json'), JSON.stringify(lock));
    mkdirSync(join(home, 'node_modules/b/prebuilds/win32-arm64'), { recursive: true });
    writeFileSync(join(home, 'node_modules/b/prebuilds/win32-arm64/b.node'), '');
    const packages = (await readPortability(home))!;
    const yes = (at: number): string[] => Object.entries(packages[at]!.platforms).flatMap(([platform, { answer }]) => (answer === 'yes' ? [platform] : []));
    expect(packages.map((one) => one.package)).toEqual(['a', 'b']);
    expect(yes(0)).toEqual(['linux-x64']);
    expect(packages[0]!.platforms['linux-x64']!.why).toBe('the package a-linux 1.0.1');
    expect(yes(1)).toEqual(['win32-arm64']);
    expect(await readPortability(join(home, 'nowhere'))).toBeNull();
  });
});
