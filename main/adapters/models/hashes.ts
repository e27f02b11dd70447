/** SHA-256 of model files, computed once for a file of the same size and time; and hashes that were recorded at a first download. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ManifestEntry } from '../../domain/index.ts';
import { addToJsonTable, readJsonTable } from '../files/json-table.ts';

/** A small file is hashed sooner than a note of it is written. */
const notedBytes = 16_000_000;

export interface FileHashes {
  /** SHA-256 of a regular file, 64 hex digits; null where there is none or it cannot be read. */
  of(path: string): Promise<{ readonly sha256: string; readonly bytes: number } | null>;
  /** What was recorded under a name; null where nothing was. */
  recorded(name: string): Promise<string | null>;
  /** Keeps what was recorded first. */
  record(name: string, sha256: string): Promise<void>;
}

interface Noted {
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly sha256: string;
}

/** @param folder for `checked.json` (a cache) and `recorded.json` (what is enforced); made where something is to be written. */
export function createFileHashes(folder: string): FileHashes {
  const checkedFile = join(folder, 'checked.json');
  const recordedFile = join(folder, 'recorded.json');
  const known = new Map<string, Noted>();

  const noted = async (path: string, bytes: number, mtimeMs: number): Promise<string | null> => {
    const note = known.get(path) ?? (bytes < notedBytes ? undefined : ((await readJsonTable(checkedFile))[path] as Partial<Noted> | undefined));
    return note?.bytes === bytes && note.mtimeMs === mtimeMs && typeof note.sha256 === 'string' && /^[0-9a-f]{64}$/.test(note.sha256) ? note.sha256 : null;
  };

  return {
    async of(path) {
      try {
        const { size: bytes, mtimeMs, isFile } = await stat(path).then((found) => ({ size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() }));
        if (!isFile) return null;
        const before = await noted(path, bytes, mtimeMs);
        const sha256 = before ?? (await hashFile(path));
        known.set(path, { bytes, mtimeMs, sha256 });
        // only to save time: what cannot be written is computed again
        if (before === null && bytes >= notedBytes) await addToJsonTable(checkedFile, path, { bytes, mtimeMs, sha256 }).catch(() => undefined);
        return { sha256, bytes };
      } catch {
        return null;
      }
    },
    async recorded(name) {
      const found = (await readJsonTable(recordedFile))[name];
      return typeof found === 'string' ? found : null;
    },
    async record(name, sha256) {
      const table = await readJsonTable(recordedFile);
      if (typeof table[name] !== 'string') await addToJsonTable(recordedFile, name, sha256);
    },
  };
}

/** The name under which the hash of an entry's file is recorded. */
export function recordName({ id, version }: ManifestEntry): string {
  return `${id} ${version}`;
}

/** @throws where the file cannot be read. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
