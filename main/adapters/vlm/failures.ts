/** What a failed request means, and what a person can do about it. */
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { coded } from '../../base/index.ts';
import type { CodedError } from '../../base/index.ts';
import { stripControls } from '../../domain/index.ts';
import type { EndpointSettings } from '../../domain/index.ts';
import type { VlmAnswer } from '../../ports/index.ts';

export const wasCancelled = coded('cancelled', 'It was cancelled.');

type Failure = Extract<VlmAnswer, { ok: false }>;

/** What is not said to be so may not be billed, asks for no wait, and is no sign of too much to do. */
export function failWith(error: CodedError, extra: Partial<Pick<Failure, 'retryAfterMs' | 'isThrottled' | 'mayBeBilled'>> = {}): Failure {
  return { ok: false, error, retryAfterMs: null, isThrottled: false, mayBeBilled: false, ...extra };
}

/** A response that is larger than an answer can be. */
export class TooLong extends Error {}

/** Servers like to repeat what they were sent. */
export function hide(failure: Failure, key: string | null): Failure {
  if (key === null) return failure;
  return { ...failure, error: { ...failure.error, message: hideKey(failure.error.message, key) } };
}

function hideKey(text: string, key: string | null): string {
  return key === null ? text : text.replaceAll(key, '(the key)');
}

const certificateCodes: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Nobody knows how far the server has come. */
export function tookTooLong({ url }: EndpointSettings): Failure {
  return failWith(coded('timeout', `${url} took too long to answer.`, { retry: true }), { mayBeBilled: true });
}

/** @param key what was sent; null = none */
export function explainFailure(error: unknown, endpoint: EndpointSettings, key: string | null): Failure {
  if (error instanceof APIUserAbortError) return failWith(wasCancelled, { mayBeBilled: true });
  if (error instanceof APIConnectionTimeoutError) return tookTooLong(endpoint);
  if (error instanceof APIConnectionError) return explainConnection(error, endpoint);
  if (error instanceof APIError && typeof error.status === 'number') return explainStatus(error as StatusError, endpoint, key);
  const { code, words } = rootOf(error);
  if (error instanceof TooLong) return failWith(coded('place-failed', `${endpoint.url} answered at a length that no answer to a question has. Its base URL usually ends in /v1.`), { mayBeBilled: true });
  // a body that ends too early, or is no JSON: the first is of the moment
  if (error instanceof SyntaxError && !/end of JSON input|Unterminated/i.test(words)) return failWith(notOpenAi(endpoint), { mayBeBilled: true });
  return failWith(coded('place-unreachable', `The connection to ${endpoint.url} was cut${code === null ? '' : ` (${code})`}.`, { retry: true }), { mayBeBilled: true });
}

/** Of the system and of undici, where not one byte of the request has left. */
const unconnectedCodes: ReadonlySet<string> = new Set(['EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT']);

function explainConnection(error: unknown, { url }: EndpointSettings): Failure {
  const { code, words } = rootOf(error);
  const unreachable = (what: string): Failure => failWith(coded('place-unreachable', what));
  if (code !== null && certificateCodes.has(code)) {
    return unreachable(
      `The certificate of ${url} is not trusted (${code}). Give the server one from an authority that this computer knows, or name its own authority's file in NODE_EXTRA_CA_CERTS; it is never accepted unseen.`,
    );
  }
  if (code === 'ENOTFOUND') return unreachable(`There is no computer by the name in ${url}. Check the spelling, and whether this computer is online.`);
  if (code === 'ECONNREFUSED') return unreachable(`Nothing listens at ${url}. Is the server started, and is the port right?`);
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') return unreachable(`${url} does not speak https. Is it meant to be http?`);
  if (/redirect/i.test(words)) return unreachable(`${url} sends on to another address, where pictures are not sent. Set the endpoint to the address that it means.`);
  return failWith(coded('place-unreachable', `${url} cannot be reached${code === null ? '' : ` (${code})`}.`, { retry: true }), { mayBeBilled: code === null || !unconnectedCodes.has(code) });
}

type StatusError = APIError<number, Headers>;

