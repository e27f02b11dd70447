/**
 * Every error code of the product, with the sentence that a person reads when nothing better is known.
 * Codes are part of the command line's and the contract's stable surface: add, never rename.
 */
export const errorTexts = {
  // one file
  'empty-file': 'The file is empty (0 bytes).',
  'not-a-photo': 'The file is not a photo.',
  'file-unreadable': 'The file cannot be read.',
  'file-vanished': 'The file is no longer there.',
  'format-unsupported': 'This kind of photo cannot be shown yet.',
  'preview-none': 'No embedded preview was found in this file.',
  'preview-broken': 'The preview in this file is damaged.',
  'preview-not-real': 'The preview in this file is not a picture (flat or noise).',
  'metadata-broken': 'The metadata of this file are damaged.',
  truncated: 'The file ends too early; part of it is missing.',
  'too-large': 'The picture is larger than can be handled.',
  timeout: 'The file took too long and was given up.',
  'worker-crashed': 'The decoder stopped on this file, twice.',
  'native-missing': 'A part made for this kind of computer is missing.',
  // models
  'model-missing': 'A model file is not on this computer.',
  'model-wrong': 'A model file is not the one that is meant, or is damaged.',
  'infer-failed': 'A model could not be run.',
  'download-failed': 'The download failed.',
  // another place than this computer
  'credentials-missing': 'There are no credentials for that place.',
  'credentials-expired': 'The credentials for that place have expired.',
  'access-denied': 'The credentials do not allow this.',
  'place-missing': 'What is to do the work is not there.',
  'place-unreachable': 'That place cannot be reached.',
  'place-busy': 'That place is too busy.',
  'place-failed': 'That place failed, or answered nonsense.',
  // a folder or a shoot
  'folder-missing': 'The folder does not exist.',
  'folder-unreadable': 'The folder cannot be read; check its rights.',
  'folder-empty': 'There are no photos in this folder.',
  'not-found': 'That item is not known here (any more).',
  'stale-view': 'The list has changed since; look again and repeat.',
  // export
  'destination-missing': 'The destination folder cannot be made or is not there.',
  'destination-unwritable': 'The destination cannot be written to.',
  'destination-inside-shoot': 'The destination lies inside the shoot itself.',
  'disk-full': 'The disk is full.',
  'copy-mismatch': 'The copy differs from the original.',
  'plan-expired': 'The plan is out of date; make it again.',
  'nothing-to-do': 'There is nothing to do.',
  'nothing-to-undo': 'There is nothing to undo.',
  // vision models
  'endpoint-missing': 'No endpoint for a vision model was set.',
  'answer-invalid': 'The answer of the model cannot be used.',
  'not-agreed': 'Nothing was sent, because nobody agreed to it.',
  // the wire and the engine
  'bad-input': 'The request is not valid.',
  'unknown-method': 'There is no such method.',
  'too-big': 'The request is too big.',
  cancelled: 'It was cancelled.',
  closed: 'The connection was closed.',
  'catalog-unusable': 'The catalog file cannot be used.',
  'catalog-newer': 'The catalog was made by a newer version.',
  'catalog-busy': 'The catalog is in use by another Parjanya.',
  'not-available': 'This is not available in this shell.',
  internal: 'Something unexpected went wrong.',
} as const;

export type ErrorCode = keyof typeof errorTexts;

export const errorCodes = Object.keys(errorTexts) as ErrorCode[];

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorTexts, text);
}
