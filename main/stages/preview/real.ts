/** Whether what was decoded is a picture at all. */
import type { Pixels } from '../../ports/index.ts';

/** JPEG gives an even area back within so many levels. */
const rounding = 2;

/**
 * True where every pixel is the same (within JPEG's rounding) and neither black nor white: a placeholder. A frame shot
 * with the lens cap on, or into the sun, is a photo all the same.
 */
export function isPlaceholder(pixels: Pixels): boolean {
  const { data, channels } = pixels;
  const low = new Uint8Array(channels).fill(255);
  const high = new Uint8Array(channels);
  for (let channel = 0; channel < channels; channel++)
    for (let at = channel; at < data.length; at += channels) {
      const value = data[at]!;
      if (value < low[channel]!) low[channel] = value;
      if (value > high[channel]!) high[channel] = value;
      // Real pictures are told by their first few pixels.
      if (high[channel]! - low[channel]! > rounding) return false;
    }
  return high.some((value) => value > 8) && low.some((value) => value < 247);
}
