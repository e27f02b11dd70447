/** Stage `exposure`: where the tones of the picture lie, and what is lost at both ends. */
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { ExposureMeasure } from '../../domain/index.ts';
import type { Pixels } from '../../ports/index.ts';
import { mapExposure } from './map.ts';

/** A channel from here on has no detail left. */
const clippedFrom = 250;
/** Luma up to here is black. */
const crushedTo = 5;

/**
 * Counts the tones of an upright picture, in luma of ITU-R BT.601 (gamma-encoded, as shown). Errors: preview-broken for
 * pixels that are none.
 */
export function measureExposure(pixels: Pixels): Result<ExposureMeasure> {
  const { width, height, channels, data } = pixels;
  const count = width * height;
  if (count < 1 || data.length < count * channels) return fail('preview-broken', 'The decoded picture has no pixels.');
  const histogram = new Uint32Array(256);
  let clipped = 0;
  if (channels === 1)
    for (let at = 0; at < count; at++) {
      const value = data[at]!;
      histogram[value]!++;
      if (value >= clippedFrom) clipped++;
    }
  else
    for (let from = 0; from < 3 * count; from += 3) {
      const red = data[from]!;
      const green = data[from + 1]!;
      const blue = data[from + 2]!;
      histogram[(77 * red + 150 * green + 29 * blue + 128) >> 8]!++;
      if (red >= clippedFrom || green >= clippedFrom || blue >= clippedFrom) clipped++;
    }
  let sum = 0;
  let crushed = 0;
  histogram.forEach((times, value) => {
    sum += times * value;
    if (value <= crushedTo) crushed += times;
  });
  return ok({
    mean: round(sum / count / 255),
    clippedHigh: round(clipped / count),
    crushedLow: round(crushed / count),
    p1: round(percentile(histogram, count, 0.01) / 255),
    p99: round(percentile(histogram, count, 0.99) / 255),
    map: mapExposure(pixels, { clippedFrom, crushedTo }),
  });
}

/** The smallest value that at least `share` of the pixels do not exceed. */
function percentile(histogram: Uint32Array, count: number, share: number): number {
  let seen = 0;
  for (let value = 0; value < 256; value++) {
    seen += histogram[value]!;
    if (seen >= share * count) return value;
  }
  return 255;
}

function round(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
