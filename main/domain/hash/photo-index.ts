/** The hashes of all photos of a catalog, to find those of other shoots that are near: a hash index that knows whose each hash is. */
import type { PhotoId, ShootId } from '../photo.ts';
import { hashDistance, hashPositions } from './hash.ts';
import type { HashBits } from './hash.ts';
import { createHashIndex } from './near-index.ts';

export interface NearPhoto {
  readonly id: PhotoId;
  /** Differing bits, of 64. */
  readonly bits: number;
  /** Which of the `hashPositions` of the hash that was asked for is that near; 0 = as it stands. */
  readonly position: number;
}

/** How unlike two hashes may be: as they stand, and where one is turned or mirrored. */
export interface NearLimits {
  readonly bits: number;
  readonly turnedBits: number;
}

export interface PhotoHashIndex {
  /** Photos in it now. */
  size(): number;
  /** What is known of a photo now; null where it has no hash that speaks for itself, or is gone. */
  set(photo: PhotoId, shoot: ShootId, hash: HashBits | null): void;
  /**
   * Photos of other shoots at most `bits` away as they stand, or `turnedBits` when turned or mirrored: each once, the nearest
   * first (of equals those that stand upright, then those known longest), `most` at most.
   */
  search(hash: HashBits, limits: NearLimits, except: ShootId, most: number): { readonly found: NearPhoto[]; readonly isMore: boolean };
}

/** An empty index; 44 bytes a photo, and 2 MiB. Ids are whole numbers below 2^32 that lie close together, as a catalog gives them. */
export function createPhotoHashIndex(): PhotoHashIndex {
  const index = createHashIndex();
  /** By place in the index. */
  const photos = createNumberTable();
  const shoots = createNumberTable();
  /** By photo: its place and one; 0 = it has none. */
  const places = createNumberTable();

  return {
    size: () => index.size(),
    set(photo, shoot, hash) {
      const known = places.get(photo) - 1;
      if (known >= 0) {
        const before = index.at(known)!;
        if (hash && before[0] === hash[0] && before[1] === hash[1]) return;
        index.remove(known);
        places.set(photo, 0);
      }
      if (!hash) return;
      const place = index.add(hash);
      places.set(photo, place + 1);
      photos.set(place, photo);
      shoots.set(place, shoot);
    },
    search(hash, { bits, turnedBits }, except, most) {
      const nearest = new Map<number, NearPhoto>();
      hashPositions(hash).forEach((turned, position) => {
        index.search(turned, position === 0 ? bits : Math.min(bits, turnedBits), (place, distance) => {
          const known = nearest.get(place);
          // One that is near as it stands is not called turned, whatever its symmetry.
          if (shoots.get(place) === except || (known && (known.position === 0 || known.bits <= distance))) return;
          nearest.set(place, { id: photos.get(place), bits: distance, position });
        });
      });
      const found = [...nearest.values()].sort((a, b) => a.bits - b.bits || a.position - b.position || a.id - b.id);
      return { found: found.slice(0, most), isMore: found.length > most };
    },
  };
}

/** The same question for two hashes; null where they are further apart. */
export function findNearPosition(hash: HashBits, other: HashBits, { bits, turnedBits }: NearLimits): Pick<NearPhoto, 'bits' | 'position'> | null {
  let nearest: Pick<NearPhoto, 'bits' | 'position'> | null = null;
  for (const [position, turned] of hashPositions(hash).entries()) {
    const distance = hashDistance(turned, other);
    if (distance > (position === 0 ? bits : Math.min(bits, turnedBits)) || (nearest && nearest.bits <= distance)) continue;
    nearest = { bits: distance, position };
    if (position === 0) break;
  }
  return nearest;
}

interface NumberTable {
  /** 0 where nothing was set. */
  get(at: number): number;
  set(at: number, value: number): void;
}

const pageBits = 14;

/** Whole numbers below 2^32 by whole numbers that lie close together, in pages: growing copies nothing. */
function createNumberTable(): NumberTable {
  const pages: Uint32Array[] = [];
  const mask = (1 << pageBits) - 1;
  return {
    get: (at) => pages[Math.floor(at / (mask + 1))]?.[at & mask] ?? 0,
    set(at, value) {
      const page = (pages[Math.floor(at / (mask + 1))] ??= new Uint32Array(mask + 1));
      page[at & mask] = value;
    },
  };
}
