/** Pictures whose blur is known because it was made: motion at known angles, defocus, missed focus, noise, JPEG, from sharp photos. */
import sharp from 'sharp';
import type { Region } from '../../main/domain/index.ts';
import type { Luma, Pixels } from '../../main/ports/index.ts';
import { addNoise, blurPixels, smearPixels } from '../fixtures/index.ts';

/** Photos of the shared set that are sharp to their pixels once they are this large. */
export const sharpPhotos = [
  'quality/digikam/test.jpg',
  'quality/blur-triples/106_NIKON-D3400-35MM_S.JPG',
  'quality/blur-triples/176_HONOR-7X_S.jpg',
  'groups/sceaux-castle/100_7102.JPG',
  'jpeg/Nokia Lumia 800.jpg',
  'jpeg/Olympus C40Z.jpg',
  'jpeg/Kyocera FC-S3.jpg',
  'groups/hdr-pair-canon/canon_hdr_NO.jpg',
];
/** Long edge in pixels; a sharp photo of 3,000 pixels and more loses its lens' own softness by being shrunk to it. */
const edge = 1_600;

export async function readLumaOf(path: string, longEdge = edge): Promise<Pixels> {
  const { data, info } = await sharp(path, { failOn: 'none' }).flatten({ background: '#fff' }).resize(longEdge, longEdge, { fit: 'inside', withoutEnlargement: true }).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 1, data: new Uint8Array(data) };
}

export function asLuma({ width, height, data }: Pixels): Luma {
  return { width, height, data, orientation: 1 };
}

/** Mean over a disk: what a lens out of focus does. `radius` in pixels. */
export function defocusPixels(pixels: Pixels, radius: number): Pixels {
  const { width, height, data } = pixels;
  const sums = new Float64Array((width + 1) * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) sums[y * (width + 1) + x + 1] = sums[y * (width + 1) + x]! + data[y * width + x]!;
  const out = new Uint8Array(data.length);
  const reach = Math.floor(radius);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let [sum, count] = [0, 0];
      for (let dy = -reach; dy <= reach; dy++) {
        const row = y + dy;
        if (row < 0 || row >= height) continue;
        const half = Math.floor(Math.sqrt(radius * radius - dy * dy));
        const [from, to] = [Math.max(0, x - half), Math.min(width, x + half + 1)];
        sum += sums[row * (width + 1) + to]! - sums[row * (width + 1) + from]!;
        count += to - from;
      }
      out[y * width + x] = Math.round(sum / count);
    }
  return { ...pixels, data: out };
}

/** The middle of the picture, which the camera is said to have focused on, out of focus; all else as it is. */
export const missedRegion: Region = { x: 0.4, y: 0.38, w: 0.2, h: 0.24 };

export function missFocus(pixels: Pixels, radius: number): Pixels {
  return blend(pixels, defocusPixels(pixels, radius), 0.12);
}

/** The middle as it is before a background out of focus. */
export function softenBackground(pixels: Pixels, radius: number): Pixels {
  return blend(defocusPixels(pixels, radius), pixels, 0);
}

/** `inside` within the region, widened by `margin` on each side. */
function blend(outside: Pixels, inside: Pixels, margin: number): Pixels {
  const { width, height } = outside;
  const { x, y, w, h } = missedRegion;
  const data = outside.data.slice();
  for (let row = Math.round((y - margin) * height); row < (y + h + margin) * height; row++)
    for (let column = Math.round((x - margin) * width); column < (x + w + margin) * width; column++) data[row * width + column] = inside.data[row * width + column]!;
  return { ...outside, data };
}

export async function compressPixels(pixels: Pixels, quality: number): Promise<Pixels> {
  const { width, height } = pixels;
  const jpeg = await sharp(pixels.data, { raw: { width, height, channels: 1 } }).jpeg({ quality }).toBuffer();
  const { data } = await sharp(jpeg).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  return { ...pixels, data: new Uint8Array(data) };
}

export { addNoise, blurPixels, smearPixels };
