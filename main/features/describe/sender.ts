/** Sends questions: as many at once as the server takes, again where that helps, and none beyond what may be spent. */
import { anySignal, coded, neverCancelled } from '../../base/index.ts';
import type { CancelSignal, CodedError } from '../../base/index.ts';
import { adjustPressure, startPressure } from '../../domain/index.ts';
import type { Clock, Vlm, VlmAnswer, VlmQuestion } from '../../ports/index.ts';

export interface Sender {
  /** Errors: those of Vlm.ask, after several tries where they are of the moment; not-agreed where the limit is reached; cancelled. */
  ask(question: VlmQuestion): Promise<VlmAnswer>;
  /** Most requests that were under way at once. */
  readonly together: number;
  /** Requests that may be paid for: those under way, answered, and ended in a way that does not say so. */
  readonly counted: number;
}

const mostTries = 6;
const firstWaitMs = 500;
const longestWaitMs = 30_000;
/** A server that asks for more is as good as away. */
const mostPatienceMs = 60_000;
/** Whatever the server takes: pictures that wait are held in memory. */
export const mostTogether = 16;

/**
 * @param mostRequests that may be paid for; null = no limit
 * @param signal ends requests under way
 * @param halted nothing is sent any more, and what is under way, paid for already, ends by itself
 */
export function createSender(deps: { readonly vlm: Vlm; readonly clock: Clock }, mostRequests: number | null, signal: CancelSignal, halted: CancelSignal = neverCancelled): Sender {
  const { vlm, clock } = deps;
  const stopper = anySignal(signal, halted);
  let pressure = startPressure(mostTogether);
  let underWay = 0;
  let counted = 0;
  let together = 0;
  const waiting: (() => void)[] = [];

  const admit = (): void => {
    while (waiting.length > 0 && underWay < pressure.limit) {
      underWay += 1;
      together = Math.max(together, underWay);
      waiting.shift()!();
    }
  };
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      admit();
    });
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      // who is aborted already tells nobody
      if (stopper.aborted) return resolve();
      const callOff = clock.after(ms, done);
      stopper.addEventListener('abort', done, { once: true });
      function done(): void {
        callOff();
        stopper.removeEventListener('abort', done);
        resolve();
      }
    });

  const tryOnce = async (question: VlmQuestion): Promise<VlmAnswer> => {
    await turn();
    try {
      if (stopper.aborted) return cancelled;
      // those under way count, so that no two take the last one
      if (mostRequests !== null && counted >= mostRequests) return overLimit;
      counted += 1;
      const startedAt = clock.now();
      const answer = await vlm.ask(question, signal);
      if (!answer.ok && !answer.mayBeBilled) counted -= 1;
      if (answer.ok || answer.isThrottled) pressure = adjustPressure(pressure, { startedAt, endedAt: clock.now(), isThrottled: !answer.ok });
      return answer;
    } finally {
      underWay -= 1;
      admit();
    }
  };

  return {
    async ask(question) {
      for (let tries = 1; ; tries++) {
        const answer = await tryOnce(question);
        if (answer.ok || !answer.error.retry || tries >= mostTries) return answer;
        // "at once" of a server that is busy is no answer to how long
        const wait = Math.max(answer.retryAfterMs ?? 0, Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1)) * (0.5 + Math.random() / 2));
        if (wait > mostPatienceMs) return answer;
        await pause(wait);
      }
    },
    get together() {
      return together;
    },
    get counted() {
      return counted;
    },
  };
}

const refuse = (error: CodedError): VlmAnswer => ({ ok: false, error, retryAfterMs: null, isThrottled: false, mayBeBilled: false });
const cancelled = refuse(coded('cancelled', 'It was cancelled.'));
const overLimit = refuse(coded('not-agreed', 'The limit in money was reached; nothing more was sent.'));
