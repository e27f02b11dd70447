/**
 * What joins photos that look alike and were taken together: bursts and near duplicates. A frame joins a cluster where it is close to
 * every member (complete linkage, with limits that fall with time), so that a walk along a castle does not become one group; in a
 * burst it is enough to be close to the frame before and not unlike the first.
 */
import type { Frame } from './frames.ts';
import type { GroupSettings } from './settings.ts';
import { hashDistance } from '../hash/hash.ts';

/** Frames in time order, untimed ones behind. */
export interface Cluster {
  readonly frames: Frame[];
}

/** A newcomer is compared with so many members: the first ones and the latest. */
const firstCompared = 8;
const latestCompared = 40;

/** Bits to `last`, the frame before, if this one continues its burst, which begins with `first`; null otherwise. Pictures without texture may, time speaks for them. */
export function continuesBurst(frame: Frame, last: Frame, first: Frame, settings: GroupSettings): number | null {
  if (frame.time === null || last.time === null || frame.time - last.time > settings.burstGapMs + last.exposureMs) return null;
  if (frame.camera !== last.camera || frame.camera === '' || frame.lens !== last.lens || !frame.hash || !last.hash || !first.hash) return null;
  const bits = hashDistance(frame.hash, last.hash);
  return bits <= settings.burstBits && hashDistance(frame.hash, first.hash) <= settings.burstDriftBits ? bits : null;
}

/** The largest distance to a member, if all are within what their time apart allows; null otherwise. */
export function spreadFrom(frame: Frame, cluster: Cluster, settings: GroupSettings): number | null {
  if (!frame.usable) return null;
  let largest = 0;
  const members = comparedOf(cluster);
  for (let at = 0; at < members.length; at++) {
    const bits = distanceWithinTime(frame, members[at]!, settings);
    if (bits === null) return null;
    if (bits > largest) largest = bits;
  }
  return largest;
}

/** Whether two frames are as alike as their time apart asks. */
export function isWithinTime(a: Frame, b: Frame, settings: GroupSettings): boolean {
  return distanceWithinTime(a, b, settings) !== null;
}

/** Bits between two frames, if they are as alike as their time apart asks; null otherwise. Most pairs of a shoot are asked about, hence loops by hand. */
function distanceWithinTime(a: Frame, b: Frame, { nearSteps }: GroupSettings): number | null {
  if (!a.usable || !b.usable || a.time === null || b.time === null) return null;
  const bits = hashDistance(a.hash!, b.hash!);
  const apart = Math.abs(a.time - b.time);
  for (let at = 0; at < nearSteps.length; at++) if (apart <= nearSteps[at]!.withinMs) return bits <= nearSteps[at]!.bits ? bits : null;
  return null;
}

/** The members that a newcomer is compared with. */
export function comparedOf({ frames }: Cluster): readonly Frame[] {
  return frames.length <= firstCompared + latestCompared ? frames : [...frames.slice(0, firstCompared), ...frames.slice(-latestCompared)];
}
