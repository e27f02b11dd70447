/** Running self-tests in a process that may die, and keeping their results. Implemented by adapters/self-tests. */
import type { CodedError, Result } from '../base/index.ts';
import type { SelfTestId, SelfTestResult, SelfTestRun } from '../domain/index.ts';
import type { ModelFile } from './infer.ts';

export interface SelfTests {
  /** Results that hold for this computer and these versions, as far as tests have been run; in the order of selfTestIds. */
  known(): readonly SelfTestResult[];
  /** Takes over what earlier sessions have kept and holds here; runs nothing. */
  load(tests: readonly SelfTestId[]): Promise<void>;
  /** Runs those that have no result yet (`again`: all), one after the other, and keeps what came out. */
  run(tests: readonly SelfTestId[], options?: { readonly again?: boolean }): Promise<readonly SelfTestResult[]>;
  /** Ends what runs; its test has no result then. */
  close(): Promise<void>;
}

/** One self-test, for a child to run. `model`: the file that a model's test is to use. */
export interface SelfTestTask {
  readonly test: SelfTestId;
  readonly model: ModelFile | null;
}

/** Travels to a child and back, beside the requests for photos. `result`: an error is for what is no matter of the part itself (a bug). */
export type SelfTestRequest = { readonly id: number; readonly kind: 'self-test'; readonly task: SelfTestTask };
export type SelfTestReply = { readonly id: number; readonly kind: 'self-test'; readonly result: Result<SelfTestRun>; readonly retire?: boolean };

/** The outcome for a part that is not there, or whose file is another one. */
export function runOfError(error: CodedError): SelfTestRun {
  const isMissing = error.code === 'model-missing' || error.code === 'native-missing';
  return { outcome: isMissing ? 'missing' : 'wrong', message: error.message, ms: null };
}
