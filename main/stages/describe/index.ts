/** Words about a frame from a vision model on another computer: what is asked, and what is taken for an answer. */
import { ok } from '../../base/index.ts';
import type { CodedError, Result } from '../../base/index.ts';
import { findJson, readChoice, readDescription, settleComparison } from '../../domain/index.ts';
import type { Description, EndpointSettings } from '../../domain/index.ts';
import type { VlmAnswer, VlmQuestion } from '../../ports/index.ts';
import { comparePrompt, compareSchema, describePrompt, describeSchema, systemPrompt } from './prompt.ts';

/** What the picture is made to before it leaves: long edge in pixels, JPEG quality. */
export const sentPicture = { maxEdge: 1024, quality: 80 } as const;

/** Asks once, as often as that takes; see features/describe. */
export type Ask = (question: VlmQuestion) => Promise<VlmAnswer>;

/** What an answer took, all requests for it together. */
export interface Spent {
  readonly requests: number;
  readonly bytes: number;
  /** Null where the server does not count. */
  readonly tokens: { readonly in: number; readonly out: number } | null;
}

export interface Asked<T> {
  readonly result: Result<T>;
  readonly spent: Spent;
}

const nothing: Spent = { requests: 0, bytes: 0, tokens: null };

/** @param jpeg of pixels alone. Errors: answer-invalid (after one more try, in which the model is told what was wrong), and those of {@link Ask}. */
export function describePicture(ask: Ask, endpoint: EndpointSettings, jpeg: Uint8Array): Promise<Asked<Description>> {
  return askTwice(ask, { endpoint, system: systemPrompt, text: describePrompt, pictures: [jpeg], schema: describeSchema }, readDescription);
}

/** Which of two pictures is better, asked in both orders (see settleComparison). Errors: as for {@link describePicture}. */
export async function comparePictures(ask: Ask, endpoint: EndpointSettings, first: Uint8Array, second: Uint8Array): Promise<Asked<{ readonly winner: 'first' | 'second' | 'tie'; readonly reason: string }>> {
  const compare = (pictures: readonly Uint8Array[]) => askTwice(ask, { endpoint, system: systemPrompt, text: comparePrompt, pictures, schema: compareSchema }, readChoice);
  const asked = await compare([first, second]);
  if (!asked.result.ok) return { result: asked.result, spent: asked.spent };
  const swapped = await compare([second, first]);
  const spent = add(asked.spent, swapped.spent);
  if (!swapped.result.ok) return { result: swapped.result, spent };
  const winner = settleComparison(asked.result.value.better, swapped.result.value.better);
  const isTurned = winner === 'tie' && asked.result.value.better !== 0 && asked.result.value.better === swapped.result.value.better;
  return { result: ok({ winner, reason: isTurned ? 'Shown the other way round, the model preferred the other one.' : asked.result.value.reason }), spent };
}

async function askTwice<T>(ask: Ask, question: VlmQuestion, read: (answer: unknown) => Result<T>): Promise<Asked<T>> {
  let spent = nothing;
  let last: CodedError | null = null;
  for (const text of [question.text, null]) {
    const answer = await ask(text === null ? { ...question, text: `${question.text}\nYour last answer could not be used. ${last!.message} Answer again, rightly.` } : question);
    if (!answer.ok) return { result: { ok: false, error: answer.error }, spent };
    spent = add(spent, { requests: 1, bytes: answer.bytes, tokens: answer.tokens });
    const result = read(findJson(answer.text));
    if (result.ok) return { result, spent };
    last = result.error;
  }
  return { result: { ok: false, error: last! }, spent };
}

function add(a: Spent, b: Spent): Spent {
  const tokens = a.tokens && b.tokens ? { in: a.tokens.in + b.tokens.in, out: a.tokens.out + b.tokens.out } : (a.tokens ?? b.tokens);
  return { requests: a.requests + b.requests, bytes: a.bytes + b.bytes, tokens };
}
