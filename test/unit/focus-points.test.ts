/** Where cameras say that they focused, against what exiftool reads from the same real files. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analyse } from '../../main/workers/analyse.ts';
import { createTools } from '../../main/workers/tools.ts';
import { findProgram, need, needPhotos, photosFolder } from '../config/needs.ts';

const files = [
  'raw-headers/exiftool-CanonRaw.cr3', // EOS, AFInfo2, counted upwards
  'raw-headers/exiftool-CanonRaw.cr2', // EOS, AFInfo
  'raw-headers/canon-eos-r6-sunrise.cr3', // nothing in focus
  'raw-headers/nikon-z9-converted.dng',
  'raw-headers/exiftool-Panasonic.rw2',
  'jpeg/Olympus PEN E-P3.jpg',
  'jpeg/Issue 339.jpg',
  'heif/sony-a7cii-orientation-1_top_left.HIF',
  'heif/sony-a1.HIF', // focused by hand
  'groups/ukbench-1/ukbench00005.jpg', // PowerShot, five areas
];

type Facts = Readonly<Record<string, string | number | undefined>>;

test('focus points are those that exiftool reads', async (context) => {
  needPhotos(context);
  const exiftool = findProgram('exiftool');
  need(context, 'exiftool', exiftool !== null, 'no exiftool on this machine');
  const tools = createTools((where, error) => {
    throw new Error(`bug in ${where}`, { cause: error });
  });
  const text = execFileSync(exiftool!, ['-json', '-n', '-q', '-m', ...files.map((file) => join(photosFolder, file))], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'] });
  const answers = JSON.parse(text) as Facts[];
  for (const [at, file] of files.entries()) {
    const outcome = await analyse({ path: join(photosFolder, file), stages: ['metadata'], known: {}, thumbnail: false }, tools);
    const points = (outcome.ok ? outcome.value.results[0]?.output : null) as { focusPoints?: readonly { x: number; y: number; w: number; h: number }[] | null } | null;
    const middles = (points?.focusPoints ?? []).map(({ x, y, w, h }) => [x + w / 2, y + h / 2]);
    const expected = middlesOf(answers[at]!);
    expect(middles.length, file).toBe(expected.length);
    middles.forEach(([x, y], index) => {
      expect(x, file).toBeCloseTo(expected[index]![0], 2);
      expect(y, file).toBeCloseTo(expected[index]![1], 2);
    });
  }
}, 60_000);

/** In fractions of the picture; all of these are stored upright. */
function middlesOf(facts: Facts): [number, number][] {
  const numbers = (tag: string): number[] => String(facts[tag] ?? '').split(/[ ,()-]+/).filter(Boolean).map(Number);
  const signed = (tag: string): number[] => String(facts[tag] ?? '').split(' ').filter(Boolean).map(Number);
  const [width, height] = [Number(facts['AFImageWidth']), Number(facts['AFImageHeight'])];
  if (facts['AFAreaXPositions'] !== undefined) {
    const [xs, ys, bits] = [signed('AFAreaXPositions'), signed('AFAreaYPositions'), signed('AFPointsInFocus')];
    const up = /EOS/.test(String(facts['Model'])) ? -1 : 1;
    const isIn = (at: number): boolean => (((bits[at >> 4] ?? 0) >> (at & 15)) & 1) === 1;
    return xs.slice(0, Number(facts['ValidAFPoints'])).flatMap((x, at): [number, number][] => (isIn(at) ? [[0.5 + x / width, 0.5 + (up * ys[at]!) / height]] : []));
  }
  if (facts['AFAreaXPosition'] !== undefined) return [[Number(facts['AFAreaXPosition']) / width, Number(facts['AFAreaYPosition']) / height]];
  if (facts['FocusLocation'] !== undefined) {
    const [across = 1, down = 1, x = 0, y = 0] = numbers('FocusLocation');
    return facts['FocusMode'] === 0 ? [] : [[x / across, y / down]];
  }
  if (facts['AFPointPosition'] !== undefined) return [numbers('AFPointPosition') as [number, number]];
  const areas = numbers('AFAreas');
  if (areas.length === 4) return [[(areas[0]! + areas[2]!) / 510, (areas[1]! + areas[3]!) / 510]];
  return numbers('AFAreas').flatMap((area): [number, number][] => (area === 0 || area === 0x3679_4285 ? [] : [[((area >>> 24) + ((area >> 8) & 255)) / 510, (((area >> 16) & 255) + (area & 255)) / 510]]));
}
