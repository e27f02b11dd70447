/** Photos that look alike and were taken together: bursts and near duplicates. */
import type { Frame } from './frames.ts';
import type { GroupSettings } from './settings.ts';
import { createHashIndex } from '../hash/near-index.ts';
import { hashDistance, hashPositions } from '../hash/hash.ts';
import type { HashBits } from '../hash/hash.ts';

export interface Cluster {
  readonly frames: Frame[];
}

/** Clusters still open while walking through time; more views than this of one place are told apart by time. */
const maxOpen = 48;
/** A newcomer is compared with so many members: the first ones and the latest. */
const firstCompared = 8;
const latestCompared = 40;

/**
 * Puts frames (in time order, untimed last) into clusters, single ones included. A frame joins where it is close to every
 * member (complete linkage, with limits that fall with time), so that a walk along a castle does not become one group; in
 * a burst it is enough to be close to the frame before and not unlike the first.
 */
export function findClusters(frames: readonly Frame[], settings: GroupSettings): Cluster[] {
  const clusters: Cluster[] = [];
  const homes = new Map<Frame, Cluster>();
  const place = (frame: Frame, found: Cluster | null): void => {
    const cluster = found ?? { frames: [] };
    if (!found) clusters.push(cluster);
    cluster.frames.push(frame);
    homes.set(frame, cluster);
  };
  const untimed = placeTimed(frames, settings, place, homes);
  placeLoose(untimed, frames, settings, place, homes);
  return clusters.filter((cluster) => cluster.frames.length > 0);
}

type Place = (frame: Frame, found: Cluster | null) => void;

/** Walks through time; returns the frames that have none. */
function placeTimed(frames: readonly Frame[], settings: GroupSettings, place: Place, homes: Map<Frame, Cluster>): Frame[] {
  const longest = settings.nearSteps.at(-1)?.withinMs ?? 0;
  /** By the time of their last frames. */
  const open: Cluster[] = [];
  const untimed: Frame[] = [];
  for (const frame of frames) {
    if (frame.time === null) {
      untimed.push(frame);
      continue;
    }
    let best = -1;
    let bestBits = Infinity;
    for (let at = open.length - 1; at >= 0; at--) {
      const cluster = open[at]!;
      const last = cluster.frames.at(-1)!;
      if (frame.time - last.time! > longest) break;
      const bits = continuesBurst(frame, last, cluster.frames[0]!, settings) ?? spreadFrom(frame, cluster, settings);
      if (bits !== null && bits < bestBits) [best, bestBits] = [at, bits];
      if (bits === 0) break;
    }
    place(frame, open[best] ?? null);
    if (best >= 0) open.splice(best, 1);
    open.push(homes.get(frame)!);
    if (open.length > maxOpen) open.shift();
  }
  return untimed;
}

/** Bits to `last`, the frame before, if this one continues its burst, which begins with `first`; null otherwise. Pictures without texture may, time speaks for them. */
export function continuesBurst(frame: Frame, last: Frame, first: Frame, settings: GroupSettings): number | null {
  if (frame.time === null || last.time === null || frame.time - last.time > settings.burstGapMs + last.exposureMs) return null;
  if (frame.camera !== last.camera || frame.camera === '' || frame.lens !== last.lens || !frame.hash || !last.hash || !first.hash) return null;
  const bits = hashDistance(frame.hash, last.hash);
  return bits <= settings.burstBits && hashDistance(frame.hash, first.hash) <= settings.burstDriftBits ? bits : null;
}

/** The largest distance to a member, if all are within what their time apart allows; null otherwise. */
function spreadFrom(frame: Frame, cluster: Cluster, settings: GroupSettings): number | null {
  if (!frame.usable) return null;
  let largest = 0;
  for (const member of comparedOf(cluster)) {
    if (!isWithinTime(frame, member, settings)) return null;
    largest = Math.max(largest, hashDistance(frame.hash!, member.hash!));
  }
  return largest;
}

/** Whether two frames are as alike as their time apart asks. */
export function isWithinTime(a: Frame, b: Frame, settings: GroupSettings): boolean {
  if (!a.usable || !b.usable || a.time === null || b.time === null) return false;
  return hashDistance(a.hash!, b.hash!) <= bitsWithin(Math.abs(a.time - b.time), settings);
}

function bitsWithin(ms: number, settings: GroupSettings): number {
  return settings.nearSteps.find((step) => ms <= step.withinMs)?.bits ?? -1;
}

function comparedOf({ frames }: Cluster): readonly Frame[] {
  return frames.length <= firstCompared + latestCompared ? frames : [...frames.slice(0, firstCompared), ...frames.slice(-latestCompared)];
}

/**
 * Untimed photos find their like anywhere in the shoot, also turned or mirrored; and so do files without a camera (exports,
 * edits), whose time is that of the program. Those that were alone join; clusters are not merged.
 */
function placeLoose(untimed: readonly Frame[], frames: readonly Frame[], settings: GroupSettings, place: Place, homes: Map<Frame, Cluster>): void {
  const edited = frames.filter((frame) => frame.time !== null && frame.camera === '' && frame.usable);
  if (edited.length === 0 && !untimed.some((frame) => frame.usable)) {
    for (const frame of untimed) place(frame, null);
    return;
  }
  // Equal hashes are searched as one: a thousand copies of one picture must not cost a million comparisons.
  const byHash = new Map<string, Frame[]>();
  for (const frame of frames) {
    if (!frame.usable) continue;
    const key = frame.hash!.join();
    const same = byHash.get(key);
    if (same) same.push(frame);
    else byHash.set(key, [frame]);
  }
  const lists = [...byHash.values()];
  const index = createHashIndex();
  for (const list of lists) index.add(list[0]!.hash!);
  const bits = settings.untimedBits;
  let before: Frame | null = null;
  for (const frame of [...untimed, ...edited]) {
    const isAlone = !homes.has(frame) || homes.get(frame)!.frames.length === 1;
    if (frame.usable && isAlone) {
      const own = homes.get(frame) ?? null;
      const neighbour = frame.time === null && before?.folder === frame.folder ? before : null;
      const found = findHome(frame, neighbour, own);
      if (own && found) own.frames.length = 0;
      if (found || !own) place(frame, found);
    } else if (!homes.has(frame)) place(frame, null);
    before = frame.usable ? frame : null;
  }

  function findHome(frame: Frame, neighbour: Frame | null, own: Cluster | null): Cluster | null {
    let best: Cluster | null = null;
    let bestBits = Infinity;
    const offer = (other: Frame, distance: number): void => {
      const cluster = homes.get(other);
      if (!cluster || cluster === own || distance > bestBits) return;
      // Of equally near ones the larger: or else edits of one photo would pair off.
      if (distance === bestBits && cluster.frames.length <= best!.frames.length) return;
      if (isWithin(frame, cluster, settings.spreadBits)) [best, bestBits] = [cluster, distance];
    };
    let isUpright = false;
    hashPositions(frame.hash!).forEach((position, turn) => {
      if (turn === 1) isUpright = best !== null;
      if (isUpright) return;
      index.search(position, turn === 0 ? bits : Math.min(bits, settings.turnedBits), (at, distance) => {
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
