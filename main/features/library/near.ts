/**
 * Photos of other shoots that look nearly the same. The hashes of the whole catalog are held in memory from the first question on: read a
 * page at a time while others are answered, and kept up to date as answers arrive and photos come and go. What a search finds is
 * looked up in the catalog before it is told, so that the memory being a moment behind makes no wrong answer.
 */
import type { AlikeElsewhere, Catalog, StoredHash } from '../../catalog/types.ts';
import type { NearCopies, NearElsewhere } from '../../contract/index.ts';
import { createPhotoHashIndex, findNearPosition, findPairs, isRawPath, parseHash, positionNames } from '../../domain/index.ts';
import type { GroupSettings, HashBits, PhotoId, ShootId } from '../../domain/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import { statedFacts } from './entry.ts';
import type { Entry } from './entry.ts';

export interface NearFinder {
  /** Resolves once all hashes that are stored now have been read, or the finder was closed. The first call begins it. */
  whenReady(): Promise<void>;
  /** Those near to a photo, `mostListed` of them told; by the rule for photos without a common time. Asked before it is ready it knows a part. */
  find(entry: Entry, settings: GroupSettings, mostListed: number): NearCopies;
  /** New answers of these photos are stored. */
  refresh(photos: readonly PhotoId[]): void;
  /** Photos of a shoot have come, gone or changed. */
  refreshShoot(shoot: ShootId): void;
  close(): void;
}

/** Looked up for one photo at most: ten thousand frames that look the same cost no more than this. */
const mostLookedUp = 100;
/** Milliseconds that reading may hold up others at a time, and how long they have then. */
const [holdUp, pauseAfter] = [8, 4];
const [fewestRows, mostRows] = [64, 4_000];

const nothing: NearCopies = { count: 0, isMore: false, list: [] };

export function createNearFinder(catalog: Catalog, clock: Clock, log: Log): NearFinder {
  const index = createPhotoHashIndex();
  /** What is still to be read, in order: of one shoot, or of all (null), behind the photo `after`. Null before the first question. */
  let reading: { readonly shoot: ShootId | null; after: PhotoId }[] | null = null;
  let waiting: (() => void)[] = [];
  let rows = 256;
  let isClosed = false;
  let callOff: (() => void) | null = null;

  const take = (stored: readonly StoredHash[]): void => {
    for (const { photo, shoot, hash } of stored) index.set(photo, shoot, hash === null ? null : parseHash(hash));
  };

  const readPage = (): void => {
    callOff = null;
    const part = reading?.[0];
    if (!part || !reading || isClosed) return;
    try {
      const start = clock.now();
      const stored = catalog.hashes(part.after, rows, part.shoot);
      take(stored);
      const took = clock.now() - start;
      rows = Math.round(Math.min(mostRows, Math.max(fewestRows, rows * Math.min(2, Math.max(0.5, holdUp / Math.max(1, took))))));
      part.after = stored.at(-1)?.photo ?? part.after;
      if (stored.length === 0) reading.shift();
    } catch (error) {
      // what could not be read is not found; everything else goes on
      log.bug('near', error);
      reading.shift();
    }
    if (reading.length > 0) callOff = clock.after(pauseAfter, readPage);
    else for (const done of waiting.splice(0)) done();
  };

  const read = (shoot: ShootId | null): void => {
    reading ??= [];
    reading.push({ shoot, after: 0 });
    callOff ??= clock.after(0, readPage);
  };

  return {
    whenReady() {
      if (reading === null) read(null);
      if (isClosed || reading?.length === 0) return Promise.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
    find(entry, settings, mostListed) {
      const facts = statedFacts(entry);
      const hash = facts.phash === null || !facts.phashUsable ? null : parseHash(facts.phash);
      if (!hash) return nothing;
      const limits = { bits: settings.untimedBits, turnedBits: settings.turnedBits };
      const { found, isMore } = index.search(hash, limits, entry.row.shootId, mostLookedUp);
      if (found.length === 0) return nothing;
      const rowsFound = catalog.alike(entry.id, facts, found.map(({ id }) => id));
      const near = leaveHalves(rowsFound).flatMap((row) => tellNear(row, hash, limits, facts.metadata?.capturedMs ?? null));
      near.sort((a, b) => a.bits - b.bits || Number(a.position !== null) - Number(b.position !== null) || (a.shoot === b.shoot ? 0 : a.shoot < b.shoot ? -1 : 1) || (a.path < b.path ? -1 : 1));
      return { count: near.length, isMore, list: near.slice(0, mostListed) };
    },
    refresh(photos) {
      if (reading === null || isClosed) return;
      try {
        take(catalog.hashesOf(photos));
      } catch (error) {
        log.bug('near', error);
      }
    },
    refreshShoot(shoot) {
      if (reading !== null && !isClosed) read(shoot);
    },
    close() {
      isClosed = true;
      callOff?.();
      for (const done of waiting) done();
      waiting = [];
    },
  };
}

/** Leaves out exact copies, which are told as such, their other halves, and the JPEG halves of the others: RAW and JPEG of one shot are one photo. */
function leaveHalves(rows: readonly AlikeElsewhere[]): AlikeElsewhere[] {
  const shoots = new Map<ShootId, AlikeElsewhere[]>();
  for (const row of rows) shoots.set(row.shootId, [...(shoots.get(row.shootId) ?? []), row]);
  return [...shoots.values()].flatMap((ofShoot) => {
    const pairs = findPairs(ofShoot.map(({ photo, path }) => ({ id: photo, path })));
    const byId = new Map(ofShoot.map((row) => [row.photo, row]));
    return ofShoot.filter((row) => {
      const half = byId.get(pairs.get(row.photo) ?? 0);
      return !row.isCopy && (!half || (!half.isCopy && isRawPath(row.path)));
    });
  });
}

function tellNear({ shoot, path, hash, capturedMs }: AlikeElsewhere, own: HashBits, limits: Parameters<typeof findNearPosition>[2], time: number | null): NearElsewhere[] {
  const other = parseHash(hash);
  const near = other && findNearPosition(own, other, limits);
  if (!near) return [];
  return [{ shoot, path, bits: near.bits, gapMs: time === null || capturedMs === null ? null : Math.abs(time - capturedMs), position: positionNames[near.position]! }];
}
