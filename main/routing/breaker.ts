/**
 * A circuit breaker for one place (Nygard, "Release It!", 2007): after some failures in a row it is left alone for a while, then asked once
 * by way of trial. A state machine as data; whoever uses it hands in the clock, in milliseconds.
 */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly until: number; readonly opened: number }
  /** One call is out on trial; no other goes. */
  | { readonly state: 'half-open'; readonly since: number; readonly opened: number };

/** Failures in a row that open it. */
export const mostFailures = 5;
/** The first time it stays open; twice as long each time that the trial fails, up to `longestOpenMs`. */
export const firstOpenMs = 5_000;
export const longestOpenMs = 300_000;
/** A trial of which nothing is heard for so long is as good as failed: its caller has gone. */
export const trialMs = 120_000;

export const closedBreaker: Breaker = { state: 'closed', failures: 0 };

/** Whether a call may go now; the state afterwards must be kept. */
export function askBreaker(breaker: Breaker, now: number): { readonly breaker: Breaker; readonly isAllowed: boolean } {
  if (breaker.state === 'closed') return { breaker, isAllowed: true };
  const isDue = breaker.state === 'open' ? now >= breaker.until : now >= breaker.since + trialMs;
  return isDue ? { breaker: { state: 'half-open', since: now, opened: breaker.opened }, isAllowed: true } : { breaker, isAllowed: false };
}

export function noteSuccess(breaker: Breaker): Breaker {
  // an answer to a call from before it opened proves nothing about now
  return breaker.state === 'open' ? breaker : closedBreaker;
}

/** For failures of the place, not of a photo: see failures.ts. */
export function noteFailure(breaker: Breaker, now: number): Breaker {
  if (breaker.state === 'open') return breaker;
  if (breaker.state === 'half-open') return open(breaker.opened + 1, now);
  return breaker.failures + 1 >= mostFailures ? open(1, now) : { state: 'closed', failures: breaker.failures + 1 };
}

/** As `choose` wants it: an open one whose time has come may be tried. */
export function healthOf(breaker: Breaker, now: number): 'closed' | 'half-open' | 'open' {
  return breaker.state === 'closed' ? 'closed' : askBreaker(breaker, now).isAllowed ? 'half-open' : 'open';
}

function open(opened: number, now: number): Breaker {
  return { state: 'open', opened, until: now + Math.min(longestOpenMs, firstOpenMs * 2 ** (opened - 1)) };
}
