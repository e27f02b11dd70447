/** AVIF: boxes that turn, tiles, ten bits, colours by numbers; EXIF's orientation changes nothing. */
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Pixels } from '../../main/ports/index.ts';
import { makeAvif } from '../fixtures/avif.ts';
import type { AvifOptions } from '../fixtures/avif.ts';
import { lookAt, useDecodeBench } from './decode-kit.ts';

const { pool, put } = useDecodeBench();

const [width, height] = [256, 192];

/** Quarters: red and green above, blue and white below. */
function drawQuarters(colours: readonly (readonly number[])[] = [[220, 40, 40], [40, 200, 40], [40, 40, 220], [230, 230, 230]]): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(colours[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)]!, (y * width + x) * 3);
  return { width, height, channels: 3, data };
}

/** Size and the letters of the quarters in reading order, and the first one's colour, as the grid, the eye and a client get them. */
async function readQuarters(path: string): Promise<{ size: number[]; letters: string; first: number[] }[]> {
  const { outputs, errors, thumbnail } = await lookAt(pool, path, ['metadata', 'preview']);
  expect(errors).toEqual({});
  const known = outputs;
  const [full, small, delivered] = [await pool.picture({ path, size: 'full', known }, {}), await pool.picture({ path, size: 100, known }, {}), await pool.deliver({ path, maxEdge: 256, quality: 95, known }, {})];
  if (!full.ok || !small.ok || !delivered.ok) throw new Error('no picture');
  expect([full.value.width, full.value.height]).toEqual([outputs.preview!.width, outputs.preview!.height]);
  return Promise.all(
    [thumbnail!, full.value.jpeg, small.value.jpeg, delivered.value.jpeg].map(async (jpeg) => {
      const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
      const colourAt = (x: number, y: number): number[] => {
        const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
        return [...data.subarray(at, at + 3)];
      };
      const letterOf = ([red = 0, green = 0, blue = 0]: number[]): string => (red > 150 && green > 150 ? 'W' : red > 150 ? 'R' : green > 150 ? 'G' : blue > 150 ? 'B' : '?');
      const letters = [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]].map(([x, y]) => letterOf(colourAt(x!, y!))).join('');
      return { size: [info.width > info.height ? 1 : 0], letters, first: colourAt(0.25, 0.25) };
    }),
  );
}

const lying = 1;
const standing = 0;
/** ISO/IEC 23008-12 sections 6.5.10 and 6.5.12: turned first, anticlockwise, then mirrored. */
const cases: readonly (readonly [AvifOptions, string, number])[] = [
  [{}, 'RGBW', lying],
  [{ mirror: 1 }, 'GRWB', lying],
  [{ quarterTurns: 2 }, 'WBGR', lying],
  [{ mirror: 0 }, 'BWRG', lying],
  [{ quarterTurns: 1, mirror: 0 }, 'RBGW', standing],
  [{ quarterTurns: 3 }, 'BRWG', standing],
  [{ quarterTurns: 1, mirror: 1 }, 'WGBR', standing],
  [{ quarterTurns: 1 }, 'GWRB', standing],
  // EXIF that repeats the boxes, contradicts them, or speaks alone.
  [{ quarterTurns: 3, exifOrientation: 6 }, 'BRWG', standing],
  [{ quarterTurns: 3, exifOrientation: 1 }, 'BRWG', standing],
  [{ exifOrientation: 8 }, 'RGBW', lying],
  [{ tiles: { columns: 2, rows: 2 } }, 'RGBW', lying],
  [{ tiles: { columns: 2, rows: 1 }, quarterTurns: 1 }, 'GWRB', standing],
  [{ bits: 10 }, 'RGBW', lying],
  [{ bits: 10, quarterTurns: 2 }, 'WBGR', lying],
];

test('turned and mirrored by boxes exactly once, whatever EXIF says; tiles; ten bits', { timeout: 240_000 }, async () => {
  for (const [index, [options, letters, shape]] of cases.entries()) {
    const seen = await readQuarters(put(`${index}.avif`, await makeAvif(drawQuarters(), options)));
    expect(seen.map((each) => each.letters), JSON.stringify(options)).toEqual(Array(4).fill(letters));
    expect(seen.map(({ size }) => size[0]), JSON.stringify(options)).toEqual(Array(4).fill(shape));
  }
});

test('colours by numbers: Display P3 as CSS Color 4 converts it, sRGB as it is, PQ white near white', { timeout: 120_000 }, async () => {
  const colours = [[128, 153, 102], [128, 128, 128], [90, 90, 90], [60, 60, 60]];
  const near = async (name: string, options: AvifOptions, expected: readonly number[]): Promise<void> => {
    for (const { first } of await readQuarters(put(name, await makeAvif(drawQuarters(colours), options))))
      first.forEach((value, channel) => expect(Math.abs(value - expected[channel]!), `${name}: ${first.join(' ')}`).toBeLessThanOrEqual(4));
  };
  await near('p3.avif', { nclx: { primaries: 12, transfer: 13 } }, [121, 154, 96]);
  await near('p3-10.avif', { nclx: { primaries: 12, transfer: 13 }, bits: 10 }, [121, 154, 96]);
  await near('srgb.avif', { nclx: { primaries: 1, transfer: 13 } }, [128, 153, 102]);
  await near('untold.avif', {}, [128, 153, 102]);
  // 203 cd/m2, diffuse white, is 58 % of PQ's range (ITU-R BT.2408).
  const [white] = await readQuarters(put('pq.avif', await makeAvif(drawQuarters([[148, 148, 148], ...colours.slice(1)]), { nclx: { primaries: 9, transfer: 16 }, bits: 10 })));
  expect(Math.min(...white!.first)).toBeGreaterThan(215);
});
