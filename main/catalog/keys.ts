/** What results are stored under, and which stored results count. */
import type { CodedError } from '../base/index.ts';
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

const passing = new Set(['timeout', 'worker-crashed', 'file-vanished', 'cancelled', 'closed', 'native-missing', 'internal']);

/**
 * True for an error that tells more of the moment than of the file: it is kept to be shown, and the stage is run again when
 * the shoot is next opened.
 */
export function isPassing(error: CodedError): boolean {
  return error.retry || passing.has(error.code);
}
