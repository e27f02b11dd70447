/**
 * The decode pool: child processes that work on one photo at a time each. `size` of them for background work, one more kept free
 * for the picture that a person waits for, and up to two for those that take seconds. Children start on demand; all but the eye's
 * end when idle.
 */
import { availableParallelism } from 'node:os';
import { coded, errorTexts } from '../../base/index.ts';
import type { CancelSignal, CodedError, Result } from '../../base/index.ts';
import type { DecodeOutcome, DecodePool, Log, Picture, WorkerRequest } from '../../ports/index.ts';
import { startDecodeChild } from './child.ts';
import type { ChildRole, DecodeChild } from './child.ts';
import { createProgress } from './progress.ts';
import type { Progress } from './progress.ts';

export interface DecodePoolOptions {
  /** The Node that runs the script; by default the one that runs this. */
  readonly executable?: string;
  /** main/workers/decode.ts, or what it was bundled to. */
  readonly script: string;
  /** Background tasks at once; by default the cores of the computer. */
  readonly size?: number;
  /** Of work on a file, counted from the moment when a child that is ready gets it (see work-clock.ts). */
  readonly timeLimitMs?: number;
  /** A background child that had nothing to do for so long ends. */
  readonly idleLimitMs?: number;
  /** After so many photos a background child is replaced: decoders' memory falls to pieces and slowly grows. */
  readonly photosPerChild?: number;
  readonly log: Log;
}

type Kind = WorkerRequest['kind'];
type Answer = Result<DecodeOutcome> | Result<Picture>;
type NewRequest = WorkerRequest extends infer R ? (R extends WorkerRequest ? Omit<R, 'id'> : never) : never;

interface Job {
  request: WorkerRequest;
  /** Of an analysis. */
  readonly progress: Progress | null;
  readonly lane: Lane;
  /** Null once it is answered; a child may still be working on it. */
  settle: ((answer: Answer) => void) | null;
  attempt: 1 | 2;
}

/** In this order: the eye, the eye's pictures that take seconds, the person's export, the rest. */
const lanes = ['picture', 'patient', 'deliver', 'analyse'] as const satisfies readonly (Kind | 'patient')[];
type Lane = (typeof lanes)[number];
/** What a person waits for knowingly may take so many times the time limit: 45 megapixels are rendered in some 7 s by a free core. */
const patience = 4;
/** Children for it: one for the photo at the eye while another makes one that is looked at next. */
const patientChildren = 2;
/** How long `close` waits for processes that were killed; one in a read of a dead network disk may not go sooner. */
const closeLimitMs = 5_000;

