/** Embedder over one decode child, which does nothing else and ends when idle. What waits while it works goes together. */
import { coded, errorTexts } from '../../base/index.ts';
import type { CancelSignal, ErrorCode, Result } from '../../base/index.ts';
import type { Embedded, Embedder, Log, ModelFile } from '../../ports/index.ts';
import { startDecodeChild } from '../decode-pool/child.ts';
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

interface Waiting {
  readonly jpeg: Uint8Array;
  readonly model: ModelFile;
  /** After a child died with it among others: alone, so that it harms no other. */
  alone: boolean;
  settle: (answer: Result<Embedded>) => void;
}

/** More gains nothing on a processor (measured), and a dead child costs less. */
const mostTogether = 8;

export function createEmbedder(options: EmbedderOptions): Embedder {
  const limitMs = options.limitMs ?? 60_000;
  const waiting: Waiting[] = [];
  let child: DecodeChild | null = null;
  let idleTimer: NodeJS.Timeout | undefined;
  let id = 0;
  let isWorking = false;
  let isClosed = false;

  const takeBatch = (): Waiting[] => {
    const [first] = waiting;
    if (!first) return [];
    if (first.alone) return waiting.splice(0, 1);
    const end = waiting.findIndex((one) => one.alone || one.model.sha256 !== first.model.sha256);
    return waiting.splice(0, Math.min(mostTogether, end < 0 ? waiting.length : end));
  };

  const work = async (batch: readonly Waiting[]): Promise<void> => {
    if (!child?.isUsable)
      child = startDecodeChild({ executable: options.executable ?? process.execPath, script: options.script, role: 'background', log: options.log, onGone: () => undefined });
    const end = await child.work({ id: ++id, kind: 'embed', task: { jpegs: batch.map(({ jpeg }) => jpeg), model: batch[0]!.model } }, limitMs);
    if (end.kind === 'reply') {
      const result = end.reply.result as Result<readonly Result<Embedded>[]>;
      batch.forEach((one, at) => one.settle(result.ok ? result.value[at]! : result));
      return;
    }
    const code = end.kind === 'timeout' ? 'timeout' : 'worker-crashed';
    for (const one of batch)
      if (isClosed) one.settle(refused('closed'));
      else if (one.alone || code === 'timeout') one.settle(refused(code));
      else waiting.unshift(Object.assign(one, { alone: true }));
  };

  const pump = async (): Promise<void> => {
    if (isWorking) return;
    isWorking = true;
    clearTimeout(idleTimer);
    for (let batch = takeBatch(); batch.length > 0; batch = takeBatch()) await work(batch);
    isWorking = false;
    idleTimer = setTimeout(() => child?.stop(), options.idleMs ?? 30_000).unref();
  };

  return {
    embed(jpeg, model, signal?: CancelSignal) {
      if (isClosed) return Promise.resolve(refused('closed'));
      if (signal?.aborted) return Promise.resolve(refused('cancelled'));
      return new Promise((resolve) => {
        const onAbort = (): void => {
          const at = waiting.indexOf(one);
          if (at >= 0) waiting.splice(at, 1);
          one.settle(refused('cancelled'));
        };
        const one: Waiting = {
          jpeg,
          model,
          alone: false,
          settle(answer) {
            signal?.removeEventListener('abort', onAbort);
            resolve(answer);
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        waiting.push(one);
        // those that come in the same moment go together
        setImmediate(() => void pump());
      });
    },
    async close() {
      isClosed = true;
      clearTimeout(idleTimer);
      for (const one of waiting.splice(0)) one.settle(refused('closed'));
      child?.stop();
      await child?.gone;
    },
  };
}

function refused(code: ErrorCode): Result<never> {
  return { ok: false, error: coded(code, errorTexts[code], { retry: code === 'timeout' || code === 'worker-crashed' }) };
}
