/** Ctrl+C and requests to end: the first one stops work cleanly, a second one ends at once. */

/** As shells report a process that a signal has ended: 128 and the signal's number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Null while nobody has asked to stop. */
  readonly exitCode: () => number | null;
}

export function watchInterrupts(): Interrupt {
  const controller = new AbortController();
  let code: number | null = null;
  for (const [name, number] of Object.entries(exitCodes) as [keyof typeof exitCodes, number][])
    process.on(name, () => {
      // child processes end by themselves when this one is gone
      if (code !== null) process.exit(number);
      code = number;
      controller.abort();
    });
  return { signal: controller.signal, exitCode: () => code };
}
