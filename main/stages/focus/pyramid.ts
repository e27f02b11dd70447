/** Brightness at falling sizes. */
import type { Pixels } from '../../ports/index.ts';
import { createPlaneBuffers, halvePlane } from '../pixels/index.ts';
import type { Plane } from '../pixels/index.ts';

export type { Plane };

/**
 * Luma (ITU-R BT.601 weights in 8 bits, as JPEG uses them) of the picture and of its halves; `levels` planes, fewer where
 * a side would fall under `minSide` pixels. They are valid until the next call.
 */
export function buildPyramid(pixels: Pixels, levels: number, minSide: number): Plane[] {
  const planes: Plane[] = [readLuma(pixels)];
  while (planes.length < levels) {
    const last = planes.at(-1)!;
    if (Math.min(last.width, last.height) < 2 * minSide) break;
    planes.push(halvePlane(last, planes.length, buffers));
  }
  return planes;
}

const buffers = createPlaneBuffers();

function readLuma({ width, height, channels, data }: Pixels): Plane {
  const luma = buffers.take(0, width * height);
  if (channels === 1) luma.set(data.subarray(0, luma.length));
  else for (let at = 0, from = 0; at < luma.length; at++, from += 3) luma[at] = (77 * data[from]! + 150 * data[from + 1]! + 29 * data[from + 2]! + 128) >> 8;
  return { width, height, scale: 1, data: luma };
}
