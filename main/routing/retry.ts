/** When to try again: exponential steps with full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). */
import type { CodedError } from '../base/index.ts';
import { classifyFailure } from './failures.ts';

export interface RetryPlan {
  /** Milliseconds that the first delay may have at most; twice as many each time. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** Calls in all, the first included. */
  readonly attempts: number;
}

export const usualRetry: RetryPlan = { firstMs: 500, longestMs: 20_000, attempts: 5 };

/**
 * Milliseconds to wait before the next call, anything from 0 to the step's most, so that many clients do not come back together; null
 * where there is to be none.
 * @param attempt calls made so far, 1 or more
 * @param random 0 up to 1
 * @param leastMs what the place itself asked for (Retry-After)
 */
export function planRetry(error: CodedError, attempt: number, random: number, plan: RetryPlan = usualRetry, leastMs = 0): number | null {
  if (classifyFailure(error) !== 'passing' || attempt >= plan.attempts) return null;
  const most = Math.min(plan.longestMs, plan.firstMs * 2 ** (attempt - 1));
  return leastMs + Math.floor(random * most);
}
