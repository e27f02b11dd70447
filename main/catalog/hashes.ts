/** Perceptual hashes of all photos, and those of other shoots that a search has found. */
import type { PhotoId, ShootId, StageSpec } from '../domain/index.ts';
import type { SqlDatabase, SqlRow } from '../ports/index.ts';
import { createElsewhere } from './elsewhere.ts';
import { settingsText } from './keys.ts';
import type { AlikeElsewhere, ContentHashes, StoredHash } from './types.ts';

export interface HashStore {
  list(after: PhotoId, count: number, shoot: ShootId | null): StoredHash[];
  of(photos: readonly PhotoId[]): StoredHash[];
  alike(photo: PhotoId, content: ContentHashes, others: readonly PhotoId[]): AlikeElsewhere[];
}

/** @param spec of the stage that makes hashes: answers of other versions are unreadable. */
export function createHashStore(db: SqlDatabase, spec: StageSpec): HashStore {
  const version = spec.version;
  const settings = settingsText(spec);
  const answer = `LEFT JOIN results r ON r.content_key = p.content_key AND r.stage = '${spec.id}' AND r.version = ? AND r.settings = ?`;
  // null also where the answer is an error, or says that the hash means nothing
  const hash = `CASE WHEN p.present = 1 AND json_extract(r.output, '$.usable') = 1 THEN json_extract(r.output, '$.hash') END AS hash`;
  const columns = `p.id, p.shoot_id, ${hash}`;
  const storedOf = (row: SqlRow): StoredHash => ({ photo: row['id'] as PhotoId, shoot: row['shoot_id'] as ShootId, hash: row['hash'] as string | null });

  return {
    list(after, count, shoot) {
      const photos = shoot === null ? 'SELECT * FROM photos WHERE id > ? ORDER BY id LIMIT ?' : 'SELECT * FROM photos WHERE shoot_id = ? AND id > ? ORDER BY id LIMIT ?';
      const rows = db.all(`SELECT ${columns} FROM (${photos}) p ${answer} ORDER BY p.id`, ...(shoot === null ? [] : [shoot]), after, count, version, settings);
      return rows.map(storedOf);
    },
    of(photos) {
      return db.all(`SELECT ${columns} FROM photos p ${answer} WHERE p.id IN (SELECT value FROM json_each(?))`, version, settings, JSON.stringify(photos)).map(storedOf);
    },
    alike(photo, content, others) {
      const elsewhere = createElsewhere(db, photo);
      if (!elsewhere || others.length === 0) return [];
      const rows = elsewhere.outside(
        db.all(
          `SELECT p.id, p.path, p.sha256, p.image_sha256, p.shoot_id, s.folder, ${hash}, json_extract(m.output, '$.capturedMs') AS captured
           FROM photos p JOIN shoots s ON s.id = p.shoot_id ${answer} LEFT JOIN results m ON m.content_key = p.content_key AND m.stage = 'metadata'
           WHERE p.id IN (SELECT value FROM json_each(?)) AND p.shoot_id <> ?`,
          version, settings, JSON.stringify(others), elsewhere.shoot,
        ),
      );
      const nameOf = elsewhere.nameShoots(rows);
      return rows.flatMap((row) => {
        const isCopy = isSame(row['sha256'], content.sha256) || isSame(row['image_sha256'], content.imageSha256);
        if (row['hash'] === null) return [];
        return [{ photo: row['id'] as PhotoId, shootId: row['shoot_id'] as ShootId, shoot: nameOf(row), path: row['path'] as string, hash: row['hash'] as string, capturedMs: row['captured'] as number | null, isCopy }];
      });
    },
  };
}

function isSame(stored: unknown, known: string | null): boolean {
  return known !== null && stored === known;
}
