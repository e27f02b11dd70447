/**
 * The walk through time that puts frames into clusters, with a memory: what lies well before and well after a change is not walked
 * again, and comes out as if it were.
 *
 * What a frame joins depends on nothing but the clusters that are open when its turn comes (their members, in order of the last ones): the
 * latest {@link maxOpen} at most, none longer ago than the longest window. So the walk begins anew where the frames first differ
 * from those of the walk before, with the clusters that were open there; and it ends where the clusters that are open are again
 * those that were open there before, because from there on everything is the same until the frames differ again.
 */
import { continuesBurst, spreadFrom } from './clusters.ts';
import type { Cluster } from './clusters.ts';
import { compareFrames, countUntil } from './frames.ts';
import type { Frame } from './frames.ts';
import type { GroupSettings } from './settings.ts';

export interface TimeWalk {
  /** The clusters of the last walk, single frames included. They are the same objects as long as nothing about them changes. */
  readonly clusters: ReadonlySet<Cluster>;
  readonly homes: ReadonlyMap<Frame, Cluster>;
  /** Puts timed frames, in order, into clusters. */
  walk(frames: readonly Frame[]): void;
}

/** Clusters still open while walking through time; more views than this of one place are told apart by time. */
const maxOpen = 48;
/** After a change, whether all is as before again is asked after so many frames, then after twice as many, up to the most. */
const [firstPause, mostPause] = [16, 512];

/** A walk that remembers nothing yet. */
export function createTimeWalk(settings: GroupSettings): TimeWalk {
  const longest = settings.nearSteps.at(-1)?.withinMs ?? 0;
  let walked: readonly Frame[] = [];
  const homes = new Map<Frame, Cluster>();
  const clusters = new Set<Cluster>();

  const walk = (frames: readonly Frame[]): void => {
    /** Where this walk leads elsewhere than the one before. */
    const moved = walked.length === 0 ? homes : new Map<Frame, Cluster>();
    const gone: Frame[] = [];
    /** In order of their last frames; null while all is as before. */
    let open: Cluster[] | null = null;
    let [pause, untilAsked] = [firstPause, firstPause];
    let before = 0;

    /** The clusters that are open behind the first `at` frames, those last continued before `since` left out; to be changed by this walk alone. */
    const openBehind = (at: number, since: number): Cluster[] => {
      const found = new Set<Cluster>();
      for (let back = at - 1; back >= 0 && found.size < maxOpen && frames[back]!.time! >= since; back--) found.add(moved.get(frames[back]!) ?? homes.get(frames[back]!)!);
      return [...found].reverse().map((cluster) => {
        const copy = { frames: cluster.frames.slice(0, countUntil(cluster.frames, frames[at - 1]!)) };
        for (const frame of copy.frames) moved.set(frame, copy);
        return copy;
      });
    };

    for (let at = 0; at < frames.length; at++) {
      const frame = frames[at]!;
      if (open === null && frame === walked[before]) {
        before++;
        continue;
      }
      open ??= openBehind(at, Math.min(frame.time!, walked[before]?.time ?? Infinity) - longest);
      while (before < walked.length && walked[before] !== frame && compareFrames(walked[before]!, frame) < 0) gone.push(walked[before++]!);
      moved.set(frame, joinNearest(frame, open, longest, settings));
      if (walked[before] !== frame) continue;
      before++;
      if (--untilAsked > 0) continue;
      const same = matchBefore(open, walked, before, homes, longest);
      if (same) {
        for (const frameBefore of same.flatMap((cluster) => cluster.frames)) moved.delete(frameBefore);
        open = null;
        pause = firstPause;
      } else pause = Math.min(mostPause, 2 * pause);
      untilAsked = pause;
    }
    if (before < walked.length) {
      if (open === null) openBehind(frames.length, walked[before]!.time! - longest);
      gone.push(...walked.slice(before));
    }
    take(moved, gone);
    walked = frames;
  };

  const take = (moved: ReadonlyMap<Frame, Cluster>, gone: readonly Frame[]): void => {
    const touched = new Set<Cluster>(moved.values());
    const leave = (frame: Frame): void => {
      const home = homes.get(frame);
      if (home) touched.add(home);
    };
    if (moved !== homes) {
      for (const frame of moved.keys()) leave(frame);
      for (const frame of gone) leave(frame);
      for (const frame of gone) homes.delete(frame);
      for (const [frame, home] of moved) homes.set(frame, home);
    }
    // One that was cut or left is another object now: its first frame lives elsewhere.
    for (const cluster of touched) {
      if (homes.get(cluster.frames[0]!) === cluster) clusters.add(cluster);
      else clusters.delete(cluster);
    }
  };

  return { clusters, homes, walk };
}

/** Puts a frame into the open cluster that it is nearest to, or into one of its own, which is the last of the open ones then. */
function joinNearest(frame: Frame, open: Cluster[], longest: number, settings: GroupSettings): Cluster {
  let best = -1;
  let bestBits = Infinity;
  for (let at = open.length - 1; at >= 0; at--) {
    const cluster = open[at]!;
    const last = cluster.frames.at(-1)!;
    if (frame.time! - last.time! > longest) break;
    const bits = continuesBurst(frame, last, cluster.frames[0]!, settings) ?? spreadFrom(frame, cluster, settings);
    if (bits !== null && bits < bestBits) {
      best = at;
      bestBits = bits;
    }
    if (bits === 0) break;
  }
  const cluster = open[best] ?? { frames: [] };
  cluster.frames.push(frame);
  if (best >= 0) open.splice(best, 1);
  open.push(cluster);
  if (open.length > maxOpen) open.shift();
  return cluster;
}

/** The open clusters, if they are those that were open behind the first `before` frames of the walk before; null otherwise. */
function matchBefore(open: readonly Cluster[], walked: readonly Frame[], before: number, homes: ReadonlyMap<Frame, Cluster>, longest: number): Cluster[] | null {
  const last = walked[before - 1]!;
  const since = last.time! - longest;
  const same: Cluster[] = [];
  const seen = new Set<Cluster>();
  for (let back = before - 1; back >= 0 && seen.size < maxOpen && walked[back]!.time! >= since; back--) {
    const home = homes.get(walked[back]!)!;
    if (seen.has(home)) continue;
    seen.add(home);
    const mine = open[open.length - seen.size];
    if (!mine || mine.frames.at(-1) !== walked[back] || mine.frames.length !== countUntil(home.frames, last)) return null;
    if (mine.frames.some((frame, at) => frame !== home.frames[at])) return null;
    same.push(mine);
  }
  const next = open[open.length - seen.size - 1];
  return next && next.frames.at(-1)!.time! >= since ? null : same;
}
