/** Reading an original. There is no way to write through this port: originals are opened read-only. */
import type { Result } from '../base/index.ts';
import type { Metadata } from '../domain/index.ts';

export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /**
   * Reads up to `length` bytes at `offset` (fewer at the end of the file), to the start of `into` where that is given, which must be
   * as long. Without it the view is valid until the next such read of this source: implementations reuse one buffer, because a fresh
   * one per photo costs 2.3 times in page faults.
   * Errors: file-unreadable, file-vanished.
   */
  read(offset: number, length: number, into?: Uint8Array): Result<Uint8Array>;
  close(): void;
}

/** Implemented by adapters/exifr: what EXIF, XMP and maker notes say. */
export interface MetadataReader {
  /** `bytes` from the start of the file, or of the TIFF or JPEG block inside it. Errors: metadata-broken. */
  read(bytes: Uint8Array): Promise<Result<Metadata>>;
}
