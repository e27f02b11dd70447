/** The contract's `doctor`: what the command prints, step by step, one examination at a time, and a stop that leaves nothing behind. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DoctorStep } from '../../main/contract/index.ts';
import { openEngine } from '../../main/engine.ts';
import { runCommand } from '../cli/run-command.ts';
import { childrenOf } from '../config/processes.ts';
import { allJobsEnd, codeOf, createHome } from './engine-kit.ts';
import type { EngineHome } from './engine-kit.ts';

interface Report {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly recommended: readonly { readonly reason: string }[];
  readonly packages: unknown;
}

/** Times differ from run to run; that there is one does not. */
function withoutTimes({ rows, recommended, packages }: Report): unknown {
  return {
    rows: rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === 'number' && /Ms$|Second$/.test(key) ? 'a number' : value]))),
    recommended: recommended.map((one) => ({ ...one, reason: one.reason.replace(/[\d.]+ (ms|s|minutes)/, 'a time') })),
    packages,
  };
}

describe('the contract\'s doctor', { timeout: 180_000 }, () => {
  let home: EngineHome;
  /** Where temporary folders are made, so that what is left there is seen. */
  let temporary: string;
  const before = process.env['TMPDIR'];
  beforeEach(() => {
    home = createHome();
    temporary = join(home.folder, 'temporary');
    mkdirSync(temporary);
    process.env['TMPDIR'] = temporary;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    expect(home.bugs).toEqual([]);
    await home.close();
  });
  const decoders = () => childrenOf(process.pid).filter(({ command }) => command.includes('workers/decode'));
  const leftFolders = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('parjanya-doctor-'));

  it('answers what the command prints', async () => {
    const { api } = await home.open();
    const found = await api.doctor.examine({ stages: ['clip', 'metadata'] }, () => undefined);
    const { packages } = await api.doctor.packages({});
    const ran = await runCommand(['doctor', 'clip', 'metadata', '--json'], { env: { PARJANYA_DATA: join(home.folder, 'data'), PARJANYA_MODELS: '' } });
    expect(ran.status).toBe(0);
    expect(withoutTimes({ ...found, packages })).toEqual(withoutTimes(JSON.parse(ran.out) as Report));
    expect(found.rows[0]).toMatchObject({ stage: 'metadata', state: 'ok', photosPerSecond: expect.any(Number) as number });
  });

  it('tells each step when it begins and when it has ended, and is a job', async () => {
    const { api } = await home.open();
    const steps: DoctorStep[] = [];
    await api.doctor.examine({ stages: ['metadata', 'clip'] }, (step) => void steps.push(step));
    expect(steps.map(({ done, total, stage, place, row, advice }) => `${done}/${total} ${stage} ${place} ${row?.state ?? 'begins'} ${advice?.place ?? ''}`.trim())).toEqual([
      '0/4 metadata local begins', '1/4 metadata local ok local',
      '1/4 clip local begins', '2/4 clip local missing',
      '2/4 clip lambda-arm64 begins', '3/4 clip lambda-arm64 not-set-up',
      '3/4 clip lambda-x86_64 begins', '4/4 clip lambda-x86_64 not-set-up nowhere',
    ]);
    expect(await allJobsEnd(api)).toMatchObject([{ kind: 'doctor', state: 'done', done: 4, total: 4 }]);
    expect(leftFolders()).toEqual([]);
  });

  it('does one examination at a time; a stop ends it at once and leaves nothing behind', async () => {
    const { api } = await home.open();
    for (const by of ['signal', 'job'] as const) {
      const control = new AbortController();
      const begun = Promise.withResolvers<undefined>();
      const steps: DoctorStep[] = [];
      const running = codeOf(
        api.doctor.examine({}, (step) => (steps.push(step), begun.resolve(undefined)), { signal: control.signal }),
      );
      await begun.promise;
      expect(leftFolders()).toHaveLength(1);
      expect(await codeOf(api.doctor.examine({ stages: ['metadata'] }, () => undefined))).toBe('place-busy');
      const job = (await api.jobs.list({})).find(({ state }) => state === 'running')!;
      if (by === 'signal') control.abort();
      else await api.jobs.cancel({ id: job.id });
      expect(await running).toBe('cancelled');
      expect((await api.jobs.list({})).find(({ id }) => id === job.id)?.state).toBe('cancelled');
      expect(steps.filter(({ row }) => row !== null && row.state !== 'ok')).toEqual([]);
      expect(leftFolders()).toEqual([]);
      expect(decoders()).toEqual([]);
    }
  });

  it('is ended by an engine that closes', async () => {
    const { engine, api } = await home.open();
    const begun = Promise.withResolvers<undefined>();
    void codeOf(api.doctor.examine({ stages: ['focus'] }, () => begun.resolve(undefined)));
    await begun.promise;
    await engine.close();
    expect(decoders()).toEqual([]);
    expect(leftFolders()).toEqual([]);
  });

  it('says that there is nothing to tell packages by, where no lockfile is', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'parjanya-empty-'));
    const opened = await openEngine({ catalogFile: ':memory:', cacheFolder: join(empty, 'cache'), modelFolders: [], selfTestFile: join(empty, 'self-tests.json'), projectFolder: empty });
    if (!opened.ok) throw new Error(opened.error.message);
    try {
      expect(await opened.value.connect().doctor.packages({})).toEqual({ packages: null });
    } finally {
      await opened.value.close();
      rmSync(empty, { recursive: true, force: true });
    }
  });

  it('tells a temporary folder that cannot be written to', async () => {
    process.env['TMPDIR'] = join(temporary, 'not-there');
    const { api } = await home.open();
    expect(await codeOf(api.doctor.examine({ stages: ['metadata'] }, () => undefined))).toBe('destination-missing');
    expect(await allJobsEnd(api)).toMatchObject([{ kind: 'doctor', state: 'failed', error: { code: 'destination-missing' } }]);
  });
});
