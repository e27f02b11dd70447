/**
 * Expected failures are values with a code; a throw is a bug.
 * [Note: coded errors] Every failure that a person or a program can meet has a code from `codes.ts`.
 */
import type { ErrorCode } from './codes.ts';

/** A failure that was foreseen. `message` is a sentence for a person; `code` is stable and for programs. */
export interface CodedError {
  readonly code: ErrorCode;
  readonly message: string;
  /** True where trying again later may help (a busy disk, a card that was pulled). */
  readonly retry: boolean;
  readonly photoId?: number;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: CodedError };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail<T = never>(code: ErrorCode, message: string, extra: { retry?: boolean; photoId?: number } = {}): Result<T> {
  return { ok: false, error: coded(code, message, extra) };
}

/** Builds a {@link CodedError}; `retry` is false unless said otherwise. */
export function coded(code: ErrorCode, message: string, extra: { retry?: boolean; photoId?: number } = {}): CodedError {
  return { code, message, retry: extra.retry ?? false, ...(extra.photoId === undefined ? {} : { photoId: extra.photoId }) };
}

/** The throwable form of a {@link CodedError}, for places where only a throw can cross (promises of the client). */
export class CodedFailure extends Error {
  readonly error: CodedError;

  constructor(error: CodedError) {
    super(error.message);
    this.name = 'CodedFailure';
    this.error = error;
  }

  get code(): ErrorCode {
    return this.error.code;
  }
}

export function assertNever(value: never, what = 'value'): never {
  throw new Error(`unexpected ${what}: ${JSON.stringify(value)}`);
}
