/** The engine process as the rest of the shell sees it: started, watched, started once more after a crash, stopped. */
import type { MessagePortMain } from 'electron';
import { fail, ok } from '../../main/base/index.ts';
import type { CodedError, Result } from '../../main/base/index.ts';
import { maxMessageCharacters } from '../../main/contract/index.ts';
import type { PictureOrigin } from '../../main/contract/index.ts';
import type { SourceChoice } from '../../main/domain/index.ts';
import type { PictureView } from '../../main/ports/index.ts';
import type { EngineLine } from './engine-line.ts';
import type { FolderKind, FromHost, Granted, StartEngine } from './link.ts';

export interface EngineSettings {
  readonly start: StartEngine;
  startLine(): EngineLine;
  /** Called at the first start and after every restart: pages can be connected now. */
  onReady(): void;
  /** The engine cannot run, or has ended twice within a minute; it stays down until `restart`. */
  onDown(error: CodedError): void;
  /** Asks the person for a folder. */
  pickFolder(page: number, kind: FolderKind): Promise<string | null>;
}

/** A JPEG and what it is of. */
export interface SentPicture {
  readonly jpeg: Uint8Array;
  readonly origin: PictureOrigin;
}

export interface EngineProcess {
  readonly ready: boolean;
  readonly processId: number | undefined;
  /** Joins a page's port to the engine. When the engine ends, the port closes, which is how the page is told. */
  connect(page: number, port: MessagePortMain): void;
  /** Errors: those of the engine's pictures, `closed` (retry) while there is no engine. */
  picture(photo: number, size: PictureView, from: SourceChoice, signal: AbortSignal): Promise<Result<SentPicture>>;
  grant(path: string, kind: FolderKind): Promise<Granted>;
  restart(): void;
  /** Waits for the process to end; kills it where it does not. */
  stop(): Promise<void>;
}

/** A second crash within this time is not answered by another restart. */
const restartPause = 60_000;
const stopLimit = 10_000;

const gone = (): Result<never> => fail('closed', 'The engine is not running.', { retry: true });

export function createEngineProcess(settings: EngineSettings): EngineProcess {
  let line: EngineLine | null = null;
  let ready = false;
  let stopping = false;
  let failure: CodedError | null = null;
  let lastRestart = Number.NEGATIVE_INFINITY;
  let nextId = 1;
  const ports = new Map<number, MessagePortMain>();
  const pictures = new Map<number, (answer: Result<SentPicture>) => void>();
  const grants = new Map<number, (answer: Granted) => void>();

  const receive = (from: EngineLine, message: FromHost, body: Uint8Array | null): void => {
    switch (message.t) {
      case 'awake':
        return from.send({ t: 'start', options: settings.start });
      case 'ready':
        ready = true;
        return settings.onReady();
      case 'failed':
        failure = message.error;
        return from.kill();
      case 'page':
        // JSON text passes through unread; the page parses it
        return ports.get(message.page)?.postMessage(Buffer.from(body ?? []).toString('utf8'));
      case 'gone':
        return ports.get(message.page)?.close();
      case 'picture':
        pictures.get(message.id)?.(ok({ jpeg: body ?? new Uint8Array(), origin: message.origin }));
        return void pictures.delete(message.id);
      case 'no-picture':
        pictures.get(message.id)?.({ ok: false, error: message.error });
        return void pictures.delete(message.id);
      case 'granted':
        grants.get(message.id)?.(message.result);
        return void grants.delete(message.id);
      case 'pick':
        return void settings.pickFolder(message.page, message.kind).then((path) => from.send({ t: 'picked', id: message.id, path }));
    }
  };

  const exited = (): void => {
    line = null;
    ready = false;
    for (const port of ports.values()) port.close();
    ports.clear();
    for (const settle of pictures.values()) settle(gone());
    for (const settle of grants.values()) settle(gone());
    pictures.clear();
    grants.clear();
    if (stopping) return;
    if (failure) return settings.onDown(failure);
    const now = performance.now();
    if (now - lastRestart < restartPause)
      return settings.onDown({ code: 'internal', message: 'The engine stopped twice in a short time.', retry: true });
    lastRestart = now;
    start();
  };

  const start = (): void => {
    failure = null;
    const next = settings.startLine();
    line = next;
    next.onMessage((message, body) => receive(next, message, body));
    next.onExit(exited);
  };

  const relay = (page: number, port: MessagePortMain): void => {
    line?.send({ t: 'open', page });
    port.on('message', ({ data }: { data: unknown }) => {
      const text = JSON.stringify(data) ?? 'null';
      if (text.length > maxMessageCharacters) return port.close();
      line?.send({ t: 'page', page }, Buffer.from(text));
    });
    port.once('close', () => {
      if (ports.get(page) !== port) return;
      ports.delete(page);
      line?.send({ t: 'gone', page });
    });
    ports.set(page, port);
    port.start();
  };

  start();
  return {
    get ready() {
      return ready;
    },
    get processId() {
      return line?.processId;
    },
    connect(page, port) {
      if (!line || !ready) return port.close();
      if (!line.handOver(page, port)) relay(page, port);
    },
    picture(photo, size, from, signal) {
      const to = line;
      if (!to || !ready || signal.aborted) return Promise.resolve(gone());
      return new Promise((resolve) => {
        const id = nextId++;
        const cancel = (): void => {
          if (pictures.delete(id)) to.send({ t: 'cancel', id });
          resolve(fail('cancelled', 'It was cancelled.'));
        };
        pictures.set(id, (answer) => {
          signal.removeEventListener('abort', cancel);
          resolve(answer);
        });
        signal.addEventListener('abort', cancel, { once: true });
        to.send({ t: 'picture', id, photo, size, from });
      });
    },
    grant(path, kind) {
      const to = line;
      if (!to || !ready) return Promise.resolve(gone());
      return new Promise((resolve) => {
        const id = nextId++;
        grants.set(id, resolve);
        to.send({ t: 'grant', id, path, kind });
      });
    },
    restart() {
      if (!line && !stopping) start();
    },
    async stop() {
      stopping = true;
      const last = line;
      if (!last) return;
      await new Promise<void>((resolve) => {
        const limit = setTimeout(() => last.kill(), stopLimit);
        last.onExit(() => (clearTimeout(limit), resolve()));
        last.send({ t: 'stop' });
      });
    },
  };
}
