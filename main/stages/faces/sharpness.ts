/** How fine the structure of a face is, to tell the faces in focus from those before and behind. */
import type { Pixels } from '../../ports/index.ts';
import type { Scales } from './crop.ts';
import type { FoundFace } from './detect.ts';

/**
 * 1 where a step from dark to light is as sharp as pixels can show it, 0 where it is blurred over several: halving the picture doubles
 * the gradient energy of a sharp step (it is as high on half as many pixels) and gives four times that of a soft slope. Noise counts as
 * structure, so pictures of different noise cannot be compared by it.
 */
export function sharpnessOf(scales: Scales, face: FoundFace): number {
  const fine = gradientEnergy(scales.at(0), scales, face);
  const coarse = gradientEnergy(scales.at(1), scales, face);
  if (!(fine > 0) || !(coarse > 0)) return 0;
  return Math.round(1000 * Math.max(0, Math.min(1, (4 - coarse / fine) / 2))) / 1000;
}

/** Mean square of the differences between neighbours in the green channel, within the face's box. */
function gradientEnergy({ width, height, channels, data }: Pixels, scales: Scales, face: FoundFace): number {
  const [scaleX, scaleY] = [width / scales.width, height / scales.height];
  const left = Math.max(0, Math.floor(face.x * scaleX));
  const top = Math.max(0, Math.floor(face.y * scaleY));
  const right = Math.min(width - 1, Math.ceil((face.x + face.w) * scaleX));
  const bottom = Math.min(height - 1, Math.ceil((face.y + face.h) * scaleY));
  const channel = channels === 3 ? 1 : 0;
  const row = width * channels;
  let sum = 0;
  for (let y = top; y < bottom; y++)
    for (let x = left, from = y * row + left * channels + channel; x < right; x++, from += channels) {
      const across = data[from + channels]! - data[from]!;
      const down = data[from + row]! - data[from]!;
      sum += across * across + down * down;
    }
  return sum / Math.max(1, (right - left) * (bottom - top));
}
