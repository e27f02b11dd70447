/** Sets that are kept whole (brackets, focus stacks, panoramas), looked for again only where something has changed. */
import { findBrackets } from './brackets.ts';
import { findFocusStacks } from './focus-stacks.ts';
import { diffFrames, mergeFrames } from './frames.ts';
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

/** Timed frames of one camera in one folder: what one photographer took in one go. */
interface Take {
  frames: readonly Frame[];
  /** By their first frames. */
  stretches: ReadonlyMap<Frame, Stretch>;
  sets: readonly FoundSet[];
}

/**
 * A finder that remembers what it found. All three rules go from frame to frame of one camera and begin anew after a pause, so
 * that what lies between two long pauses depends on nothing else. `find` takes frames in order.
 */
export function createWholeSetFinder(settings: GroupSettings): { find(frames: readonly Frame[]): FoundSet[] } {
  const longest = Math.max(settings.bracketGapMs, settings.stackGapMs, settings.panoramaGapMs);
  const cameras = new Map<string, Map<string, Take>>();
  let last: readonly Frame[] = [];
  const takeOf = ({ camera, folder }: Frame): Take => {
    const folders = cameras.get(camera) ?? new Map<string, Take>();
    cameras.set(camera, folders);
    const take = folders.get(folder) ?? { frames: [], stretches: new Map(), sets: [] };
    folders.set(folder, take);
    return take;
  };
  const search = (take: Take): void => {
    const stretches = new Map<Frame, Stretch>();
    const sets: FoundSet[] = [];
    for (let from = 0, to = 0; from < take.frames.length; from = to) {
      to = endOfStretch(take.frames, from, longest);
      const before = take.stretches.get(take.frames[from]!);
      const stretch = before && isPart(before.frames, take.frames, from, to) ? before : searchStretch(take.frames.slice(from, to), settings);
      stretches.set(take.frames[from]!, stretch);
      sets.push(...stretch.sets);
    }
    Object.assign(take, { stretches, sets });
  };
  return {
    find(frames) {
      const { gone, fresh } = diffFrames(last, frames);
      last = frames;
      const changed = new Map<Take, { gone: Set<Frame>; fresh: Frame[] }>();
      const changesOf = (frame: Frame): { gone: Set<Frame>; fresh: Frame[] } => {
        const take = takeOf(frame);
        const changes = changed.get(take) ?? { gone: new Set(), fresh: [] };
        changed.set(take, changes);
        return changes;
      };
      for (const frame of gone) if (frame.time !== null) changesOf(frame).gone.add(frame);
      for (const frame of fresh) if (frame.time !== null) changesOf(frame).fresh.push(frame);
      for (const [take, changes] of changed) {
        take.frames = mergeFrames(changes.gone.size === 0 ? take.frames : take.frames.filter((frame) => !changes.gone.has(frame)), changes.fresh);
        search(take);
      }
      return [...cameras.values()].flatMap((folders) => [...folders.values()].flatMap(({ sets }) => sets));
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
