/** Fetches model files into Parjanya's own folder: from where the manifest says, or from a folder. Only ever because a person asked. */
import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { ManifestEntry, ModelId } from '../../domain/index.ts';
import type { ModelState } from '../../ports/index.ts';
import { download, explainDiskError, partOf, publishPart } from './download.ts';
import type { DownloadOptions, DownloadTask } from './download.ts';
import { createFileHashes, recordName } from './hashes.ts';

export interface PullOptions extends DownloadOptions {
  /** Where the files go, made if it is not there; hashes that were not known yet are recorded in it. */
  readonly folder: string;
  /** A folder that has the files, under their names in the manifest or those that they have where they come from. */
  readonly from?: string;
}

export interface Pulled {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** The manifest does not know this file yet: its hash was recorded and is enforced from now on. */
  readonly isRecorded: boolean;
}

/** What is to be fetched of the models named (none named: of all but `unneeded`, which have done their work). */
export function planPull(states: readonly ModelState[], names: readonly ModelId[], unneeded: readonly ModelId[] = []): ManifestEntry[] {
  const isWanted = (id: ModelId): boolean => (names.length === 0 ? !unneeded.includes(id) : names.includes(id));
  return states.filter(({ entry, state }) => state !== 'present' && isWanted(entry.id)).map(({ entry }) => entry);
}

/** Errors: those of download; with `from` also file-vanished. */
export async function pullModel(entry: ManifestEntry, options: PullOptions): Promise<Result<Pulled>> {
  const hashes = createFileHashes(options.folder);
  const known = entry.sha256 ?? (await hashes.recorded(recordName(entry)));
  const task: DownloadTask = { url: entry.url, to: join(options.folder, entry.file), bytes: entry.bytes, sha256: known };
  const fetched = options.from === undefined ? await download(task, options) : await copyIn(options.from, [entry.file, entry.url.slice(entry.url.lastIndexOf('/') + 1)], task);
  if (!fetched.ok) return fetched;
  if (known === null) await hashes.record(recordName(entry), fetched.value.sha256);
  return { ok: true, value: { path: task.to, ...fetched.value, isRecorded: known === null } };
}

async function copyIn(folder: string, names: readonly string[], task: DownloadTask): Promise<Result<{ readonly sha256: string; readonly bytes: number }>> {
  const file = await firstFile(names.map((name) => join(folder, name)));
  if (file === null) return fail('file-vanished', `There is no file ${[...new Set(names)].join(' or ')} in ${folder}.`);
  const part = `${partOf(task.to)}.copy`;
  try {
    await mkdir(dirname(task.to), { recursive: true });
    await copyFile(file, part, constants.COPYFILE_FICLONE);
    // a copy has the rights of its source, which may be read-only
    await chmod(part, 0o644);
    return await publishPart(task, part);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    return { ok: false, error: explainDiskError(error, task.to) };
  }
}

async function firstFile(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if ((await stat(path).catch(() => null))?.isFile()) return path;
  return null;
}
