/** The two ways bytes move between page and engine, behind the contract's `Transport`. */
import type { Transport } from '../../main/contract/index.ts';

/**
 * A transport over an open WebSocket; messages are JSON text.
 * @param socket already open, so that nothing has to be queued here.
 */
export function createSocketTransport(socket: WebSocket): Transport {
  let closed = false;
  const closeListeners: (() => void)[] = [];
  const end = (): void => {
    if (closed) return;
    closed = true;
    for (const listener of closeListeners) listener();
  };
  socket.addEventListener('close', end);
  socket.addEventListener('error', end);
  return {
    send(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage(listener) {
      socket.addEventListener('message', (event: MessageEvent<unknown>) => {
        const message = parseJson(event.data);
        if (message !== undefined) listener(message);
      });
    },
    onClose: (listener) => void closeListeners.push(listener),
    close() {
      socket.close();
      end();
    },
  };
}

/** A transport over a MessagePort, which carries the messages as structured data. */
export function createPortTransport(port: MessagePort): Transport {
  let closed = false;
  const closeListeners: (() => void)[] = [];
  const end = (): void => {
    if (closed) return;
    closed = true;
    for (const listener of closeListeners) listener();
  };
  // sent by the browser when the other end has closed or its process has ended
  port.addEventListener('close', end);
  return {
    send(message) {
      if (!closed) port.postMessage(message);
    },
    onMessage(listener) {
      port.addEventListener('message', (event: MessageEvent<unknown>) => {
        const message = typeof event.data === 'string' ? parseJson(event.data) : event.data;
        if (message !== undefined) listener(message);
      });
      port.start();
    },
    onClose: (listener) => void closeListeners.push(listener),
    close() {
      port.close();
      end();
    },
  };
}

function parseJson(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}
