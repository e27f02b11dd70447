/**
 * Groups of a shoot: bursts, brackets, focus stacks, panoramas, similar photos, copies. What has not changed since the last time
 * is not worked out again, and the answer is always that of a grouper without memory.
 */
import { nameHash } from '../../base/index.ts';
import { findBest } from './best.ts';
import { createCopyFinder } from './copies.ts';
import { compareFrames, frameOf } from './frames.ts';
import type { Frame } from './frames.ts';
import { createSetFinder, kindOfSimilar } from './sets.ts';
import type { FoundSet } from './sets.ts';
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
  const frames = photos.filter(isGrouped).map(frameOf).sort(compareFrames);
  return [...createGrouper(settings).group(frames, manual, { get: (id) => scores.get(id)?.technical }).groups];
}

/** Files that are no photos are in no group, nor are the JPEG halves of pairs. */
export function isGrouped(photo: PhotoFacts): boolean {
  return photo.format !== 'other' && !isFoldedHalf(photo);
}

/** The JPEG or HEIF half of a pair. */
export function isFoldedHalf(photo: Pick<PhotoFacts, 'path' | 'pairId'>): boolean {
  return photo.pairId !== null && !isRawPath(photo.path);
}

/** One technical score a photo; null where it cannot be told. */
interface TechnicalScores {
  get(id: PhotoId): number | null | undefined;
}

export interface Grouping {
  /** In time order of their first members. */
  readonly groups: readonly Group[];
  /** Those that were not there the last time, and those that were and are not any more. */
  readonly added: readonly Group[];
  readonly gone: readonly Group[];
}

export interface Grouper {
  /**
   * Groups frames that are in order (`compareFrames`). A frame that is the same object as the last time is the same in all respects, its score
   * included. Groups of which nothing has changed are the same objects.
   */
  group(frames: readonly Frame[], manual: ManualPlaces, technical: TechnicalScores): Grouping;
}

interface KnownGroup {
  /** What the rules found; its frames and their copies are the members. */
  readonly set: FoundSet;
  readonly members: readonly Frame[];
  readonly group: Group;
  /** The last time that it was there. */
  round: number;
}

/** A grouper that remembers nothing yet. See {@link groupPhotos}. */
export function createGrouper(settings: GroupSettings): Grouper {
  const finder = createSetFinder(settings);
  const copyFinder = createCopyFinder();
  const bySet = new Map<FoundSet, KnownGroup>();
  let known: readonly KnownGroup[] = [];
  let round = 0;

  return {
    group(frames, manual, technical) {
      round += 1;
      const free = manual.size === 0 ? frames : frames.filter((frame) => !manual.has(frame.id));
      const copies = copyFinder.find(free);
      const isCopy = new Set([...copies.values()].flat());
      const sets = finder.find(isCopy.size === 0 ? free : free.filter((frame) => !isCopy.has(frame)));
      if (manual.size > 0) sets.push(...manualSets(frames, manual, settings));
      const next: KnownGroup[] = [];
      const keep = (one: KnownGroup): void => {
        one.round = round;
        next.push(one);
      };
      /** Sets that are not known as they are, or have copies. */
      const others: FoundSet[] = [];
      for (const set of sets) {
        const same = bySet.get(set);
        if (same && same.members.length === set.frames.length && !hasCopies(set, copies)) keep(same);
        else others.push(set);
      }
      const left = new Map<Frame, KnownGroup>();
      for (const one of known) {
        if (one.round === round) continue;
        left.set(one.members[0]!, one);
        bySet.delete(one.set);
      }
      const added: Group[] = [];
      for (const set of others) {
        const members = hasCopies(set, copies) ? set.frames.flatMap((frame) => [frame, ...(copies.get(frame) ?? [])]) : set.frames;
        if (members.length < 2) continue;
        const inOrder = isInOrder(members) ? members : [...members].sort(compareFrames);
        const kind = set.frames.length === 1 ? 'exact-copy' : set.kind;
        const before = left.get(inOrder[0]!);
        const isSame = before?.group.kind === kind && before.group.isManual === set.isManual && isSameList(before.members, inOrder);
        const group = isSame ? before.group : makeGroup(inOrder, kind, set.isManual, technical);
        if (isSame) left.delete(inOrder[0]!);
        else added.push(group);
        const one: KnownGroup = { set, members: inOrder, group, round };
        bySet.set(set, one);
        keep(one);
      }
      known = next.sort((a, b) => compareFrames(a.members[0]!, b.members[0]!));
      return { groups: known.map(({ group }) => group), added, gone: [...left.values()].map(({ group }) => group) };
    },
  };
}

function hasCopies({ frames }: FoundSet, copies: ReadonlyMap<Frame, readonly Frame[]>): boolean {
  return copies.size > 0 && frames.some((frame) => copies.has(frame));
}

function makeGroup(members: readonly Frame[], kind: GroupKind, isManual: boolean, technical: TechnicalScores): Group {
  const ids = members.map((frame) => frame.id);
  return { id: groupIdOf(members), kind, photoIds: ids, ...findBest(ids, technical), isManual };
}

function isInOrder(frames: readonly Frame[]): boolean {
  for (let at = 1; at < frames.length; at++) if (compareFrames(frames[at - 1]!, frames[at]!) > 0) return false;
  return true;
}

function isSameList(a: readonly Frame[], b: readonly Frame[]): boolean {
  return a.length === b.length && a.every((frame, at) => frame === b[at]);
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
    const found = createSetFinder(settings).find(set).find((one) => one.frames.length === set.length);
    return { kind: set.length > 1 && isOneContent(set) ? 'exact-copy' : (found?.kind ?? kindOfSimilar(set, settings)), frames: set, isManual: true };
  });
}

function isOneContent(set: readonly Frame[]): boolean {
  return set[0]!.content !== null && set.every((frame) => frame.content === set[0]!.content);
}

/** Made of the path of the member that has been known longest: photos that come later do not change it. */
function groupIdOf(members: readonly Frame[]): string {
  return `g${nameHash(members.reduce((first, frame) => (frame.id < first.id ? frame : first)).path)}`;
}
