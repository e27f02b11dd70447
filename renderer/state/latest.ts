/** Questions of which only the latest matters: one at a time, so that a slider that moves fast leaves no queue behind. */
import type { CodedError } from '../../main/base/index.ts';
import { errorOf } from '../client/index.ts';

export interface Latest<Q> {
  ask(question: Q): void;
  /** Nobody waits for the answer any more. */
  drop(): void;
}

/** @param take gets the answer to the latest question only. */
export function createLatest<Q, A>(ask: (question: Q, signal: AbortSignal) => Promise<A>, take: (question: Q, answer: A) => void, fail: (error: CodedError) => void): Latest<Q> {
  let wanted: { readonly question: Q } | null = null;
  let current: AbortController | null = null;
  let isAsking = false;
  const askAll = async (): Promise<void> => {
    isAsking = true;
    while (wanted !== null) {
      const { question }: { readonly question: Q } = wanted;
      wanted = null;
      const control = new AbortController();
      current = control;
      try {
        const answer = await ask(question, control.signal);
        if (!control.signal.aborted) take(question, answer);
      } catch (reason) {
        const error = errorOf(reason);
        if (error.code !== 'cancelled') fail(error);
      }
    }
    isAsking = false;
  };
  return {
    ask(question) {
      wanted = { question };
      current?.abort();
      if (!isAsking) void askAll();
    },
    drop() {
      wanted = null;
      current?.abort();
    },
  };
}
