/** The two ways messages move between page and engine, behind the contract's `Transport`. The engine sends JSON text on both. */
import type { Transport } from '../../main/contract/index.ts';

/** @param socket already open, so that nothing has to be queued here. */
export function createSocketTransport(socket: WebSocket): Transport {
  return {
    send(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => socket.addEventListener('message', (event: MessageEvent<string>) => listener(JSON.parse(event.data))),
    onClose: (listener) => socket.addEventListener('close', () => listener(), { once: true }),
    close: () => socket.close(),
  };
}

export function createPortTransport(port: MessagePort): Transport {
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      port.addEventListener('message', (event: MessageEvent<string>) => listener(JSON.parse(event.data)));
      port.start();
    },
    // sent by the browser when the other end has closed or its process has ended
    onClose: (listener) => port.addEventListener('close', () => listener(), { once: true }),
    close() {
      port.close();
      // the end that closes is not told by itself, as a socket is
      port.dispatchEvent(new Event('close'));
    },
  };
}
