/** Brightness at falling sizes. */
import type { Pixels } from '../../ports/index.ts';

/** One level of the pyramid: `data` holds luma times `scale`, rows top to bottom. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** 4 to the power of the level: each halving adds four values up, so that nothing is rounded away. */
  readonly scale: number;
  readonly data: Uint16Array;
}

/**
 * Luma (ITU-R BT.601 weights in 8 bits, as JPEG uses them) of the picture and of its halves; `levels` planes, fewer where
 * a side would fall under `minSide` pixels. Up to four halvings fit 16 bits.
 */
export function buildPyramid(pixels: Pixels, levels: number, minSide: number): Plane[] {
  const planes: Plane[] = [readLuma(pixels)];
  while (planes.length < levels) {
    const last = planes.at(-1)!;
    if (Math.min(last.width, last.height) < 2 * minSide) break;
    planes.push(halve(last));
  }
  return planes;
}

function readLuma({ width, height, channels, data }: Pixels): Plane {
  const luma = new Uint16Array(width * height);
  if (channels === 1) luma.set(data.subarray(0, luma.length));
  else for (let at = 0, from = 0; at < luma.length; at++, from += 3) luma[at] = (77 * data[from]! + 150 * data[from + 1]! + 29 * data[from + 2]! + 128) >> 8;
  return { width, height, scale: 1, data: luma };
}

function halve(plane: Plane): Plane {
  const width = plane.width >> 1;
  const height = plane.height >> 1;
  const data = new Uint16Array(width * height);
  const from = plane.data;
  for (let y = 0, to = 0; y < height; y++) {
    let upper = 2 * y * plane.width;
    let lower = upper + plane.width;
    for (const end = to + width; to < end; to++, upper += 2, lower += 2) data[to] = from[upper]! + from[upper + 1]! + from[lower]! + from[lower + 1]!;
  }
  return { width, height, scale: plane.scale * 4, data };
}
