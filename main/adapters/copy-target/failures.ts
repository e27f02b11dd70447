/** What the file system's codes mean for an export. */
import { coded, errorTexts } from '../../base/index.ts';
import type { CodedError } from '../../base/index.ts';

const full = new Set(['ENOSPC', 'EDQUOT']);
const missing = new Set(['ENOENT', 'ENOTDIR', 'EEXIST', 'ENODEV', 'ENXIO', 'ESTALE', 'ENOTCONN', 'EHOSTDOWN']);

/** The system's code; an error without one is a bug and thrown on. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}

export function explainReading(error: unknown): CodedError {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return coded('file-vanished', errorTexts['file-vanished'], { retry: true });
  return coded('file-unreadable', `The file cannot be read (${code}).`, { retry: code !== 'EACCES' && code !== 'EPERM' });
}

export function explainWriting(error: unknown): CodedError {
  const code = codeOf(error);
  if (full.has(code)) return coded('disk-full', errorTexts['disk-full'], { retry: true });
  if (missing.has(code)) return coded('destination-missing', `The destination folder cannot be made or is not there (${code}).`, { retry: true });
  if (code === 'EFBIG') return coded('destination-unwritable', 'The file is larger than the destination disk allows.');
  return coded('destination-unwritable', `The destination cannot be written to (${code}).`);
}

export const cancelled: CodedError = coded('cancelled', errorTexts.cancelled, { retry: true });
