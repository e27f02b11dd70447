/** Addresses of pictures. `info.pixels` is the shell's: `photo://p/` or `/photo/p/`. */
import { writeCrop } from '../../main/contract/index.ts';
import type { Region, SourceChoice } from '../../main/domain/index.ts';
import type { PhotoTable } from '../state/photo-table.ts';

export type PictureSize = 'grid' | 'screen' | 'full';

/** The address of a photo's picture, or null while there is nothing to show. It changes whenever the picture would. */
export function pictureAddress(pixels: string, table: PhotoTable, index: number, size: PictureSize, from: SourceChoice = 'auto'): string | null {
  const key = table.pixels[index];
  if (key === null || key === undefined) return null;
  return `${pixels}${table.id[index]}/${size}?k=${encodeURIComponent(key)}${from === 'auto' ? '' : `&from=${from}`}`;
}

/** The address of a part of a photo at 100 %, of the pixels that were measured; null while there is nothing to show. */
export function cropAddress(pixels: string, table: PhotoTable, index: number, region: Region): string | null {
  const key = table.pixels[index];
  return key === null || key === undefined ? null : `${pixels}${table.id[index]}/${writeCrop(region)}?k=${encodeURIComponent(key)}`;
}

/** `#1200x800` behind an address: the decoded picture is to fit into so many device pixels. Another fit is another decoded picture. */
export function withFit(address: string, fit: { readonly width: number; readonly height: number }): string {
  return fit.width > 0 && fit.height > 0 ? `${address}#${fit.width}x${fit.height}` : address;
}

export interface FittedAddress {
  readonly url: string;
  /** Where the picture is to fit, in device pixels; 0 = as it is. */
  readonly width: number;
  readonly height: number;
}

/** The address to fetch, and the fit. */
export function splitFit(address: string): FittedAddress {
  const [url = '', fit = '0x0'] = address.split('#');
  const [width = 0, height = 0] = fit.split('x').map(Number);
  return { url, width, height };
}
