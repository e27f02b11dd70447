/** Stored answers of stages, by content. */
import { isPassing, noMarks } from '../domain/index.ts';
import type { Marks, PhotoId, ShootId, StageId, StageResult, StageSpec } from '../domain/index.ts';
import type { SqlDatabase, SqlRow } from '../ports/index.ts';
import { moveAdvice } from './advice.ts';
import { moveEmbeddings } from './embeddings.ts';
import { contentKey, isProvisional, settingsText } from './keys.ts';
import { marksOf, sameMarks, storeMarks } from './photos.ts';
import { storePlace } from './places.ts';

type Specs = Readonly<Record<StageId, StageSpec>>;
type Saved = { readonly photo: PhotoId; readonly results: readonly StageResult[] };
type Changed = { readonly id: PhotoId; readonly marks: Marks };

const columns = 'r.stage, r.version, r.settings, r.place, r.place_reason, r.ms, r.bytes_sent, r.usd, r.output, r.error';

export interface ResultStore {
  /** In order of ids. */
  ofShoot(shoot: ShootId, after: PhotoId, count: number): Map<PhotoId, StageResult[]>;
  ofPhoto(photo: PhotoId): StageResult[];
  save(items: readonly Saved[]): Changed[];
}

export function createResultStore(db: SqlDatabase, specs: Specs): ResultStore {
  const settings = new Map<string, string>(Object.values(specs).map((spec) => [spec.id, settingsText(spec)]));
  const order = Object.keys(specs);
  // The same few sentences and places come with every row; one copy of each is enough.
  const words = new Map<string, string>();
  const once = (text: string): string => {
    const kept = words.get(text);
    if (kept !== undefined) return kept;
    if (words.size < 1_000) words.set(text, text);
    return text;
  };
  const isReadable = (row: SqlRow): boolean => specs[row['stage'] as StageId]?.version === row['version'] && settings.get(row['stage'] as string) === row['settings'];
  const read = (row: SqlRow): StageResult =>
    ({
      stage: once(row['stage'] as string),
      version: row['version'],
      place: once(row['place'] as string),
      placeReason: once(row['place_reason'] as string),
      ms: row['ms'],
      ...(row['bytes_sent'] === null ? {} : { bytesSent: row['bytes_sent'] }),
      ...(row['usd'] === null ? {} : { usd: row['usd'] }),
      output: row['output'] === null ? null : (JSON.parse(row['output'] as string) as unknown),
      error: row['error'] === null ? null : (JSON.parse(row['error'] as string) as unknown),
    }) as StageResult;
  const inOrder = (results: StageResult[]): StageResult[] => results.sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage));

  /** An answer outlives a later failure that is of the moment only; otherwise the later one counts. */
  const outlives = (stored: SqlRow | undefined, error: string | null): boolean => {
    if (!stored || !isReadable(stored) || error === null) return false;
    return stored['error'] === null && isPassing(JSON.parse(error) as Parameters<typeof isPassing>[0]);
  };

  const put = (key: string, result: StageResult): void => {
    const error = result.error === null ? null : JSON.stringify(result.error);
    const stored = db.get('SELECT stage, version, settings, error FROM results WHERE content_key = ? AND stage = ?', key, result.stage);
    if (outlives(stored, error)) return;
    db.run(
      `INSERT OR REPLACE INTO results (content_key, stage, version, settings, place, place_reason, ms, bytes_sent, usd, output, error, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(unixepoch('subsec') * 1000 AS INTEGER))`,
      key, result.stage, result.version, settings.get(result.stage) ?? '{}', result.place, result.placeReason, result.ms, result.bytesSent ?? null, result.usd ?? null,
      result.output === null ? null : JSON.stringify(result.output), error,
    );
  };

  /** Moves what is stored under `from` to `to`; readable answers that `to` has already stay, unless they are passing failures. */
  const move = (from: string, to: string): void => {
    const stays = new Set<unknown>();
    for (const row of db.all('SELECT stage, version, settings, error FROM results WHERE content_key = ?', to))
      if (isReadable(row) && (row['error'] === null || !isPassing(JSON.parse(row['error'] as string) as Parameters<typeof isPassing>[0]))) stays.add(row['stage']);
    for (const row of db.all('SELECT stage FROM results WHERE content_key = ?', from))
      if (stays.has(row['stage'])) db.run('DELETE FROM results WHERE content_key = ? AND stage = ?', from, row['stage']!);
      else db.run('UPDATE OR REPLACE results SET content_key = ? WHERE content_key = ? AND stage = ?', to, from, row['stage']!);
    moveEmbeddings(db, from, to);
    moveAdvice(db, from, to);
  };

  const saveOne = ({ photo, results }: Saved, changed: Changed[]): void => {
    const row = db.get('SELECT shoot_id, bytes, sha256, content_key, flag, rating, label FROM photos WHERE id = ?', photo);
    if (!row) return;
    let key = row['content_key'] as string;
    const identity = results.find((result) => result.stage === 'identify')?.output;
    // The file was another one when it was read: these answers are not about what is there now.
    if (identity && identity.bytes !== row['bytes']) return;
    if (identity && identity.sha256 !== row['sha256']) {
      const next = contentKey(identity.sha256);
      if (isProvisional(key)) move(key, next);
      key = next;
      db.run('UPDATE photos SET sha256 = ?, image_sha256 = ?, content_key = ? WHERE id = ?', identity.sha256, identity.imageSha256, key, photo);
      if (sameMarks(marksOf(row), noMarks)) {
        const marks = takeOverMarks(db, row['shoot_id'] as number, photo, key);
        if (marks) changed.push({ id: photo, marks });
      }
    } else if (identity) {
      // Read again by a later version: other photos of this content find the answer stored and will not be read.
      db.run('UPDATE photos SET image_sha256 = ? WHERE content_key = ? AND image_sha256 IS NOT ?', identity.imageSha256, key, identity.imageSha256);
    }
    for (const result of results) put(key, result);
  };

  return {
    ofShoot(shoot, after, count) {
      const answers = new Map<PhotoId, StageResult[]>();
      const ids = db.all('SELECT id FROM photos WHERE shoot_id = ? AND id > ? AND present = 1 ORDER BY id LIMIT ?', shoot, after, count);
      for (const { id } of ids) answers.set(id as number, []);
      const rows = db.all(
        `SELECT p.id, ${columns} FROM photos p CROSS JOIN results r ON r.content_key = p.content_key
         WHERE p.shoot_id = ? AND p.id > ? AND p.id <= ? AND p.present = 1`,
        shoot, after, (ids.at(-1)?.['id'] as number | undefined) ?? after,
      );
      for (const row of rows) if (isReadable(row)) answers.get(row['id'] as number)!.push(read(row));
      for (const results of answers.values()) inOrder(results);
      return answers;
    },
    ofPhoto(photo) {
      const rows = db.all(`SELECT ${columns} FROM photos p CROSS JOIN results r ON r.content_key = p.content_key WHERE p.id = ?`, photo);
      return inOrder(rows.filter(isReadable).map(read));
    },
    save(items) {
      const changed: Changed[] = [];
      db.transaction(() => {
        for (const item of items) saveOne(item, changed);
      });
      return changed;
    },
  };
}

/**
 * A renamed file: the marks and the place among the groups of a photo of the same content that has left the folder go to `photo`, together with its place in
 * the journal, so that undo still finds it. Null where there is no such photo.
 */
function takeOverMarks(db: SqlDatabase, shoot: ShootId, photo: PhotoId, key: string): Marks | null {
  const from = db.get(
    `SELECT id, flag, rating, label, place FROM photos INDEXED BY photos_marked_gone
     WHERE content_key = ? AND shoot_id = ? AND present = 0 AND (flag <> 'none' OR rating <> 0 OR label IS NOT NULL OR place IS NOT NULL) AND id <> ? ORDER BY id DESC LIMIT 1`,
    key, shoot, photo,
  );
  if (!from) return null;
  const marks = marksOf(from);
  storeMarks(db, photo, marks);
  storeMarks(db, from['id'] as number, noMarks);
  storePlace(db, photo, from['place'] as string | null);
  storePlace(db, from['id'] as number, null);
  for (const table of ['journal_items', 'journal_places']) db.run(`UPDATE OR IGNORE ${table} SET photo_id = ? WHERE photo_id = ?`, photo, from['id']!);
  return marks;
}
