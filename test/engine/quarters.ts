/** A picture of four quarters, by which one sees how it is turned, and what comes out of it on every way to pixels. */
import sharp from 'sharp';
import { expect } from 'vitest';
import type { DecodePool, Pixels } from '../../main/ports/index.ts';
import { lookAt } from './decode-kit.ts';

/** Large enough that a RAW file with such a preview is not rendered. */
const [width, height] = [672, 512];

/** Quarters: red and green above, blue and white below. */
export function drawQuarters(colours: readonly (readonly number[])[] = [[220, 40, 40], [40, 200, 40], [40, 40, 220], [230, 230, 230]]): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(colours[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)]!, (y * width + x) * 3);
  return { width, height, channels: 3, data };
}

export interface Quarters {
  readonly isLying: boolean;
  /** In reading order. */
  readonly letters: string;
  /** Red, green and blue of the first. */
  readonly first: readonly number[];
}

/** Shape and the letters of the quarters in reading order, and the first one's colour, as the grid, the eye and a client get them. */
export async function readQuarters(pool: DecodePool, path: string): Promise<Quarters[]> {
  const { outputs, errors, thumbnail } = await lookAt(pool, path, ['metadata', 'preview']);
  expect(errors, path).toEqual({});
  const known = outputs;
  const [full, small, delivered] = [await pool.picture({ path, size: 'full', known }, {}), await pool.picture({ path, size: 100, known }, {}), await pool.deliver({ path, maxEdge: 400, quality: 95, known }, {})];
  if (!full.ok || !small.ok || !delivered.ok) throw new Error('no picture');
  expect([full.value.width, full.value.height]).toEqual([outputs.preview!.width, outputs.preview!.height]);
  return Promise.all(
    [thumbnail!, full.value.jpeg, small.value.jpeg, delivered.value.jpeg].map(async (jpeg) => {
      const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
      const colourAt = (x: number, y: number): number[] => {
        const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
        return [...data.subarray(at, at + 3)];
      };
      // The one channel well above the others: CMYK has no such blue as was drawn.
      const letterOf = ([red = 0, green = 0, blue = 0]: number[]): string => {
        if (Math.min(red, green, blue) > 150) return 'W';
        const [most, next] = [['R', red] as const, ['G', green] as const, ['B', blue] as const].sort(([, one], [, other]) => other - one);
        return most![1] > next![1] + 30 ? most![0] : '?';
      };
      const letters = [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]].map(([x, y]) => letterOf(colourAt(x!, y!))).join('');
      return { isLying: info.width > info.height, letters, first: colourAt(0.25, 0.25) };
    }),
  );
}
