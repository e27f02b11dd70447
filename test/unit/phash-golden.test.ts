/**
 * The hash to the bit: whole-number pictures and what every machine must answer for them. (How it was compared between x86
 * and arm64 on pixels of real photos: docs/accuracy.md.)
 */
import { expect, test } from 'vitest';
import { computePhash } from '../../main/stages/phash/index.ts';
import { createRandom } from '../fixtures/index.ts';
import type { Pixels } from '../../main/ports/index.ts';

/** Overlapping rectangles on a slope of brightness; whole numbers only, so that the pixels are the same everywhere. */
function drawRectangles(seed: number, width: number, height: number, channels: 1 | 3): Pixels {
  const random = createRandom(seed);
  const data = new Uint8Array(width * height * channels).map((_, at) => 40 + Math.floor(((Math.floor(at / channels) % width) * 90) / width));
  for (let count = 0; count < 40; count++) {
    const [left, top] = [random.whole(0, width - 1), random.whole(0, height - 1)];
    const [right, bottom] = [left + random.whole(4, width >> 2), top + random.whole(4, height >> 2)];
    const level = random.whole(0, 255);
    for (let y = top; y < Math.min(height, bottom); y++)
      for (let x = left; x < Math.min(width, right); x++)
        for (let channel = 0; channel < channels; channel++) data[(y * width + x) * channels + channel] = (level + 23 * channel) & 255;
  }
  return { width, height, channels, data };
}

test.each([
  [1, 320, 200, 1, 'c056c58c0022747c'],
  [2, 333, 222, 3, '092f993bc4a42ba2'],
  [3, 64, 48, 3, 'a531481fea9ce8b9'],
  [4, 33, 32, 1, 'f021c3afcf1e2ecb'],
  [5, 1601, 1067, 3, '06582d57f504080e'],
  [6, 500, 1500, 3, '050a238bf4ceba43'],
] as const)('picture %i of %i x %i, %i channels', (seed, width, height, channels, expected) => {
  const result = computePhash(drawRectangles(seed, width, height, channels));
  expect(result.ok && result.value.hash).toBe(expected);
});
