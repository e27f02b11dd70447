/** Originals, opened read-only: O_RDONLY is the only way a file is opened here, and nothing here can write. */
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { fail, ok } from '../../base/index.ts';
import type { CodedError, Result } from '../../base/index.ts';
import type { ByteSource } from '../../ports/index.ts';

/** Above this a buffer is not kept for the next photo. */
const keptBytes = 96 * 1024 * 1024;
const smallestBuffer = 1024 * 1024;

/** A buffer that grows and is lent to one source after the other; one per process is enough. */
export interface ReadBuffer {
  atLeast(length: number): Uint8Array;
  /** Lets go of an unusually big buffer. */
  settle(): void;
}

export function createReadBuffer(): ReadBuffer {
  let bytes = new Uint8Array(0);
  return {
    atLeast(length) {
      if (bytes.length < length) bytes = new Uint8Array(Math.max(smallestBuffer, 2 ** Math.ceil(Math.log2(length))));
      return bytes;
    },
    settle() {
      if (bytes.length > keptBytes) bytes = new Uint8Array(0);
    },
  };
}

/**
 * Opens a regular file for reading. Never blocks: pipes, sockets, devices and folders are refused before and after opening.
 * Errors: file-vanished (not there, or its disk is gone), file-unreadable (no rights, no regular file, read failure).
 */
export function openByteSource(path: string, buffer: ReadBuffer = createReadBuffer()): Result<ByteSource> {
  let descriptor: number | null = null;
  try {
    // Before opening, because opening a device may already do something to it.
    if (!statSync(path).isFile()) return fail('file-unreadable', 'This is not a regular file.');
    // NONBLOCK: a pipe put in the file's place meanwhile must not hang us. Windows has no such flag.
    descriptor = openSync(path, constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0));
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) {
      closeSync(descriptor);
      return fail('file-unreadable', 'This is not a regular file.');
    }
    return ok(sourceOf(descriptor, stat.size, buffer));
  } catch (error) {
    if (descriptor !== null) closeSync(descriptor);
    return { ok: false, error: fileError(error) };
  }
}

/**
 * Linux takes a read of a file's first page, and one that misses right behind the last read, for the beginning of a long one and fetches
 * up to a whole read-ahead more (mm/readahead.c, page_cache_sync_ra; 8 MiB on the disk this was measured on: 2.5 times the bytes of
 * full-size previews). Node has no posix_fadvise; the order of the reads tells the same.
 */
const tellsReadAhead = process.platform === 'linux';
const pageBytes = 4_096;
/** Longer first reads are of whole files. */
const longestHead = 65_536;

function sourceOf(descriptor: number, size: number, buffer: ReadBuffer): ByteSource {
  let open = true;
  let lastEnd = 0;
  /** Bytes read into `bytes` at `at`; fewer than `wanted` where the file was shortened meanwhile. */
  const fill = (bytes: Uint8Array, at: number, wanted: number, offset: number): number => {
    let done = 0;
    while (done < wanted) {
      const got = readSync(descriptor, bytes, at + done, wanted - done, offset + done);
      if (got === 0) break;
      done += got;
    }
    return done;
  };
  return {
    size,
    read(offset, length, into) {
      if (!open) return fail('file-unreadable', 'The file was closed.');
      const wanted = Math.max(0, Math.min(length, size - offset));
      try {
        const bytes = into ?? buffer.atLeast(wanted);
        if (tellsReadAhead && offset === 0 && wanted > pageBytes && wanted <= longestHead) {
          const behind = fill(bytes, pageBytes, wanted - pageBytes, pageBytes);
          const first = fill(bytes, 0, pageBytes, 0);
          lastEnd = pageBytes;
          return ok(bytes.subarray(0, first < pageBytes ? first : first + behind));
        }
        // A preview whose header was just looked at, or a header beside the last one; only what continues exactly is read in sequence.
        const seemsNext = offset !== lastEnd && offset < lastEnd + 2 * pageBytes && offset + wanted > lastEnd;
        if (tellsReadAhead && seemsNext) readSync(descriptor, bytes, 0, Math.min(1, wanted), 0);
        const done = fill(bytes, 0, wanted, offset);
        lastEnd = offset + done;
        return ok(bytes.subarray(0, done));
      } catch (error) {
        return { ok: false, error: fileError(error) };
      }
    },
    close() {
      if (!open) return;
      open = false;
      closeSync(descriptor);
      buffer.settle();
    },
  };
}

const vanished = new Set(['ENOENT', 'ENOTDIR', 'ESTALE', 'ENODEV', 'ENXIO', 'ENOTCONN']);

/** Turns a failure of the file system into words; anything that is no such failure is a bug and thrown on. */
function fileError(error: unknown): CodedError {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (code === null) throw error;
  if (vanished.has(code)) return { code: 'file-vanished', message: `The file is no longer there (${code}).`, retry: true };
  if (code === 'EACCES' || code === 'EPERM') return { code: 'file-unreadable', message: `The file may not be read (${code}).`, retry: false };
  return { code: 'file-unreadable', message: `The file cannot be read (${code}).`, retry: true };
}
