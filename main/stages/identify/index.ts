/** Stage `identify`: what a file is, by its content, and the SHA-256 that names its content, of the file and of the picture in it. */
import { extensionOf, ok } from '../../base/index.ts';
import type { CancelSignal, Result } from '../../base/index.ts';
import type { PhotoFormat, StageOutputs } from '../../domain/index.ts';
import type { ByteSource } from '../../ports/index.ts';
import type { ByteReader } from '../containers/reader.ts';
import { openTiff } from '../containers/tiff.ts';
import { createImageHash } from './image-data/index.ts';
import type { Hasher } from './image-data/stream.ts';
import { containerOf } from './magic.ts';
import { tiffFormatOf } from './tiff-based.ts';

export type { Hasher } from './image-data/stream.ts';

const chunkBytes = 1024 * 1024;
/** Headerless RAW files are known only by their size and name: Kodak C330 (LibRaw's table of fixed sizes). */
const headerless: readonly { readonly extension: string; readonly bytes: number }[] = [{ extension: 'raw', bytes: 2_247_168 }];

/**
 * The format by content. The name only decides between formats that look alike from inside (NEF and NRW, ARW and SR2).
 * `other` is a file that is no photo.
 */
export function detectFormat(reader: ByteReader, name: string): PhotoFormat {
  const extension = extensionOf(name);
  const head = reader.view(0, Math.min(512, reader.size));
  const container = head ? containerOf(head) : 'other';
  if (container === 'tiff-based') {
    const block = openTiff(reader, 0);
    return block ? tiffFormatOf(block, extension) : 'other';
  }
  if (container === 'other' && headerless.some((known) => known.extension === extension && known.bytes === reader.size)) return 'raw';
  return container;
}

/**
 * Hashes the whole file and, in the same reading, the data of its picture (`imageSha256`, see image-data/index.ts).
 * @param reader over `source`, which it shares. Errors: file-unreadable, file-vanished, cancelled.
 */
export function identifyPhoto(
  source: ByteSource,
  reader: ByteReader,
  format: PhotoFormat,
  createHasher: () => Hasher,
  signal?: CancelSignal,
): Result<StageOutputs['identify']> {
  const file = createHasher();
  const image = createImageHash(reader, format, createHasher());
  let offset = 0;
  while (offset < source.size) {
    if (signal?.aborted) return { ok: false, error: { code: 'cancelled', message: 'It was cancelled.', retry: true } };
    const chunk = source.read(offset, chunkBytes);
    if (!chunk.ok) return chunk;
    if (chunk.value.length === 0) return { ok: false, error: { code: 'file-unreadable', message: 'The file became shorter while it was read.', retry: true } };
    file.update(chunk.value);
    image.push(chunk.value);
    offset += chunk.value.length;
  }
  return ok({ format, sha256: file.finish(), imageSha256: image.finish(source), bytes: source.size });
}
