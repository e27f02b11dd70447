/** What models elsewhere said of photos, by content: paid once. */
import { adviceVersions } from '../domain/index.ts';
import type { Advice, PhotoId } from '../domain/index.ts';
import type { SqlDatabase, SqlRow } from '../ports/index.ts';

export function saveAdvice(db: SqlDatabase, photo: PhotoId, advice: Advice): void {
  const { model, against } = advice.settings;
  db.run(
    `INSERT OR REPLACE INTO advice (content_key, stage, version, model, against, place, place_reason, ms, bytes, tokens_in, tokens_out, output, at)
     SELECT content_key, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM photos WHERE id = ?`,
    advice.stage, advice.version, model, against ?? '', advice.place, advice.placeReason, advice.ms, advice.bytes, advice.tokens?.in ?? null, advice.tokens?.out ?? null,
    JSON.stringify(advice.output), advice.at, photo,
  );
}

/** Of the current versions, the latest first. */
export function adviceOf(db: SqlDatabase, photo: PhotoId): Advice[] {
  const rows = db.all('SELECT a.* FROM photos p JOIN advice a ON a.content_key = p.content_key WHERE p.id = ? ORDER BY a.at DESC', photo);
  return rows.map(adviceOfRow).filter(({ stage, version }) => adviceVersions[stage] === version);
}

function adviceOfRow(row: SqlRow): Advice {
  const [model, against] = [row['model'] as string, row['against'] as string];
  return {
    stage: row['stage'],
    version: row['version'],
    settings: against === '' ? { model } : { model, against },
    place: row['place'],
    placeReason: row['place_reason'],
    ms: row['ms'],
    bytes: row['bytes'],
    tokens: row['tokens_in'] === null ? null : { in: row['tokens_in'] as number, out: row['tokens_out'] as number },
    output: JSON.parse(row['output'] as string) as unknown,
    at: row['at'],
  } as Advice;
}

/** Under the content's own name once that is known; what that has already stays. */
export function moveAdvice(db: SqlDatabase, from: string, to: string): void {
  db.run('UPDATE OR IGNORE advice SET content_key = ? WHERE content_key = ?', to, from);
  db.run('DELETE FROM advice WHERE content_key = ?', from);
}
