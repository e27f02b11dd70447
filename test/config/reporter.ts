/** Prints what was skipped and why, and the closing line `N passed, N failed, N skipped`. */
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export default class ClosingLine implements Reporter {
  #passed = 0;
  #failed = 0;
  readonly #skipped: string[] = [];
  readonly #retried: string[] = [];

  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    if (result.state === 'passed') {
      this.#passed += 1;
      if ((test.diagnostic()?.retryCount ?? 0) > 0) this.#retried.push(test.fullName);
    } else if (result.state === 'failed') this.#failed += 1;
    else if (result.state === 'skipped') this.#skipped.push(`${test.fullName}: ${result.note ?? 'no reason given'}`);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    // a file that cannot even be loaded has no test cases, but is a failure all the same
    this.#failed += modules.filter((module) => module.errors().length > 0).length + errors.length;
    for (const name of this.#retried) console.log(`passed only when tried again: ${name}`);
    for (const line of this.#skipped) console.log(`skipped: ${line}`);
    console.log(`${this.#passed} passed, ${this.#failed} failed, ${this.#skipped.length} skipped`);
  }
}
