/** Whether what was decoded is a picture at all. */
import type { Pixels } from '../../ports/index.ts';

/**
 * True where every pixel is the same (within JPEG's rounding) and neither black nor white: a placeholder. A frame shot
 * with the lens cap on, or into the sun, is a photo all the same.
 */
export function isPlaceholder(pixels: Pixels): boolean {
  const { data, channels } = pixels;
  const low = new Uint8Array(channels).fill(255);
  const high = new Uint8Array(channels);
  for (let at = 0; at < data.length; at += channels)
    for (let channel = 0; channel < channels; channel++) {
      const value = data[at + channel]!;
      if (value < low[channel]!) low[channel] = value;
      if (value > high[channel]!) high[channel] = value;
    }
  const isFlat = low.every((value, channel) => high[channel]! - value <= 2);
  return isFlat && high.some((value) => value > 8) && low.some((value) => value < 247);
}
