/** The catalog: shoots, photos, marks with their journal, stored answers, exports. One SQLite file, one writer. */
import { CodedFailure, ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';
import type { StageId, StageSpec } from '../domain/index.ts';
import type { SqlDatabase } from '../ports/index.ts';
import { adviceOf, saveAdvice } from './advice.ts';
import { findCopies } from './copies.ts';
import { exportsTo, recordExport } from './exports.ts';
import { createHashStore } from './hashes.ts';
import { decide, redo, undo } from './journal.ts';
import { migrate } from './migrate.ts';
import { findPhoto, listPhotos, listShoots, openShoot, syncFiles } from './photos.ts';
import { groupingOf, storeGrouping, storePlaces } from './places.ts';
import { embeddingOf, listEmbeddings, saveEmbedding } from './embeddings.ts';
import { createResultStore } from './results.ts';
import { listSidecars, saveSidecars } from './sidecars.ts';
import { listSteps } from './steps.ts';
import type { Catalog } from './types.ts';
import { chooseVerdict, verdictChoiceOf } from './verdicts.ts';

export type * from './types.ts';

/**
 * Opens the catalog in `db` and brings its schema up to date. `specs` say which stage versions and settings are current;
 * answers of others are unreadable. The catalog owns `db` from here on: a failure closes it, as `close` does.
 * Errors: catalog-newer (nothing is touched), catalog-unusable, disk-full.
 *
 * Changes of marks answer with disk-full or catalog-unusable where the disk fails; from the other functions that comes as a
 * thrown CodedFailure, after which the catalog is as it was before the call.
 */
export function openCatalog(db: SqlDatabase, specs: Readonly<Record<StageId, StageSpec>>): Result<Catalog> {
  const migrated = migrate(db);
  if (!migrated.ok) {
    db.close();
    return migrated;
  }
  const results = createResultStore(db, specs);
  const hashes = createHashStore(db, specs.phash);
  return ok({
    openShoot: (folder, name, at) => openShoot(db, folder, name, at),
    shoots: () => listShoots(db),
    syncFiles: (shoot, files) => syncFiles(db, shoot, files),
    photos: (shoot) => listPhotos(db, shoot),
    photo: (id) => findPhoto(db, id),
    results: (shoot, after, count) => results.ofShoot(shoot, after, count),
    resultsOf: (photo) => results.ofPhoto(photo),
    copies: (photo, content, mostListed) => findCopies(db, photo, content, mostListed),
    hashes: (after, count, shoot) => hashes.list(after, count, shoot),
    hashesOf: (photos) => hashes.of(photos),
    alike: (photo, content, others) => hashes.alike(photo, content, others),
    saveResults: (items) => results.save(items),
    decide: (shoot, changes, text, at) => answer(() => decide(db, shoot, changes, text, at)),
    place: (shoot, changes, text, at) => answer(() => storePlaces(db, shoot, changes, text, at)),
    grouping: (shoot) => groupingOf(db, shoot),
    setGrouping: (shoot, grouping) => answer(() => ok(storeGrouping(db, shoot, grouping))),
    verdictChoice: (shoot) => verdictChoiceOf(db, shoot),
    chooseVerdict: (shoot, choice, text, at) => answer(() => chooseVerdict(db, shoot, choice, text, at)),
    undo: (shoot) => answer(() => undo(db, shoot)),
    redo: (shoot) => answer(() => redo(db, shoot)),
    history: (shoot, count) => listSteps(db, shoot, count),
    sidecars: (shoot, after, count) => listSidecars(db, shoot, after, count),
    saveSidecars: (shoot, read, gone) => saveSidecars(db, shoot, read, gone),
    saveEmbedding: (photo, model, vector) => saveEmbedding(db, photo, model, vector),
    embeddingOf: (photo, model) => embeddingOf(db, photo, model),
    embeddings: (shoot, model, after, count) => listEmbeddings(db, shoot, model, after, count),
    saveAdvice: (photo, advice) => saveAdvice(db, photo, advice),
    adviceOf: (photo) => adviceOf(db, photo),
    recordExport: (record) => recordExport(db, record),
    exportsTo: (destination) => exportsTo(db, destination),
    close: () => db.close(),
  });
}

function answer<T>(work: () => Result<T>): Result<T> {
  try {
    return work();
  } catch (error) {
    if (error instanceof CodedFailure) return { ok: false, error: error.error };
    throw error;
  }
}
