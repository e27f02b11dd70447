/** Names for folders and pictures, made of where they are. */
import { joinPath } from '../../base/index.ts';
import type { PhotoRow } from '../../catalog/types.ts';
import { pixelsKey } from './entry.ts';

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
  return `${pixelsKey(row)} ${joinPath(folder, row.path)}`;
}
