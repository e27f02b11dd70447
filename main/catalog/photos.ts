/** Shoots and the files in them. */
import type { LabelName, Flag, Marks, PhotoId, ShootId } from '../domain/index.ts';
import type { FoundFile, SqlDatabase, SqlRow } from '../ports/index.ts';
import { isProvisional, provisionalKey } from './keys.ts';
import type { PhotoRow, ShootRow, SyncCounts } from './types.ts';

const photoColumns = 'id, shoot_id, path, bytes, mtime_ms, sha256, image_sha256, flag, rating, label, place';

export function openShoot(db: SqlDatabase, folder: string, name: string, at: number): ShootRow {
  return db.transaction(() => {
    db.run('INSERT INTO shoots (folder, name, opened_at) VALUES (?, ?, ?) ON CONFLICT (folder) DO UPDATE SET name = excluded.name, opened_at = excluded.opened_at', folder, name, at);
    return shootOf(db.get('SELECT id, folder, name FROM shoots WHERE folder = ?', folder)!);
  });
}

/** Latest opened first. */
export function listShoots(db: SqlDatabase): ShootRow[] {
  return db.all('SELECT id, folder, name FROM shoots ORDER BY opened_at DESC, id DESC').map(shootOf);
}

export function syncFiles(db: SqlDatabase, shoot: ShootId, files: readonly FoundFile[]): SyncCounts {
  return db.transaction(() => {
    const known = new Map<string, SqlRow>();
    for (const row of db.all('SELECT id, path, bytes, mtime_ms, present, content_key FROM photos WHERE shoot_id = ?', shoot)) known.set(row['path'] as string, row);
    let added = 0;
    let changed = 0;
    let removed = 0;
    for (const file of files) {
      const row = known.get(file.path);
      known.delete(file.path);
      const key = provisionalKey(shoot, file);
      if (!row) {
        // A path that is listed twice is one file.
        added += db.run('INSERT INTO photos (shoot_id, path, bytes, mtime_ms, content_key) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING', shoot, file.path, file.bytes, file.mtimeMs, key).changes;
        continue;
      }
      const id = row['id'] as number;
      if (row['present'] === 0) {
        added += 1;
        db.run('UPDATE photos SET present = 1 WHERE id = ?', id);
      }
      if (row['bytes'] === file.bytes && row['mtime_ms'] === file.mtimeMs) continue;
      if (row['present'] === 1) changed += 1;
      db.run('UPDATE photos SET bytes = ?, mtime_ms = ?, sha256 = NULL, image_sha256 = NULL, content_key = ? WHERE id = ?', file.bytes, file.mtimeMs, key, id);
      // No other photo can have the old provisional key: its answers are nobody's now.
      const old = row['content_key'] as string;
      if (isProvisional(old)) db.run('DELETE FROM results WHERE content_key = ?', old);
    }
    for (const row of known.values()) {
      if (row['present'] === 0) continue;
      removed += 1;
      db.run('UPDATE photos SET present = 0 WHERE id = ?', row['id'] as number);
    }
    return { added, changed, removed };
  });
}

/** Photos now in the folder, by path. */
export function listPhotos(db: SqlDatabase, shoot: ShootId): PhotoRow[] {
  return db.all(`SELECT ${photoColumns} FROM photos WHERE shoot_id = ? AND present = 1 ORDER BY path`, shoot).map(photoOf);
}

export function findPhoto(db: SqlDatabase, id: PhotoId): PhotoRow | null {
  const row = db.get(`SELECT ${photoColumns} FROM photos WHERE id = ?`, id);
  return row ? photoOf(row) : null;
}

export function marksOf(row: SqlRow): Marks {
  return { flag: row['flag'] as Flag, rating: row['rating'] as number, label: row['label'] as LabelName | null };
}

export function storeMarks(db: SqlDatabase, id: PhotoId, marks: Marks): void {
  db.run('UPDATE photos SET flag = ?, rating = ?, label = ? WHERE id = ?', marks.flag, marks.rating, marks.label, id);
}

export function sameMarks(a: Marks, b: Marks): boolean {
  return a.flag === b.flag && a.rating === b.rating && a.label === b.label;
}

function shootOf(row: SqlRow): ShootRow {
  return { id: row['id'] as number, folder: row['folder'] as string, name: row['name'] as string };
}

function photoOf(row: SqlRow): PhotoRow {
  return {
    id: row['id'] as number,
    shootId: row['shoot_id'] as number,
    path: row['path'] as string,
    bytes: row['bytes'] as number,
    mtimeMs: row['mtime_ms'] as number,
    sha256: row['sha256'] as string | null,
    imageSha256: row['image_sha256'] as string | null,
    marks: marksOf(row),
    place: row['place'] as string | null,
  };
}
