/**
 * PictureStore over node:fs: one file a picture, spread over 256 folders by the hash of its key, so that no folder grows too
 * large. It is a cache: whatever cannot be read, is damaged or was thrown out is made again, and no failure of it is told.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { PictureStore } from '../../ports/index.ts';

export interface PictureStoreOptions {
  readonly folder: string;
  /** What the files may take together; above it the pictures that were not looked at for the longest time go, see `largeBytes`. */
  readonly maxBytes: number;
}

/** Throwing out goes down to this share, so that it is seldom. */
const keptShare = 0.8;
/**
 * A picture above this is a large one. Measured on real photos: the grid's have 35 kB (at most 77), those of a screen 420 kB (at most
 * 880), whole ones of 24 megapixels 4 MB (at most 9). Large
 * and small ones are each sure of half the room, whatever comes of the others, and may use the rest while it is free.
 */
const largeBytes = 200_000;
/** What came since the files were last counted, as a share of the whole; more, and they are counted again: there may be other engines. */
const countShare = 0.1;
/** A picture's time of use is written at most this often. */
const touchMs = 24 * 60 * 60 * 1000;
/** A temporary file that old belongs to a run that was killed. */
const abandonedMs = 60 * 60 * 1000;
/** Behind each picture: mark, length and CRC-32, because a power cut can leave a file of the right size without its content. */
const trailerBytes = 12;
const mark = 0x504a_4e59;

export function createPictureStore({ folder, maxBytes }: PictureStoreOptions): PictureStore {
  let total: Promise<number> | null = null;
  let added = 0;
  let trimming: Promise<void> | null = null;
  let written = 0;

  const fileOf = (key: string): { shard: string; path: string } => {
    const name = createHash('sha256').update(key).digest('hex').slice(0, 40);
    const shard = join(folder, name.slice(0, 2));
    return { shard, path: join(shard, name) };
  };

  /** Counts now and then what is there, else only what comes; when it is too much, throws out the least recently used. */
  const account = async (bytes: number): Promise<void> => {
    added += bytes;
    if (added > maxBytes * countShare) total = null;
    total ??= count();
    if ((await total) + added <= maxBytes) return;
    trimming ??= trim().finally(() => {
      trimming = null;
    });
    await trimming;
  };
  const count = async (): Promise<number> => {
    // what comes while they are counted may be among them as well: counted twice it does no harm
    added = 0;
    return sumOf(await listPictures(folder));
  };
  const trim = async (): Promise<void> => {
    for (const file of choosePicturesToLeave(await listPictures(folder), maxBytes * keptShare)) await unlink(file.path).catch(() => undefined);
    total = null;
  };

  return {
    async get(key) {
      const { path } = fileOf(key);
      const bytes = await readFile(path).catch(() => null);
      if (!bytes) return null;
      const picture = unseal(bytes);
      if (!picture) void unlink(path).catch(() => undefined);
      else void touch(path);
      return picture;
    },

    async put(key, jpeg) {
      if (jpeg.length > (maxBytes * keptShare) / 2) return;
      const { shard, path } = fileOf(key);
      const temporary = `${path}.${process.pid}-${written++}.tmp`;
      try {
        await mkdir(shard, { recursive: true });
        const file = await open(temporary, 'wx');
        try {
          await file.writev([jpeg, seal(jpeg)]);
        } finally {
          await file.close();
        }
        await rename(temporary, path);
        // Not waited for: to count 100,000 files takes seconds.
        void account(jpeg.length + trailerBytes);
      } catch {
        // A full disk, no rights, a folder that was deleted: then there is no cache.
        await unlink(temporary).catch(() => undefined);
      }
    },
  };
}

function seal(picture: Uint8Array): Uint8Array {
  const trailer = new DataView(new ArrayBuffer(trailerBytes));
  trailer.setUint32(0, mark);
  trailer.setUint32(4, picture.length);
  trailer.setUint32(8, crc32(picture));
  return new Uint8Array(trailer.buffer);
}

/** The picture in a file's bytes; null where they are not as they were written. */
function unseal(bytes: Buffer): Uint8Array | null {
  const length = bytes.length - trailerBytes;
  if (length < 0) return null;
  const picture = new Uint8Array(bytes.buffer, bytes.byteOffset, length);
  const isWhole = bytes.readUInt32BE(length) === mark && bytes.readUInt32BE(length + 4) === length && bytes.readUInt32BE(length + 8) === crc32(picture);
  return isWhole ? picture : null;
}

/** Notes that a picture was used, by its file's time: access times are switched off on many disks. */
async function touch(path: string): Promise<void> {
  try {
    const now = Date.now();
    if (now - (await stat(path)).mtimeMs > touchMs) await utimes(path, now / 1000, now / 1000);
  } catch {
    // It was thrown out meanwhile.
  }
}

interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  readonly usedMs: number;
}

/** Which pictures have to go so that the others take no more than `room` bytes: the longest unused of those, large or small, that take more than half of it. */
function choosePicturesToLeave(files: readonly StoredFile[], room: number): StoredFile[] {
  const oldestFirst = [...files].sort((a, b) => a.usedMs - b.usedMs);
  const large = oldestFirst.filter(({ bytes }) => bytes > largeBytes);
  const small = oldestFirst.filter(({ bytes }) => bytes <= largeBytes);
  let excess = sumOf(files) - room;
  const leaving: StoredFile[] = [];
  for (const kind of [large, small]) {
    let overHalf = sumOf(kind) - room / 2;
    for (const file of kind) {
      if (excess <= 0 || overHalf <= 0) break;
      leaving.push(file);
      excess -= file.bytes;
      overHalf -= file.bytes;
    }
  }
  return leaving;
}

function sumOf(files: readonly StoredFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** All pictures that are stored; temporary files of runs that were killed are removed on the way. */
async function listPictures(folder: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for (const shard of await readdir(folder).catch(() => [])) {
    if (!/^[0-9a-f]{2}$/.test(shard)) continue;
    const names = await readdir(join(folder, shard)).catch(() => []);
    await Promise.all(
      names.map(async (name) => {
        const path = join(folder, shard, name);
        const found = await stat(path).catch(() => null);
        if (!found) return;
        if (!name.endsWith('.tmp')) files.push({ path, bytes: found.size, usedMs: found.mtimeMs });
        else if (Date.now() - found.mtimeMs > abandonedMs) await unlink(path).catch(() => undefined);
      }),
    );
  }
  return files;
}
