/**
 * CopyTarget over node:fs: exported files. A copy is written under a temporary name beside its place, flushed to the disk, read
 * back and compared, and only then given its name, which fails where the name is taken.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, stat, statfs, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, ok } from '../../base/index.ts';
import type { CancelSignal, Result } from '../../base/index.ts';
import type { CopyTarget } from '../../ports/index.ts';
import { cancelled, codeOf, explainReading, explainWriting } from './failures.ts';
import { publish as publishByLink, syncFolder } from './publish.ts';
import type { Publish } from './publish.ts';
import { hashFile, hashFromDisk } from './read-back.ts';
import { removeLeftovers, temporaryName } from './temporary.ts';

type Written = Result<{ sha256: string; bytes: number }>;

const chunkBytes = 1024 * 1024;

/** `publish` is a parameter for tests of file systems without links. */
export function createCopyTarget(publish: Publish = publishByLink): CopyTarget {
  return {
    prepare,
    exists: (path) => lstat(path).then(() => true, notThere(false)),
    stat: (path) => stat(path).then((found) => (found.isFile() ? { bytes: found.size, mtimeMs: found.mtimeMs } : null), notThere(null)),
    freeBytes,
    sha256: hashFile,
    copy: (from, to, signal) => copy(from, to, publish, signal),
    write: (bytes, to) => place(to, publish, undefined, async (write) => (await write(bytes), ok(null))),
  };
}

function notThere<T>(answer: T): (error: unknown) => T {
  return (error) => (codeOf(error), answer);
}

async function prepare(folder: string): Promise<Result<void>> {
  try {
    await mkdir(folder, { recursive: true });
    await removeLeftovers(folder);
    // Rights as told by the system are not the whole truth (read-only disks, servers): one small file is.
    const probe = temporaryName(`${folder}/probe`);
    await (await open(probe, 'wx')).close();
    await unlink(probe);
    return ok(undefined);
  } catch (error) {
    return { ok: false, error: explainWriting(error) };
  }
}

/** The folder need not be there yet: its nearest ancestor lives on the same disk. */
async function freeBytes(folder: string): Promise<number | null> {
  for (let place = folder; ; place = dirname(place)) {
    try {
      const { bavail, bsize } = await statfs(place);
      return bavail * bsize;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || place === dirname(place)) return null;
    }
  }
}

/** Times of the original, in seconds, for the copy; null for files that we made. */
type Times = { readonly access: number; readonly change: number } | null;
type Fill = (write: (bytes: Uint8Array) => Promise<void>) => Promise<Result<Times>>;

async function copy(from: string, to: string, publish: Publish, signal: CancelSignal | undefined): Promise<Written> {
  let source: FileHandle;
  try {
    // Before opening, because opening a device may already do something to it.
    if (!(await stat(from)).isFile()) return fail('file-unreadable', 'This is not a regular file.');
    source = await open(from, constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0));
  } catch (error) {
    return { ok: false, error: explainReading(error) };
  }
  try {
    return await place(to, publish, signal, (write) => readAll(source, write, signal));
  } finally {
    await source.close();
  }
}

async function readAll(source: FileHandle, write: (bytes: Uint8Array) => Promise<void>, signal: CancelSignal | undefined): Promise<Result<Times>> {
  const buffer = new Uint8Array(chunkBytes);
  const reading = async <T>(read: Promise<T>): Promise<Result<T>> => {
    try {
      return ok(await read);
    } catch (error) {
      return { ok: false, error: explainReading(error) };
    }
  };
  const before = await reading(source.stat());
  if (!before.ok) return before;
  let total = 0;
  for (;;) {
    if (signal?.aborted) return { ok: false, error: cancelled };
    const read = await reading(source.read(buffer, 0, chunkBytes, total));
    if (!read.ok) return read;
    const { bytesRead } = read.value;
    if (bytesRead === 0) break;
    total += bytesRead;
    await write(buffer.subarray(0, bytesRead));
  }
  const after = await reading(source.stat());
  if (!after.ok) return after;
  if (total !== before.value.size || after.value.mtimeMs !== before.value.mtimeMs) return fail('file-unreadable', 'The file changed while it was copied.', { retry: true });
  return ok({ access: before.value.atimeMs / 1000, change: before.value.mtimeMs / 1000 });
}

/** Writes, flushes, compares and names one file; on any failure nothing is left of it. */
async function place(to: string, publish: Publish, signal: CancelSignal | undefined, fill: Fill): Promise<Written> {
  const temporary = temporaryName(to);
  let isNamed = false;
  try {
    const written = await writeTemporary(temporary, fill);
    if (!written.ok) return written;
    const there = await hashFromDisk(temporary, signal);
    if (!there.ok) return there.error.code === 'cancelled' ? there : fail('copy-mismatch', 'The copy cannot be read back.', { retry: true });
    if (there.value !== written.value.sha256) return fail('copy-mismatch', 'The copy differs from the original.', { retry: true });
    if (signal?.aborted) return { ok: false, error: cancelled };
    const named = await publish(temporary, to);
    if (!named.ok) return named;
    isNamed = true;
    await syncFolder(to);
    return written;
  } finally {
    if (!isNamed) await unlink(temporary).catch(() => undefined);
  }
}

async function writeTemporary(temporary: string, fill: Fill): Promise<Written> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const file = await open(temporary, 'wx');
    let isClosed = false;
    try {
      const filled = await fill(async (chunk) => {
        hash.update(chunk);
        bytes += chunk.length;
        for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done, chunk.length - done)).bytesWritten;
      });
      if (!filled.ok) return filled;
      if (filled.value) await file.utimes(filled.value.access, filled.value.change);
      await file.sync();
      isClosed = true;
      // Servers may tell only now that the disk is full.
      await file.close();
    } finally {
      if (!isClosed) await file.close().catch(() => undefined);
    }
  } catch (error) {
    return { ok: false, error: explainWriting(error) };
  }
  return ok({ sha256: hash.digest('hex'), bytes });
}
