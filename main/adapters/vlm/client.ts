/** One request of the `openai` client, which is some hundred files: loaded when the first question is asked. */
import OpenAI from 'openai';
import type { VlmAnswer, VlmQuestion } from '../../ports/index.ts';
import { failWith, notOpenAi, TooLong } from './failures.ts';

/** More words than an answer needs; a model that repeats itself ends here. */
const mostTokens = 1_200;
/** Of a response, unpacked; a hundred times what an answer takes. */
const mostResponseBytes = 1_000_000;

/** @throws what the client throws; see failures.ts */
export async function send(question: VlmQuestion, key: string | null, limitMs: number, signal: AbortSignal): Promise<VlmAnswer> {
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
  if (content === null) return failWith(notOpenAi(endpoint), { mayBeBilled: true });
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
    fetch: async (address, init) => limitResponse(await fetch(address, { ...init, headers, redirect: 'error' })),
  });
}

/** The same response; reading more of it than an answer can be ends with {@link TooLong}, and its connection with it. */
function limitResponse(response: Response): Response {
  if (response.body === null) return response;
  let left = mostResponseBytes;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        left -= chunk.length;
        if (left < 0) controller.error(new TooLong());
        else controller.enqueue(chunk);
      },
    }),
  );
  return new Response(counted, response);
}

/** A message without words (a refusal, or all tokens used up before the first) is an answer of no letters; null for what is no message. */
function contentOf(answer: unknown): string | null {
  const message: unknown = (answer as { choices?: { message?: unknown }[] } | null)?.choices?.[0]?.message;
  if (typeof message !== 'object' || message === null) return null;
  const content = (message as { content?: unknown }).content ?? '';
  return typeof content === 'string' ? content : null;
}

function tokensOf(answer: unknown): { in: number; out: number } | null {
  const usage = (answer as { usage?: { prompt_tokens?: unknown; completion_tokens?: unknown } | null }).usage;
  const [sent, answered] = [usage?.prompt_tokens, usage?.completion_tokens];
  return Number.isSafeInteger(sent) && Number.isSafeInteger(answered) ? { in: sent as number, out: answered as number } : null;
}
