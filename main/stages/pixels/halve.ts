/** Brightness at falling sizes. */

/** One level of a pyramid: `data` holds luma (0..255) times `scale`, rows top to bottom. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** 4 to the power of the level: each halving adds four values up, so that nothing is rounded away. */
  readonly scale: number;
  readonly data: Uint8Array | Uint16Array;
}

/** Memory for the levels of a pyramid. */
export interface PlaneBuffers {
  /** Room for `length` values of a level; what was in it is lost. */
  take(level: number, length: number): Uint16Array;
}

/**
 * One buffer a level, reused from picture to picture: fresh memory costs more in page faults than the arithmetic. The planes
 * of one picture are therefore valid until the next. Levels of more than `mostKept` pixels are not kept.
 */
export function createPlaneBuffers(mostKept = Infinity): PlaneBuffers {
  const buffers: Uint16Array[] = [];
  return {
    take(level, length) {
      const held = buffers[level];
      if (held && held.length >= length) return held.subarray(0, length);
      const made = new Uint16Array(length);
      if (length <= mostKept) buffers[level] = made;
      return made;
    },
  };
}

/** The plane at half its size, odd last columns and rows left out, as the sums of 2 x 2 pixels: up to four halvings of 8 bits fit 16. */
export function halvePlane(plane: Plane, level: number, buffers: PlaneBuffers): Plane {
  const width = plane.width >> 1;
  const height = plane.height >> 1;
  const data = buffers.take(level, width * height);
  const from = plane.data;
  for (let y = 0, to = 0; y < height; y++) {
    let upper = 2 * y * plane.width;
    let lower = upper + plane.width;
    for (const end = to + width; to < end; to++, upper += 2, lower += 2) data[to] = from[upper]! + from[upper + 1]! + from[lower]! + from[lower + 1]!;
  }
  return { width, height, scale: plane.scale * 4, data };
}
