/** Where pictures are kept. */
import { joinPath } from '../../base/index.ts';
import type { PhotoRow } from '../../catalog/types.ts';
import { pixelsKey } from './entry.ts';

/** The grid picture's key in the cache, which several catalogs may share: by place, size and time of the file. */
export function thumbnailKey(folder: string, row: PhotoRow): string {
  return `${pixelsKey(row)} ${joinPath(folder, row.path)}`;
}
