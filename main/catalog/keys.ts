/** What results are stored under. */
import type { ShootId, StageSpec } from '../domain/index.ts';
import type { FoundFile } from '../ports/index.ts';

/** Stands in for the content until its SHA-256 is known: another path, size or time is another content. */
export function provisionalKey(shoot: ShootId, file: FoundFile): string {
  return `p:${shoot}:${file.bytes}:${file.mtimeMs}:${file.path}`;
}

/** @param sha256 64 hex digits */
export function contentKey(sha256: string): string {
  return `s:${sha256}`;
}

export function isProvisional(key: string): boolean {
  return key.startsWith('p:');
}

/** Settings as text, the same for the same settings in whatever order they were written. */
export function settingsText(spec: StageSpec): string {
  return JSON.stringify(Object.fromEntries(Object.entries(spec.settings).sort(([a], [b]) => (a < b ? -1 : 1))));
}
