/** What travels to the function that embeds pictures and back, as JSON; both ends parse what comes from the other. */
import { fail, isErrorCode, ok } from '../base/index.ts';
import type { ErrorCode, Result } from '../base/index.ts';

export interface ScoreRequest {
  /** SHA-256 of the tower whose embeddings are wanted. */
  readonly model: string;
  /** `jpeg` in base64. */
  readonly images: readonly { readonly key: string; readonly jpeg: string }[];
}

/** `embedding`: 512 32-bit floats, little-endian, in base64. */
export type ScoredImage = { readonly key: string; readonly embedding: string } | { readonly key: string; readonly error: { readonly code: ErrorCode; readonly message: string } };

/** With `error` for what is wrong with all of them: another model, a request that is none. */
export type ScoreAnswer = { readonly model: string; readonly images: readonly ScoredImage[] } | { readonly error: { readonly code: ErrorCode; readonly message: string } };

/** Pictures in one request at most. */
export const mostScoredTogether = 64;
/** Numbers of one embedding. */
export const embeddingLength = 512;

const hashPattern = /^[0-9a-f]{64}$/;
/** What base64 has none of; looked for rather than the whole matched, which needs no memory. */
const notBase64 = /[^A-Za-z0-9+/=]/;

/** Errors: bad-input, with what is wrong in it. */
export function parseScoreRequest(value: unknown): Result<ScoreRequest> {
  const wrong = (what: string): Result<never> => fail('bad-input', `The request is not valid: ${what}.`);
  if (!isRecord(value)) return wrong('it is no object');
  const { model, images } = value;
  if (!isHash(model)) return wrong('"model" is no SHA-256');
  if (!Array.isArray(images) || images.length === 0) return wrong('"images" is no list, or an empty one');
  if (images.length > mostScoredTogether) return wrong(`more than ${mostScoredTogether} images`);
  const keys = new Set<string>();
  const parsed: { key: string; jpeg: string }[] = [];
  for (const image of images as unknown[]) {
    if (!isRecord(image) || !isHash(image['key'])) return wrong('an image has no "key" that is a SHA-256');
    const { key, jpeg } = image;
    if (keys.has(key)) return wrong('two images have one key');
    if (typeof jpeg !== 'string' || notBase64.test(jpeg)) return wrong('the "jpeg" of an image is not in base64');
    keys.add(key);
    parsed.push({ key, jpeg });
  }
  return ok({ model, images: parsed });
}

/**
 * An answer to `request`: each of its keys once, and no other. The numbers are still in base64.
 * Errors: place-failed for what is no such answer, or is one of another model; the function's own, where it refused all.
 */
export function parseScoreAnswer(value: unknown, request: Pick<ScoreRequest, 'model' | 'images'>): Result<readonly ScoredImage[]> {
  const wrong = (what: string): Result<never> => fail('place-failed', `The function answered something that is no answer (${what}). Is it Parjanya's function, of this version?`);
  if (!isRecord(value)) return wrong('no object');
  if (value['error'] !== undefined) {
    const refusal = readError(value['error']);
    return refusal ? fail(refusal.code, refusal.message) : wrong('an unknown error');
  }
  const { model, images } = value;
  if (model !== request.model) return wrong('of another model');
  if (!Array.isArray(images) || images.length !== request.images.length) return wrong('another number of images');
  const missing = new Set(request.images.map(({ key }) => key));
  const parsed: ScoredImage[] = [];
  for (const image of images as unknown[]) {
    if (!isRecord(image) || typeof image['key'] !== 'string' || !missing.delete(image['key'])) return wrong('an image that was not asked for');
    const { key, embedding } = image;
    const error = readError(image['error']);
    if (error) parsed.push({ key, error });
    else if (typeof embedding === 'string' && !notBase64.test(embedding)) parsed.push({ key, embedding });
    else return wrong('an image without embedding or error');
  }
  return ok(parsed);
}

function readError(value: unknown): { code: ErrorCode; message: string } | null {
  if (!isRecord(value)) return null;
  const { code, message } = value;
  return typeof code === 'string' && isErrorCode(code) && typeof message === 'string' ? { code, message: message.slice(0, 500) } : null;
}

function isRecord(value: unknown): value is Record<string, unknown> & { key: string } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && hashPattern.test(value);
}
