/**
 * SelfTests over a decode child and a JSON file. A result holds for one computer, one version of what is tested and one golden: with
 * any other it is run again. A test that cannot be kept (a full disk) is run again in the next session.
 */
import { createHash } from 'node:crypto';
import { goldenInputs, goldens } from '../../../models/index.ts';
import { nameHash } from '../../base/index.ts';
import { modelIds, selfTestIds, selfTestOutcomes } from '../../domain/index.ts';
import type { ModelId, SelfTestId, SelfTestResult, SelfTestRun } from '../../domain/index.ts';
import { runOfError } from '../../ports/index.ts';
import type { LocateModel, ModelFile, SelfTests } from '../../ports/index.ts';
import { addToJsonTable, readJsonTable } from '../files/json-table.ts';
import { describeMachine, packageVersion } from './machine.ts';
import { createSelfTestRunner } from './runner.ts';
import type { SelfTestRunnerOptions } from './runner.ts';

export interface SelfTestsOptions extends Omit<SelfTestRunnerOptions, 'limitMs'> {
  /** Where results are kept. */
  readonly file: string;
  readonly locate: LocateModel;
  /** Of stages by their test's name; a raised version is another part. */
  readonly versions: Readonly<Record<string, number>>;
  /** Default: 20 s, a hundred times what the slowest takes on a computer of 2020. */
  readonly limitMs?: number;
  readonly now?: () => number;
}

const packages: Readonly<Partial<Record<SelfTestId, string>>> = { sharp: 'sharp', libraw: 'libraw-wasm', libheif: 'libheif-js' };

export function createSelfTests(options: SelfTestsOptions): SelfTests {
  const runner = createSelfTestRunner({ limitMs: 20_000, ...options });
  const now = options.now ?? Date.now;
  const results = new Map<SelfTestId, SelfTestResult>();
  const keys = new Map<SelfTestId, string>();
  /** One after the other, whoever asks. */
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const keyOf = async (test: SelfTestId, model: ModelFile | null): Promise<string> => {
    const version = model ? `${model.sha256} onnxruntime ${await packageVersion('onnxruntime-node')}` : packages[test] ? await packageVersion(packages[test]) : String(options.versions[test] ?? 0);
    const golden = nameHash(JSON.stringify([goldens[test], packages[test] ? createHash('sha256').update(JSON.stringify(goldenInputs)).digest('hex') : '']));
    return `${version}; Node ${process.versions.node}; ${describeMachine()}; golden ${golden}`;
  };

  const keep = (test: SelfTestId, run: SelfTestRun): SelfTestResult => {
    const result = { test, ...run, at: now() };
    results.set(test, result);
    return result;
  };

  /** What a test is to be run with; a result where there is nothing to run: a model that is not here is looked for again the next time. */
  const prepare = async (test: SelfTestId): Promise<{ readonly model: ModelFile | null; readonly key: string } | SelfTestResult> => {
    const located = isModel(test) ? await options.locate(test) : null;
    if (located?.ok === false) {
      keys.delete(test);
      return keep(test, runOfError(located.error));
    }
    const model = located?.ok ? located.value : null;
    return { model, key: await keyOf(test, model) };
  };

  /** The result that holds under a key, of this session or an earlier one. */
  const recall = async (test: SelfTestId, key: string): Promise<SelfTestResult | null> => {
    const known = keys.get(test) === key ? results.get(test) : parseStored(test, key, (await readJsonTable(options.file))[test]);
    if (!known) {
      // what is known of another version or another file says nothing of this one
      results.delete(test);
      return null;
    }
    keys.set(test, key);
    results.set(test, known);
    return known;
  };

  const runOne = async (test: SelfTestId, again: boolean): Promise<SelfTestResult | null> => {
    const prepared = await prepare(test);
    if ('outcome' in prepared) return prepared;
    const { model, key } = prepared;
    const known = again ? null : await recall(test, key);
    if (known) return known;
    const run = await runner.run({ test, model });
    if (run === null) return null;
    const result = keep(test, run);
    keys.set(test, key);
    await addToJsonTable(options.file, test, { key, ...result }).catch(() => undefined);
    return result;
  };

  return {
    known: () => selfTestIds.flatMap((test) => results.get(test) ?? []),
    async load(tests) {
      for (const test of tests) {
        const prepared = await prepare(test);
        if ('key' in prepared) await recall(test, prepared.key);
      }
    },
    run(tests, { again = false } = {}) {
      const work = last.then(async () => {
        const done: SelfTestResult[] = [];
        for (const test of tests) {
          const result = isClosed ? null : await runOne(test, again);
          if (result) done.push(result);
        }
        runner.rest();
        return done;
      });
      last = work.catch(() => undefined);
      return work;
    },
    async close() {
      isClosed = true;
      await runner.close();
      await last;
    },
  };
}

function isModel(test: SelfTestId): test is ModelId {
  return (modelIds as readonly string[]).includes(test);
}

/** A stored result that holds here; null for any other, and for what is none. */
function parseStored(test: SelfTestId, key: string, stored: unknown): SelfTestResult | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { key: storedKey, outcome, message, ms, at } = stored as Record<string, unknown>;
  const isSound = (typeof message === 'string' || message === null) && (typeof ms === 'number' || ms === null) && typeof at === 'number';
  const known = selfTestOutcomes.find((one) => one === outcome);
  return storedKey === key && known && isSound ? { test, outcome: known, message, ms, at } : null;
}
