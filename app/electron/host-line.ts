/** The engine process's end of the line to Electron's main process: pages, pictures, grants and dialogs. See engine-host.ts. */
import { Socket } from 'node:net';
import type { MessagePortMain } from 'electron';
import { fail, ok } from '../../main/base/index.ts';
import type { CancelSignal, Result } from '../../main/base/index.ts';
import { maxMessageCharacters } from '../../main/contract/index.ts';
import type { HandlersOf, ParjanyaContract, Transport } from '../../main/contract/index.ts';
import type { SourceChoice } from '../../main/domain/index.ts';
import type { Picture, PictureView } from '../../main/ports/index.ts';
import { createStreamChannel } from './framing.ts';
import type { Channel } from './framing.ts';
import type { FolderKind, FromHost, Granted, StartEngine, ToHost } from './link.ts';

type HostChannel = Channel<FromHost, ToHost>;
type PortListener = (page: number, port: MessagePortMain) => void;
type ShellHandlers = HandlersOf<ParjanyaContract>['shell'];

/** What the line needs of the engine (main/engine.ts). */
export interface HostedEngine {
  grant(path: string, kind: FolderKind): Promise<Granted>;
  serve(transport: Transport, shell: ShellHandlers): () => void;
  picture(id: number, size: PictureView, from?: SourceChoice, signal?: CancelSignal): Promise<Result<Picture>>;
  close(): Promise<void>;
}

export interface HostLine {
  readonly channel: HostChannel;
  onPort(listener: PortListener): void;
}

/** How long running work may take to stop before the process ends anyway. */
const stopLimit = 8000;

/** The line that this process was started with. */
export function openHostLine(): HostLine {
  const { parentPort } = process;
  if (!parentPort) return { channel: createStreamChannel<FromHost, ToHost>(new Socket({ fd: 3, readable: true, writable: true })), onPort: () => undefined };
  const messageListeners: ((message: ToHost, body: Uint8Array | null) => void)[] = [];
  let portListener: PortListener = () => undefined;
  parentPort.on('message', ({ data, ports }) => {
    const { message, body } = data as { message: ToHost; body: Uint8Array | null };
    if (message.t === 'open' && ports[0]) return portListener(message.page, ports[0]);
    for (const listener of messageListeners) listener(message, body);
  });
  return {
    channel: {
      send: (message, body) => parentPort.postMessage({ message, body: body ?? null }),
      onMessage: (listener) => void messageListeners.push(listener),
      // Electron ends this process together with its own
      onClose: () => undefined,
      close: () => undefined,
    },
    onPort: (listener) => void (portListener = listener),
  };
}

/** One page whose messages travel over the line. */
interface RelayedPage {
  readonly transport: Transport;
  receive(text: string): void;
  end(): void;
}

function createRelayedPage(channel: HostChannel, page: number): RelayedPage {
  const messageListeners: ((message: unknown) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  return {
    transport: {
      send: (message) => channel.send({ t: 'page', page }, Buffer.from(JSON.stringify(message))),
      onMessage: (listener) => void messageListeners.push(listener),
      onClose: (listener) => void closeListeners.push(listener),
      close: () => channel.send({ t: 'gone', page }),
    },
    receive(text) {
      const message: unknown = JSON.parse(text);
      for (const listener of messageListeners) listener(message);
    },
    end() {
      for (const listener of closeListeners.splice(0)) listener();
    },
  };
}

/** A page's own port, in the utility process. */
function createPortTransport(port: MessagePortMain): Transport {
  return {
    send: (message) => port.postMessage(JSON.stringify(message)),
    onMessage(listener) {
      port.on('message', ({ data }: { data: unknown }) => {
        if (JSON.stringify(data).length > maxMessageCharacters) return port.close();
        listener(data);
      });
      port.start();
    },
    onClose: (listener) => void port.once('close', listener),
    close: () => port.close(),
  };
}

/** Opens the engine when told to and serves it until the line ends or it is told to stop; then the process ends. */
export function serveHostLine({ channel, onPort }: HostLine, openEngine: (options: StartEngine) => Promise<Result<HostedEngine>>): void {
  const pages = new Map<number, RelayedPage>();
  const pictures = new Map<number, AbortController>();
  const dialogs = new Map<number, (path: string | null) => void>();
  let nextDialog = 1;
  let engine: HostedEngine | null = null;
  let version = '';
  let stopping = false;

  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    for (const page of pages.values()) page.end();
    setTimeout(() => process.exit(1), stopLimit).unref();
    void Promise.resolve(engine?.close()).finally(() => {
      channel.close();
      process.exit(0);
    });
  };

  const start = async (options: StartEngine): Promise<void> => {
    version = options.version;
    const opened = await openEngine(options);
    if (!opened.ok) return channel.send({ t: 'failed', error: opened.error });
    engine = opened.value;
    if (stopping) return void engine.close();
    channel.send({ t: 'ready' });
  };

  const pick = async (page: number, kind: FolderKind): Promise<Result<{ grant: string; name: string } | null>> => {
    const id = nextDialog++;
    const path = await new Promise<string | null>((resolve) => {
      dialogs.set(id, resolve);
      channel.send({ t: 'pick', id, page, kind });
    });
    if (path === null) return ok(null);
    return engine ? engine.grant(path, kind) : fail('closed', 'The engine is not running.');
  };

  const shellFor = (page: number): ShellHandlers => ({
    info: () => ok({ shell: 'electron' as const, version, pixels: 'photo://p/', canPickFolder: true, platform: process.platform }),
    pickFolder: (input) => pick(page, input.for),
  });

  const sendPicture = async (message: Extract<ToHost, { t: 'picture' }>): Promise<void> => {
    const gone = new AbortController();
    pictures.set(message.id, gone);
    const answer = engine ? await engine.picture(message.photo, message.size, message.from, gone.signal) : fail<never>('closed', 'The engine is not running.', { retry: true });
    pictures.delete(message.id);
    if (gone.signal.aborted) return;
    if (!answer.ok) return channel.send({ t: 'no-picture', id: message.id, error: answer.error });
    const { jpeg, source, refusal } = answer.value;
    channel.send({ t: 'picture', id: message.id, origin: { source, ...(refusal ? { refusal } : {}) } }, jpeg);
  };

  const receive = (message: ToHost, body: Uint8Array | null): void => {
    switch (message.t) {
      case 'start':
        return void start(message.options);
      case 'open': {
        const page = createRelayedPage(channel, message.page);
        pages.set(message.page, page);
        engine?.serve(page.transport, shellFor(message.page));
        return;
      }
      case 'page':
        return pages.get(message.page)?.receive(Buffer.from(body ?? []).toString('utf8'));
      case 'gone':
        pages.get(message.page)?.end();
        return void pages.delete(message.page);
      case 'picture':
        return void sendPicture(message);
      case 'cancel':
        return pictures.get(message.id)?.abort();
      case 'grant':
        return void engine?.grant(message.path, message.kind).then((result) => channel.send({ t: 'granted', id: message.id, result }));
      case 'picked':
        dialogs.get(message.id)?.(message.path);
        return void dialogs.delete(message.id);
      case 'stop':
        return stop();
    }
  };

  channel.onMessage(receive);
  channel.onClose(stop);
  onPort((page, port) => void engine?.serve(createPortTransport(port), shellFor(page)));
  process.on('SIGTERM', stop);
  // Ctrl+C in a terminal reaches the whole group of processes; the window's process decides when to stop
  process.on('SIGINT', () => undefined);
  channel.send({ t: 'awake' });
}
