/** Groups of a shoot: bursts, exposure brackets, near duplicates, exact copies. Pure and without memory of earlier runs. */
import { nameHash } from '../base/index.ts';
import { findBrackets } from './grouping-brackets.ts';
import { findClusters } from './grouping-clusters.ts';
import { compareFrames, frameOf } from './grouping-frames.ts';
import type { Frame } from './grouping-frames.ts';
import { defaultGroupSettings } from './grouping-settings.ts';
import type { GroupSettings } from './grouping-settings.ts';
import { isRawPath } from './pairs.ts';
import type { PhotoFacts, PhotoId } from './photo.ts';
import { scoreOf } from './scores.ts';
import type { Group, GroupKind } from './verdict-types.ts';

/**
 * Groups the photos of one shoot; each photo is in one group at most, groups have two members at least, in time order
 * (untimed last, by path). The JPEG halves of RAW+JPEG pairs are left out: the RAW half stands for both. Byte-equal copies
 * stand together with the photo they are copies of; a group of nothing else is an `exact-copy` group. `best` has the
 * highest technical score, the earliest among equals. Works on 100,000 photos: only neighbours in time are compared, and
 * untimed photos by an index.
 */
export function groupPhotos(photos: readonly PhotoFacts[], settings: GroupSettings = defaultGroupSettings): Group[] {
  const frames = photos
    .filter((photo) => photo.format !== 'other' && !isFoldedHalf(photo))
    .map(frameOf)
    .sort(compareFrames);
  const technical = new Map(photos.map((photo) => [photo.id, scoreOf(photo.measures).technical]));
  const copies = findCopies(frames, new Map(photos.map((photo) => [photo.id, photo.sha256])));
  const isCopy = new Set([...copies.values()].flat());
  const firsts = frames.filter((frame) => !isCopy.has(frame));

  const brackets = findBrackets(firsts, settings);
  const inBracket = new Set(brackets.flat());
  const clusters = findClusters(firsts.filter((frame) => !inBracket.has(frame)), settings).map((cluster) => cluster.frames);
  const sets = [...brackets.map((set) => ({ set, isBracket: true })), ...clusters.map((set) => ({ set, isBracket: false }))];
  const groups: { readonly first: Frame; readonly group: Group }[] = [];
  for (const { set, isBracket } of sets) {
    const members = set.flatMap((frame) => [frame, ...(copies.get(frame) ?? [])]).sort(compareFrames);
    if (members.length < 2) continue;
    const kind = isBracket ? 'bracket' : set.length === 1 ? 'exact-copy' : isBurst(set, settings) ? 'burst' : 'near-duplicate';
    const ids = members.map((frame) => frame.id);
    groups.push({ first: members[0]!, group: { id: groupIdOf(kind, members[0]!.path), kind, photoIds: ids, best: bestOf(ids, technical) } });
  }
  return groups.sort((a, b) => compareFrames(a.first, b.first)).map(({ group }) => group);
}

/** The JPEG or HEIF half of a pair. */
export function isFoldedHalf(photo: Pick<PhotoFacts, 'path' | 'pairId'>): boolean {
  return photo.pairId !== null && !isRawPath(photo.path);
}

/** Copies by the frame that they equal, which is the first of them in time and path. */
function findCopies(frames: readonly Frame[], contents: ReadonlyMap<PhotoId, string | null>): Map<Frame, Frame[]> {
  const firsts = new Map<string, Frame>();
  const copies = new Map<Frame, Frame[]>();
  for (const frame of frames) {
    const content = contents.get(frame.id);
    if (!content) continue;
    const first = firsts.get(content);
    if (!first) firsts.set(content, frame);
    else if (copies.has(first)) copies.get(first)!.push(frame);
    else copies.set(first, [frame]);
  }
  return copies;
}

/** More than half of the camera's own frames follow each other quickly; a late frame or an edit of one does not make it another thing. */
function isBurst(set: readonly Frame[], settings: GroupSettings): boolean {
  const frames = set.filter((frame) => frame.time !== null && frame.camera !== '').sort(compareFrames);
  const quick = frames.slice(1).filter((frame, at) => {
    const before = frames[at]!;
    return frame.camera === before.camera && frame.time! - before.time! <= settings.burstGapMs + before.exposureMs;
  }).length;
  return frames.length >= 2 && quick > (frames.length - 1) / 2;
}

/** The highest score; null counts least, and the earlier of equals wins. */
function bestOf(ids: readonly PhotoId[], technical: ReadonlyMap<PhotoId, number | null>): PhotoId {
  return ids.reduce((best, id) => ((technical.get(id) ?? -1) > (technical.get(best) ?? -1) ? id : best));
}

const letters: Readonly<Record<GroupKind, string>> = { burst: 'b', 'near-duplicate': 'n', 'exact-copy': 'c', bracket: 'e' };

/** A letter for the kind, and a name made of the earliest member's path. */
function groupIdOf(kind: GroupKind, path: string): string {
  return `${letters[kind]}${nameHash(path)}`;
}
