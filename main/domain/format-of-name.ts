/** What a name promises. Only for the first moments: the truth is told by the content (stage identify). */
import { extensionOf, nameOf } from '../base/index.ts';
import { photoFormats } from './photo.ts';
import type { PhotoFormat } from './photo.ts';

const others: Readonly<Record<string, PhotoFormat>> = { jpg: 'jpeg', jpe: 'jpeg', tif: 'tiff', heic: 'heif', hif: 'heif', rwl: 'rw2', qtk: 'raw' };

/** The format by extension, `other` where it says nothing. */
export function formatOfName(name: string): PhotoFormat {
  const extension = extensionOf(nameOf(name));
  return others[extension] ?? photoFormats.find((format) => format === extension) ?? 'other';
}
