/** One WebSocket as a Transport of the contract: JSON text frames both ways. */
import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import type { Transport } from '../../main/contract/index.ts';

/** A page that does not read: above this many waiting bytes the connection is ended; the page connects and lists again. */
const mostWaitingBytes = 64 * 1024 * 1024;

/** Closing codes of RFC 6455, section 7.4.1. */
export const closing = { goingAway: 1001, unsupported: 1003, malformed: 1007, tooBig: 1009, tryLater: 1013 } as const;

export function createSocketTransport(socket: WebSocket): Transport {
  const messageListeners: ((message: unknown) => void)[] = [];
  const closeListeners: (() => void)[] = [];

  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (isBinary) return socket.close(closing.unsupported, 'text only');
    let message: unknown;
    try {
      message = JSON.parse((data as Buffer).toString('utf8'));
    } catch {
      return socket.close(closing.malformed, 'not JSON');
    }
    for (const listener of messageListeners) listener(message);
  });
  socket.on('close', () => {
    for (const listener of closeListeners.splice(0)) listener();
  });
  // ws closes the connection itself (too big a frame, broken UTF-8, a reset); 'close' follows and tells everybody
  socket.on('error', () => undefined);

  return {
    send(message) {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > mostWaitingBytes) return socket.terminate();
      socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => void messageListeners.push(listener),
    onClose: (listener) => void closeListeners.push(listener),
    close: () => socket.close(closing.goingAway),
  };
}
