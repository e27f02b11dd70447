/** ShootFolder over node:fs: what lies in a shoot, and sidecars' heads. Nothing here opens a photo, nothing here writes. */
import { constants } from 'node:fs';
import { open, opendir, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path/posix';
import { join as joinNative } from 'node:path';
import { coded, fail, ok, stemOf } from '../../base/index.ts';
import type { CancelSignal, CodedError, Result } from '../../base/index.ts';
import type { FoundFile, ShootFolder } from '../../ports/index.ts';
import { isSidecarName, isSystemName, isXmpName, sortByName } from './names.ts';

export { userCacheFolder, userDataFolder } from './user-folders.ts';

/** Folders and files asked for at once: enough to keep a network disk busy, few enough not to crowd the engine. */
const parallel = 32;
const tellEvery = 500;

export function createShootFolder(): ShootFolder {
  const listings = createListings();
  return { resolve: resolveFolder, scan, readHead, companions: (folder, path) => findCompanions(folder, path, listings) };
}

async function resolveFolder(path: string): Promise<Result<string>> {
  try {
    const real = await realpath(path);
    if (!(await stat(real)).isDirectory()) return fail('folder-missing', 'This is not a folder.');
    await (await opendir(real)).close();
    return ok(real);
  } catch (error) {
    return { ok: false, error: folderError(error) };
  }
}

type Scan = Awaited<ReturnType<ShootFolder['scan']>>;

async function scan(folder: string, options: { signal?: CancelSignal; onFound?: (count: number) => void }): Promise<Scan> {
  const { signal, onFound } = options;
  const files: FoundFile[] = [];
  const sidecars: FoundFile[] = [];
  const problems: { path: string; error: CodedError }[] = [];
  const paths: string[] = [];
  let rootFailure: CodedError | null = null;

  let level = [''];
  while (level.length > 0) {
    const next: string[] = [];
    await forEachInParallel(level, signal, async (inside) => {
      try {
        for (const entry of await readdir(joinNative(folder, inside), { withFileTypes: true })) {
          if (isSystemName(entry.name)) continue;
          const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
          if (entry.isDirectory()) next.push(path);
          // A link may lead to a file; where it leads to a folder it is not followed.
          else if ((entry.isFile() || entry.isSymbolicLink()) && (!isSidecarName(entry.name) || isXmpName(entry.name))) paths.push(path);
        }
      } catch (error) {
        if (inside === '') rootFailure = folderError(error);
        else problems.push({ path: inside, error: folderError(error) });
      }
    });
    level = next;
  }
  if (rootFailure) return { ok: false, error: rootFailure };

  await forEachInParallel(paths, signal, async (path) => {
    try {
      const found = await stat(joinNative(folder, path));
      if (!found.isFile()) return;
      (isXmpName(path) ? sidecars : files).push({ path, bytes: found.size, mtimeMs: found.mtimeMs });
      if (files.length % tellEvery === 0) onFound?.(files.length);
    } catch (error) {
      problems.push({ path, error: fileError(error) });
    }
  });
  if (signal?.aborted) return fail('cancelled', 'It was cancelled.', { retry: true });
  onFound?.(files.length);
  return ok({ files: sortByName(files), sidecars, problems: sortByName(problems) });
}

/** Stops early where `signal` says so. */
async function forEachInParallel(items: readonly string[], signal: CancelSignal | undefined, work: (item: string) => Promise<void>): Promise<void> {
  let next = 0;
  const walk = async (): Promise<void> => {
    while (next < items.length && !signal?.aborted) await work(items[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, walk));
}

async function readHead(folder: string, path: string, most: number): Promise<Result<Uint8Array>> {
  try {
    // NONBLOCK: a pipe under a sidecar's name must not hang us. Windows has no such flag.
    const file = await open(joinNative(folder, path), constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0));
    try {
      const found = await file.stat();
      if (!found.isFile()) return fail('file-unreadable', 'This is not a regular file.');
      const bytes = new Uint8Array(Math.min(found.size, most));
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, done);
        if (bytesRead === 0) break; // the file was shortened meanwhile
        done += bytesRead;
      }
      return ok(bytes.subarray(0, done));
    } finally {
      await file.close();
    }
  } catch (error) {
    return { ok: false, error: fileError(error) };
  }
}

async function findCompanions(folder: string, path: string, listings: Listings): Promise<string[]> {
  const inside = dirname(path);
  const name = basename(path).toLowerCase();
  const sidecars = await listings(joinNative(folder, inside));
  const found = new Set([...(sidecars.get(stemOf(name)) ?? []), ...(sidecars.get(name) ?? [])]);
  return [...found].map((companion) => (inside === '.' ? companion : join(inside, companion)));
}

/** Sidecars of a folder by stem in lower case. */
type Listings = (folder: string) => Promise<ReadonlyMap<string, readonly string[]>>;

const keptListings = 32;
/** File systems tell times in steps of up to two seconds (FAT): a folder that changed just now may change again unseen. */
const timeStepMs = 2_000;

/** Remembers listings, because an export asks for the companions of every photo of the same few folders. */
function createListings(): Listings {
  const kept = new Map<string, { readonly mtimeMs: number; readonly readAt: number; readonly sidecars: Map<string, string[]> }>();
  return async (folder) => {
    try {
      const { mtimeMs } = await stat(folder);
      const known = kept.get(folder);
      if (known?.mtimeMs === mtimeMs && known.readAt - mtimeMs > timeStepMs) return known.sidecars;
      const readAt = Date.now();
      const sidecars = new Map<string, string[]>();
      for (const name of (await readdir(folder)).sort()) {
        if (!isSidecarName(name) || isSystemName(name)) continue;
        const stem = stemOf(name).toLowerCase();
        sidecars.set(stem, [...(sidecars.get(stem) ?? []), name]);
      }
      kept.delete(folder);
      kept.set(folder, { mtimeMs, readAt, sidecars });
      if (kept.size > keptListings) kept.delete(kept.keys().next().value!);
      return sidecars;
    } catch (error) {
      codeOf(error);
      return new Map();
    }
  };
}

function folderError(error: unknown): CodedError {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return coded('folder-missing', `The folder does not exist (${code}).`);
  return coded('folder-unreadable', `The folder cannot be read (${code}); check its rights.`, { retry: code !== 'EACCES' && code !== 'EPERM' });
}

function fileError(error: unknown): CodedError {
  const code = codeOf(error);
  if (code === 'ENOENT') return coded('file-vanished', 'The file is no longer there, or its link leads nowhere.', { retry: true });
  return coded('file-unreadable', `The file cannot be read (${code}).`);
}

/** The system's code; an error without one is a bug and thrown on. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}
