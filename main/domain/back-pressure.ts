/**
 * How many requests may be under way at once, found out from how they fare: additive increase, multiplicative decrease (Chiu and Jain, "Analysis of the
 * increase and decrease algorithms for congestion avoidance in computer networks", 1989). Pure: the caller keeps the state and says what time it is.
 */
export interface Pressure {
  /** As many requests at once, whole; at least 1. */
  readonly limit: number;
  /** The same with its fraction. */
  readonly exact: number;
  /** The shortest answer so far, in milliseconds; null before the first. */
  readonly bestMs: number | null;
  /** When it was last halved; what was sent before that tells nothing new. */
  readonly halvedAt: number;
  readonly most: number;
}

/** How one request fared. Times in milliseconds of one clock. */
export interface Fared {
  readonly startedAt: number;
  readonly endedAt: number;
  /** The server said that it has too much to do. */
  readonly isThrottled: boolean;
}

/** Answers that take so many times as long as the shortest one wait for each other in a queue: more at once would gain nothing. */
const slowFactor = 2;

export function startPressure(most: number, first = 2): Pressure {
  const exact = Math.max(1, Math.min(first, most));
  return { limit: Math.floor(exact), exact, bestMs: null, halvedAt: Number.NEGATIVE_INFINITY, most };
}

/**
 * After each answer. Rises by one for as many good answers as may be under way; stays where answers take much longer than the shortest; halves where the
 * server is too busy, once for all that were sent before it was heard.
 */
export function adjustPressure(pressure: Pressure, { startedAt, endedAt, isThrottled }: Fared): Pressure {
  const change = (exact: number, rest: Partial<Pressure>): Pressure => ({ ...pressure, ...rest, exact, limit: Math.floor(exact) });
  if (isThrottled) return startedAt < pressure.halvedAt ? pressure : change(Math.max(1, pressure.exact / 2), { halvedAt: endedAt });
  const ms = endedAt - startedAt;
  const bestMs = Math.min(ms, pressure.bestMs ?? ms);
  if (ms > bestMs * slowFactor) return { ...pressure, bestMs };
  return change(Math.min(pressure.most, pressure.exact + 1 / pressure.limit), { bestMs });
}
