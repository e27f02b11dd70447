/** Hashes to search among: random ones with planted neighbours, and real ones of many cuts of the shared photos. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createSharpCodec } from '../../main/adapters/sharp/index.ts';
import { parseHash } from '../../main/domain/index.ts';
import type { HashList } from '../../main/domain/index.ts';
import type { Pixels } from '../../main/ports/index.ts';
import { computePhash } from '../../main/stages/phash/index.ts';
import { photosFolder } from '../config/needs.ts';
import { createRandom } from '../fixtures/index.ts';

/** Every third hash is the one before with 1 to `most` changed bits; the others are random. */
export function plantHashes(count: number, seed: number, most = 10): HashList {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random.next() * limit);
  const hashes: HashList = { high: new Int32Array(count), low: new Int32Array(count) };
  for (let at = 0; at < count; at++) {
    if (at % 3 !== 2) {
      hashes.high[at] = below(2 ** 32);
      hashes.low[at] = below(2 ** 32);
      continue;
    }
    hashes.high[at] = hashes.high[at - 1]!;
    hashes.low[at] = hashes.low[at - 1]!;
    const changed = new Set<number>();
    for (const changes = 1 + below(most); changed.size < changes; ) changed.add(below(64));
    for (const bit of changed) (bit < 32 ? hashes.high : hashes.low)[at]! ^= 1 << (bit & 31);
  }
  return hashes;
}

const edge = 1024;
/** Sides of a cut's picture: twice the hash's own, so that the hash shrinks it as it shrinks any picture. */
const cutSide = 64;
const smallestCut = 96;
/** Standard deviation of a cut's brightness, 8-bit levels, below which it is sky or wall: those hashes mean nothing. */
const leastContrast = 6;

interface Summed {
  readonly width: number;
  readonly height: number;
  /** Sums of brightness above and left of each corner (Crow 1984, "Summed-area tables for texture mapping"). */
  readonly sums: Float64Array;
}

/** Hashes, by the stage's own code, of cuts at random places and sizes; null without the shared photos. */
export async function cutHashes(count: number, seed: number): Promise<HashList | null> {
  const pictures = await readPictures();
  if (pictures.length === 0) return null;
  const random = createRandom(seed);
  const hashes: HashList = { high: new Int32Array(count), low: new Int32Array(count) };
  for (let at = 0; at < count; ) {
    const picture = pictures[Math.floor(random.next() * pictures.length)]!;
    const height = smallestCut + random.next() ** 2 * (picture.height - smallestCut);
    const width = Math.min(picture.width, height * (0.7 + 0.8 * random.next()));
    const cut = cutOut(picture, { x: random.next() * (picture.width - width), y: random.next() * (picture.height - height), width, height });
    if (contrastOf(cut.data) < leastContrast) continue;
    const result = computePhash(cut);
    const bits = result.ok ? parseHash(result.value.hash) : null;
    if (!bits) throw new Error('a cut of a photo has no hash');
    [hashes.high[at], hashes.low[at]] = bits;
    at++;
  }
  return hashes;
}

async function readPictures(): Promise<Summed[]> {
  const codec = createSharpCodec();
  const pictures: Summed[] = [];
  for (const folder of ['groups', 'jpeg', 'quality'].map((name) => join(photosFolder, name)).filter((path) => existsSync(path))) {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
    for (const name of names) {
      const decoded = await codec.decode(readFileSync(join(folder, name)), { maxEdge: edge, orientation: 'own' });
      if (decoded.ok && Math.min(decoded.value.width, decoded.value.height) > 2 * smallestCut) pictures.push(sumUp(decoded.value));
    }
  }
  return pictures;
}

function sumUp({ width, height, channels, data }: Pixels): Summed {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0, from = 0; y < height; y++) {
    let line = 0;
    for (let x = 0; x < width; x++, from += channels) {
      line += channels === 1 ? data[from]! : 0.299 * data[from]! + 0.587 * data[from + 1]! + 0.114 * data[from + 2]!;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + line;
    }
  }
  return { width, height, sums };
}

function cutOut({ width, sums }: Summed, cut: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): Pixels {
  const data = new Uint8Array(cutSide * cutSide);
  const edges = (from: number, length: number): number[] => Array.from({ length: cutSide + 1 }, (_, at) => Math.floor(from + (at * length) / cutSide));
  const [across, down] = [edges(cut.x, cut.width), edges(cut.y, cut.height)];
  const sumTo = (x: number, y: number): number => sums[y * (width + 1) + x]!;
  for (let y = 0; y < cutSide; y++)
    for (let x = 0; x < cutSide; x++) {
      const [left, right, top, bottom] = [across[x]!, across[x + 1]!, down[y]!, down[y + 1]!];
      data[y * cutSide + x] = (sumTo(right, bottom) - sumTo(left, bottom) - sumTo(right, top) + sumTo(left, top)) / ((right - left) * (bottom - top));
    }
  return { width: cutSide, height: cutSide, channels: 1, data };
}

function contrastOf(values: Uint8Array): number {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return Math.sqrt(Math.max(0, squares / values.length - mean * mean));
}

/** Eight bytes a hash, the low half first: a 64-bit number on machines of either kind that this runs on (all little-endian). */
export function bytesOf({ high, low }: HashList): Buffer {
  const bytes = Buffer.alloc(8 * high.length);
  for (let at = 0; at < high.length; at++) {
    bytes.writeInt32LE(low[at]!, 8 * at);
    bytes.writeInt32LE(high[at]!, 8 * at + 4);
  }
  return bytes;
}

export function hashesOf(bytes: Buffer): HashList {
  const count = bytes.length / 8;
  return {
    high: Int32Array.from({ length: count }, (_, at) => bytes.readInt32LE(8 * at + 4)),
    low: Int32Array.from({ length: count }, (_, at) => bytes.readInt32LE(8 * at)),
  };
}
