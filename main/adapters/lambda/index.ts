/** RemoteScorer over a function of AWS Lambda (app/lambda). Runs in the engine's process, where credentials stay. */
import { setTimeout as sleep } from 'node:timers/promises';
import { aestheticHead } from '../../../models/index.ts';
import { coded, errorTexts, ok } from '../../base/index.ts';
import type { CodedError, Result } from '../../base/index.ts';
import { keepPictureOnly, scoreAesthetics } from '../../domain/index.ts';
import type { Embedded, RemoteImage, RemoteScorer, RemoteUse } from '../../ports/index.ts';
import { fitsRequest, halve, packBatches, workOff } from './batches.ts';
import type { Batch } from './batches.ts';
import { createCaller, readEmbedding } from './call.ts';
import type { Called, Caller } from './call.ts';
import type { CallFailure } from './failures.ts';

export interface LambdaOptions {
  readonly functionName: string;
  /** Alias or version; default `live`, which app/lambda's documentation names. */
  readonly qualifier?: string;
  /** As AWS names it: `eu-central-1`. */
  readonly region: string;
  /** SHA-256 of the tower whose embeddings are wanted. */
  readonly model: string;
  readonly profile?: string;
  readonly endpoint?: string;
  /** Calls at a time; at most the function's reserved concurrency. Default 8. */
  readonly concurrency?: number;
  /** Pictures in a call, 1 to 64; default 24: some seconds of work, so that progress is smooth and a repeated call costs little. */
  readonly together?: number;
  /** Of one call; default 75 s, for a function that is given 60. */
  readonly timeoutMs?: number;
  /** How often a call that may go better later is repeated, four times as often where the function has no room; default 6. The SDK repeats nothing. */
  readonly repeats?: number;
  /** Before the first repeat, doubled for each further one up to 5 s; default 300 ms. */
  readonly pauseMs?: number;
}

/** A picture that fails alone is asked about so many times. */
const triesAlone = 3;
/** A call for which there is no room costs nothing, and room comes: it is repeated so many times as often as others. */
const patienceWhereBusy = 4;
const longestPauseMs = 5_000;

export function createLambdaScorer(options: LambdaOptions): RemoteScorer {
  const { qualifier = 'live', concurrency = 8, together = 24, timeoutMs = 75_000 } = options;
  let isClosed = false;
  const runs = new Set<Run>();
  return {
    async score(images, { signal, onAnswer } = {}) {
      const run = new Run({ repeats: options.repeats ?? 6, pauseMs: options.pauseMs ?? 300, concurrency, onAnswer: onAnswer ?? (() => undefined) });
      const ready = run.take(images);
      const onAbort = (): void => run.stop(coded('cancelled', errorTexts.cancelled));
      if (isClosed) run.stop(coded('closed', errorTexts.closed));
      else if (signal?.aborted) onAbort();
      else if (!/^[a-z0-9]+(-[a-z0-9]+)+$/.test(options.region)) run.stop(coded('bad-input', `"${options.region}" is no name of an AWS region, such as eu-central-1.`));
      signal?.addEventListener('abort', onAbort, { once: true });
      runs.add(run);
      try {
        if (run.stopped === null && ready.length > 0) {
          // anew for each run, so that credentials which were renewed meanwhile are read
          const caller = await createCaller({ ...options, qualifier, concurrency, timeoutMs });
          try {
            await workOff(packBatches(ready, together), concurrency, (batch) => run.work(batch, caller));
          } finally {
            caller.close();
          }
        }
        return run.finish();
      } finally {
        runs.delete(run);
        signal?.removeEventListener('abort', onAbort);
      }
    },
    close() {
      isClosed = true;
      for (const run of runs) run.stop(coded('closed', errorTexts.closed));
    },
  };
}

interface RunOptions {
  readonly repeats: number;
  readonly pauseMs: number;
  readonly concurrency: number;
  readonly onAnswer: (key: string, answer: Embedded) => void;
}

