/** Brings a catalog file to the schema of this version. */
import { CodedFailure, fail, ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';
import type { SqlDatabase } from '../ports/index.ts';
import { migrations } from './migrations.ts';

/**
 * Runs the missing migrations, each in a transaction: a crash leaves the catalog at a whole version.
 * Errors: catalog-newer (nothing is touched), catalog-unusable, disk-full.
 */
export function migrate(db: SqlDatabase): Result<void> {
  try {
    const version = Number(db.get('PRAGMA user_version')?.['user_version'] ?? 0);
    if (version > migrations.length)
      return fail('catalog-newer', `The catalog was made by a newer Parjanya (version ${version}; this one knows ${migrations.length}).`);
    migrations.slice(version).forEach((sql, index) =>
      db.transaction(() => {
        db.exec(sql);
        db.exec(`PRAGMA user_version = ${version + index + 1}`);
      }),
    );
    // Reads every table's root and index once: a file whose header is whole may still be damaged behind it.
    for (const table of ['shoots', 'photos', 'results', 'journal', 'journal_items', 'journal_places', 'journal_verdicts', 'exports', 'sidecars']) db.get(`SELECT * FROM ${table} LIMIT 1`);
    return ok(undefined);
  } catch (error) {
    if (error instanceof CodedFailure) return { ok: false, error: error.error };
    throw error;
  }
}
