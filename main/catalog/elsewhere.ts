/** What other shoots are to a photo: which of their files are not its own shoot's, and what to call them. */
import { joinPath } from '../base/index.ts';
import { tellShootsApart } from '../domain/index.ts';
import type { PhotoId, ShootId } from '../domain/index.ts';
import type { SqlDatabase, SqlRow } from '../ports/index.ts';

export interface Elsewhere {
  /** The photo's own. */
  readonly shoot: ShootId;
  /** Rows with `folder` and `path`, less those inside the photo's own folder: a shoot may lie inside another one, and its files are no copies of themselves. */
  outside(rows: readonly SqlRow[]): SqlRow[];
  /** Names of the shoots of these rows (by `shoot_id`), told apart from all of the catalog that are called so. */
  nameShoots(rows: readonly SqlRow[]): (row: SqlRow) => string;
}

/** Null where the photo is not known. */
export function createElsewhere(db: SqlDatabase, photo: PhotoId): Elsewhere | null {
  const own = db.get('SELECT s.id, s.folder FROM photos p JOIN shoots s ON s.id = p.shoot_id WHERE p.id = ?', photo);
  if (!own) return null;
  const folder = placeOf(own['folder'] as string, '');
  return {
    shoot: own['id'] as ShootId,
    outside: (rows) => rows.filter((row) => !placeOf(row['folder'] as string, row['path'] as string).startsWith(folder)),
    nameShoots(rows) {
      const ids = JSON.stringify([...new Set(rows.map((row) => row['shoot_id']))]);
      const called = rows.length === 0 ? [] : db.all('SELECT id, folder, name FROM shoots WHERE name IN (SELECT name FROM shoots WHERE id IN (SELECT value FROM json_each(?)))', ids);
      const names = tellShootsApart(called.map(({ id, folder: place, name }) => ({ id: id as ShootId, folder: place as string, name: name as string })));
      return (row) => names.get(row['shoot_id'] as ShootId)!;
    },
  };
}

/** A whole path with `/` between, to be compared with others. */
function placeOf(folder: string, path: string): string {
  return joinPath(folder, path).replaceAll('\\', '/');
}
