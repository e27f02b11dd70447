/** Sets that are kept whole (brackets, focus stacks, panoramas), looked for again only where something has changed. */
import { findBrackets } from './brackets.ts';
import { findFocusStacks } from './focus-stacks.ts';
import { splitByCamera } from './frames.ts';
import type { Frame } from './frames.ts';
import { findPanoramas } from './panoramas.ts';
import type { FoundSet } from './sets.ts';
import type { GroupSettings } from './settings.ts';

/** Each takes its frames from those that come after it. */
const kinds = [
  ['bracket', findBrackets],
  ['focus-stack', findFocusStacks],
  ['panorama', findPanoramas],
] as const;

/** Frames of one camera and folder between two pauses that no such set outlasts. */
interface Stretch {
  readonly frames: readonly Frame[];
  readonly sets: readonly FoundSet[];
}

/**
 * A finder that remembers what it found. All three rules go from frame to frame of one camera and begin anew after a pause, so
 * that what lies between two long pauses depends on nothing else. `find` takes frames in order.
 */
export function createWholeSetFinder(settings: GroupSettings): { find(frames: readonly Frame[]): FoundSet[] } {
  const longest = Math.max(settings.bracketGapMs, settings.stackGapMs, settings.panoramaGapMs);
  let known = new Map<Frame, Stretch>();
  return {
    find(frames) {
      const next = new Map<Frame, Stretch>();
      const sets: FoundSet[] = [];
      for (const ofCamera of splitByCamera(frames)) {
        for (let from = 0, to = 0; from < ofCamera.length; from = to) {
          to = endOfStretch(ofCamera, from, longest);
          const before = known.get(ofCamera[from]!);
          const stretch = before && isPart(before.frames, ofCamera, from, to) ? before : searchStretch(ofCamera.slice(from, to), settings);
          next.set(ofCamera[from]!, stretch);
          if (stretch.sets.length > 0) sets.push(...stretch.sets);
        }
      }
      known = next;
      return sets;
    },
  };
}

/** The end of the stretch that begins at `from`: a pause longer than any frame before it may be waited for. */
function endOfStretch(frames: readonly Frame[], from: number, longest: number): number {
  let reach = frames[from]!.time!;
  for (let at = from; at < frames.length; at++) {
    const { time, exposureMs } = frames[at]!;
    if (time! > reach) return at;
    reach = Math.max(reach, time! + longest + exposureMs);
  }
  return frames.length;
}

function isPart(part: readonly Frame[], frames: readonly Frame[], from: number, to: number): boolean {
  if (part.length !== to - from) return false;
  for (let at = 0; at < part.length; at++) if (part[at] !== frames[from + at]) return false;
  return true;
}

function searchStretch(frames: readonly Frame[], settings: GroupSettings): Stretch {
  const sets: FoundSet[] = [];
  const taken = new Set<Frame>();
  for (const [kind, find] of kinds) {
    for (const set of find(taken.size === 0 ? frames : frames.filter((frame) => !taken.has(frame)), settings)) {
      sets.push({ kind, frames: set, isManual: false });
      for (const frame of set) taken.add(frame);
    }
  }
  return { frames, sets };
}