export function createDecodePool(options: DecodePoolOptions): DecodePool {
  const size = Math.max(1, options.size ?? availableParallelism());
  const timeLimitMs = options.timeLimitMs ?? 10_000;
  const idleLimitMs = options.idleLimitMs ?? 30_000;
  const photosPerChild = options.photosPerChild ?? 1_000;
  const queues: Record<Lane, Job[]> = { picture: [], patient: [], deliver: [], analyse: [] };
  const running = new Map<Job, DecodeChild>();
  const children = new Set<DecodeChild>();
  const idleTimers = new Map<DecodeChild, NodeJS.Timeout>();
  let nextId = 1;
  let isClosed = false;

  const start = (role: ChildRole): DecodeChild => {
    const child = startDecodeChild({
      executable: options.executable ?? process.execPath,
      script: options.script,
      role,
      log: options.log,
      onGone: (gone) => {
        forgetIdle(gone);
        children.delete(gone);
        pump();
      },
    });
    children.add(child);
    return child;
  };

  const usable = (role: ChildRole): DecodeChild[] => [...children].filter((child) => child.role === role && child.isUsable);
  const idle = (role: ChildRole): DecodeChild | undefined => usable(role).find((child) => !child.isBusy);
  const most: Readonly<Record<ChildRole, number>> = { eye: 1, patient: patientChildren, background: size };
  const startIfRoom = (role: ChildRole): DecodeChild | null => (usable(role).length < most[role] ? start(role) : null);
  const childFor = (lane: Lane): DecodeChild | null => {
    if (lane === 'picture') return idle('eye') ?? idle('background') ?? startIfRoom('eye') ?? startIfRoom('background');
    const role = lane === 'patient' ? 'patient' : 'background';
    return idle(role) ?? startIfRoom(role);
  };

  const forgetIdle = (child: DecodeChild): void => {
    clearTimeout(idleTimers.get(child));
    idleTimers.delete(child);
  };
  const restLater = (child: DecodeChild): void => {
    if (child.role === 'eye' || !child.isUsable || child.isBusy) return;
    if (child.answered >= photosPerChild) child.stop();
    else idleTimers.set(child, setTimeout(() => child.stop(), idleLimitMs).unref());
  };

  /** Gives waiting jobs to children, the most urgent first. */
  const pump = (): void => {
    for (const lane of lanes)
      while (!isClosed && queues[lane].length > 0) {
        const child = childFor(lane);
        if (!child) break;
        void work(queues[lane].shift()!, child);
      }
  };

  const work = async (job: Job, child: DecodeChild): Promise<void> => {
    running.set(job, child);
    forgetIdle(child);
    const end = await child.work(job.request, job.lane === 'patient' ? timeLimitMs * patience : timeLimitMs, (part) => {
      // Another stage than the one that its first child died in has its own two attempts.
      if (job.progress && part.begun !== job.progress.begun && part.results.length > 0) job.attempt = 1;
      job.progress?.take(part);
    });
    running.delete(job);
    const isUndone = end.kind === 'reply' && 'again' in end.reply && end.reply.again === true;
    if (end.kind === 'reply' && !isUndone) answer(job, wholeAnswer(job, end.reply.result as Answer));
    else if (job.settle && !isClosed) {
      if (end.kind === 'died') options.log.warn(`A decode child ended (${end.detail}) while it worked on a photo, attempt ${job.attempt}.`);
      const isOver = end.kind === 'timeout' || (end.kind === 'died' && job.attempt === 2);
      if (isOver && !goOnWithout(job, known(end.kind === 'timeout' ? 'timeout' : 'worker-crashed', true))) return settleLast(child);
      if (!isUndone) job.attempt = isOver ? 1 : 2;
      if (job.progress) job.request = { ...job.request, task: job.progress.remaining() } as WorkerRequest;
      // Started now, in the dead child's place, so that nothing which that child did before can matter.
      void work(job, start(child.role));
    }
    settleLast(child);
  };

  /** Whether there is anything to be done without the stage that has failed for good; if not, the job is answered. */
  const goOnWithout = (job: Job, error: CodedError): boolean => {
    const { progress } = job;
    if (!progress?.isUnderWay) answer(job, { ok: false, error });
    else if (progress.skip(error)) return true;
    else answer(job, { ok: true, value: progress.outcome(null) });
    return false;
  };

  const settleLast = (child: DecodeChild): void => {
    if (!isClosed) {
      restLater(child);
      pump();
    }
  };

  const answer = (job: Job, result: Answer): void => {
    const settle = job.settle;
    job.settle = null;
    settle?.(result);
  };

  const run = async <T extends Answer>(request: NewRequest, signal: CancelSignal | undefined, lane: Lane = request.kind): Promise<T> => {
    if (isClosed) return { ok: false, error: known('closed') } as T;
    if (signal?.aborted) return { ok: false, error: known('cancelled') } as T;
    let job: Job | undefined;
    const onAbort = (): void => {
      if (!job) return;
      const queue = queues[lane];
      const at = queue.indexOf(job);
      if (at >= 0) queue.splice(at, 1);
      answer(job, { ok: false, error: known('cancelled') });
      // A child that has begun finishes or meets its time limit, and is used again; but seconds of work for nothing are worth a new child.
      if (lane === 'patient') running.get(job)?.stop();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<T>((resolve) => {
        const progress = request.kind === 'analyse' ? createProgress(request.task) : null;
        job = { request: { ...request, id: nextId++ } as WorkerRequest, progress, settle: resolve as (answer: Answer) => void, lane, attempt: 1 };
        queues[lane].push(job);
        pump();
      });
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  };

  return {
    size,
    analyse: (task, { signal }) => run<Result<DecodeOutcome>>({ kind: 'analyse', task }, signal),
    picture: (task, { signal, patient }) => run<Result<Picture>>({ kind: 'picture', task }, signal, patient === true ? 'patient' : 'picture'),
    deliver: (task, { signal }) => run<Result<Picture>>({ kind: 'deliver', task }, signal),
    warm() {
      if (!isClosed) startIfRoom('eye');
    },
    async close() {
      isClosed = true;
      for (const job of [...lanes.flatMap((lane) => queues[lane].splice(0)), ...running.keys()]) answer(job, { ok: false, error: known('closed') });
      const leaving = [...children];
      for (const child of leaving) {
        forgetIdle(child);
        child.stop();
      }
      const limit = Promise.withResolvers<void>();
      const timer = setTimeout(limit.resolve, closeLimitMs);
      await Promise.race([Promise.all(leaving.map((child) => child.gone)), limit.promise]);
      clearTimeout(timer);
    },
  };
}

/** The last child's answer with what others, or it itself, told before. */
function wholeAnswer({ progress }: Job, last: Answer): Answer {
  if (!progress) return last;
  if (last.ok) return { ok: true, value: progress.outcome(last.value as DecodeOutcome) };
  return progress.isUnderWay ? { ok: true, value: progress.outcome({ results: [], thumbnail: null, error: last.error }) } : last;
}

function known(code: CodedError['code'], retry = false): CodedError {
  return coded(code, errorTexts[code], { retry });
}
