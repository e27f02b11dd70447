/** Exit statuses, and the one way in which a command fails as a whole. docs/cli.md lists them. */
import type { CodedError } from '../../main/base/index.ts';
import { describeError, toJson } from './terminal.ts';
import type { Terminal } from './terminal.ts';

export const succeeded = 0;
/** Some items, or the command as a whole. */
export const failed = 1;
export const wrongUsage = 2;

/** Behind the address of a vision model; see isUnencrypted. */
export const unencryptedWarning = ' (not encrypted: who is in between can see the pictures, and the key where one is sent)';

/** Says what went wrong: `code: sentence` on standard error and, with `--json`, as the document on standard output. */
export async function failWith(error: CodedError, json: boolean, terminal: Terminal): Promise<number> {
  terminal.tell(describeError(error));
  if (json) await terminal.print(toJson({ error: { code: error.code, message: error.message } }));
  return failed;
}

/** One item that failed, as reports print it. */
export interface FailedItem {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** Says which items failed, a line each. */
export function tellFailedItems(items: readonly FailedItem[], terminal: Terminal): void {
  for (const item of items) terminal.tell(`${item.path}: ${describeError(item)}`);
}
