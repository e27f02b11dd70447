/** Cuts turned and scaled squares out of a picture: the inputs of the models. */
import type { Pixels } from '../../ports/index.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle in the picture, in its pixels; `angle` in radians, clockwise as seen: the direction in which the crop's x axis runs. */
export interface Crop {
  readonly center: Point;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
  /** The crop is turned over left to right. */
  readonly isMirrored?: boolean;
}

/** A picture and its halves, quarters, ..., made when first asked for. */
export interface Scales {
  readonly width: number;
  readonly height: number;
  /** Level 0 is the picture itself. */
  at(level: number): Pixels;
}

export function createScales(pixels: Pixels): Scales {
  const levels = [pixels];
  return {
    width: pixels.width,
    height: pixels.height,
    at(level) {
      while (levels.length <= level) {
        const last = levels.at(-1)!;
        if (last.width < 2 || last.height < 2) return last;
        levels.push(halve(last));
      }
      return levels[level]!;
    },
  };
}

/** Means of 2 x 2 pixels; an odd last row or column is left out. */
function halve({ width, height, channels, data }: Pixels): Pixels {
  const halfWidth = width >> 1;
  const halfHeight = height >> 1;
  const half = new Uint8Array(halfWidth * halfHeight * channels);
  const row = width * channels;
  let to = 0;
  for (let y = 0; y < halfHeight; y++)
    for (let x = 0, from = 2 * y * row; x < halfWidth; x++, from += channels)
      for (let channel = 0; channel < channels; channel++, from++) half[to++] = (data[from]! + data[from + channels]! + data[from + row]! + data[from + row + channels]! + 2) >> 2;
  return { width: halfWidth, height: halfHeight, channels, data: half };
}

/** Maps points of a crop, as fractions of its edges (0..1), to pixels of the picture. */
export function pointOf({ center, width, height, angle, isMirrored }: Crop, across: number, down: number): Point {
  const x = ((isMirrored ? 1 - across : across) - 0.5) * width;
  const y = (down - 0.5) * height;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return { x: center.x + x * cos - y * sin, y: center.y + x * sin + y * cos };
}

/** Up to so much shrinking one sample a pixel is enough. */
const plainShrink = 1.4;

/**
 * Samples a crop to `columns` x `rows` as three planes (red, green, blue), 0..1; what lies outside the picture is black. Bilinear;
 * where it shrinks, from a picture halved as often as that takes (so that all pixels count), and with four samples a pixel where that
 * leaves much to shrink.
 * @param into planes of columns * rows numbers each are written here.
 */
export function sampleCrop(scales: Scales, crop: Crop, columns: number, rows: number, into: Float32Array): void {
  const shrink = Math.max(crop.width / columns, crop.height / rows, 1e-6);
  const level = Math.max(0, Math.floor(Math.log2(shrink)));
  const pixels = scales.at(level);
  const [scaleX, scaleY] = [pixels.width / scales.width, pixels.height / scales.height];
  const samples = shrink / 2 ** level > plainShrink ? 2 : 1;
  const plane = columns * rows;
  const origin = pointOf(crop, 0, 0);
  const along = pointOf(crop, 1, 0);
  const down = pointOf(crop, 0, 1);
  const [stepXx, stepXy] = [((along.x - origin.x) / columns) * scaleX, ((along.y - origin.y) / columns) * scaleY];
  const [stepYx, stepYy] = [((down.x - origin.x) / rows) * scaleX, ((down.y - origin.y) / rows) * scaleY];
  const weight = 1 / (255 * samples * samples);
  const sum = new Float64Array(3);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      sum[0] = sum[1] = sum[2] = 0;
      for (let sample = 0; sample < samples * samples; sample++) {
        const u = column + ((sample % samples) + 0.5) / samples;
        const v = row + ((sample >> (samples - 1)) + 0.5) / samples;
        // Centres of pixels lie at halves.
        addBilinear(pixels, origin.x * scaleX + u * stepXx + v * stepYx - 0.5, origin.y * scaleY + u * stepXy + v * stepYy - 0.5, sum);
      }
      const target = row * columns + column;
      into[target] = sum[0] * weight;
      into[target + plane] = sum[1] * weight;
      into[target + 2 * plane] = sum[2] * weight;
    }
}

/** Adds the colour at a point between pixels. */
function addBilinear(pixels: Pixels, x: number, y: number, sum: Float64Array): void {
  const { width, height, channels, data } = pixels;
  if (!(x > -1 && y > -1 && x < width && y < height)) return;
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = x - left;
  const low = y - top;
  if (channels !== 3 || left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) return addAtEdge(pixels, left, top, right, low, sum);
  const a = (1 - right) * (1 - low);
  const b = right * (1 - low);
  const c = (1 - right) * low;
  const d = right * low;
  const from = (top * width + left) * 3;
  const below = from + width * 3;
  sum[0]! += a * data[from]! + b * data[from + 3]! + c * data[below]! + d * data[below + 3]!;
  sum[1]! += a * data[from + 1]! + b * data[from + 4]! + c * data[below + 1]! + d * data[below + 4]!;
  sum[2]! += a * data[from + 2]! + b * data[from + 5]! + c * data[below + 2]! + d * data[below + 5]!;
}

/** The same for grey pictures, and where some of the four pixels are outside. */
function addAtEdge({ width, height, channels, data }: Pixels, left: number, top: number, right: number, low: number, sum: Float64Array): void {
  for (let corner = 0; corner < 4; corner++) {
    const column = left + (corner & 1);
    const row = top + (corner >> 1);
    if (column < 0 || row < 0 || column >= width || row >= height) continue;
    const share = (corner & 1 ? right : 1 - right) * (corner >> 1 ? low : 1 - low);
    const from = (row * width + column) * channels;
    for (let channel = 0; channel < 3; channel++) sum[channel]! += share * data[channels === 3 ? from + channel : from]!;
  }
}