/** What is asked for at once: its answers, what it has cost, and whether there is sense in going on. */
class Run {
  readonly #options: RunOptions;
  readonly #answers = new Map<string, Result<Embedded>>();
  readonly #keys = new Set<string>();
  readonly #abort = new AbortController();
  readonly #use = { calls: 0, bytesSent: 0, bytesReceived: 0, billedMs: 0, memoryMb: null as number | null };
  /** Calls in which the function failed since one was answered. */
  #failures = 0;
  stopped: CodedError | null = null;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  /** Each content once, as it may be sent. What must not or cannot be sent has its error at once. */
  take(images: readonly RemoteImage[]): RemoteImage[] {
    const ready: RemoteImage[] = [];
    for (const { key, jpeg } of images) {
      if (this.#keys.has(key)) continue;
      this.#keys.add(key);
      const picture = keepPictureOnly(jpeg, 'profile');
      if (!picture.ok) this.#answers.set(key, picture);
      else if (!fitsRequest(picture.value.length)) this.#answers.set(key, { ok: false, error: coded('too-large', 'The picture is larger than one call of AWS Lambda may be.') });
      else ready.push({ key, jpeg: picture.value });
    }
    return ready;
  }

  /** Ends calls that are under way; what has no answer yet gets this error. */
  stop(error: CodedError): void {
    this.stopped ??= error;
    this.#abort.abort();
  }

  /** Asks about a batch. Answers what is still to be asked. */
  async work(batch: Batch<RemoteImage>, caller: Caller): Promise<Batch<RemoteImage>[]> {
    if (this.stopped) return [];
    const called = await caller.call(batch.images, this.#abort.signal);
    this.#count(called);
    // what was paid for is kept, even where the run has been stopped meanwhile
    const failure = called.end.kind === 'failure' ? called.end.failure : called.end.kind === 'answer' ? this.#keep(called.end.images) : null;
    if (this.stopped || called.end.kind === 'cancelled') return [];
    if (failure === null) {
      this.#failures = 0;
      return [];
    }
    // a place without room, or out of reach, says nothing about the function
    if (failure.remedy !== 'again') this.#failures += 1;
    return this.#afterFailure(batch, failure);
  }

  async #afterFailure(batch: Batch<RemoteImage>, { error, remedy }: CallFailure): Promise<Batch<RemoteImage>[]> {
    const open = { ...batch, images: batch.images.filter(({ key }) => !this.#answers.has(key)) };
    // a function that fails whatever it is given would otherwise be paid for every picture, alone
    const isHopeless = this.#failures > 8 + 3 * this.#options.concurrency;
    if (remedy === 'stop' || isHopeless) {
      this.stop(error);
      return [];
    }
    if (remedy === 'smaller' && open.images.length > 1) return halve(open);
    // nonsense, which is told without `retry`, may be an accident of the line once
    const most = remedy === 'smaller' ? triesAlone - 1 : error.code === 'place-busy' ? this.#options.repeats * patienceWhereBusy : error.retry ? this.#options.repeats : 1;
    if (batch.tries >= most) {
      if (remedy === 'again') this.stop(error);
      else this.#answers.set(open.images[0]!.key, { ok: false, error });
      return [];
    }
    await this.#pause(batch.tries);
    return [{ ...open, tries: batch.tries + 1 }];
  }

  /** Keeps the embeddings of an answer, each key's first. A failure where one is none: then the answer is nonsense. */
  #keep(images: (Called['end'] & { kind: 'answer' })['images']): CallFailure | null {
    let failure: CallFailure | null = null;
    for (const image of images) {
      if (this.#answers.has(image.key)) continue;
      if ('error' in image) {
        this.#answers.set(image.key, { ok: false, error: coded(image.error.code, image.error.message) });
        continue;
      }
      const vector = readEmbedding(image.embedding);
      if (!vector.ok) {
        failure = { error: vector.error, remedy: 'again' };
        continue;
      }
      const embedded = { vector: vector.value, score: scoreAesthetics(vector.value, aestheticHead) };
      this.#answers.set(image.key, ok(embedded));
      this.#options.onAnswer(image.key, embedded);
    }
    return failure;
  }

  #count({ bytesSent, bytesReceived, report }: Called): void {
    this.#use.calls += 1;
    this.#use.bytesSent += bytesSent;
    this.#use.bytesReceived += bytesReceived;
    this.#use.billedMs += report?.billedMs ?? 0;
    this.#use.memoryMb = report?.memoryMb ?? this.#use.memoryMb;
  }

  /** At random between half and all of it, so that calls that failed together do not come together again. */
  async #pause(tries: number): Promise<void> {
    const ms = Math.min(longestPauseMs, this.#options.pauseMs * 2 ** tries) * (0.5 + Math.random() / 2);
    // ended by `stop`, and that is all that can be thrown here
    await sleep(ms, undefined, { signal: this.#abort.signal }).catch(() => undefined);
  }

  finish(): { answers: ReadonlyMap<string, Result<Embedded>>; use: RemoteUse; stopped: CodedError | null } {
    const rest = this.stopped ?? coded('internal', errorTexts.internal);
    for (const key of this.#keys) if (!this.#answers.has(key)) this.#answers.set(key, { ok: false, error: rest });
    return { answers: this.#answers, use: this.#use, stopped: this.stopped };
  }
}
