/**
 * The one table of the contract. Client, server, allowlist and fakes are derived from what is declared with these
 * functions; nothing is kept in step by hand. Four kinds on the wire: call, call-cancel, event and stream.
 */
import type { z } from 'zod';
import type { CancelSignal, ErrorCode, Result } from '../base/index.ts';

export interface CallDef<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'call';
  readonly in: I;
  readonly out: O;
  /** Codes that this call answers with besides those that any call may give (bad-input, cancelled, closed, internal). */
  readonly errors: readonly ErrorCode[];
}
export interface StreamDef<I extends z.ZodType = z.ZodType, T extends z.ZodType = z.ZodType, E extends z.ZodType = z.ZodType> {
  readonly kind: 'stream';
  readonly in: I;
  readonly item: T;
  readonly end: E;
  readonly errors: readonly ErrorCode[];
}
export interface EventDef<D extends z.ZodType = z.ZodType> {
  readonly kind: 'event';
  readonly data: D;
}
export type Def = CallDef | StreamDef | EventDef;
export type Namespace = Readonly<Record<string, Def>>;
export type Contract = Readonly<Record<string, Namespace>>;

export function call<I extends z.ZodType, O extends z.ZodType>(def: { in: I; out: O; errors?: readonly ErrorCode[] }): CallDef<I, O> {
  return { kind: 'call', in: def.in, out: def.out, errors: def.errors ?? [] };
}

export function stream<I extends z.ZodType, T extends z.ZodType, E extends z.ZodType>(def: {
  in: I;
  item: T;
  end: E;
  errors?: readonly ErrorCode[];
}): StreamDef<I, T, E> {
  return { kind: 'stream', in: def.in, item: def.item, end: def.end, errors: def.errors ?? [] };
}

export function event<D extends z.ZodType>(data: D): EventDef<D> {
  return { kind: 'event', data };
}

/** What a caller holds: calls return promises, streams take an item sink, events return their own unsubscribe. */
export type ClientOf<C extends Contract> = {
  readonly [N in keyof C]: {
    readonly [M in keyof C[N]]: C[N][M] extends CallDef<infer I, infer O>
      ? (input: z.input<I>, options?: CallOptions) => Promise<z.output<O>>
      : C[N][M] extends StreamDef<infer I, infer T, infer E>
        ? (input: z.input<I>, onItem: (item: z.output<T>) => void, options?: CallOptions) => Promise<z.output<E>>
        : C[N][M] extends EventDef<infer D>
          ? (listener: (data: z.output<D>) => void) => () => void
          : never;
  };
};

export interface CallOptions {
  /** Aborting cancels on the other side too. */
  readonly signal?: CancelSignal;
}

/** What the engine implements. A handler answers with a value or a coded error; a throw is a bug and becomes `internal`. */
export type HandlersOf<C extends Contract> = {
  readonly [N in keyof C]: {
    readonly [M in keyof C[N]]: C[N][M] extends CallDef<infer I, infer O>
      ? (input: z.output<I>, context: { readonly signal: CancelSignal }) => Promise<Result<z.input<O>>> | Result<z.input<O>>
      : C[N][M] extends StreamDef<infer I, infer T, infer E>
        ? (
            input: z.output<I>,
            context: { readonly signal: CancelSignal; readonly item: (item: z.input<T>) => void },
          ) => Promise<Result<z.input<E>>>
        : C[N][M] extends EventDef<infer D>
          ? { on(listener: (data: z.input<D>) => void): () => void }
          : never;
  };
};

/** `library.open`, ...: the allowlist of a contract. */
export function methodNames(contract: Contract): string[] {
  return Object.entries(contract).flatMap(([space, defs]) => Object.keys(defs).map((name) => `${space}.${name}`));
}
