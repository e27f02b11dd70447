/** The page's one connection to the engine: opened, kept, told about when it is gone, opened again. */
import { create } from 'zustand';
import { CodedFailure, coded } from '../../main/base/index.ts';
import type { CodedError } from '../../main/base/index.ts';
import { contract, createClient } from '../../main/contract/index.ts';
import type { ClientOf, Connection, ParjanyaContract, Transport } from '../../main/contract/index.ts';

export type Api = ClientOf<ParjanyaContract>;
type ShellInfo = Awaited<ReturnType<Api['shell']['info']>>;

export interface SessionState {
  /** `connecting`: never been open yet. `gone`: was open, or could not be opened; `retrying` while another try runs. */
  readonly status: 'connecting' | 'open' | 'gone';
  readonly retrying: boolean;
  /** How often a connection was made; what failed for want of one is worth another try when this grows. */
  readonly connections: number;
  readonly info: ShellInfo | null;
}

export const useSession = create<SessionState>(() => ({ status: 'connecting', retrying: false, connections: 0, info: null }));

let connection: Connection<ParjanyaContract> | null = null;

/** The calls of the engine. Before the first connection and after the last one every call rejects with `closed`. */
export function api(): Api {
  if (!connection) throw new CodedFailure(coded('closed', 'The engine is not connected.', { retry: true }));
  return connection.api;
}

export function isOpen(): boolean {
  return useSession.getState().status === 'open';
}

const retryDelays = [500, 1000, 2000, 4000, 8000];

export interface SessionOptions {
  open(): Promise<Transport>;
  /** Called after each successful connection, the first and the later ones. */
  onOpen(api: Api): void;
}

let reconnectNow: (() => void) | null = null;

/** Connects, and connects again whenever the engine was gone; never gives up while the page lives. */
export function startSession(options: SessionOptions): void {
  const attempt = async (failures: number): Promise<void> => {
    let opened = false;
    try {
      const transport = await options.open();
      const next = createClient(contract, transport);
      next.onClosed(() => {
        if (!opened) return; // the failing call below tells it
        useSession.setState({ status: 'gone', retrying: false });
        void wait(0);
      });
      const info = await next.api.shell.info({});
      connection = next;
      opened = true;
      useSession.setState((state) => ({ status: 'open', retrying: false, connections: state.connections + 1, info }));
      options.onOpen(next.api);
    } catch {
      useSession.setState({ status: 'gone', retrying: false });
      await wait(failures + 1);
    }
  };
  const wait = async (failures: number): Promise<void> => {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, retryDelays[Math.min(failures, retryDelays.length - 1)]);
      reconnectNow = () => (clearTimeout(timer), resolve());
    });
    reconnectNow = null;
    if (useSession.getState().status === 'open') return;
    useSession.setState({ retrying: true });
    await attempt(failures);
  };
  void attempt(0);
}

/** Tries at once instead of after the usual pause. */
export function reconnect(): void {
  reconnectNow?.();
}

/** The coded error of a rejected call; anything else is a bug and reads as one. */
export function errorOf(reason: unknown): CodedError {
  if (reason instanceof CodedFailure) return reason.error;
  return coded('internal', 'Something unexpected went wrong.');
}
