/** AVIF: boxes that turn, tiles, ten bits, colours by numbers; EXIF's orientation changes nothing. */
import { expect, test } from 'vitest';
import { makeAvif } from '../fixtures/avif.ts';
import type { AvifOptions } from '../fixtures/avif.ts';
import { useDecodeBench } from './decode-kit.ts';
import { drawQuarters, readQuarters } from './quarters.ts';

const { pool, put } = useDecodeBench();

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
    const seen = await readQuarters(pool, put(`${index}.avif`, await makeAvif(drawQuarters(), options)));
    expect(seen.map((each) => each.letters), JSON.stringify(options)).toEqual(Array(4).fill(letters));
    expect(seen.map((each) => each.isLying ? lying : standing), JSON.stringify(options)).toEqual(Array(4).fill(shape));
  }
});

test('colours by numbers: Display P3 as CSS Color 4 converts it, sRGB as it is, PQ white near white', { timeout: 300_000 }, async () => {
  const colours = [[128, 153, 102], [128, 128, 128], [90, 90, 90], [60, 60, 60]];
  const near = async (name: string, options: AvifOptions, expected: readonly number[]): Promise<void> => {
    for (const { first } of await readQuarters(pool, put(name, await makeAvif(drawQuarters(colours), options))))
      first.forEach((value, channel) => expect(Math.abs(value - expected[channel]!), `${name}: ${first.join(' ')}`).toBeLessThanOrEqual(4));
  };
  await near('p3.avif', { nclx: { primaries: 12, transfer: 13 } }, [121, 154, 96]);
  await near('p3-10.avif', { nclx: { primaries: 12, transfer: 13 }, bits: 10 }, [121, 154, 96]);
  await near('srgb.avif', { nclx: { primaries: 1, transfer: 13 } }, [128, 153, 102]);
  await near('untold.avif', {}, [128, 153, 102]);
  // 203 cd/m2, diffuse white, is 58 % of PQ's range (ITU-R BT.2408).
  const [white] = await readQuarters(pool, put('pq.avif', await makeAvif(drawQuarters([[148, 148, 148], ...colours.slice(1)]), { nclx: { primaries: 9, transfer: 16 }, bits: 10 })));
  expect(Math.min(...white!.first)).toBeGreaterThan(215);
});
