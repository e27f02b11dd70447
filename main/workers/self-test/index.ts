/** Runs one self-test in this process and holds its answer against the stored one. */
import { goldens } from '../../../models/index.ts';
import { ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { findDeviation } from '../../domain/index.ts';
import type { SelfTestRun } from '../../domain/index.ts';
import { runOfError } from '../../ports/index.ts';
import type { SelfTestTask } from '../../ports/index.ts';
import { measureSelfTest } from './tests.ts';
import type { TestTools } from './tests.ts';

export async function runSelfTest({ test, model }: SelfTestTask, tools: TestTools): Promise<Result<SelfTestRun>> {
  const start = performance.now();
  const measured = await measureSelfTest(test, tools, model);
  if (!measured.ok) return ok(runOfError(measured.error));
  const ms = Math.round((performance.now() - start) * 10) / 10;
  const deviation = findDeviation(goldens[test], measured.value);
  return ok(deviation === null ? { outcome: 'ok', message: null, ms } : { outcome: 'wrong', message: `It answers otherwise than it should: ${deviation}.`, ms });
}
