/** Long work that the person can see and stop. A handle belongs to whoever does the work; the list is for the page. */
import { createCancel, createEmitter, fail, ok } from '../../base/index.ts';
import type { CancelSignal, CodedError } from '../../base/index.ts';
import type { HandlersOf, Job, ParjanyaContract } from '../../contract/index.ts';
import type { Clock } from '../../ports/index.ts';

export interface JobHandle {
  readonly id: number;
  /** Aborted when the person stops the job. */
  readonly signal: CancelSignal;
  /** `total` where it was not known at the start. */
  progress(done: number, note?: string, total?: number): void;
  itemFailed(): void;
  /** Ends the job, once; later calls do nothing. A job that was stopped ends as `cancelled` whatever it says. */
  end(state: 'done' | 'cancelled' | 'failed', error?: CodedError): void;
}

export interface Jobs {
  start(kind: Job['kind'], title: string, total: number): JobHandle;
  readonly handlers: HandlersOf<ParjanyaContract>['jobs'];
  /** Stops everything that runs and waits until it has ended, or `limitMs`. */
  cancelAll(limitMs: number): Promise<void>;
}

/** At most ten times a second: a page cannot show more, and every event is a message. */
const eventPause = 100;
const keptJobs = 50;

interface RunningJob {
  job: Job;
  readonly cancel: () => void;
}

export function createJobs(clock: Clock): Jobs {
  const all = new Map<number, RunningJob>();
  const changed = createEmitter<Job[]>();
  const waiting = new Set<number>();
  let scheduled = false;
  let nextId = 1;

  const flush = (): void => {
    scheduled = false;
    const jobs = [...waiting].map((id) => all.get(id)?.job).filter((job) => job !== undefined);
    waiting.clear();
    if (jobs.length > 0) changed.emit(jobs);
  };
  const tell = (id: number, change: Partial<Job>): void => {
    const running = all.get(id);
    if (!running) return;
    running.job = { ...running.job, ...change };
    waiting.add(id);
    if (scheduled) return;
    scheduled = true;
    clock.after(eventPause, flush);
  };
  /** Ended jobs go first, oldest first. */
  const forget = (): void => {
    for (const [id, { job }] of all) {
      if (all.size <= keptJobs) return;
      if (job.state !== 'running' && !waiting.has(id)) all.delete(id);
    }
  };

  const quietListeners: (() => void)[] = [];
  const tellQuiet = (): void => {
    if ([...all.values()].some(({ job }) => job.state === 'running')) return;
    for (const listener of quietListeners.splice(0)) listener();
  };

  return {
    start(kind, title, total) {
      const id = nextId++;
      const { signal, cancel } = createCancel();
      all.set(id, { job: { id, kind, title, state: 'running', done: 0, total, note: '', failed: 0, error: null }, cancel });
      tell(id, {});
      forget();
      const isRunning = (): boolean => all.get(id)?.job.state === 'running';
      return {
        id,
        signal,
        progress(done, note, newTotal) {
          if (isRunning()) tell(id, { done, ...(note === undefined ? {} : { note }), ...(newTotal === undefined ? {} : { total: newTotal }) });
        },
        itemFailed() {
          const running = all.get(id);
          if (running) tell(id, { failed: running.job.failed + 1 });
        },
        end(state, error) {
          if (!isRunning()) return;
          tell(id, { state: signal.aborted && state !== 'failed' ? 'cancelled' : state, error: error ?? null });
          tellQuiet();
        },
      };
    },
    handlers: {
      list: () => ok([...all.values()].map(({ job }) => job)),
      cancel({ id }) {
        const running = all.get(id);
        if (!running) return fail('not-found', 'There is no such job (any more).');
        running.cancel();
        return ok({});
      },
      changed,
    },
    cancelAll(limitMs) {
      for (const { cancel } of all.values()) cancel();
      return new Promise((resolve) => {
        const giveUp = clock.after(limitMs, resolve);
        quietListeners.push(() => {
          giveUp();
          resolve();
        });
        tellQuiet();
      });
    },
  };
}
