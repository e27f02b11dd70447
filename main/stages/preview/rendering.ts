/**
 * Whether what a decoder made of sensor data is a picture. LibRaw reports success on gutted files: it decodes what happens to
 * lie there, or nothing.
 */
import { coded } from '../../base/index.ts';
import type { CodedError } from '../../base/index.ts';
import type { Pixels, Rendered } from '../../ports/index.ts';
import { isPlaceholder } from './real.ts';
import type { Size } from './orientation.ts';

export interface RenderingFacts {
  readonly rendered: Rendered;
  /** The picture's size by its metadata. */
  readonly stated: Size | null;
  /** Rendered from sensor data; a finished picture may well be of one texture. */
  readonly isRaw: boolean;
}

/** Of the stated long edge; crops and binned modes stay well above. */
const smallestShare = 0.25;
/** Share of pixels of one tone, in a file that is damaged too, from which on there is no picture. */
const emptyShare = 0.95;
const evenShare = 0.9999;

/** A `preview-not-real` error, or null where there is no reason to doubt the picture. */
export function doubtRendering({ rendered, stated, isRaw }: RenderingFacts): CodedError | null {
  const { pixels, full, damage } = rendered;
  if (stated && Math.max(full.width, full.height) < Math.max(stated.width, stated.height) * smallestShare)
    return notReal(`it should have ${stated.width} x ${stated.height} pixels and has ${full.width} x ${full.height}`);
  if (isPlaceholder(pixels)) return notReal('it has one tone');
  if (!isRaw) return null;
  const share = shareOfOneTone(pixels);
  // LibRaw brightens what is even to white. A sensor's own black and white are never as even as that.
  if (share > evenShare) return notReal('it has one tone');
  if (damage && share > emptyShare) return notReal('almost nothing of it could be decoded');
  return isNoise(pixels) ? notReal('it is noise') : null;
}

/** Share of the pixels that are as the middle one of them is, within JPEG's rounding. */
function shareOfOneTone({ data, channels, width, height }: Pixels): number {
  const middle = (Math.floor(height / 2) * width + Math.floor(width / 2)) * channels;
  let same = 0;
  for (let at = 0; at < data.length; at += channels) {
    let isSame = true;
    for (let channel = 0; channel < channels; channel++) isSame &&= Math.abs(data[at + channel]! - data[middle + channel]!) <= 2;
    if (isSame) same++;
  }
  return same / (width * height);
}

/** Edge of the squares whose means are compared. */
const square = 16;
/** Standard deviation, of 255: random numbers have 80 and more; the amplified noise of a frame with the lens cap on, a photo all the same, 40. */
const leastDeviation = 60;
/**
 * In independent noise the means of n pixels vary n times less than the pixels; demosaicing spreads that to about 4. Real
 * scenes, whatever their grain, vary from place to place: 60 and more on the photos at hand.
 */
const mostIndependent = 12;

/** True where the pixels have much contrast and no two places of the picture differ more than chance makes them. */
function isNoise({ data, channels, width, height }: Pixels): boolean {
  const green = channels === 3 ? 1 : 0;
  const [columns, rows] = [Math.floor(width / square), Math.floor(height / square)];
  if (columns * rows < 64) return false;
  let [sum, squares, sumOfMeans, squaresOfMeans] = [0, 0, 0, 0];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let inside = 0;
      for (let y = row * square; y < (row + 1) * square; y++)
        for (let x = column * square; x < (column + 1) * square; x++) {
          const value = data[(y * width + x) * channels + green]!;
          inside += value;
          squares += value * value;
        }
      sum += inside;
      const mean = inside / square ** 2;
      sumOfMeans += mean;
      squaresOfMeans += mean * mean;
    }
  const [pixelCount, squareCount] = [columns * rows * square ** 2, columns * rows];
  const variance = squares / pixelCount - (sum / pixelCount) ** 2;
  const varianceOfMeans = squaresOfMeans / squareCount - (sumOfMeans / squareCount) ** 2;
  return variance > leastDeviation ** 2 && (varianceOfMeans * square ** 2) / variance < mostIndependent;
}

function notReal(why: string): CodedError {
  return coded('preview-not-real', `What is in this file is no picture: ${why}.`);
}
