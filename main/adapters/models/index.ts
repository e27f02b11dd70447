/**
 * The shelf of model files: looks for them in a few folders, by the names of the manifest, and takes none whose SHA-256 is another
 * than the manifest's (or, where that has none, than the one recorded when the file was first seen).
 */
import { join } from 'node:path';
import { modelManifest } from '../../../models/index.ts';
import { coded, fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { describePull } from '../../domain/index.ts';
import type { ManifestEntry } from '../../domain/index.ts';
import type { ModelFile, ModelShelf, ModelState } from '../../ports/index.ts';
import { modelFolders, ownModelFolder } from './folders.ts';
import { createFileHashes, recordName } from './hashes.ts';
import type { FileHashes } from './hashes.ts';

export { modelFolders, ownModelFolder } from './folders.ts';
export { createFileHashes } from './hashes.ts';
export { planPull, pullModel } from './pull.ts';
export type { PullOptions, Pulled } from './pull.ts';

export interface ModelShelfOptions {
  /** Default: see modelFolders. */
  readonly folders?: readonly string[];
  /** For notes of hashes. Default: Parjanya's own model folder. */
  readonly notes?: string;
  readonly manifest?: readonly ManifestEntry[];
}

export function createModelShelf(options: ModelShelfOptions = {}): ModelShelf {
  const folders = options.folders ?? modelFolders();
  const hashes = createFileHashes(options.notes ?? ownModelFolder());
  const manifest = options.manifest ?? modelManifest;
  return {
    folders,
    async locate(model): Promise<Result<ModelFile>> {
      const entry = manifest.find(({ id }) => id === model);
      if (!entry) return fail('model-missing', `The model "${model}" is not in the list of models.`);
      const { state, path, error, sha256 } = await stateOf(entry, folders, hashes);
      return state === 'present' ? ok({ path: path!, sha256: sha256!, version: entry.version }) : { ok: false, error: error! };
    },
    async expectedHash(model) {
      const entry = manifest.find(({ id }) => id === model);
      return entry ? (entry.sha256 ?? (await hashes.recorded(recordName(entry)))) : null;
    },
    async list() {
      const states: ModelState[] = [];
      // one after the other: they are read from one disk
      for (const entry of manifest) {
        const { sha256: _sha256, ...state } = await stateOf(entry, folders, hashes);
        states.push(state);
      }
      return states;
    },
  };
}

async function stateOf(entry: ManifestEntry, folders: readonly string[], hashes: FileHashes): Promise<ModelState & { readonly sha256: string | null }> {
  const wanted = entry.sha256 ?? (await hashes.recorded(recordName(entry)));
  let wrong: { readonly path: string; readonly sha256: string } | null = null;
  for (const folder of folders) {
    const path = join(folder, entry.file);
    const found = await hashes.of(path);
    if (!found) continue;
    if (wanted === null) await hashes.record(recordName(entry), found.sha256).catch(() => undefined);
    if (wanted === null || found.sha256 === wanted) return { entry, state: 'present', path, error: null, sha256: found.sha256 };
    wrong ??= { path, sha256: found.sha256 };
  }
  if (!wrong) {
    const error = coded('model-missing', `The model "${entry.title}" is not on this computer. To get it: ${describePull(entry)}.`);
    return { entry, state: 'missing', path: null, error, sha256: null };
  }
  const why = `its SHA-256 begins with ${wrong.sha256.slice(0, 12)}, not with ${wanted?.slice(0, 12)}`;
  const error = coded('model-wrong', `The file ${entry.file} is damaged or another one (${why}). Remove it, then: ${describePull(entry)}.`);
  return { entry, state: 'wrong', path: wrong.path, error, sha256: null };
}
