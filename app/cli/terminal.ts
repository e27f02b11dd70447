/** Standard output and error as the commands use them: results on the one, words for a person on the other. */
import type { Writable } from 'node:stream';
import { CodedFailure, coded } from '../../main/base/index.ts';
import type { Progress } from '../../main/base/index.ts';

export interface Terminal {
  /** Where relative paths of the command line start. */
  readonly folder: string;
  /** Columns of the terminal that results go to; null where it is none. */
  readonly columns: number | null;
  /** Aborted by Ctrl+C or by a request to end. */
  readonly signal: AbortSignal;
  /**
   * Writes to standard output and waits until it is written. A reader that has gone away (`| head`) is no failure.
   * @throws CodedFailure (disk-full, destination-unwritable) where it cannot be written for another reason.
   */
  print(text: string): Promise<void>;
  /** One line to standard error. */
  tell(text: string): void;
  /** Shows how far a long call is, at most ten times a second. */
  showProgress(label: string, progress: Progress): void;
}

export interface TerminalStreams {
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
}

const progressPause = 100;
/** Where progress goes to a file or a pipe, it is lines, and fewer of them. */
const linePause = 1000;

/** @param progress `forced` shows it even where standard error is no terminal. */
export function createTerminal(streams: TerminalStreams, options: { folder: string; signal: AbortSignal; progress: 'auto' | 'forced' }): Terminal {
  const { stdout, stderr } = streams;
  let readerGone = false;
  // what it means is told by the write that met it
  stdout.on('error', () => undefined);
  // there is nobody left to tell
  stderr.on('error', () => undefined);

  const isLive = stderr.isTTY === true;
  const shows = isLive || options.progress === 'forced';
  let lastShown = Number.NEGATIVE_INFINITY;
  let lineOpen = false;
  const endLine = (): void => {
    if (lineOpen) stderr.write('\r\x1b[K');
    lineOpen = false;
  };

  return {
    folder: options.folder,
    columns: stdout.isTTY === true ? (stdout.columns ?? 80) : null,
    signal: options.signal,
    print(text) {
      endLine();
      if (readerGone) return Promise.resolve();
      return new Promise((resolve, reject) => {
        stdout.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
          if (!error) return resolve();
          readerGone = error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
          if (readerGone) resolve();
          else reject(new CodedFailure(coded(error.code === 'ENOSPC' ? 'disk-full' : 'destination-unwritable', `Standard output cannot be written: ${error.message}`)));
        });
      });
    },
    tell(text) {
      endLine();
      stderr.write(`${text}\n`);
    },
    showProgress(label, { done, total, note }) {
      if (!shows) return;
      const now = performance.now();
      const isLast = done >= total;
      if (now - lastShown < (isLive ? progressPause : linePause) && !isLast) return;
      lastShown = now;
      const line = `${label} ${done}/${total}${note ? ` ${note}` : ''}`;
      if (!isLive) return void stderr.write(`${line}\n`);
      stderr.write(`\r${line.slice(0, (stderr.columns ?? 80) - 1)}\x1b[K`);
      lineOpen = true;
    },
  };
}

/** `code: sentence`, as every coded error is printed. */
export function describeError(error: { readonly code: string; readonly message: string }): string {
  return `${error.code}: ${error.message}`;
}

/** One JSON document with a line end. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
