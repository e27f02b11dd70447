/** One decode child: a process that works on one request at a time and may die or hang without harming anything else. */
import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { Log, ChildReply, ChildRequest, WorkerPart } from '../../ports/index.ts';
import { startWorkClock } from './work-clock.ts';

/** A picture that a person waits for, one that takes seconds, or work in the background. */
export type ChildRole = 'eye' | 'patient' | 'background';

/** How a request ended. `died`: the process is gone; `detail` says how (`SIGSEGV`, `exit code 1`). */
export type WorkEnd =
  | { readonly kind: 'reply'; readonly reply: ChildReply }
  | { readonly kind: 'died'; readonly detail: string }
  | { readonly kind: 'timeout' };

export interface DecodeChild {
  readonly role: ChildRole;
  /** Of the process; undefined where it could not be started. */
  readonly pid: number | undefined;
  /** Requests answered so far. */
  readonly answered: number;
  readonly isBusy: boolean;
  /** False from the moment it died or was told to stop. */
  readonly isUsable: boolean;
  /** Never rejects. The child must be usable and not busy. `limitMs`: of work (see work-clock.ts), counted anew from each part that it tells of. */
  work(request: ChildRequest, limitMs: number, onPart?: (part: WorkerPart) => void): Promise<WorkEnd>;
  /** Ends it at once: it keeps nothing that would have to be saved. */
  stop(): void;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
}

export interface ChildOptions {
  readonly executable: string;
  readonly script: string;
  readonly role: ChildRole;
  readonly log: Log;
  readonly onGone: (child: DecodeChild) => void;
  /** For glibc; default: memorySettings. */
  readonly memory?: Readonly<Record<string, string>>;
}

/** Starting takes a fraction of a second; a computer that is asleep or busy (see work-clock.ts) is given time. */
const startLimitMs = 30_000;
const maxErrorText = 4_000;

/**
 * For glibc, which keeps memory per thread: with its default a child grows to twice the size (measured: 290 against 160 MiB), with two
 * arenas for all threads to 371 MB where it takes 316 with one, and a sixth more time, in new pages (all measures on 24 megapixels). And it
 * gives every buffer of a picture back to the system at once, which has to find and clear its pages for the next one: a preview of
 * 1,620 pixels took 27 to 34 ms of processor with that and 8 to 10 without (busy virtual machine).
 */
export const memorySettings: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '33554432', MALLOC_TRIM_THRESHOLD_: '134217728' };

/** A child reads strangers' files and calls nobody: what opens doors elsewhere (AWS, the vision model) stays with the engine. Windows does not tell cases apart. */
export function withoutSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(AWS_|PARJANYA_VLM_KEY$)/i.test(name)));
}

export function startDecodeChild(options: ChildOptions): DecodeChild {
  const { role, log } = options;
  const child = fork(options.script, [], {
    execPath: options.executable,
    // main/workers/decode.ts asks for it.
    execArgv: ['--expose-gc'],
    env: { ...(options.memory ?? memorySettings), ...withoutSecrets(process.env) },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let isUsable = true;
  let isReady = false;
  let answered = 0;
  let current: { request: ChildRequest; limitMs: number; onPart: ((part: WorkerPart) => void) | undefined; end: (end: WorkEnd) => void } | null = null;
  let stopClock = (): void => undefined;
  const gone = Promise.withResolvers<void>();

  const finish = (end: WorkEnd): void => {
    stopClock();
    stopClock = () => undefined;
    const ended = current;
    current = null;
    ended?.end(end);
  };
  const stop = (): void => {
    isUsable = false;
    child.kill('SIGKILL');
  };
  const giveUp = (end: WorkEnd): void => {
    stop();
    finish(end);
  };
  const waitForStart = (): void => {
    stopClock = startWorkClock(child.pid, startLimitMs, () => !isReady && giveUp({ kind: 'died', detail: 'did not start' }));
  };
  const startLimit = (limitMs: number): void => {
    stopClock();
    // What is already here, but not read because this process was busy itself, comes first; this clock is then no longer the one that counts.
    const onLimit = (): void => {
      if (stopClock === stopThis) giveUp({ kind: 'timeout' });
    };
    const stopThis = startWorkClock(child.pid, limitMs, () => setImmediate(() => setImmediate(onLimit)));
    stopClock = stopThis;
  };
  const send = (): void => {
    if (!current) return;
    startLimit(current.limitMs);
    // A failure to send means that the process is gone or going; its exit says so.
    child.send(current.request, () => undefined);
  };
  const onEnd = (detail: string): void => {
    if (isUsable && current === null) log.warn(`An idle decode child ended (${detail}).`);
    isUsable = false;
    finish({ kind: 'died', detail });
    gone.resolve();
    options.onGone(self);
  };

  child.on('message', (message: unknown) => {
    if (!isMessage(message)) return;
    if (message.kind === 'ready') {
      isReady = true;
      send();
    } else if (message.kind === 'part' && current?.request.id === message.id) {
      startLimit(current.limitMs);
      current.onPart?.(message as unknown as WorkerPart);
    } else if (current?.request.id === message.id && current.request.kind === message.kind) {
      answered += 1;
      // Before anybody learns that it is free: a retiring child gets no further request.
      if ((message as ChildReply).retire === true) stop();
      finish({ kind: 'reply', reply: message as ChildReply });
    }
  });
  child.on('error', (error) => {
    // Could not be started, or could not be signalled; only the first leaves no exit behind.
    if (child.pid === undefined) onEnd(error.message);
  });
  child.on('exit', (code, signal) => onEnd(signal ?? `exit code ${code}`));
  // Without its line a child can answer nothing any more, even if it lives.
  child.on('disconnect', stop);
  forwardErrors(child.stderr, log);
  if (role === 'background') lowerPriority(child.pid);

  const self: DecodeChild = {
    role,
    pid: child.pid,
    get answered() {
      return answered;
    },
    get isBusy() {
      return current !== null;
    },
    get isUsable() {
      return isUsable;
    },
    work(request, limitMs, onPart) {
      return new Promise((resolve) => {
        current = { request, limitMs, onPart, end: resolve };
        if (isReady) send();
        else waitForStart();
      });
    },
    stop,
    gone: gone.promise,
  };
  return self;
}

/** Decoders complain on stderr; a broken file must not flood the log. */
function forwardErrors(stream: NodeJS.ReadableStream | null, log: Log): void {
  let left = maxErrorText;
  stream?.setEncoding('utf8');
  stream?.on('error', () => undefined);
  stream?.on('data', (text: string) => {
    if (left > 0) log.warn(`decode child: ${text.slice(0, left).trimEnd()}`);
    left -= text.length;
  });
}

/**
 * Unix counts from -20 to 19: 5 is a third of the usual share, enough to let the eye go first, not so little that another busy
 * program stops the work. Windows knows steps only.
 */
const backgroundPriority = process.platform === 'win32' ? constants.priority.PRIORITY_BELOW_NORMAL : 5;

/** The person's screen, the engine and the picture for the eye go before background work. */
function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, backgroundPriority);
  } catch {
    // It is gone already, or the system does not allow it: only a wish.
  }
}

function isMessage(message: unknown): message is { kind: string; id: number } {
  return typeof message === 'object' && message !== null && 'kind' in message && typeof message.kind === 'string';
}
