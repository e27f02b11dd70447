/**
 * Brings one file to a part file beside its final name, goes on where an earlier run was stopped, and gives it its name only when it is
 * whole and the one that is meant. What was stopped at any moment, even by force, is gone on with or begun again.
 */
import type { IncomingMessage } from 'node:http';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { coded, fail, ok } from '../../base/index.ts';
import type { CancelSignal, CodedError, ProgressSink, Result } from '../../base/index.ts';
import { hashFile } from './hashes.ts';
import { openUrl } from './request.ts';

export interface DownloadTask {
  readonly url: string;
  /** Final name, absolute. */
  readonly to: string;
  /** What it must be; null = not known. */
  readonly bytes: number | null;
  readonly sha256: string | null;
}

export interface DownloadOptions {
  readonly signal?: CancelSignal;
  /** Bytes done and to be done in all; 0 = not known. */
  readonly onProgress?: ProgressSink;
  readonly env?: NodeJS.ProcessEnv;
  /** So many times without any new byte, then it is given up. */
  readonly attempts?: number;
  /** Before a second attempt; doubled for each further one. */
  readonly pauseMs?: number;
  readonly idleMs?: number;
}

/** Where its size is not known a download that does not end is stopped here. */
const mostBytes = 8_000_000_000;

/**
 * Downloads to `to`. Errors: download-failed (with the server's answer), model-wrong (another size or SHA-256: nothing of it is kept),
 * disk-full, destination-unwritable, cancelled (what has come is kept for the next time).
 */
export async function download(task: DownloadTask, options: DownloadOptions = {}): Promise<Result<{ readonly sha256: string; readonly bytes: number }>> {
  const part = partOf(task.to);
  try {
    await mkdir(dirname(task.to), { recursive: true });
    let pauseMs = options.pauseMs ?? 1_000;
    let left = options.attempts ?? 4;
    for (;;) {
      const before = await sizeOf(part);
      const fetched = await fetchPart(task, part, options);
      if (fetched.ok) break;
      if (!fetched.error.retry) return fetched;
      // a line that brings something each time is not given up
      if ((await sizeOf(part)) > before) left = options.attempts ?? 4;
      else if (--left <= 0) return fetched;
      if (await isCancelledWithin(pauseMs, options.signal)) return fail('cancelled', 'It was cancelled.');
      pauseMs = Math.min(30_000, pauseMs * 2);
    }
    return await publishPart(task, part);
  } catch (error) {
    return { ok: false, error: explainDiskError(error, task.to) };
  }
}

export function partOf(path: string): string {
  return `${path}.part`;
}

/**
 * Checks a part file, writes it down and gives it its final name, replacing what has it. Errors: model-wrong (the part is removed).
 * @throws what the disk says.
 */
export async function publishPart({ to, bytes: wanted, sha256 }: DownloadTask, part: string): Promise<Result<{ readonly sha256: string; readonly bytes: number }>> {
  const bytes = await sizeOf(part);
  const found = await hashFile(part);
  const wrong = wanted !== null && bytes !== wanted ? `it has ${bytes} bytes, not ${wanted}` : sha256 !== null && found !== sha256 ? `its SHA-256 begins with ${found.slice(0, 12)}, not with ${sha256.slice(0, 12)}` : null;
  if (wrong !== null) {
    await forget(part);
    return fail('model-wrong', `What was fetched is not the file that is meant: ${wrong}. Nothing of it was kept.`);
  }
  const handle = await open(part, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, to);
  await rm(notesOf(part), { force: true });
  await syncFolder(dirname(to));
  return ok({ sha256: found, bytes });
}

/** What the server said of the file that a part is of: another file is never glued to it. */
interface PartNotes {
  readonly url: string;
  /** A strong entity tag or a date, for If-Range (RFC 9110, 13.1.5). */
  readonly validator: string;
}

function notesOf(part: string): string {
  return `${part}.json`;
}

/** One attempt: from the end of what is there to the end of the file. A cut line is an error with `retry`. */
async function fetchPart(task: DownloadTask, part: string, options: DownloadOptions): Promise<Result<void>> {
  const notes = await readNotes(part, task.url);
  const have = notes ? await sizeOf(part) : 0;
  if (task.bytes !== null && have === task.bytes) return ok(undefined);
  const headers: Record<string, string> = { 'accept-encoding': 'identity', 'user-agent': 'Parjanya' };
  if (notes && have > 0) Object.assign(headers, { range: `bytes=${have}-`, 'if-range': notes.validator });
  const opened = await openUrl(task.url, { headers, idleMs: options.idleMs ?? 60_000, env: options.env ?? process.env, ...(options.signal ? { signal: options.signal } : {}) });
  if (!opened.ok) return opened;
  const response = opened.value;
  try {
    const start = startOf(response, have);
    if (!start.ok) {
      // what is there is longer than the file, or of another one: from the beginning, next time
      if (response.statusCode === 416 || response.statusCode === 206) await forget(part);
      return start;
    }
    const total = totalOf(response, start.value);
    if (total !== null && task.bytes !== null && total !== task.bytes) return fail('model-wrong', `The server has another file than the one that is meant: ${total} bytes, not ${task.bytes}.`);
    return await writeBody(response, task, part, start.value, total, options);
  } finally {
    response.destroy();
  }
}

