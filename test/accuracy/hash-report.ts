/** How well hashes tell which photos belong together, and how far changes of a picture move them. */
import { join } from 'node:path';
import type { Pixels } from '../../main/ports/index.ts';
import { percentile } from '../bench/figures.ts';
import { toolsOfChild } from '../bench/extract.ts';
import { mirrorPixels, turnPixels } from '../unit/drawn-scene.ts';
import { bitDistance, ownPositions, pictureHashes } from './hashes/index.ts';
import type { PictureHash } from './hashes/index.ts';
import { listVariousPhotos, pictureChanges, readPicture } from './hash-pictures.ts';
import { readTrueGroups, truthOf } from './measure.ts';

export interface Score {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface HashOutcome {
  readonly hash: PictureHash;
  /** At the distance that serves it best on these very pictures. */
  readonly best: Score & { readonly distance: number };
  readonly published: Score | null;
  /** imagededup's rule for sets: whatever chains of distances up to the published one connect, is one. */
  readonly connected: Score | null;
}

interface Pair {
  readonly distance: number;
  readonly belongs: boolean;
  readonly a: number;
  readonly b: number;
}

/** The groups' pictures by their file names. */
export async function readGroupPictures(photosFolder: string): Promise<Map<string, Pixels>> {
  const tools = toolsOfChild();
  const pictures = new Map<string, Pixels>();
  for (const file of readTrueGroups(photosFolder).flatMap(({ files }) => files)) {
    const pixels = await readPicture(join(photosFolder, 'groups', file), tools);
    if (!pixels) throw new Error(`${file} cannot be shown`);
    pictures.set(file, pixels);
  }
  return pictures;
}

/**
 * Every two pictures of the groups that the ground truth speaks of, by the hash alone. `turned`: the least distance over all
 * eight positions of one of them; otherwise the set of turned and mirrored pictures is left out.
 */
export async function compareHashes(photosFolder: string, pictures: ReadonlyMap<string, Pixels>, turned: boolean): Promise<HashOutcome[]> {
  const truth = readTrueGroups(photosFolder);
  const files = [...pictures.keys()].filter((file) => turned || !file.startsWith('pdq-dihedral/'));
  const outcomes: HashOutcome[] = [];
  for (const hash of pictureHashes) {
    const hashes: (Uint8Array[] | null)[] = [];
    for (const file of files) hashes.push(await positionsOf(hash, pictures.get(file)!, turned));
    const pairs: Pair[] = [];
    files.forEach((file, a) =>
      files.slice(a + 1).forEach((other, step) => {
        const b = a + 1 + step;
        const belongs = truthOf(truth, file, other);
        const [positions, upright] = [hashes[a], hashes[b]?.[0]];
        const distance = positions && upright ? Math.min(...positions.map((position) => bitDistance(position, upright))) : Infinity;
        if (belongs !== null) pairs.push({ distance, belongs, a, b });
      }),
    );
    const at = (distance: number): Score => scoreOf(pairs, (pair) => pair.distance <= distance);
    const tried = Array.from({ length: hash.bits / 2 }, (_, distance) => ({ distance, ...at(distance) }));
    const best = tried.reduce((most, one) => (one.f1 > most.f1 ? one : most));
    const { published } = hash;
    const setOf = published ? connect(files.length, hashes, published.distance) : null;
    outcomes.push({ hash, best, published: published ? at(published.distance) : null, connected: setOf ? scoreOf(pairs, ({ a, b }) => setOf[a] === setOf[b]) : null });
  }
  return outcomes;
}

/** The picture's hash, and with `turned` those of its seven other positions; null where it means nothing. */
async function positionsOf(hash: PictureHash, pixels: Pixels, turned: boolean): Promise<Uint8Array[] | null> {
  const upright = await hash.compute(pixels);
  if (!upright || !turned) return upright && [upright];
  // Ours follow from the hash; the others are hashed again.
  if (hash === pictureHashes[0]) return ownPositions(upright);
  const all: Uint8Array[] = [];
  for (const position of turnAll(pixels)) all.push((await hash.compute(position)) ?? upright);
  return all;
}

const turnedPictures = new WeakMap<Pixels, readonly Pixels[]>();

/** The picture in all eight positions, the picture itself first; made once for all hashes. */
function turnAll(pixels: Pixels): readonly Pixels[] {
  const known = turnedPictures.get(pixels);
  if (known) return known;
  const quarter = turnPixels(pixels);
  const half = turnPixels(quarter);
  const turned = [pixels, quarter, half, turnPixels(half)];
  const all = [...turned, ...turned.map(mirrorPixels)];
  turnedPictures.set(pixels, all);
  return all;
}

/** Each picture's set, named by one of its members. */
function connect(count: number, hashes: readonly (readonly Uint8Array[] | null)[], distance: number): number[] {
  const sets = Array.from({ length: count }, (_, at) => at);
  for (let a = 0; a < count; a++)
    for (let b = a + 1; b < count; b++) {
      const upright = hashes[b]?.[0];
      if (!upright || sets[a] === sets[b] || !hashes[a]?.some((position) => bitDistance(position, upright) <= distance)) continue;
      const [kept, joined] = [sets[a]!, sets[b]];
      sets.forEach((set, at) => (sets[at] = set === joined ? kept : set));
    }
  return sets;
}

function scoreOf(pairs: readonly Pair[], isJoined: (pair: Pair) => boolean): Score {
  const [found, wrong, all] = [pairs.filter((pair) => pair.belongs && isJoined(pair)).length, pairs.filter((pair) => !pair.belongs && isJoined(pair)).length, pairs.filter(({ belongs }) => belongs).length];
  const precision = found + wrong === 0 ? 1 : found / (found + wrong);
  const recall = found / Math.max(1, all);
  return { precision, recall, f1: (2 * precision * recall) / Math.max(1e-9, precision + recall) };
}

export interface Robustness {
  readonly hash: PictureHash;
  /** By change: differing bits, mean and 95th percentile. */
  readonly changes: readonly { readonly name: string; readonly mean: number; readonly p95: number }[];
  /** Pictures of other things: 5th percentile of differing bits. */
  readonly unrelated: number;
  /** Pictures for which the hash says that it means nothing. */
  readonly refused: number;
  readonly pictures: number;
}

export async function measureRobustness(photosFolder: string): Promise<Robustness[]> {
  const tools = toolsOfChild();
  const pictures: Pixels[] = [];
  for (const file of listVariousPhotos(photosFolder, readTrueGroups(photosFolder))) {
    const pixels = await readPicture(join(photosFolder, file), tools);
    if (pixels && Math.min(pixels.width, pixels.height) >= 128) pictures.push(pixels);
  }
  const hashAll = (all: readonly Pixels[]): Promise<(Uint8Array | null)[][]> => Promise.all(pictureHashes.map((hash) => Promise.all(all.map((pixels) => hash.compute(pixels)))));
  const originals = await hashAll(pictures);
  const moved: { name: string; bits: number[][] }[] = [];
  for (const { name, apply } of pictureChanges) {
    const changed = await hashAll(await Promise.all(pictures.map((pixels) => apply(pixels, tools))));
    moved.push({ name, bits: changed.map((hashes, at) => hashes.flatMap((hash, picture) => distanceOf(hash, originals[at]![picture]!))) });
  }
  return pictureHashes.map((hash, at) => {
    const own = originals[at]!;
    const apart = own.flatMap((a, first) => own.slice(first + 1).flatMap((b) => distanceOf(a, b)));
    return {
      hash,
      changes: moved.map(({ name, bits }) => ({ name, mean: bits[at]!.reduce((sum, value) => sum + value, 0) / bits[at]!.length, p95: percentile(bits[at]!, 0.95) })),
      unrelated: percentile(apart, 0.05),
      refused: own.filter((one) => one === null).length,
      pictures: own.length,
    };
  });
}

function distanceOf(a: Uint8Array | null, b: Uint8Array | null): number[] {
  return a && b ? [bitDistance(a, b)] : [];
}
