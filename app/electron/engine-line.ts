/** The two ways to host the engine process, seen from Electron's main process. Which one is a setting; see locations.ts. */
import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { utilityProcess } from 'electron';
import type { MessagePortMain } from 'electron';
import { createStreamChannel } from './framing.ts';
import type { Channel } from './framing.ts';
import type { FromHost, ToHost } from './link.ts';

export type EngineLine = Channel<ToHost, FromHost> & {
  readonly processId: number | undefined;
  /** Hands a page's port over; false where this kind of process cannot take ports and messages must be relayed. */
  handOver(page: number, port: MessagePortMain): boolean;
  /** Called once, when the process has ended for whatever reason. */
  onExit(listener: () => void): void;
  kill(): void;
};

/** Plain Node. The line is a pipe at file descriptor 3; what the process prints goes where ours goes. */
export function startInNode(executable: string, script: string): EngineLine {
  const child = spawn(executable, [script], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'], windowsHide: true });
  const channel = createStreamChannel<ToHost, FromHost>(child.stdio[3] as Duplex);
  const exitListeners: (() => void)[] = [];
  const exited = (): void => {
    for (const listener of exitListeners.splice(0)) listener();
  };
  child.once('exit', exited);
  // the executable is missing or may not be run: there is no 'exit' then
  child.once('error', exited);
  return {
    ...channel,
    processId: child.pid,
    handOver: () => false,
    onExit: (listener) => void exitListeners.push(listener),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Electron's utility process: ports are handed over, so that pages speak to the engine without us. */
export function startInUtilityProcess(script: string): EngineLine {
  const child = utilityProcess.fork(script, [], { serviceName: 'Parjanya engine', stdio: 'inherit' });
  const exitListeners: (() => void)[] = [];
  const closeListeners: (() => void)[] = [];
  child.once('exit', () => {
    for (const listener of closeListeners.splice(0)) listener();
    for (const listener of exitListeners.splice(0)) listener();
  });
  return {
    // known only once it has been spawned
    get processId() {
      return child.pid;
    },
    send: (message, body) => child.postMessage({ message, body: body ?? null }),
    onMessage: (listener) =>
      void child.on('message', (data: { message: FromHost; body: Uint8Array | null }) => listener(data.message, data.body)),
    onClose: (listener) => void closeListeners.push(listener),
    close: () => undefined,
    handOver(page, port) {
      child.postMessage({ message: { t: 'open', page } satisfies ToHost, body: null }, [port]);
      return true;
    },
    onExit: (listener) => void exitListeners.push(listener),
    kill: () => void child.kill(),
  };
}