/** Where the body begins in the file. Errors: download-failed. */
function startOf(response: IncomingMessage, have: number): Result<number> {
  const status = response.statusCode ?? 0;
  const encoding = response.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return fail('download-failed', `The server sends the file packed (${encoding}), which was not asked for.`);
  if (status === 200) return ok(0);
  if (status === 206) {
    const start = /^bytes (\d+)-\d+\/(?:\d+|\*)$/.exec(response.headers['content-range'] ?? '')?.[1];
    return start !== undefined && Number(start) === have ? ok(have) : fail('download-failed', 'The server sends another part of the file than was asked for.', { retry: true });
  }
  // busy, or a matter of the moment (RFC 9110, 15.5 and 15.6); 416: what is there does not fit
  const isPassing = status >= 500 || status === 408 || status === 425 || status === 429 || status === 416;
  return fail('download-failed', `The server answers ${status} ${response.statusMessage ?? ''}`.trimEnd() + '.', { retry: isPassing });
}

/** Bytes of the whole file; null where the server does not say. */
function totalOf(response: IncomingMessage, start: number): number | null {
  const length = /^\d+$/.exec(response.headers['content-length'] ?? '')?.[0];
  return length === undefined ? null : start + Number(length);
}

async function writeBody(response: IncomingMessage, task: DownloadTask, part: string, start: number, total: number | null, options: DownloadOptions): Promise<Result<void>> {
  const limit = task.bytes ?? total ?? mostBytes;
  if (start === 0) await startPart(part, task.url, response);
  const handle = await open(part, 'r+');
  let at = start;
  try {
    const read = await copyBody(response, handle, at, limit, options, (done) => {
      at = done;
      options.onProgress?.({ done, total: task.bytes ?? total ?? 0 });
    });
    if (!read.ok) return read;
  } finally {
    await handle.close();
  }
  if (at > limit) {
    await forget(part);
    return fail('model-wrong', `The server sends more than the ${limit} bytes that are meant.`);
  }
  return total === null || at === total ? ok(undefined) : fail('download-failed', `The line was cut after ${at} of ${total} bytes.`, { retry: true });
}

/** Errors: download-failed (the line), cancelled. @throws what the disk says. */
async function copyBody(response: IncomingMessage, handle: FileHandle, start: number, limit: number, options: DownloadOptions, onDone: (at: number) => void): Promise<Result<void>> {
  let at = start;
  const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (;;) {
    let next: IteratorResult<Buffer>;
    try {
      next = await chunks.next();
    } catch (error) {
      if (options.signal?.aborted) return fail('cancelled', 'It was cancelled; what has come is kept for the next time.');
      return fail('download-failed', `The line was cut after ${at} bytes: ${(error as Error).message}.`, { retry: true });
    }
    if (next.done) return ok(undefined);
    for (let from = 0; from < next.value.length; ) from += (await handle.write(next.value, from, next.value.length - from, at + from)).bytesWritten;
    at += next.value.length;
    onDone(at);
    if (at > limit) return ok(undefined);
  }
}

/** An empty part, with what tells its file from others; where nothing does, it is not gone on with. */
async function startPart(part: string, url: string, response: IncomingMessage): Promise<void> {
  await forget(part);
  await (await open(part, 'w')).close();
  const { etag, 'last-modified': date } = response.headers;
  const validator = etag !== undefined && !etag.startsWith('W/') ? etag : date;
  if (validator !== undefined) await writeFile(notesOf(part), JSON.stringify({ url, validator } satisfies PartNotes));
}

async function readNotes(part: string, url: string): Promise<PartNotes | null> {
  try {
    const notes = JSON.parse(await readFile(notesOf(part), 'utf8')) as Partial<PartNotes>;
    return notes.url === url && typeof notes.validator === 'string' && /^[\x20-\x7e]{1,300}$/.test(notes.validator) ? { url, validator: notes.validator } : null;
  } catch {
    return null;
  }
}

async function forget(part: string): Promise<void> {
  await rm(notesOf(part), { force: true });
  await rm(part, { force: true });
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

/** The name is durable too; not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function isCancelledWithin(ms: number, signal: CancelSignal | undefined): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(true);
  return new Promise((resolve) => {
    const end = (isCancelled: boolean): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve(isCancelled);
    };
    const onAbort = (): void => end(true);
    const timer = setTimeout(() => end(false), ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** @throws what is no failure of the disk. */
export function explainDiskError(error: unknown, path: string): CodedError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  if (code === 'ENOSPC' || code === 'EDQUOT') return coded('disk-full', 'The disk is full.');
  return coded('destination-unwritable', `${path} cannot be written: ${message}`);
}
