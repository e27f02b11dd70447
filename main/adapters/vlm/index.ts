/** Vlm over the `openai` client: chat completions of any server that speaks as OpenAI's does (vLLM, SGLang, llama.cpp, hosted ones). */
import OpenAI from 'openai';
import { coded } from '../../base/index.ts';
import type { Secrets, Vlm, VlmAnswer, VlmQuestion } from '../../ports/index.ts';
import { explainFailure, failWith, hide } from './failures.ts';

export interface VlmOptions {
  readonly secrets: Secrets;
  /** Of one request, in milliseconds. */
  readonly limitMs?: number;
}

/** More words than an answer needs; a model that repeats itself ends here. */
const mostTokens = 1_200;

export function createVlm({ secrets, limitMs = 120_000 }: VlmOptions): Vlm {
  return {
    async ask(question, signal) {
      if (signal?.aborted) return failWith(coded('cancelled', 'It was cancelled.'));
      const key = await secrets.vlmKey();
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

async function send(question: VlmQuestion, key: string | null, limitMs: number, signal: AbortSignal): Promise<VlmAnswer> {
  const { endpoint, system, text, pictures, schema } = question;
  const pictureParts = pictures.map((jpeg) => ({ type: 'image_url' as const, image_url: { url: `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}` } }));
  const request = {
    model: endpoint.model,
    temperature: 0,
    max_tokens: mostTokens,
    messages: [
      { role: 'system' as const, content: system },
      { role: 'user' as const, content: [...pictureParts, { type: 'text' as const, text }] },
    ],
    response_format: { type: 'json_schema' as const, json_schema: { name: schema.name, strict: true, schema: { ...schema.schema } } },
  };
  const bytes = Buffer.byteLength(JSON.stringify(request));
  const answer: unknown = await createClient(endpoint.url, key, limitMs).chat.completions.create(request, { signal });
  const content = contentOf(answer);
  if (content === null) return failWith(coded('place-failed', `${endpoint.url} answered, but not as an OpenAI-compatible server does. Its base URL usually ends in /v1.`));
  return { ok: true, text: content, tokens: tokensOf(answer), bytes };
}

/** The client would take headers from the environment, and name system, processor and Node in others: these alone are sent. */
function createClient(url: string, key: string | null, limitMs: number): OpenAI {
  const headers = { accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'Parjanya', ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
  return new OpenAI({
    baseURL: url,
    // the client insists on one
    apiKey: key ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    // tried again by who knows the other requests; see features/describe
    maxRetries: 0,
    timeout: limitMs,
    logLevel: 'off',
    // a picture goes where the person said, not where that place says
    fetch: (address, init) => fetch(address, { ...init, headers, redirect: 'error' }),
  });
}

function contentOf(answer: unknown): string | null {
  const content: unknown = (answer as { choices?: { message?: { content?: unknown } }[] } | null)?.choices?.[0]?.message?.content;
  return typeof content === 'string' ? content : null;
}

function tokensOf(answer: unknown): { in: number; out: number } | null {
  const usage = (answer as { usage?: { prompt_tokens?: unknown; completion_tokens?: unknown } | null }).usage;
  const [sent, answered] = [usage?.prompt_tokens, usage?.completion_tokens];
  return Number.isSafeInteger(sent) && Number.isSafeInteger(answered) ? { in: sent as number, out: answered as number } : null;
}
