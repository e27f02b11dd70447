/**
 * Groups of a shoot: bursts, brackets, focus stacks, panoramas, similar photos, copies. Pure and without memory of earlier runs: what
 * changed is seen by running it again, which takes a fraction of a second for a shoot.
 */
import { nameHash } from '../../base/index.ts';
import { findBest } from './best.ts';
import { findBrackets } from './brackets.ts';
import { findClusters } from './clusters.ts';
import { findFocusStacks } from './focus-stacks.ts';
import { compareFrames, frameOf, splitByCamera } from './frames.ts';
import type { Frame } from './frames.ts';
import { limitRadius } from './medoid.ts';
import { findPanoramas } from './panoramas.ts';
import { defaultGroupSettings } from './settings.ts';
import type { GroupSettings } from './settings.ts';
import { isRawPath } from '../pairs.ts';
import type { PhotoFacts, PhotoId } from '../photo.ts';
import { scoreAll } from '../scores.ts';
import type { Group, GroupKind } from '../verdict-types.ts';

/**
 * What the person said of photos' places: photos with the same word are one group, whatever the rules say; '' is alone. Photos
 * that are not in it go where the rules put them.
 */
export type ManualPlaces = ReadonlyMap<PhotoId, string>;

/**
 * Groups the photos of one shoot; each photo is in one group at most, groups have two members at least, in time order
 * (untimed last, by path). The JPEG halves of RAW+JPEG pairs are left out: the RAW half stands for both. Copies (equal bytes, or equal
 * image data under other metadata) stand together with the photo they are copies of; a group of nothing else is an `exact-copy`
 * group. Sets that are kept whole (brackets, focus stacks, panoramas) are found first, so that no burst takes a frame from
 * them. `best` has the highest technical score, the earliest among equals. Works on 100,000 photos: only neighbours in time are
 * compared, and untimed photos by an index. Ids do not change when photos come.
 * @param scores of all photos, where they are known already
 */
export function groupPhotos(photos: readonly PhotoFacts[], settings: GroupSettings = defaultGroupSettings, manual: ManualPlaces = new Map(), scores = scoreAll(photos)): Group[] {
  const frames = photos
    .filter((photo) => photo.format !== 'other' && !isFoldedHalf(photo))
    .map(frameOf)
    .sort(compareFrames);
  const technical = { get: (id: PhotoId) => scores.get(id)?.technical };
  const free = frames.filter((frame) => !manual.has(frame.id));
  const copies = findCopies(free);
  const isCopy = new Set([...copies.values()].flat());
  const sets: FoundSet[] = [...findSets(free.filter((frame) => !isCopy.has(frame)), settings), ...manualSets(frames, manual, settings)];
  const groups: { readonly first: Frame; readonly group: Group }[] = [];
  for (const { kind, frames: set, isManual } of sets) {
    const members = [...set];
    for (const frame of set) for (const copy of copies.get(frame) ?? []) members.push(copy);
    if (members.length < 2) continue;
    members.sort(compareFrames);
    const ids = members.map((frame) => frame.id);
    const group: Group = { id: groupIdOf(members), kind: set.length === 1 ? 'exact-copy' : kind, photoIds: ids, ...findBest(ids, technical), isManual };
    groups.push({ first: members[0]!, group });
  }
  return groups.sort((a, b) => compareFrames(a.first, b.first)).map(({ group }) => group);
}

/** The JPEG or HEIF half of a pair. */
export function isFoldedHalf(photo: Pick<PhotoFacts, 'path' | 'pairId'>): boolean {
  return photo.pairId !== null && !isRawPath(photo.path);
}

interface FoundSet {
  readonly kind: GroupKind;
  readonly frames: readonly Frame[];
  readonly isManual: boolean;
}

/** What is kept whole: each takes its frames from those that come after it. */
const wholeSets = [
  ['bracket', findBrackets],
  ['focus-stack', findFocusStacks],
  ['panorama', findPanoramas],
] as const;

/** Single frames are sets of one. */
function findSets(frames: readonly Frame[], settings: GroupSettings): FoundSet[] {
  const sets: FoundSet[] = [];
  const taken = new Set<Frame>();
  const leave = (among: readonly Frame[]): readonly Frame[] => (taken.size === 0 ? among : among.filter((frame) => !taken.has(frame)));
  for (const ofCamera of splitByCamera(frames))
    for (const [kind, find] of wholeSets)
      for (const set of find(leave(ofCamera), settings)) {
        sets.push({ kind, frames: set, isManual: false });
        for (const frame of set) taken.add(frame);
      }
  for (const cluster of findClusters(leave(frames), settings))
    for (const part of limitRadius(cluster.frames, settings.medoidBits)) sets.push({ kind: kindOfSimilar(part, settings), frames: part, isManual: false });
  return sets;
}

/** The person's own groups; what they are called is found by the same rules, if these agree that it is one set. */
function manualSets(frames: readonly Frame[], manual: ManualPlaces, settings: GroupSettings): FoundSet[] {
  const sets = new Map<string, Frame[]>();
  for (const frame of frames) {
    const place = manual.get(frame.id);
    if (place === undefined) continue;
    const key = place === '' ? `alone ${frame.id}` : `set ${place}`;
    const set = sets.get(key);
    if (set) set.push(frame);
    else sets.set(key, [frame]);
  }
  return [...sets.values()].map((set): FoundSet => {
    const found = findSets(set, settings).find((one) => one.frames.length === set.length);
    return { kind: set.length > 1 && isOneContent(set) ? 'exact-copy' : (found?.kind ?? kindOfSimilar(set, settings)), frames: set, isManual: true };
  });
}

function isOneContent(set: readonly Frame[]): boolean {
  return set[0]!.content !== null && set.every((frame) => frame.content === set[0]!.content);
}

/** Copies by the frame that they equal, which is the first of them in time and path. */
function findCopies(frames: readonly Frame[]): Map<Frame, Frame[]> {
  const firsts = new Map<string, Frame>();
  const copies = new Map<Frame, Frame[]>();
  for (const frame of frames) {
    if (frame.content === null) continue;
    const first = firsts.get(frame.content);
    if (!first) firsts.set(frame.content, frame);
    else if (copies.has(first)) copies.get(first)!.push(frame);
    else copies.set(first, [frame]);
  }
  return copies;
}

/**
 * A burst where more than half of the camera's own frames follow each other quickly (a late frame or an edit of one does not
 * make it another thing); an HDR pair where the camera merged exposures for one of two; else similar photos.
 */
function kindOfSimilar(set: readonly Frame[], settings: GroupSettings): GroupKind {
  const frames = set.filter((frame) => frame.time !== null && frame.camera !== '').sort(compareFrames);
  if (set.length === 2 && frames.length === 2 && frames[0]!.camera === frames[1]!.camera && frames[0]!.isHdr !== frames[1]!.isHdr) return 'hdr-pair';
  const quick = frames.slice(1).filter((frame, at) => {
    const before = frames[at]!;
    return frame.camera === before.camera && frame.time! - before.time! <= settings.burstGapMs + before.exposureMs;
  }).length;
  return frames.length >= 2 && quick > (frames.length - 1) / 2 ? 'burst' : 'near-duplicate';
}

/** Made of the path of the member that has been known longest: photos that come later do not change it. */
function groupIdOf(members: readonly Frame[]): string {
  return `g${nameHash(members.reduce((first, frame) => (frame.id < first.id ? frame : first)).path)}`;
}
