/** What the hashes are made of: brightness, resizing as the Python programs do it, the cosine transform, medians. */
import sharp from 'sharp';
import type { Pixels } from '../../../main/ports/index.ts';

export interface Gray {
  readonly width: number;
  readonly height: number;
  /** 0..255, row by row. */
  readonly values: Float64Array;
}

/** Luma (ITU-R BT.601), not rounded. */
export function grayOf({ width, height, channels, data }: Pixels): Gray {
  const at = (pixel: number, channel: number): number => data[pixel * channels + (channels === 1 ? 0 : channel)]!;
  return { width, height, values: Float64Array.from({ length: width * height }, (_, pixel) => 0.299 * at(pixel, 0) + 0.587 * at(pixel, 1) + 0.114 * at(pixel, 2)) };
}

/** Brightness in whole levels, resized with the Lanczos filter of three lobes, as Pillow's `ANTIALIAS` does. */
export async function resizeGray(pixels: Pixels, width: number, height: number): Promise<Gray> {
  const gray = grayOf(pixels);
  const levels = Uint8Array.from(gray.values, Math.round);
  const { data } = await sharp(levels, { raw: { width: gray.width, height: gray.height, channels: 1 } })
    .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width, height, values: Float64Array.from(data) };
}

/** The lowest `kept` frequencies, from number `first` on, of the cosine transform (type II) of a square, both ways; row by row. */
export function cosineTransform({ width, values }: Gray, kept: number, first: number): Float64Array {
  const waves = Array.from({ length: kept }, (_, k) => Float64Array.from({ length: width }, (_, x) => Math.sqrt(2 / width) * Math.cos((Math.PI * (k + first) * (2 * x + 1)) / (2 * width))));
  const lines = Array.from({ length: width }, (_, y) => waves.map((wave) => wave.reduce((sum, weight, x) => sum + weight * values[y * width + x]!, 0)));
  return Float64Array.from({ length: kept * kept }, (_, at) => {
    const [v, u] = [Math.floor(at / kept), at % kept];
    return lines.reduce((sum, line, y) => sum + waves[v]![y]! * line[u]!, 0);
  });
}

/** The mean of the two middle ones where there is no middle. */
export function medianOf(values: ArrayLike<number>): number {
  const sorted = Array.from(values).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1]! + sorted[middle]!) / 2 : sorted[Math.floor(middle)]!;
}
