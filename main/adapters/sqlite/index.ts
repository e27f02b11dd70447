/** SqlDatabase over node:sqlite: one writer, durable commits, and a lock that the operating system takes away with the process. */
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { CodedFailure, fail, ok } from '../../base/index.ts';
import type { CodedError, Result } from '../../base/index.ts';
import type { SqlDatabase, SqlRow } from '../../ports/index.ts';
import { explainFileError, explainSqliteError, isForeseen } from './failures.ts';

/** `PARJ` in the file's header tells our files from the databases of other programs, which are never touched. */
const applicationId = 0x50_41_52_4a;
const busyMs = 5_000;

/**
 * Opens or makes a database file (its folder too); `:memory:` is for tests. Write-ahead log, fsync at every commit, foreign
 * keys on. The file is locked for as long as it is open; the lock ends with the process, however that ends.
 * Errors: catalog-busy (open elsewhere), catalog-unusable (no database, another program's, damaged, a folder, no rights).
 */
export function openSqlite(file: string): Result<SqlDatabase> {
  const prepared = prepareFile(file);
  if (!prepared.ok) return prepared;
  let database: DatabaseSync | null = null;
  try {
    const wasCutOff = file !== ':memory:' && (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
    database = new DatabaseSync(file, { timeout: busyMs, enableForeignKeyConstraints: true });
    const refused = takeOver(database, wasCutOff);
    if (!refused) return ok(databaseOf(database));
    database.close();
    return { ok: false, error: refused };
  } catch (error) {
    if (database?.isOpen) database.close();
    return { ok: false, error: explainSqliteError(error) };
  }
}

function prepareFile(file: string): Result<void> {
  if (file === ':memory:') return ok(undefined);
  try {
    mkdirSync(dirname(file), { recursive: true });
    const there = statSync(file, { throwIfNoEntry: false });
    if (there && !there.isFile()) return fail('catalog-unusable', 'The catalog cannot be used: there is a folder or a device in its place.');
    if (there) accessSync(file, constants.R_OK | constants.W_OK);
    return ok(undefined);
  } catch (error) {
    return { ok: false, error: explainFileError(error) };
  }
}

/** Locks the file and sets it up; answers with the reason where it is not ours. Nothing is written before that is known. */
function takeOver(database: DatabaseSync, wasCutOff: boolean): CodedError | null {
  database.exec('PRAGMA locking_mode = EXCLUSIVE');
  const id = database.prepare('PRAGMA application_id').get()?.['application_id'];
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'];
  const isNew = id === 0 && tables === 0;
  if (!isNew && id !== applicationId) return { code: 'catalog-unusable', message: 'The catalog cannot be used: the file is a database of another program.', retry: false };
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768');
  if (isNew) database.exec(`PRAGMA application_id = ${applicationId}`);
  // Takes the lock now rather than at the first write.
  database.exec('BEGIN IMMEDIATE; COMMIT');
  // Power cuts are when disks lose pages. Reading the whole file (half a second for 100,000 photos) is too slow for every start.
  const check = wasCutOff ? database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] : 'ok';
  if (check !== 'ok') return { code: 'catalog-unusable', message: 'The catalog cannot be used: the file is damaged.', retry: false };
  return null;
}

function databaseOf(database: DatabaseSync): SqlDatabase {
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = database.prepare(sql)));
    return statement;
  };
  /** A full or broken disk is foreseen, so it crosses as a coded failure; anything else is thrown as it came. */
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw isForeseen(error) ? new CodedFailure(explainSqliteError(error)) : error;
    }
  };
  return {
    exec: (sql) => guard(() => database.exec(sql)),
    run: (sql, ...values) =>
      guard(() => {
        const { changes, lastInsertRowid } = prepare(sql).run(...values);
        return { changes: Number(changes), lastId: Number(lastInsertRowid) };
      }),
    get: (sql, ...values) => guard(() => prepare(sql).get(...values) as SqlRow | undefined),
    all: (sql, ...values) => guard(() => prepare(sql).all(...values) as SqlRow[]),
    transaction(work) {
      guard(() => database.exec('BEGIN IMMEDIATE'));
      try {
        const value = work();
        guard(() => database.exec('COMMIT'));
        return value;
      } catch (error) {
        // SQLite itself has rolled back after some failures (a full disk).
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    close() {
      statements.clear();
      if (database.isOpen) database.close();
    },
  };
}
