/** The file system as the engine needs it. Implemented by adapters/files. */
import type { CancelSignal, CodedError, Result } from '../base/index.ts';

export interface FoundFile {
  /** Relative to the scanned folder, `/` between. */
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
}

export interface ShootFolder {
  /** Real path of a folder that can be read. Errors: folder-missing, folder-unreadable. */
  resolve(path: string): Promise<Result<string>>;
  /**
   * All regular files below `folder` in name order, hidden files, sidecars and system folders left out, and apart from them the
   * XMP sidecars; what cannot be read is told, not thrown. Links to folders are not followed (no cycles).
   */
  scan(
    folder: string,
    options: { signal?: CancelSignal; onFound?: (count: number) => void },
  ): Promise<Result<{ files: FoundFile[]; sidecars: FoundFile[]; problems: { path: string; error: CodedError }[] }>>;
  /** The first bytes of a file, at most `most`, opened read-only. Errors: file-unreadable, file-vanished. */
  readHead(folder: string, path: string, most: number): Promise<Result<Uint8Array>>;
  /** Companion files (XMP sidecars, voice memos) of a photo: same folder, same stem (`IMG.xmp`, `IMG.CR2.xmp`). */
  companions(folder: string, path: string): Promise<string[]>;
}

/** Exported copies: the only port that writes files for the person. */
export interface CopyTarget {
  /** Makes the folder if it is not there. Errors: destination-missing, destination-unwritable. */
  prepare(folder: string): Promise<Result<void>>;
  exists(path: string): Promise<boolean>;
  /** Size and time of a regular file; null where there is none. Tells without reading whether an exported file is still as it was. */
  stat(path: string): Promise<{ readonly bytes: number; readonly mtimeMs: number } | null>;
  /** Free bytes where `folder` lives, or null where that cannot be told. */
  freeBytes(folder: string): Promise<number | null>;
  sha256(path: string, signal?: CancelSignal): Promise<Result<string>>;
  /**
   * Copies `from` to `to`, by a temporary name, fsync and a rename that fails if `to` exists: nothing half-written is ever
   * under a final name and nothing is overwritten. Answers with the SHA-256 of what was read.
   * Errors: file-unreadable, disk-full, destination-unwritable, cancelled.
   */
  copy(from: string, to: string, signal?: CancelSignal): Promise<Result<{ sha256: string; bytes: number }>>;
  /** The same for bytes made by us. */
  write(bytes: Uint8Array, to: string): Promise<Result<{ sha256: string; bytes: number }>>;
}

/** Small pictures by key. A cache: whatever is missing is made again. */
export interface PictureStore {
  get(key: string): Promise<Uint8Array | null>;
  /** By a temporary name and a rename; failure (a full disk) is silent, because it is only a cache. */
  put(key: string, jpeg: Uint8Array): Promise<void>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `work` once, `ms` later; the answer calls it off. */
  after(ms: number, work: () => void): () => void;
}

export interface Log {
  info(text: string): void;
  warn(text: string): void;
  /** A throw that should not have been. */
  bug(where: string, error: unknown): void;
}
