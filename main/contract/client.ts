/** The page's side: a typed object derived from the contract. Outputs are trusted (they come from our own engine). */
import { CodedFailure, coded } from '../base/index.ts';
import type { CodedError } from '../base/index.ts';
import { ToClient } from './wire.ts';
import type { Transport } from './wire.ts';
import type { CallOptions, ClientOf, Contract } from './define.ts';

interface Pending {
  resolve(value: unknown): void;
  reject(error: CodedFailure): void;
  item?: (item: unknown) => void;
}

export interface Connection<C extends Contract> {
  readonly api: ClientOf<C>;
  /** Called when the engine is gone; every pending call has been rejected with `closed` by then. */
  onClosed(listener: () => void): void;
  close(): void;
}

/**
 * Derives the client of `contract` over `transport`.
 * A closed transport rejects everything pending, and every later call, with code `closed`.
 */
export function createClient<C extends Contract>(contract: C, transport: Transport): Connection<C> {
  let nextId = 1;
  let closed = false;
  const pending = new Map<number, Pending>();
  const listeners = new Map<number, (data: unknown) => void>();
  const closeListeners: (() => void)[] = [];

  transport.onMessage((raw) => {
    const parsed = ToClient.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.t === 'event') {
      listeners.get(message.id)?.(message.data);
      return;
    }
    const waiting = pending.get(message.id);
    if (!waiting) return;
    if (message.t === 'item') {
      waiting.item?.(message.item);
      return;
    }
    pending.delete(message.id);
    if (message.t === 'ok') waiting.resolve(message.out);
    else waiting.reject(new CodedFailure(message.error));
  });

  transport.onClose(() => {
    if (closed) return;
    closed = true;
    for (const waiting of pending.values()) waiting.reject(closedFailure());
    pending.clear();
    listeners.clear();
    for (const listener of closeListeners) listener();
  });

  const request = (method: string, input: unknown, options: CallOptions | undefined, item?: (item: unknown) => void): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(closedFailure());
      const signal = options?.signal;
      if (signal?.aborted) return reject(new CodedFailure(coded('cancelled', 'It was cancelled.')));
      const id = nextId++;
      const abort = (): void => transport.send({ t: 'cancel', id });
      const settle = (): void => signal?.removeEventListener('abort', abort);
      pending.set(id, {
        resolve: (value) => (settle(), resolve(value)),
        reject: (error) => (settle(), reject(error)),
        ...(item ? { item } : {}),
      });
      signal?.addEventListener('abort', abort, { once: true });
      transport.send({ t: 'call', id, m: method, in: input });
    });

  const subscribe = (method: string, listener: (data: unknown) => void): (() => void) => {
    const id = nextId++;
    listeners.set(id, listener);
    if (!closed) transport.send({ t: 'sub', id, m: method });
    return () => {
      if (listeners.delete(id) && !closed) transport.send({ t: 'unsub', id });
    };
  };

  const api: Record<string, Record<string, unknown>> = {};
  for (const [space, defs] of Object.entries(contract)) {
    const methods: Record<string, unknown> = {};
    for (const [name, def] of Object.entries(defs)) {
      const method = `${space}.${name}`;
      if (def.kind === 'call') methods[name] = (input: unknown, options?: CallOptions) => request(method, input, options);
      else if (def.kind === 'stream')
        methods[name] = (input: unknown, onItem: (item: unknown) => void, options?: CallOptions) => request(method, input, options, onItem);
      else methods[name] = (listener: (data: unknown) => void) => subscribe(method, listener);
    }
    api[space] = methods;
  }

  return {
    api: api as ClientOf<C>,
    onClosed: (listener) => void closeListeners.push(listener),
    close: () => transport.close(),
  };
}

function closedFailure(): CodedFailure {
  const error: CodedError = coded('closed', 'The connection to the engine was closed.', { retry: true });
  return new CodedFailure(error);
}
