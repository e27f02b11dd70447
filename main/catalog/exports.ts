/** What exports have written, so that a later run knows its own work again. */
import type { SqlDatabase } from '../ports/index.ts';
import type { ExportRecord } from './types.ts';

/** Replaces an earlier record of the same target. */
export function recordExport(db: SqlDatabase, record: ExportRecord): void {
  const { destination, target, preset, source, sourceSha256, sha256, bytes, at } = record;
  db.run(
    'INSERT OR REPLACE INTO exports (destination, target, preset, source, source_sha256, sha256, bytes, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    destination, target, preset, source, sourceSha256, sha256, bytes, at,
  );
}

export function exportsTo(db: SqlDatabase, destination: string): Map<string, ExportRecord> {
  const records = new Map<string, ExportRecord>();
  for (const row of db.all('SELECT * FROM exports WHERE destination = ? ORDER BY at, target', destination))
    records.set(row['target'] as string, {
      destination,
      target: row['target'] as string,
      preset: row['preset'] as string,
      source: row['source'] as string,
      sourceSha256: row['source_sha256'] as string,
      sha256: row['sha256'] as string,
      bytes: row['bytes'] as number,
      at: row['at'] as number,
    });
  return records;
}
