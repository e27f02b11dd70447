/** Photos without a time of their own: they find their like anywhere in the shoot. */
import { comparedOf } from './clusters.ts';
import type { Cluster } from './clusters.ts';
import type { Frame } from './frames.ts';
import type { GroupSettings } from './settings.ts';
import { hashDistance, hashPositions } from '../hash/hash.ts';
import type { HashBits } from '../hash/hash.ts';
import { createHashIndex } from '../hash/near-index.ts';

/** Where timed frames are, as the walk through time has left them. */
interface Walked {
  readonly clusters: ReadonlySet<Cluster>;
  readonly homes: ReadonlyMap<Frame, Cluster>;
}

/**
 * Untimed photos find their like anywhere in the shoot, also turned or mirrored; and so do files without a camera (exports,
 * edits), whose time is that of the program. Those that were alone join; clusters are not merged. `frames`: all of them, untimed
 * ones last. Returns all clusters; those of the walk are not changed, but replaced where something joins.
 *
 * Each may join any other, so that there is no stretch of time to which a change keeps: where there is but one such photo, all
 * of them are placed anew each time (tenths of a second for 100,000 photos).
 */
export function placeLoose(frames: readonly Frame[], walked: Walked, settings: GroupSettings): Iterable<Cluster> {
  const untimed = frames.filter((frame) => frame.time === null);
  const edited = frames.filter((frame) => frame.time !== null && frame.camera === '' && frame.usable);
  const alone = (among: readonly Frame[]): Cluster[] => among.map((frame) => ({ frames: [frame] }));
  if (edited.length === 0 && !untimed.some((frame) => frame.usable)) return untimed.length === 0 ? walked.clusters : [...walked.clusters, ...alone(untimed)];
  const lists = listByHash(frames);
  const index = createHashIndex();
  for (const list of lists) index.add(list[0]!.hash!);
  const homes = createLooseHomes(walked);
  let before: Frame | null = null;
  for (const frame of [...untimed, ...edited]) {
    const own = homes.of(frame);
    if (frame.usable && (own === null || own.frames.length === 1)) {
      const neighbour = frame.time === null && before?.folder === frame.folder ? before : null;
      const found = findHome(frame, neighbour, own);
      if (found || !own) homes.move(frame, own, found);
    } else if (!own) homes.move(frame, null, null);
    before = frame.usable ? frame : null;
  }
  return homes.all();

  function findHome(frame: Frame, neighbour: Frame | null, own: Cluster | null): Cluster | null {
    let best: Cluster | null = null;
    let bestBits = Infinity;
    const offer = (other: Frame, distance: number): void => {
      const cluster = homes.of(other);
      if (!cluster || cluster === own || distance > bestBits) return;
      // Of equally near ones the larger: or else edits of one photo would pair off.
      if (distance === bestBits && cluster.frames.length <= best!.frames.length) return;
      if (isWithin(frame, cluster, settings.spreadBits)) [best, bestBits] = [cluster, distance];
    };
    let isUpright = false;
    hashPositions(frame.hash!).forEach((position, turn) => {
      if (turn === 1) isUpright = best !== null;
      if (isUpright) return;
      index.search(position, turn === 0 ? settings.untimedBits : Math.min(settings.untimedBits, settings.turnedBits), (at, distance) => {
        // Members of one list share their hash, and nearly always their cluster.
        for (let place = 0; place < Math.min(8, lists[at]!.length); place++) {
          const other = lists[at]![place]!;
          if (other !== frame) offer(other, distance);
        }
      });
    });
    if (!best && neighbour) {
      const distance = hashDistance(frame.hash!, neighbour.hash!);
      if (distance <= settings.untimedNeighbourBits) offer(neighbour, distance);
    }
    return best;
  }
}

/** Equal hashes are searched as one: a thousand copies of one picture must not cost a million comparisons. */
function listByHash(frames: readonly Frame[]): Frame[][] {
  const byHash = new Map<string, Frame[]>();
  for (const frame of frames) {
    if (!frame.usable) continue;
    const key = frame.hash!.join();
    const same = byHash.get(key);
    if (same) same.push(frame);
    else byHash.set(key, [frame]);
  }
  return [...byHash.values()];
}

interface LooseHomes {
  of(frame: Frame): Cluster | null;
  /** Takes a frame out of `from`, where it was alone, and into `to`, or into a cluster of its own. */
  move(frame: Frame, from: Cluster | null, to: Cluster | null): void;
  all(): Cluster[];
}

/** Clusters of the walk, copied before anything joins them. */
function createLooseHomes(walked: Walked): LooseHomes {
  const copies = new Map<Cluster, Cluster>();
  const moved = new Map<Frame, Cluster>();
  const added: Cluster[] = [];
  const copyOf = (cluster: Cluster): Cluster => {
    if (!walked.clusters.has(cluster)) return cluster;
    const copy = { frames: [...cluster.frames] };
    copies.set(cluster, copy);
    return copy;
  };
  return {
    of(frame) {
      const home = moved.get(frame) ?? walked.homes.get(frame) ?? null;
      return home && (copies.get(home) ?? home);
    },
    move(frame, from, to) {
      if (from) copyOf(from).frames.length = 0;
      const home = to ? copyOf(to) : { frames: [] };
      if (!to) added.push(home);
      home.frames.push(frame);
      moved.set(frame, home);
    },
    all: () => [...walked.clusters, ...added].map((cluster) => copies.get(cluster) ?? cluster).filter(({ frames }) => frames.length > 0),
  };
}

/** Whether a photo, in any position, is within `bits` of all members. */
function isWithin(frame: Frame, cluster: Cluster, bits: number): boolean {
  const positions = hashPositions(frame.hash!);
  return comparedOf(cluster).every((member) => member.hash !== null && nearest(positions, member.hash) <= bits);
}

function nearest(positions: readonly HashBits[], hash: HashBits): number {
  let least = 64;
  for (const position of positions) least = Math.min(least, hashDistance(position, hash));
  return least;
}
