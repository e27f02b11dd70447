/** The page of the shell's own tests: it connects as the real one does and shows what it got. */
import { contract, createClient } from '../../main/contract/index.ts';
import type { ClientOf, ParjanyaContract, Transport } from '../../main/contract/index.ts';

export interface SmallPage {
  api: ClientOf<ParjanyaContract> | null;
  connections: number;
  closed: number;
  keys: string[];
}

const page: SmallPage = { api: null, connections: 0, closed: 0, keys: [] };
(globalThis as unknown as { page: SmallPage }).page = page;

function transportOf(port: MessagePort): Transport {
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      port.addEventListener('message', (event: MessageEvent<string>) => listener(JSON.parse(event.data)));
      port.start();
    },
    onClose: (listener) => port.addEventListener('close', listener),
    close: () => port.close(),
  };
}

window.addEventListener('message', (event) => {
  const port = event.ports[0];
  if (event.source !== window || event.data !== 'parjanya-port' || !port) return;
  const connection = createClient(contract, transportOf(port));
  connection.onClosed(() => {
    page.closed += 1;
    page.api = null;
  });
  page.api = connection.api;
  page.connections += 1;
});
window.addEventListener('keydown', (event) => {
  page.keys.push(`${event.ctrlKey ? 'Ctrl+' : ''}${event.shiftKey ? 'Shift+' : ''}${event.key}`);
});
