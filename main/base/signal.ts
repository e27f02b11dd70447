/**
 * Cancelling and progress, the two parameters of every long call.
 * `CancelSignal` is the part of the platform's AbortSignal that we use; base has no DOM and no Node types.
 */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What is being worked on now, in words for a person. */
  readonly note?: string;
}

export type ProgressSink = (progress: Progress) => void;

/** A signal that is never aborted. */
export const neverCancelled: CancelSignal = {
  aborted: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
};

/** A cancel signal without the platform's AbortController, which engine code (no Node, no DOM) does not know. */
export function createCancel(): { signal: CancelSignal; cancel(): void } {
  const listeners = new Set<() => void>();
  const signal = {
    aborted: false,
    addEventListener: (_type: 'abort', listener: () => void) => void listeners.add(listener),
    removeEventListener: (_type: 'abort', listener: () => void) => void listeners.delete(listener),
  };
  return {
    signal,
    cancel() {
      if (signal.aborted) return;
      signal.aborted = true;
      for (const listener of [...listeners]) listener();
      listeners.clear();
    },
  };
}

/** Aborted as soon as one of the signals is. */
export function anySignal(...signals: readonly (CancelSignal | undefined)[]): CancelSignal {
  const present = signals.filter((signal) => signal !== undefined);
  return {
    get aborted() {
      return present.some((signal) => signal.aborted);
    },
    addEventListener: (type, listener, options) => {
      for (const signal of present) signal.addEventListener(type, listener, options);
    },
    removeEventListener: (type, listener) => {
      for (const signal of present) signal.removeEventListener(type, listener);
    },
  };
}