function explainStatus(error: StatusError, endpoint: EndpointSettings, key: string | null): Failure {
  const { status } = error;
  const said = wordsOf(error, key);
  const permanent = (code: CodedError['code'], message: string): Failure => failWith(coded(code, message));
  if (status === 401 && key === null) return permanent('credentials-missing', `${endpoint.url} wants a key. Put it into PARJANYA_VLM_KEY.`);
  if (status === 401 || status === 403) return permanent('access-denied', `${endpoint.url} does not accept the key in PARJANYA_VLM_KEY${said}`);
  if (status === 402) return permanent('access-denied', `${endpoint.url} wants to be paid first${said}`);
  if (status === 404) {
    if (isHtml(error) || !/model/i.test(said)) return permanent('place-missing', `There are no chat completions at ${endpoint.url}. Its base URL usually ends in /v1${said}`);
    return permanent('place-missing', `${endpoint.url} has no model "${endpoint.model}". Set the name that its /models lists${said}`);
  }
  if (status === 413) return permanent('place-failed', `${endpoint.url} does not take requests as large as one picture of some 200 kB; raise its limit${said}`);
  if (status === 429 || status === 503 || status === 529) {
    // an account without money answers 429 too, and no waiting helps
    if (/insufficient_quota|billing/i.test(`${String(error.code)} ${said}`)) return permanent('access-denied', `The account at ${endpoint.url} has nothing left${said}`);
    return failWith(coded('place-busy', `${endpoint.url} has too much to do; later it may answer.`, { retry: true }), { retryAfterMs: waitOf(error.headers), isThrottled: true });
  }
  if (status >= 500 || status === 408 || status === 409) return failWith(coded('place-failed', `${endpoint.url} failed (HTTP ${status})${said}`, { retry: true }), { retryAfterMs: waitOf(error.headers), mayBeBilled: true });
  if (blindness.test(said)) return permanent('place-failed', `The model "${endpoint.model}" does not take pictures; name one that sees (a VL model)${said}`);
  // some filters say no to one picture in this way, and are billed
  if (status === 400 || status === 422) return failWith(coded('bad-input', `${endpoint.url} refused this request (HTTP ${status})${said}`), { mayBeBilled: true });
  return permanent('place-failed', `${endpoint.url} refused the request (HTTP ${status})${said}`);
}

/** As vLLM, SGLang, llama.cpp and hosted servers say it of a model; "invalid image" and the like are said of one picture. */
const blindness = /not (a|an) (multi-?modal|vision)|(does not|doesn't|not) support (image|vision|multi-?modal)|(image input|vision) is not supported|at most 0 image|image_url is only supported/i;

export function notOpenAi({ url }: EndpointSettings): CodedError {
  return coded('place-failed', `${url} answered, but not as an OpenAI-compatible server does. Its base URL usually ends in /v1.`);
}

/** Retry-After in seconds or as a date (RFC 9110 section 10.2.3); null where it is absent or senseless. */
function waitOf(headers: Headers | undefined): number | null {
  const value = headers?.get('retry-after');
  if (!value) return null;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return ms >= 0 && ms <= 3_600_000 ? ms : null;
}

/** What the server says, as the end of a sentence that a terminal can print. */
function wordsOf(error: StatusError, key: string | null): string {
  const message = isHtml(error) ? '' : ((error.error as { message?: unknown } | undefined)?.message ?? error.message);
  const line = typeof message === 'string' ? hideKey(stripControls(message.replace(/\s+/g, ' ')), key).trim().slice(0, 200) : '';
  return line === '' ? '.' : `. It says: ${line}`;
}

function isHtml(error: StatusError): boolean {
  return error.headers?.get('content-type')?.includes('html') === true;
}

/** The innermost cause: fetch wraps what the socket says. */
function rootOf(error: unknown): { readonly code: string | null; readonly words: string } {
  let at: unknown = error;
  let code: string | null = null;
  const words: string[] = [];
  for (let depth = 0; at instanceof Error && depth < 6; depth++) {
    words.push(at.message);
    if ('code' in at && typeof at.code === 'string') code = at.code;
    at = at.cause;
  }
  return { code, words: words.join(' ') };
}
