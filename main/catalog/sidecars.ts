/** What XMP sidecars said when they were last read, by path, size and time. */
import type { CodedError } from '../base/index.ts';
import type { ShootId, SidecarFacts } from '../domain/index.ts';
import type { SqlDatabase } from '../ports/index.ts';
import type { SidecarRow } from './types.ts';

export function listSidecars(db: SqlDatabase, shoot: ShootId, after: string, count: number): SidecarRow[] {
  const rows = db.all('SELECT path, bytes, mtime_ms, version, facts, error FROM sidecars WHERE shoot_id = ? AND path > ? ORDER BY path LIMIT ?', shoot, after, count);
  return rows.map((row) => ({
    path: row['path'] as string,
    bytes: row['bytes'] as number,
    mtimeMs: row['mtime_ms'] as number,
    version: row['version'] as number,
    facts: row['facts'] === null ? null : (JSON.parse(row['facts'] as string) as SidecarFacts),
    error: row['error'] === null ? null : (JSON.parse(row['error'] as string) as CodedError),
  }));
}

export function saveSidecars(db: SqlDatabase, shoot: ShootId, read: readonly SidecarRow[], gone: readonly string[]): void {
  db.transaction(() => {
    for (const path of gone) db.run('DELETE FROM sidecars WHERE shoot_id = ? AND path = ?', shoot, path);
    for (const { path, bytes, mtimeMs, version, facts, error } of read)
      db.run(
        'INSERT OR REPLACE INTO sidecars (shoot_id, path, bytes, mtime_ms, version, facts, error) VALUES (?, ?, ?, ?, ?, ?, ?)',
        shoot, path, bytes, mtimeMs, version, facts && JSON.stringify(facts), error && JSON.stringify(error),
      );
  });
}
