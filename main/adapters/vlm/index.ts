/** Vlm over the `openai` client: chat completions of any server that speaks as OpenAI's does (vLLM, SGLang, llama.cpp, hosted ones). */
import type { Secrets, Vlm } from '../../ports/index.ts';

export interface VlmOptions {
  readonly secrets: Secrets;
  /** Of one request, in milliseconds. */
  readonly limitMs?: number;
}

export function createVlm({ secrets, limitMs = 120_000 }: VlmOptions): Vlm {
  return {
    async ask(question, signal) {
      const { send } = await import('./client.ts');
      const { explainFailure, failWith, hide, wasCancelled } = await import('./failures.ts');
      const key = await secrets.vlmKey();
      if (signal?.aborted) return failWith(wasCancelled);
      const stop = new AbortController();
      const onAbort = (): void => stop.abort();
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        return await send(question, key, limitMs, stop.signal);
      } catch (error) {
        return hide(explainFailure(error, question.endpoint, key !== null), key);
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
  };
}
