/** The same picture elsewhere: files of other shoots with the same content, or with the same image data and other metadata. */
import type { PhotoId } from '../domain/index.ts';
import type { SqlDatabase, SqlRow } from '../ports/index.ts';
import { createElsewhere } from './elsewhere.ts';
import type { ContentHashes, Copies, CopyElsewhere } from './types.ts';

/** Rows looked at in each of the ways to find one: a frame that is there ten thousand times costs no more than this. */
const mostRows = 250;

export function findCopies(db: SqlDatabase, photo: PhotoId, content: ContentHashes, mostListed: number): Copies {
  const other = createElsewhere(db, photo);
  if (!other) return { count: 0, present: 0, isMore: false, list: [] };
  const rows = new Map<unknown, SqlRow>();
  let isMore = false;
  for (const [column, value] of [['sha256', content.sha256], ['image_sha256', content.imageSha256]] as const) {
    if (value === null) continue;
    // Two ranges instead of "another shoot", so that the copies within this shoot are not visited.
    for (const order of ['<', '>']) {
      const found = db.all(
        `SELECT p.id, p.path, p.present, p.sha256, p.shoot_id, s.folder, s.opened_at
         FROM (SELECT * FROM photos WHERE ${column} = ? AND shoot_id ${order} ? LIMIT ${mostRows}) p JOIN shoots s ON s.id = p.shoot_id`,
        value, other.shoot,
      );
      isMore ||= found.length === mostRows;
      for (const row of found) rows.set(row['id'], row);
    }
  }
  const elsewhere = other.outside([...rows.values()]);
  elsewhere.sort((a, b) => rankOf(b) - rankOf(a) || Number(b['opened_at']) - Number(a['opened_at']) || ((a['path'] as string) < (b['path'] as string) ? -1 : 1));
  const listed = elsewhere.slice(0, mostListed);
  const nameOf = other.nameShoots(listed);
  const present = elsewhere.filter((row) => row['present'] === 1).length;
  return { count: elsewhere.length, present, isMore, list: listed.map((row) => copyOf(row, nameOf(row), content)) };
}

function rankOf(row: SqlRow): number {
  return row['present'] === 1 ? 1 : 0;
}

function copyOf(row: SqlRow, shoot: string, content: ContentHashes): CopyElsewhere {
  return {
    shoot,
    path: row['path'] as string,
    isPresent: row['present'] === 1,
    isSameFile: content.sha256 !== null && row['sha256'] === content.sha256,
  };
}
