/** Chooses how the page reaches the engine: a port in the desktop shell, a socket in a browser. */
import { CodedFailure, coded } from '../../main/base/index.ts';
import type { Transport } from '../../main/contract/index.ts';
import { createPortTransport, createSocketTransport } from './transport.ts';

/** What the desktop shell's preload posts to the window, with the port, once the page has loaded. */
const portMessage = 'parjanya-port';

const inDesktopShell = navigator.userAgent.includes('Electron/');

/** Ports that arrived while nobody waited, newest last. */
const arrived: MessagePort[] = [];
const waiting: ((port: MessagePort) => void)[] = [];

if (inDesktopShell) {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const port = event.ports[0];
    if (event.source !== window || event.data !== portMessage || !port) return;
    const next = waiting.shift();
    if (next) next(port);
    else arrived.push(port);
  });
}

/** Opens a transport; rejects with code `closed` where the engine cannot be reached. */
export function openTransport(): Promise<Transport> {
  return inDesktopShell ? openPort() : openSocket();
}

function openPort(): Promise<Transport> {
  const port = arrived.pop();
  if (port) return Promise.resolve(createPortTransport(port));
  return new Promise((resolve) => waiting.push((next) => resolve(createPortTransport(next))));
}

function openSocket(): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const address = new URL('/socket', window.location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    const refuse = (): void => reject(new CodedFailure(coded('closed', 'The engine cannot be reached.', { retry: true })));
    socket.addEventListener('close', refuse, { once: true });
    socket.addEventListener(
      'open',
      () => {
        socket.removeEventListener('close', refuse);
        resolve(createSocketTransport(socket));
      },
      { once: true },
    );
  });
}
