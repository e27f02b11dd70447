/** Failures of the moment and failures of the file. */
import type { CodedError, ErrorCode } from '../base/index.ts';

const passing: ReadonlySet<ErrorCode> = new Set([
  'timeout', 'worker-crashed', 'file-vanished', 'file-unreadable', 'native-missing', 'cancelled', 'closed', 'internal', 'disk-full',
  'model-missing', 'model-wrong', 'infer-failed',
]);

/** True for an error that tells more of the moment than of the file: it is shown, and the stage is run again at the next opening. */
export function isPassing(error: CodedError): boolean {
  return error.retry || passing.has(error.code);
}
