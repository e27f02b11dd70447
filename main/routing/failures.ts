/** Failures of a place, by code: what to do about them. */
import type { CodedError } from '../base/index.ts';

/**
 * `permanent`: it would fail again, and the person has to do something; `photo`: the place is well, this photo is not;
 * `passing`: another try may help, and the place's breaker is told.
 */
export type FailureKind = 'permanent' | 'photo' | 'passing';

const passing: ReadonlySet<string> = new Set(['timeout', 'worker-crashed', 'place-unreachable', 'place-busy', 'place-failed', 'infer-failed', 'internal']);
const permanent: ReadonlySet<string> = new Set([
  'credentials-missing', 'credentials-expired', 'access-denied', 'place-missing', 'model-missing', 'model-wrong', 'native-missing', 'bad-input', 'unknown-method', 'not-available', 'cancelled', 'closed',
]);

/** `retry` of the error counts where its code says nothing; what is neither is the photo's. */
export function classifyFailure({ code, retry }: CodedError): FailureKind {
  if (permanent.has(code)) return 'permanent';
  return passing.has(code) || retry ? 'passing' : 'photo';
}
