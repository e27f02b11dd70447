/** Embedder over one decode child, which does nothing else and ends when idle. Pictures that wait while it works go together. */
import { coded, errorTexts } from '../../base/index.ts';
import type { CancelSignal, ErrorCode, Result } from '../../base/index.ts';
import type { Embedded, Embedder, EmbedRequest, Log, ModelFile, TextTask } from '../../ports/index.ts';
import { memorySettings, startDecodeChild } from '../decode-pool/child.ts';
import type { DecodeChild } from '../decode-pool/child.ts';

export interface EmbedderOptions {
  /** A plain Node; default: this process's own. */
  readonly executable?: string;
  /** main/workers/decode.ts, or what it was bundled to. */
  readonly script: string;
  readonly log: Log;
  /** Of work on a batch, the loading of the model included. */
  readonly limitMs?: number;
  readonly idleMs?: number;
}

interface Waiter {
  /** After a child died with it: alone, so that it harms no other, and not a third time. */
  hasDied: boolean;
  settle: (answer: Result<never>) => void;
}
interface WaitingPicture extends Waiter {
  readonly jpeg: Uint8Array;
  readonly model: ModelFile;
  readonly answer: (answer: Result<Embedded>) => void;
}
interface WaitingTexts extends Waiter {
  readonly task: TextTask;
  readonly answer: (answer: Result<readonly Float32Array[]>) => void;
}
type Waiting = WaitingPicture | WaitingTexts;

/** More gains nothing on a processor (measured), and a dead child costs less. */
const mostTogether = 8;

/**
 * For glibc: a model's parts, of some megabytes each, are read, copied and put in order while it is loaded. By decode children's own settings what is left over
 * stays with the process: 880 MiB for a tower of 351 MB, 550 with these (docs/bench.md).
 */
export const towerMemory: Readonly<Record<string, string>> = { ...memorySettings, MALLOC_MMAP_THRESHOLD_: '1048576' };

export function createEmbedder(options: EmbedderOptions): Embedder {
  const limitMs = options.limitMs ?? 60_000;
  const waiting: Waiting[] = [];
  let child: DecodeChild | null = null;
  let idleTimer: NodeJS.Timeout | undefined;
  let id = 0;
  let isWorking = false;
  let isClosed = false;

  const takeBatch = (): readonly [WaitingTexts] | readonly WaitingPicture[] => {
    const [first] = waiting;
    if (!first) return [];
    if ('task' in first) return [waiting.shift() as WaitingTexts];
    const isWith = (one: Waiting): boolean => one === first || (!first.hasDied && !('task' in one) && !one.hasDied && one.model.sha256 === first.model.sha256);
    const end = waiting.findIndex((one) => !isWith(one));
    return waiting.splice(0, Math.min(mostTogether, end < 0 ? waiting.length : end)) as WaitingPicture[];
  };

  const work = async (batch: ReturnType<typeof takeBatch>): Promise<void> => {
    if (!child?.isUsable)
      child = startDecodeChild({ executable: options.executable ?? process.execPath, script: options.script, role: 'background', log: options.log, memory: towerMemory, onGone: () => undefined });
    const end = await child.work(requestOf(batch, ++id), limitMs);
    if (end.kind === 'reply') {
      if (end.reply.kind === 'embed-texts') (batch[0] as WaitingTexts).answer(end.reply.result);
      else if (end.reply.kind === 'embed') {
        const { result } = end.reply;
        (batch as readonly WaitingPicture[]).forEach((one, at) => one.answer(result.ok ? result.value[at]! : result));
      } else throw new Error(`the child that embeds answered ${end.reply.kind}`);
      return;
    }
    const code = end.kind === 'timeout' ? 'timeout' : 'worker-crashed';
    for (const one of batch)
      if (isClosed) one.settle(refused('closed'));
      else if (one.hasDied || code === 'timeout') one.settle(refused(code));
      else waiting.unshift(Object.assign(one, { hasDied: true }));
  };

  const pump = async (): Promise<void> => {
    if (isWorking) return;
    isWorking = true;
    clearTimeout(idleTimer);
    for (let batch = takeBatch(); batch.length > 0; batch = takeBatch()) await work(batch);
    isWorking = false;
    idleTimer = setTimeout(() => child?.stop(), options.idleMs ?? 30_000).unref();
  };

  /** Lines it up, unless there is no more to be done. */
  const ask = <T>(signal: CancelSignal | undefined, make: (waiter: Waiter & { readonly answer: (answer: Result<T>) => void }) => Waiting): Promise<Result<T>> => {
    if (isClosed) return Promise.resolve(refused('closed'));
    if (signal?.aborted) return Promise.resolve(refused('cancelled'));
    return new Promise((resolve) => {
      const answer = (result: Result<T>): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve(result);
      };
      const one = make({ hasDied: false, settle: answer, answer });
      const onAbort = (): void => {
        const at = waiting.indexOf(one);
        if (at >= 0) waiting.splice(at, 1);
        one.settle(refused('cancelled'));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      waiting.push(one);
      // those that come in the same moment go together
      setImmediate(() => void pump());
    });
  };

  return {
    embed: (jpeg, model, signal) => ask<Embedded>(signal, (waiter) => ({ ...waiter, jpeg, model })),
    embedTexts: (texts, files, signal) => ask<readonly Float32Array[]>(signal, (waiter) => ({ ...waiter, task: { texts, files } })),
    async close() {
      isClosed = true;
      clearTimeout(idleTimer);
      for (const one of waiting.splice(0)) one.settle(refused('closed'));
      child?.stop();
      await child?.gone;
    },
  };
}

function requestOf(batch: readonly [WaitingTexts] | readonly WaitingPicture[], id: number): EmbedRequest {
  const first = batch[0];
  if ('task' in first) return { id, kind: 'embed-texts', task: first.task };
  return { id, kind: 'embed', task: { jpegs: (batch as readonly WaitingPicture[]).map(({ jpeg }) => jpeg), model: first.model } };
}

function refused(code: ErrorCode): Result<never> {
  return { ok: false, error: coded(code, errorTexts[code], { retry: code === 'timeout' || code === 'worker-crashed' }) };
}
