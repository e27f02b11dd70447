/** The engine's side: parses every input, runs the handler, answers with a value or a coded error, honours cancel. */
import { CodedFailure, coded, createCancel } from '../base/index.ts';
import type { CancelSignal, CodedError, Result } from '../base/index.ts';
import { ToServer } from './wire.ts';
import type { Transport } from './wire.ts';
import type { Contract, Def, HandlersOf } from './define.ts';

/** Messages above this many characters of JSON are refused by shells before parsing (a call of 5,000 ids is about 40 kB). */
export const maxMessageCharacters = 1_000_000;

interface RunningCall {
  cancel(): void;
}

type AnyHandler = (input: unknown, context: { signal: CancelSignal; item: (item: unknown) => void }) => Promise<Result<unknown>> | Result<unknown>;

export interface ServeOptions {
  /** A throw inside a handler is a bug: it is told here, and the caller gets `internal` without details. */
  readonly onBug?: (method: string, error: unknown) => void;
}

/** Serves `contract` by `handlers` on one connection. Returns a function that ends it: running calls are cancelled. */
export function serveContract<C extends Contract>(
  contract: C,
  handlers: HandlersOf<C>,
  transport: Transport,
  options: ServeOptions = {},
): () => void {
  const defs = new Map<string, { def: Def; handler: unknown }>();
  for (const [space, methods] of Object.entries(contract))
    for (const [name, def] of Object.entries(methods))
      defs.set(`${space}.${name}`, { def, handler: (handlers as Record<string, Record<string, unknown>>)[space]?.[name] });

  const running = new Map<number, RunningCall>();
  const subscriptions = new Map<number, () => void>();
  let open = true;
  const send = (message: unknown): void => {
    if (open) transport.send(message);
  };
  const refuse = (id: number, error: CodedError): void => send({ t: 'err', id, error });

  const start = async (id: number, method: string, input: unknown): Promise<void> => {
    const entry = defs.get(method);
    if (!entry || entry.def.kind === 'event') return refuse(id, coded('unknown-method', `There is no method ${JSON.stringify(method)}.`));
    if (running.has(id)) return refuse(id, coded('bad-input', `The id ${id} is in use.`));
    const parsed = entry.def.in.safeParse(input);
    if (!parsed.success) return refuse(id, coded('bad-input', describeIssues(parsed.error.issues)));
    const { signal, cancel } = createCancel();
    running.set(id, { cancel });
    let answer: Result<unknown>;
    try {
      answer = await (entry.handler as AnyHandler)(parsed.data, { signal, item: (item) => send({ t: 'item', id, item }) });
    } catch (error) {
      // a full or broken disk of the catalog comes as a throw, but is foreseen
      if (!(error instanceof CodedFailure)) options.onBug?.(method, error);
      answer = { ok: false, error: error instanceof CodedFailure ? error.error : coded('internal', 'Something unexpected went wrong.') };
    }
    running.delete(id);
    if (answer.ok) send({ t: 'ok', id, out: answer.value ?? null });
    else refuse(id, answer.error);
  };

  const subscribe = (id: number, method: string): void => {
    const entry = defs.get(method);
    if (entry?.def.kind !== 'event' || subscriptions.has(id)) return;
    const source = entry.handler as { on(listener: (data: unknown) => void): () => void };
    subscriptions.set(id, source.on((data) => send({ t: 'event', id, data })));
  };

  const stop = (): void => {
    if (!open) return;
    open = false;
    for (const call of running.values()) call.cancel();
    for (const off of subscriptions.values()) off();
    running.clear();
    subscriptions.clear();
  };

  transport.onMessage((raw) => {
    const parsed = ToServer.safeParse(raw);
    if (!parsed.success) {
      // whoever waits for an answer gets one; what names no call is dropped
      const id = callIdOf(raw);
      if (id !== null) refuse(id, coded('bad-input', 'The request is not valid.'));
      return;
    }
    const message = parsed.data;
    switch (message.t) {
      case 'call':
        void start(message.id, message.m, message.in);
        return;
      case 'cancel':
        running.get(message.id)?.cancel();
        return;
      case 'sub':
        subscribe(message.id, message.m);
        return;
      case 'unsub':
        subscriptions.get(message.id)?.();
        subscriptions.delete(message.id);
        return;
    }
  });
  transport.onClose(stop);
  return stop;
}

function callIdOf(raw: unknown): number | null {
  if (typeof raw !== 'object' || raw === null || !('t' in raw) || raw.t !== 'call' || !('id' in raw)) return null;
  return typeof raw.id === 'number' && Number.isSafeInteger(raw.id) && raw.id >= 0 ? raw.id : null;
}

function describeIssues(issues: readonly { path: readonly PropertyKey[]; message: string }[]): string {
  return issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.') || 'request'}: ${issue.message}`)
    .join('; ');
}
