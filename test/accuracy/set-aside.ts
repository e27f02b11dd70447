/**
 * Photos that no limit was set on, chosen by a rule before anything of them was measured, in two halves: one for tuning, and one
 * that is only reported.
 *
 * The rule: of the shared photos' `jpeg/` every JPEG, of each folder of `groups/` the first, with a long edge of at least 1,200 pixels; not those of
 * {@link sharpPhotos} or of their scenes, and not the black one. In the order of their paths' SHA-256 every second one is for tuning. Each is shrunk to half its size
 * (1,600 pixels at most), where a photo is sharp whose focus was about right.
 */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Pixels } from '../../main/ports/index.ts';
import { createRandom } from '../fixtures/index.ts';
import { readLumaOf, sharpPhotos } from './blur-material.ts';

const leastEdge = 1_200;
const mostEdge = 1_600;
/** A photo of nothing: 0 in all pixels. */
const black = 'jpeg/Sony DSC-P12.jpg';
/** The picture of `pdq-dihedral`, which is in the other half. */
const double = 'groups/pdq-edits/aaa-orig.jpg';

export interface SetAside {
  readonly tuning: readonly string[];
  readonly heldBack: readonly string[];
}

export async function choosePhotos(photosFolder: string): Promise<SetAside> {
  const jpegsOf = (folder: string): string[] =>
    readdirSync(join(photosFolder, folder)).filter((name) => /\.jpe?g$/i.test(name)).sort().map((name) => `${folder}/${name}`);
  const groups = readdirSync(join(photosFolder, 'groups'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => `groups/${name}`);
  const isUsed = (path: string): boolean => path === black || sharpPhotos.some((used) => used === path || (path.startsWith('groups/') && used.startsWith(path.slice(0, path.lastIndexOf('/') + 1))));
  const chosen: string[] = [];
  for (const paths of [...groups.map((folder) => jpegsOf(folder).slice(0, 1)), jpegsOf('jpeg')])
    for (const path of paths) {
      if (isUsed(path)) continue;
      const size = await sharp(join(photosFolder, path)).metadata().catch(() => null);
      if (size && Math.max(size.width, size.height) >= leastEdge) chosen.push(path);
    }
  const hashOf = (path: string): string => createHash('sha256').update(path).digest('hex');
  const ordered = chosen.sort((a, b) => (hashOf(a) < hashOf(b) ? -1 : 1));
  return { tuning: ordered.filter((_, at) => at % 2 === 0), heldBack: ordered.filter((path, at) => at % 2 === 1 && path !== double) };
}

export async function readHalved(path: string): Promise<Pixels> {
  const { width, height } = await sharp(path).metadata();
  return readLumaOf(path, Math.min(mostEdge, Math.round(Math.max(width, height) / 2)));
}

/** Electrons of a white pixel at ISO 100, and the read noise in electrons: a small sensor of today. */
const [whiteAt100, readNoise] = [30_000, 3];

/** Photon noise and read noise in linear light, before the tone curve (IEC 61966-2-1), of one channel. `seed` names the noise. */
export function addCameraNoise(pixels: Pixels, iso: number, seed: number): Pixels {
  const random = createRandom(seed);
  const white = (whiteAt100 * 100) / iso;
  const electrons = Float64Array.from({ length: 256 }, (_, value) => white * (value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  const data = pixels.data.map((value) => {
    // Box and Muller's; a Poisson count of some ten electrons and more is near enough to a bell
    const bell = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    const light = Math.min(1, Math.max(0, (electrons[value]! + bell * Math.sqrt(electrons[value]! + readNoise ** 2)) / white));
    return Math.round(255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055));
  });
  return { ...pixels, data };
}
