/** Pictures that tests draw: scenes of many shapes, noisy, turned, brightened by known amounts. */
import type { Pixels } from '../../main/ports/index.ts';

/** Small repeatable random numbers 0..1 (mulberry32); the fixtures' own would draw other scenes, on which the tests' limits were not found. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Discs, bars and a soft sky, placed in fractions of the picture: the same seed gives the same scene at any size. */
export function drawScene(seed: number, width = 960, height = 640): Pixels {
  const random = createRandom(seed);
  const shapes = Array.from({ length: 90 }, () => ({
    x: random(), y: random(), size: 0.015 + 0.11 * random() ** 2, isBar: random() < 0.5, angle: random() * Math.PI,
    colour: [30 + 200 * random(), 30 + 200 * random(), 30 + 200 * random()] as const,
  }));
  const [from, to] = [60 + 60 * random(), 120 + 80 * random()];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) data.fill(from + ((to - from) * y) / height, 3 * y * width, 3 * (y + 1) * width);
  for (const shape of shapes) {
    const radius = shape.size * width;
    const [centreX, centreY] = [shape.x * width, shape.y * height];
    const [cos, sin] = [Math.cos(shape.angle), Math.sin(shape.angle)];
    for (let y = Math.max(0, Math.floor(centreY - radius)); y < Math.min(height, centreY + radius); y++)
      for (let x = Math.max(0, Math.floor(centreX - radius)); x < Math.min(width, centreX + radius); x++) {
        const [dx, dy] = [x - centreX, y - centreY];
        const isInside = dx * dx + dy * dy <= radius * radius && (!shape.isBar || Math.abs(dx * sin - dy * cos) < radius / 5);
        if (isInside) for (let channel = 0; channel < 3; channel++) data[3 * (y * width + x) + channel] = shape.colour[channel]!;
      }
  }
  return { width, height, channels: 3, data };
}

export function flatPicture(value: number, width = 640, height = 480): Pixels {
  return { width, height, channels: 3, data: new Uint8Array(width * height * 3).fill(value) };
}

/** Each value by a rule of its own; `at` counts bytes. */
export function mapPixels(pixels: Pixels, rule: (value: number, at: number) => number): Pixels {
  return { ...pixels, data: pixels.data.map((value, at) => Math.max(0, Math.min(255, Math.round(rule(value, at))))) };
}

/** Normal noise of this standard deviation in 8-bit levels, in each channel for itself (that of the fixtures is mostly one of brightness). */
export function addNoise(pixels: Pixels, deviation: number, seed = 7): Pixels {
  const random = createRandom(seed);
  return mapPixels(pixels, (value) => {
    let sum = -6;
    for (let draw = 0; draw < 12; draw++) sum += random();
    return value + deviation * sum;
  });
}

/** A quarter turn clockwise. */
export function turnPixels({ width, height, data }: Pixels): Pixels {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++) turned[3 * (x * height + (height - 1 - y)) + channel] = data[3 * (y * width + x) + channel]!;
  return { width: height, height: width, channels: 3, data: turned };
}

/** Left and right changed. */
export function mirrorPixels(pixels: Pixels): Pixels {
  const { width, data } = pixels;
  return { ...pixels, data: data.map((_, at) => data[at + 3 * (width - 1 - 2 * (Math.floor(at / 3) % width))]!) };
}
