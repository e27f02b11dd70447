/** A sensor whose saturation, headroom and noise are known, and the preview that a camera would show of it. */
import type { Pixels, SensorData } from '../../main/ports/index.ts';
import { createRandom } from '../fixtures/index.ts';

export const drawnBlack = 256;
export const drawnWhite = 16_000;
/** The preview is white from here on: one stop below saturation. */
export const drawnClip = drawnBlack + (drawnWhite - drawnBlack) / 2;
/** Noise of reading, standard deviation in numbers of the sensor. */
export const drawnNoise = 4;

/** Shares of the picture. The rest is a ramp of tones that both hold. */
export const drawnShares = { held: 0.12, partly: 0.08, gone: 0.05, lifted: 0.1, lost: 0.05 } as const;
type Part = keyof typeof drawnShares | 'ramp';

/**
 * Columns from left to right, as far as `drawnShares` says: clipped in the preview and at most at 80 % of saturation on the sensor; with green
 * full and the others not; full; black in the preview and 40 times the noise above black; black in both; a ramp up to the preview's white.
 */
export function drawSensor(width = 600, height = 400): { sensor: SensorData; preview: Pixels } {
  const random = createRandom(7);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const data = new Uint16Array(width * height);
  const shown = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const { part, along } = partAt(x / width);
      const isGreen = (x + y) % 2 === 1;
      const light = lightOf(part, along, isGreen);
      const noisy = drawnBlack + light + drawnNoise * normal() + 0.3 * Math.sqrt(Math.max(0, light)) * normal();
      data[y * width + x] = Math.max(0, Math.min(drawnWhite, Math.round(noisy)));
      shown[y * width + x] = part === 'ramp' ? Math.min(255, Math.round(255 * along ** (1 / 2.2))) : part === 'lifted' || part === 'lost' ? 0 : 255;
    }
  const sensor: SensorData = { data, rowLength: width, left: 0, top: 0, width, height, period: 2, black: drawnBlack, white: drawnWhite, orientation: 1, damage: null };
  return { sensor, preview: { width, height, channels: 1, data: shown } };
}

function partAt(at: number): { part: Part; along: number } {
  let from = 0;
  for (const [part, share] of Object.entries(drawnShares) as [keyof typeof drawnShares, number][]) {
    if (at < from + share) return { part, along: (at - from) / share };
    from += share;
  }
  return { part: 'ramp', along: 0.05 + (0.89 * (at - from)) / (1 - from) };
}

function lightOf(part: Part, along: number, isGreen: boolean): number {
  const full = drawnWhite - drawnBlack;
  switch (part) {
    case 'held': return full * (0.55 + 0.25 * along);
    case 'partly': return isGreen ? full * 1.5 : full * 0.7;
    case 'gone': return full * 2;
    case 'lifted': return 40 * drawnNoise;
    case 'lost': return 0;
    case 'ramp': return along * (drawnClip - drawnBlack);
  }
}
