/**
 * SHA-256 of a file. Just after writing, an ordinary read is answered from memory and proves nothing about the disk: on Linux
 * the page cache is gone round (O_DIRECT, open(2)), which needs page-aligned memory, as WebAssembly's is. Elsewhere, and where
 * the file system refuses, an ordinary read has to do.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { ok } from '../../base/index.ts';
import type { CancelSignal, Result } from '../../base/index.ts';
import { cancelled, codeOf, explainReading } from './failures.ts';

const chunkBytes = 1024 * 1024;
/** No disk has larger blocks that direct reads must keep to. */
const blockBytes = 4_096;

interface AlignedMemory {
  readonly buffer: ArrayBuffer;
}
declare const WebAssembly: { readonly Memory: new (size: { initial: number; maximum: number }) => AlignedMemory };

/** Each reserves address space; one per copy under way is kept. */
const spare: Uint8Array[] = [];
const aligned = (): Uint8Array => spare.pop() ?? new Uint8Array(new WebAssembly.Memory({ initial: 16, maximum: 16 }).buffer);

/** Errors: file-unreadable, file-vanished, cancelled. */
export async function hashFile(path: string, signal?: CancelSignal): Promise<Result<string>> {
  return hashWith(path, false, signal);
}

/** Like {@link hashFile}, from the disk itself where that can be had. */
export async function hashFromDisk(path: string, signal?: CancelSignal): Promise<Result<string>> {
  if (process.platform !== 'linux') return hashFile(path, signal);
  const direct = await hashWith(path, true, signal);
  // Not every file system can, and some say so only at the first read.
  return direct.ok || direct.error.code === 'cancelled' ? direct : hashFile(path, signal);
}

async function hashWith(path: string, isDirect: boolean, signal: CancelSignal | undefined): Promise<Result<string>> {
  const hash = createHash('sha256');
  const buffer = aligned();
  try {
    const file = await open(path, isDirect ? constants.O_RDONLY | constants.O_DIRECT : constants.O_RDONLY);
    try {
      for (;;) {
        if (signal?.aborted) return { ok: false, error: cancelled };
        const { bytesRead } = await file.read(buffer, 0, chunkBytes, null);
        hash.update(buffer.subarray(0, bytesRead));
        // A direct read has to start at a whole block, and one that ends inside a block has met the end of the file.
        if (bytesRead === 0 || (isDirect && bytesRead % blockBytes !== 0)) break;
      }
    } finally {
      await file.close();
    }
    return ok(hash.digest('hex'));
  } catch (error) {
    codeOf(error);
    return { ok: false, error: explainReading(error) };
  } finally {
    spare.push(buffer);
  }
}
