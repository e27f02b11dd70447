/** The sets that the rules find among frames, single frames included, with a memory of what has not changed. */
import type { Cluster } from './clusters.ts';
import { compareFrames } from './frames.ts';
import type { Frame } from './frames.ts';
import { placeLoose } from './loose.ts';
import { limitRadius } from './medoid.ts';
import type { GroupSettings } from './settings.ts';
import { createTimeWalk } from './walk.ts';
import { createWholeSetFinder } from './whole-sets.ts';
import type { GroupKind } from '../verdict-types.ts';

export interface FoundSet {
  readonly kind: GroupKind;
  readonly frames: readonly Frame[];
  /** The person put it together. */
  readonly isManual: boolean;
}

/** `find` takes frames in order, and answers as a new finder would. */
export interface SetFinder {
  find(frames: readonly Frame[]): FoundSet[];
}

/** Sets that are kept whole come first, so that no burst takes a frame from them. */
export function createSetFinder(settings: GroupSettings): SetFinder {
  const whole = createWholeSetFinder(settings);
  const walk = createTimeWalk(settings);
  const partsOf = new WeakMap<Cluster, readonly FoundSet[]>();
  const divide = (cluster: Cluster): readonly FoundSet[] => {
    const known = partsOf.get(cluster);
    if (known) return known;
    const parts = limitRadius(cluster.frames, settings.medoidBits).map((part): FoundSet => ({ kind: kindOfSimilar(part, settings), frames: part, isManual: false }));
    partsOf.set(cluster, parts);
    return parts;
  };
  return {
    find(frames) {
      const sets = whole.find(frames);
      const taken = new Set<Frame>();
      for (const set of sets) for (const frame of set.frames) taken.add(frame);
      const rest = taken.size === 0 ? frames : frames.filter((frame) => !taken.has(frame));
      walk.walk(rest.at(-1)?.time === null ? rest.filter(({ time }) => time !== null) : rest);
      for (const cluster of placeLoose(rest, walk, settings)) sets.push(...divide(cluster));
      return sets;
    },
  };
}

/**
 * A burst where more than half of the camera's own frames follow each other quickly (a late frame or an edit of one does not
 * make it another thing); an HDR pair where the camera merged exposures for one of two; else similar photos.
 */
export function kindOfSimilar(set: readonly Frame[], settings: GroupSettings): GroupKind {
  if (set.length === 1) return 'near-duplicate';
  const frames = set.filter((frame) => frame.time !== null && frame.camera !== '').sort(compareFrames);
  if (set.length === 2 && frames.length === 2 && frames[0]!.camera === frames[1]!.camera && frames[0]!.isHdr !== frames[1]!.isHdr) return 'hdr-pair';
  const quick = frames.slice(1).filter((frame, at) => {
    const before = frames[at]!;
    return frame.camera === before.camera && frame.time! - before.time! <= settings.burstGapMs + before.exposureMs;
  }).length;
  return frames.length >= 2 && quick > (frames.length - 1) / 2 ? 'burst' : 'near-duplicate';
}
