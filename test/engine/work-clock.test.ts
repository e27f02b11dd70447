/** The time limit of a file counts work: real processes that work, wait, and work a little. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { fromPs, parseTime, processorTimeOf } from '../../main/adapters/decode-pool/processor-time.ts';
import { startWorkClock } from '../../main/adapters/decode-pool/work-clock.ts';
import { findProgram, need } from '../config/needs.ts';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const process of started.splice(0)) process.kill('SIGKILL');
});

function start(script: string): number {
  const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
  started.push(child);
  return child.pid!;
}

/** Milliseconds by the clock until the limit is met. */
function timeOf(pid: number | undefined, limitMs: number): Promise<number> {
  const begun = performance.now();
  return new Promise((resolve) => startWorkClock(pid, limitMs, () => resolve(performance.now() - begun)));
}

test('times as ps writes them on Linux and macOS', () => {
  expect(['00:00:07', '0:07.25', '12:34.50', '1-02:03:04', ' 00:00:00\n', '', 'TIME', '7'].map(parseTime)).toEqual([7_000, 7_250, 754_500, 93_784_000, 0, null, null, null]);
});

test('the processor time of a process, as the system tells it in two ways', async (context) => {
  need(context, 'ps', process.platform !== 'win32' && findProgram('ps') !== null, 'this system has no ps');
  const pid = start('for (;;);');
  await expect.poll(() => processorTimeOf(pid), { timeout: 60_000 }).toBeGreaterThan(1_500);
  const [before, told, after] = [await processorTimeOf(pid), await fromPs(pid), await processorTimeOf(pid)];
  // ps counts whole seconds.
  expect(told).toBeGreaterThanOrEqual(Math.floor(before! / 1_000) * 1_000);
  expect(told).toBeLessThanOrEqual(after!);
  expect([await processorTimeOf(undefined), await processorTimeOf(999_999_999)]).toEqual([null, null]);
});

test('a process that waits is given up after the limit, and so is one that the system tells nothing of', async () => {
  const pid = start('setTimeout(() => undefined, 3_600_000)');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await timeOf(pid, 600)).toBeGreaterThanOrEqual(590);
  expect(await timeOf(undefined, 300)).toBeGreaterThanOrEqual(290);
});

test('a process that gets little of the processor is given three times the limit, one that has worked so long is not', async (context) => {
  need(context, 'processor time', process.platform === 'linux', 'only Linux tells it finely enough');
  const [busy, starved] = [start('for (;;);'), start('setInterval(() => { const end = performance.now() + 20; while (performance.now() < end); }, 200)')];
  const [first, second] = await Promise.all([timeOf(busy, 1_000), timeOf(starved, 1_000)]);
  expect(first).toBeGreaterThanOrEqual(990);
  expect(second).toBeGreaterThanOrEqual(2_900);
});

test('a clock that was stopped says nothing', async () => {
  let isMet = false;
  startWorkClock(start('for (;;);'), 100, () => (isMet = true))();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(isMet).toBe(false);
});
