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
    planes.push(halve(last, planes.length));
  }
  return planes;
}

/**
 * One buffer a level, reused from picture to picture: fresh memory costs more in page faults than the arithmetic. The planes
 * of one call are therefore valid until the next.
 */
const buffers: Uint16Array<ArrayBuffer>[] = [];

function bufferOf(level: number, length: number): Uint16Array {
  const held = buffers[level];
  if (held && held.length >= length) return held.subarray(0, length);
  buffers[level] = new Uint16Array(length);
  return buffers[level];
}

function readLuma({ width, height, channels, data }: Pixels): Plane {
  const luma = bufferOf(0, width * height);
  if (channels === 1) luma.set(data.subarray(0, luma.length));
  else for (let at = 0, from = 0; at < luma.length; at++, from += 3) luma[at] = (77 * data[from]! + 150 * data[from + 1]! + 29 * data[from + 2]! + 128) >> 8;
  return { width, height, scale: 1, data: luma };
}

function halve(plane: Plane, level: number): Plane {
  const width = plane.width >> 1;
  const height = plane.height >> 1;
  const data = bufferOf(level, width * height);
  const from = plane.data;
  for (let y = 0, to = 0; y < height; y++) {
    let upper = 2 * y * plane.width;
    let lower = upper + plane.width;
    for (const end = to + width; to < end; to++, upper += 2, lower += 2) data[to] = from[upper]! + from[upper + 1]! + from[lower]! + from[lower + 1]!;
  }
  return { width, height, scale: plane.scale * 4, data };
}
