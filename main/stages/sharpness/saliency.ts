/**
 * Where the eye goes, by the spectral residual (Hou and Zhang 2007, "Saliency detection: a spectral residual approach"): what the logarithm of
 * the amplitude spectrum has beside its own local mean is what is unusual in the picture.
 */
import type { Region } from '../../domain/index.ts';

/** The paper's size of the picture for this. */
const side = 64;

/**
 * The most salient object: the rectangle around the strongest connected part above three times the mean saliency (the paper's threshold), in
 * fractions of the picture as stored; null where nothing stands out.
 * @param luma 8 bits a pixel, rows top to bottom.
 */
export function findSalient(luma: { readonly width: number; readonly height: number; readonly data: Uint8Array }): Region | null {
  const real = shrink(luma);
  const imaginary = new Float64Array(side * side);
  transform(real, imaginary, false);
  const logs = real.map((value, at) => Math.log(Math.hypot(value, imaginary[at]!) + 1e-6));
  const means = blur(logs, 1);
  for (let at = 0; at < side * side; at++) {
    const amplitude = Math.exp(logs[at]! - means[at]!);
    const phase = Math.atan2(imaginary[at]!, real[at]!);
    real[at] = amplitude * Math.cos(phase);
    imaginary[at] = amplitude * Math.sin(phase);
  }
  transform(real, imaginary, true);
  let map: Float64Array = real.map((value, at) => value * value + imaginary[at]! * imaginary[at]!);
  // Three passes of a box of 5 are near the Gaussian of deviation 2.5 that the paper's map is smoothed with.
  for (let pass = 0; pass < 3; pass++) map = blur(map, 2);
  return strongestPart(map);
}

/** Area average to 64 x 64, whatever the picture's shape. */
function shrink({ width, height, data }: { readonly width: number; readonly height: number; readonly data: Uint8Array }): Float64Array {
  const cells = new Float64Array(side * side);
  // Every so many pixels: a mean of some hundred is as good.
  const stepX = Math.max(1, Math.floor(width / side / 16));
  const stepY = Math.max(1, Math.floor(height / side / 16));
  for (let row = 0; row < side; row++) {
    const top = Math.floor((row * height) / side);
    const bottom = Math.max(top + 1, Math.floor(((row + 1) * height) / side));
    for (let column = 0; column < side; column++) {
      const left = Math.floor((column * width) / side);
      const right = Math.max(left + 1, Math.floor(((column + 1) * width) / side));
      let sum = 0;
      let count = 0;
      for (let y = top; y < bottom; y += stepY)
        for (let x = left; x < right; x += stepX) {
          sum += data[y * width + x]!;
          count++;
        }
      cells[row * side + column] = sum / count;
    }
  }
  return cells;
}

/** Fourier transform of the 64 x 64 values in place: rows, then columns. */
function transform(real: Float64Array, imaginary: Float64Array, isInverse: boolean): void {
  for (let line = 0; line < side; line++) transformLine(real, imaginary, line * side, 1, isInverse);
  for (let line = 0; line < side; line++) transformLine(real, imaginary, line, side, isInverse);
}

/** Cooley and Tukey's, radix 2. */
function transformLine(real: Float64Array, imaginary: Float64Array, start: number, step: number, isInverse: boolean): void {
  const swap = (values: Float64Array, a: number, b: number): void => {
    const held = values[a]!;
    values[a] = values[b]!;
    values[b] = held;
  };
  for (let at = 1, reversed = 0; at < side; at++) {
    let bit = side >> 1;
    for (; reversed & bit; bit >>= 1) reversed ^= bit;
    reversed ^= bit;
    if (at < reversed) {
      swap(real, start + at * step, start + reversed * step);
      swap(imaginary, start + at * step, start + reversed * step);
    }
  }
  for (let length = 2; length <= side; length <<= 1) {
    const angle = ((isInverse ? 2 : -2) * Math.PI) / length;
    for (let from = 0; from < side; from += length)
      for (let k = 0; k < length / 2; k++) {
        const [cosine, sine] = [Math.cos(angle * k), Math.sin(angle * k)];
        const a = start + (from + k) * step;
        const b = a + (length / 2) * step;
        const [re, im] = [real[b]! * cosine - imaginary[b]! * sine, real[b]! * sine + imaginary[b]! * cosine];
        real[b] = real[a]! - re;
        imaginary[b] = imaginary[a]! - im;
        real[a]! += re;
        imaginary[a]! += im;
      }
  }
}

/** Mean over a square of 2 * radius + 1 cells, those beyond the border left out. */
function blur(values: Float64Array, radius: number): Float64Array {
  const means = new Float64Array(side * side);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      let sum = 0;
      let count = 0;
      for (let y = Math.max(0, row - radius); y <= Math.min(side - 1, row + radius); y++)
        for (let x = Math.max(0, column - radius); x <= Math.min(side - 1, column + radius); x++) {
          sum += values[y * side + x]!;
          count++;
        }
      means[row * side + column] = sum / count;
    }
  return means;
}

function strongestPart(map: Float64Array): Region | null {
  const threshold = (3 * map.reduce((sum, value) => sum + value, 0)) / map.length;
  const seen = new Uint8Array(map.length);
  let best: Region | null = null;
  let most = 0;
  for (let start = 0; start < map.length; start++) {
    if (seen[start] || map[start]! <= threshold) continue;
    let [left, right, top, bottom, sum] = [side, 0, side, 0, 0];
    const open = [start];
    seen[start] = 1;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const [x, y] = [at % side, Math.floor(at / side)];
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
      sum += map[at]!;
      for (const [nx, ny] of [[x - 1, y], [x + 1, y], [x, y - 1], [x, y + 1]] as const) {
        const next = ny * side + nx;
        if (nx < 0 || ny < 0 || nx >= side || ny >= side || seen[next] || map[next]! <= threshold) continue;
        seen[next] = 1;
        open.push(next);
      }
    }
    if (sum <= most) continue;
    most = sum;
    best = { x: left / side, y: top / side, w: (right - left + 1) / side, h: (bottom - top + 1) / side };
  }
  return best;
}
