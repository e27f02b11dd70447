/** Paths and keys without Node: the folder's own separator is kept, `/` works on every system. */
import type { PhotoRow } from '../../catalog/types.ts';
import { pixelsKey } from './entry.ts';

export function joinPath(folder: string, path: string): string {
  return folder.endsWith('/') || folder.endsWith('\\') ? `${folder}${path}` : `${folder}/${path}`;
}

/** FNV-1a (Fowler, Noll, Vo), twice 32 bits with different starts: names things, protects nothing. 16 hex digits. */
export function nameHash(text: string): string {
  let [left, right] = [0x811c9dc5, 0x01000193];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    left = Math.imul(left ^ code, 0x01000193);
    right = Math.imul(right ^ (code + index), 0x01000193);
  }
  return [left, right].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}

/** The grid picture's key in the cache, which several catalogs may share: by place, size and time of the file. */
export function thumbnailKey(folder: string, row: PhotoRow): string {
  return `${nameHash(joinPath(folder, row.path))}-${pixelsKey(row)}`;
}
