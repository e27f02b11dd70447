/** Vlm over the `openai` client: chat completions of any server that speaks as OpenAI's does (vLLM, SGLang, llama.cpp, hosted ones). */
import type { Secrets, Vlm } from '../../ports/index.ts';

export interface VlmOptions {
  readonly secrets: Secrets;
  /** Of one request, until the last byte of its answer, in milliseconds. */
  readonly limitMs?: number;
}

export function createVlm({ secrets, limitMs = 120_000 }: VlmOptions): Vlm {
  return {
    async ask(question, signal) {
      const { send } = await import('./client.ts');
      const { explainFailure, failWith, hide, tookTooLong, wasCancelled } = await import('./failures.ts');
      const key = await secrets.vlmKey();
      if (signal?.aborted) return failWith(wasCancelled);
      const stop = new AbortController();
      const onAbort = (): void => stop.abort();
      signal?.addEventListener('abort', onAbort, { once: true });
      // the client's own limit ends with the headers, before the body has come
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        stop.abort();
      }, limitMs);
      try {
        return await send(question, key, limitMs, stop.signal);
      } catch (error) {
        // how an aborted request fails depends on how far it had come
        if (signal?.aborted) return failWith(wasCancelled, { mayBeBilled: true });
        if (isLate) return tookTooLong(question.endpoint);
        return hide(explainFailure(error, question.endpoint, key), key);
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      }
    },
  };
}
