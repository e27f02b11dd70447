/** Embeddings of pictures, by content and model. */
import type { PhotoId, ShootId } from '../domain/index.ts';
import type { SqlDatabase, SqlRow } from '../ports/index.ts';

export function saveEmbedding(db: SqlDatabase, photo: PhotoId, model: string, vector: Float32Array): void {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((value, at) => bytes.setFloat32(at * 4, value, true));
  db.run('INSERT OR REPLACE INTO embeddings (content_key, model, vector) SELECT content_key, ?, ? FROM photos WHERE id = ?', model, new Uint8Array(bytes.buffer), photo);
}

export function embeddingOf(db: SqlDatabase, photo: PhotoId, model: string): Float32Array | null {
  const row = db.get('SELECT e.vector FROM photos p JOIN embeddings e ON e.content_key = p.content_key WHERE p.id = ? AND e.model = ?', photo, model);
  return row ? vectorOf(row) : null;
}

/** Of a shoot's present photos, by id. */
export function listEmbeddings(db: SqlDatabase, shoot: ShootId, model: string, after: PhotoId, count: number): { photo: PhotoId; vector: Float32Array }[] {
  const sql = 'SELECT p.id, e.vector FROM photos p JOIN embeddings e ON e.content_key = p.content_key WHERE p.shoot_id = ? AND p.present = 1 AND e.model = ? AND p.id > ? ORDER BY p.id LIMIT ?';
  return db.all(sql, shoot, model, after, count).map((row) => ({ photo: row['id'] as number, vector: vectorOf(row) }));
}

function vectorOf(row: SqlRow): Float32Array {
  const bytes = row['vector'] as Uint8Array;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength / 4 }, (_, at) => view.getFloat32(at * 4, true));
}

/** Under the content's own name once that is known; what that has already stays. */
export function moveEmbeddings(db: SqlDatabase, from: string, to: string): void {
  db.run('UPDATE OR IGNORE embeddings SET content_key = ? WHERE content_key = ?', to, from);
  db.run('DELETE FROM embeddings WHERE content_key = ?', from);
}
