/** Addresses of pictures. `info.pixels` is the shell's: `photo://p/` or `/photo/p/`. */
import type { PhotoTable } from '../state/photo-table.ts';

export type PictureSize = 'grid' | 'screen' | 'full';

/** The address of a photo's picture, or null while there is nothing to show. It changes whenever the picture would. */
export function pictureAddress(pixels: string, table: PhotoTable, index: number, size: PictureSize): string | null {
  const key = table.pixels[index];
  if (key === null || key === undefined) return null;
  return `${pixels}${table.id[index]}/${size}?k=${encodeURIComponent(key)}`;
}
