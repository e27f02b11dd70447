/** What SQLite and the file system say, in codes. */
import type { CodedError } from '../../base/index.ts';

/** SQLite's primary result codes (sqlite.org/rescode.html) that a person can meet. */
const texts: Readonly<Record<number, Pick<CodedError, 'code' | 'message' | 'retry'>>> = {
  5: { code: 'catalog-busy', message: 'The catalog is in use by another Parjanya.', retry: true },
  6: { code: 'catalog-busy', message: 'The catalog is in use by another Parjanya.', retry: true },
  8: { code: 'catalog-unusable', message: 'The catalog cannot be used: it may only be read.', retry: false },
  10: { code: 'catalog-unusable', message: 'The catalog cannot be used: its disk reports a failure.', retry: true },
  11: { code: 'catalog-unusable', message: 'The catalog cannot be used: the file is damaged.', retry: false },
  13: { code: 'disk-full', message: 'The disk that the catalog is on is full.', retry: true },
  14: { code: 'catalog-unusable', message: 'The catalog cannot be used: the file cannot be opened.', retry: false },
  26: { code: 'catalog-unusable', message: 'The catalog cannot be used: the file is no database.', retry: false },
};

/** Turns a failure of node:sqlite into a coded one; anything that is no failure of SQLite is a bug and thrown on. */
export function explainSqliteError(error: unknown): CodedError {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') throw error;
  return texts[error.errcode & 0xff] ?? { code: 'catalog-unusable', message: `The catalog cannot be used (${error.message.slice(0, 120)}).`, retry: false };
}

/** True for failures of the disk and of the file; a misspelt statement or a broken constraint is a bug and stays one. */
export function isForeseen(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) in texts;
}

/** What the file system says of the catalog's folder and of the rights of its file. */
export function explainFileError(error: unknown): CodedError {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (code === null) throw error;
  if (code === 'ENOSPC' || code === 'EDQUOT') return { code: 'disk-full', message: 'The disk that the catalog is to be on is full.', retry: true };
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return { code: 'catalog-unusable', message: `The catalog cannot be used: its place may not be written to (${code}).`, retry: false };
  return { code: 'catalog-unusable', message: `The catalog cannot be used: its folder cannot be made (${code}).`, retry: false };
}
