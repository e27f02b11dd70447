/** Runs self-tests in a decode child: compiled code that does not fit a computer ends its process, or never comes back. */
import type { SelfTestRun } from '../../domain/index.ts';
import type { Log, SelfTestTask } from '../../ports/index.ts';
import { startDecodeChild } from '../decode-pool/child.ts';
import type { DecodeChild } from '../decode-pool/child.ts';

export interface SelfTestRunnerOptions {
  /** A plain Node; default: this process's own. */
  readonly executable?: string;
  /** main/workers/decode.ts, or what it was bundled to. */
  readonly script: string;
  /** Of work, and three times as long by the clock (see decode-pool/work-clock.ts). */
  readonly limitMs: number;
  readonly log: Log;
}

export interface SelfTestRunner {
  /** One at a time. Null where it was closed meanwhile. */
  run(task: SelfTestTask): Promise<SelfTestRun | null>;
  /** Ends the child; the next test starts another. */
  rest(): void;
  close(): Promise<void>;
}

export function createSelfTestRunner(options: SelfTestRunnerOptions): SelfTestRunner {
  let child: DecodeChild | null = null;
  let isClosed = false;
  let id = 0;
  return {
    async run(task) {
      if (isClosed) return null;
      if (!child?.isUsable)
        child = startDecodeChild({ executable: options.executable ?? process.execPath, script: options.script, role: 'background', log: options.log, onGone: () => undefined });
      const end = await child.work({ id: ++id, kind: 'self-test', task }, options.limitMs);
      if (isClosed) return null;
      if (end.kind === 'timeout') return { outcome: 'slow', message: `There was no answer within ${options.limitMs / 1000} s of work.`, ms: null };
      if (end.kind === 'died') return { outcome: 'crashed', message: `Its process ended (${end.detail}).`, ms: null };
      const { result } = end.reply;
      return result.ok ? (result.value as SelfTestRun) : { outcome: 'wrong', message: result.error.message, ms: null };
    },
    rest() {
      child?.stop();
    },
    async close() {
      isClosed = true;
      child?.stop();
      await child?.gone;
    },
  };
}
