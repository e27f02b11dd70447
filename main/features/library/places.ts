/** Where pictures are kept. The cache may be shared by several catalogs, so that their own numbers say nothing in it. */
import { joinPath } from '../../base/index.ts';
import type { PhotoRow } from '../../catalog/types.ts';
import { graph, pictureVersion } from '../../pipeline/index.ts';
import type { Picture, PictureSize } from '../../ports/index.ts';
import { pixelsKey } from './entry.ts';

/** The grid picture's key: by place, size and time of the file, because it is made before anybody has read the whole. */
export function thumbnailKey(folder: string, row: PhotoRow): string {
  return `${pixelsKey(row)} ${joinPath(folder, row.path)}`;
}

/** Names of a file's content, the best first: its SHA-256 once that is known; place, size and time stand in for it. */
export function contentKeys(folder: string, row: PhotoRow, sha256: string | null): readonly [string, ...string[]] {
  const standIn = `${row.bytes.toString(36)}-${Math.round(row.mtimeMs).toString(36)} ${joinPath(folder, row.path)}`;
  return sha256 === null ? [standIn] : [`sha256:${sha256}`, standIn];
}

/** The key of a larger picture, which another preview stage or another way of making pictures would make otherwise. */
export function pictureKey(content: string, size: PictureSize, source: Picture['source']): string {
  return `${size} ${source} ${graph.preview.version}.${pictureVersion} ${content}`;
}
