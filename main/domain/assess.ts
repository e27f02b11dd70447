/** Groups and judgements of a whole shoot: the one entry for those who show or export photos. */
import { nameOf } from '../base/index.ts';
import { findBest } from './grouping/best.ts';
import { compareFrames, contentOf, frameOf, mergeFrames } from './grouping/frames.ts';
import type { Frame } from './grouping/frames.ts';
import { createGrouper, groupPhotos, isFoldedHalf, isGrouped } from './grouping/grouping.ts';
import type { Grouping, ManualPlaces } from './grouping/grouping.ts';
import { defaultGroupSettings } from './grouping/settings.ts';
import type { GroupSettings } from './grouping/settings.ts';
import type { PhotoFacts, PhotoId } from './photo.ts';
import { scoreOf } from './scores.ts';
import { aloneContext, judge } from './verdict.ts';
import type { JudgeContext } from './verdict.ts';
import type { Group, Judgement, Scores } from './verdict-types.ts';
import { defaultVerdictChoice, isSameVerdictChoice } from './weights.ts';
import type { VerdictChoice } from './weights.ts';

export interface Assessment {
  /** In time order of their first members. */
  readonly groups: readonly Group[];
  /** Files that are no photos have none. */
  readonly judgements: ReadonlyMap<PhotoId, Judgement>;
  readonly groupOf: ReadonlyMap<PhotoId, Group>;
  /** Photos whose group or judgement may differ from the last time, those that are gone included; the first time all. */
  readonly touched: ReadonlySet<PhotoId>;
}

export interface Assessor {
  /**
   * Groups and judges. JPEG halves of pairs are in no group and have their RAW's judgement; a RAW that shows no picture of its
   * own (no usable preview) is measured by its JPEG half. Facts that are the same object as the last time are held to be the
   * same: what depends on such alone is not worked out again, and the answer is that of {@link assessShoot}. Its maps are the
   * assessor's own, true until it is asked again. After another choice all is worked out again.
   */
  assess(photos: readonly PhotoFacts[], settings?: GroupSettings, manual?: ManualPlaces, choice?: VerdictChoice): Assessment;
}

/** What a photo is judged by. */
interface Scored {
  /** With what it borrows of its other half. */
  readonly facts: PhotoFacts;
  readonly scores: Scores;
}

/** What is known of one photo. */
interface Known extends Scored {
  readonly given: PhotoFacts;
  /** The facts of its other half, where that has been looked at. */
  readonly half: PhotoFacts | undefined;
  /** Null for what is in no group. */
  readonly frame: Frame | null;
}

const byTheRules: ManualPlaces = new Map();

/** Groups and judges as an {@link Assessor} that remembers nothing. Pure; about a second for 100,000 photos. */
export function assessShoot(photos: readonly PhotoFacts[], settings?: GroupSettings, manual?: ManualPlaces, choice?: VerdictChoice): Assessment {
  return createAssessor().assess(photos, settings, manual, choice);
}

/**
 * Judges a shoot again whose groups are known: other weights put photos in no other group, but another one may be the best of it.
 * As {@link assessShoot}, in a tenth of the time.
 */
export function judgeShoot(photos: readonly PhotoFacts[], groups: readonly Group[], choice: VerdictChoice): Omit<Assessment, 'touched'> {
  const known = new Map<PhotoId, Scored>();
  for (const facts of joinAllHalves(photos)) known.set(facts.id, { facts, scores: scoreOf(facts.measures, choice.weights) });
  const technical = { get: (id: PhotoId) => known.get(id)?.scores.technical };
  const groupOf = new Map<PhotoId, Group>();
  const judgedGroups = groups.map((group) => ({ ...group, ...findBest(group.photoIds, technical) }));
  for (const group of judgedGroups) for (const id of group.photoIds) groupOf.set(id, group);
  const judgements = new Map<PhotoId, Judgement>();
  judgePhotos(known.keys(), { known, groupOf, judgements }, choice);
  return { groups: judgedGroups, judgements, groupOf };
}

/** An assessor that remembers nothing yet. */
export function createAssessor(): Assessor {
  const known = new Map<PhotoId, Known>();
  const judgements = new Map<PhotoId, Judgement>();
  const groupOf = new Map<PhotoId, Group>();
  let frames: readonly Frame[] = [];
  let groups: readonly Group[] = [];
  let groupedBy = defaultGroupSettings;
  let judgedBy = defaultVerdictChoice;
  let grouper = createGrouper(groupedBy);

  /** Takes the facts in; `touched` gets the photos that are new, gone, or other than they were. */
  const takeFacts = (photos: readonly PhotoFacts[], touched: Set<PhotoId>): void => {
    const byId = photos.some(({ pairId }) => pairId !== null) || photos.length < known.size ? new Map(photos.map((photo) => [photo.id, photo])) : null;
    const fresh: Frame[] = [];
    const isGone = new Set<Frame>();
    const leave = (one: Known | undefined): void => void (one?.frame && isGone.add(one.frame));
    for (const given of photos) {
      const before = known.get(given.id);
      const half = given.pairId === null ? undefined : byId!.get(given.pairId);
      if (before && before.given === given && before.half === half) continue;
      const facts = joinHalves(given, half);
      const frame = isGrouped(facts) ? frameOf(facts) : null;
      leave(before);
      if (frame) fresh.push(frame);
      known.set(given.id, { given, half, facts, scores: scoreOf(facts.measures, judgedBy.weights), frame });
      touched.add(given.id);
    }
    if (known.size > photos.length) {
      const here = byId ?? new Map(photos.map((photo) => [photo.id, photo]));
      for (const [id, one] of known) {
        if (here.has(id)) continue;
        leave(one);
        known.delete(id);
        judgements.delete(id);
        touched.add(id);
      }
    }
    if (fresh.length + isGone.size > 0) frames = mergeFrames(isGone.size === 0 ? frames : frames.filter((frame) => !isGone.has(frame)), fresh.sort(compareFrames));
  };

  const takeGroups = ({ added, gone }: Grouping, touched: Set<PhotoId>): void => {
    for (const { photoIds } of gone) {
      for (const id of photoIds) {
        groupOf.delete(id);
        touched.add(id);
      }
    }
    for (const group of added) {
      for (const id of group.photoIds) {
        groupOf.set(id, group);
        touched.add(id);
      }
    }
  };

  const forget = (touched: Set<PhotoId>): void => {
    takeGroups({ groups: [], added: [], gone: groups }, touched);
    for (const id of known.keys()) touched.add(id);
    known.clear();
    judgements.clear();
    frames = [];
    grouper = createGrouper(groupedBy);
  };

  return {
    assess(photos, settings = defaultGroupSettings, manual = byTheRules, choice = defaultVerdictChoice) {
      const touched = new Set<PhotoId>();
      if (!isSameVerdictChoice(choice, judgedBy)) {
        judgedBy = choice;
        forget(touched);
        groups = [];
      }
      if (JSON.stringify(settings) !== JSON.stringify(groupedBy)) {
        groupedBy = settings;
        grouper = createGrouper(settings);
        takeGroups({ groups: [], added: [], gone: groups }, touched);
      }
      takeFacts(photos, touched);
      const grouping = grouper.group(frames, manual, { get: (id) => known.get(id)?.scores.technical });
      takeGroups(grouping, touched);
      groups = grouping.groups;
      for (const id of judgePhotos(touched, { known, groupOf, judgements }, judgedBy)) touched.add(id);
      return { groups, judgements, groupOf, touched };
    },
  };
}

interface Judged {
  readonly known: ReadonlyMap<PhotoId, Scored>;
  readonly groupOf: ReadonlyMap<PhotoId, Group>;
  readonly judgements: Map<PhotoId, Judgement>;
}

/** Writes the judgements of these photos and of the JPEG halves of those that are RAW files; answers with the halves. */
function judgePhotos(ids: Iterable<PhotoId>, { known, groupOf, judgements }: Judged, choice: VerdictChoice): PhotoId[] {
  const contextOf = createContexts(known, groupOf);
  const halves: PhotoId[] = [];
  const keep = (id: PhotoId, judgement: Judgement | null): void => void (judgement ? judgements.set(id, judgement) : judgements.delete(id));
  for (const id of ids) {
    const one = known.get(id);
    if (!one) continue;
    const { pairId } = one.facts;
    if (isFoldedHalf(one.facts)) halves.push(id);
    else {
      keep(id, judge(one.facts, contextOf(one.facts), choice, one.scores));
      if (pairId !== null) halves.push(pairId);
    }
  }
  const folded = halves.filter((id) => isFoldedHalf(known.get(id)!.facts));
  for (const id of folded) {
    const { facts } = known.get(id)!;
    keep(id, judgements.get(facts.pairId!) ?? judge(facts, undefined, choice));
  }
  return folded;
}

/** What each photo is judged against. */
function createContexts(known: ReadonlyMap<PhotoId, Scored>, groupOf: ReadonlyMap<PhotoId, Group>): (photo: PhotoFacts) => JudgeContext {
  const copies = new Map<Group, ReturnType<typeof findCopiedFrom>>();
  const copiesIn = (group: Group): ReturnType<typeof findCopiedFrom> => {
    const found = copies.get(group) ?? findCopiedFrom(group, known);
    copies.set(group, found);
    return found;
  };
  return (photo) => {
    const group = groupOf.get(photo.id) ?? null;
    if (!group) return aloneContext;
    const best = known.get(group.best)!;
    const runnerUp = group.best === photo.id && group.runnerUp !== null ? known.get(group.runnerUp) : undefined;
    return {
      group,
      best: { name: nameOf(best.facts.path), scores: best.scores },
      runnerUpName: runnerUp ? nameOf(runnerUp.facts.path) : null,
      copyOf: copiesIn(group).get(photo.id) ?? null,
    };
  };
}

/** The groups alone, as {@link assessShoot} finds them: what another choice would make of a shoot. */
export function groupShoot(photos: readonly PhotoFacts[], settings?: GroupSettings, manual?: ManualPlaces): Group[] {
  return groupPhotos(joinAllHalves(photos), settings, manual);
}

/** Facts as they are judged: a RAW without a picture of its own has its JPEG half's measures. */
export function joinAllHalves(photos: readonly PhotoFacts[]): readonly PhotoFacts[] {
  if (photos.every(({ pairId }) => pairId === null)) return photos;
  const byId = new Map(photos.map((photo) => [photo.id, photo]));
  return photos.map((photo) => joinHalves(photo, photo.pairId === null ? undefined : byId.get(photo.pairId)));
}

/** Errors that say only that a file cannot be shown, not that it is damaged. */
const notShown: ReadonlySet<string> = new Set(['preview-none', 'preview-not-real', 'format-unsupported']);

/** A half without its other is no half; a RAW without a picture borrows what its JPEG shows. */
function joinHalves(photo: PhotoFacts, other: PhotoFacts | undefined): PhotoFacts {
  if (!other) return photo.pairId === null ? photo : { ...photo, pairId: null };
  if (isFoldedHalf(photo) || !isMeasured(other)) return photo;
  const shown = isMeasured(photo) ? photo : other;
  return {
    ...photo,
    measures: shown.measures,
    phash: shown.phash,
    phashUsable: shown.phashUsable,
    view: shown.view,
    preview: photo.preview ?? other.preview,
    metadata: photo.metadata ?? other.metadata,
    errors: photo.errors.filter((error) => !notShown.has(error.code)),
  };
}

function isMeasured({ measures }: PhotoFacts): boolean {
  return measures !== null && (measures.focus !== null || measures.exposure !== null);
}

/** For each later file with the picture of an earlier one of its group, the earlier one. */
function findCopiedFrom({ photoIds }: Group, known: ReadonlyMap<PhotoId, Scored>): Map<PhotoId, { name: string; isSameFile: boolean }> {
  const copies = new Map<PhotoId, { name: string; isSameFile: boolean }>();
  const firsts = new Map<string, PhotoFacts>();
  for (const id of photoIds) {
    const photo = known.get(id)!.facts;
    const content = contentOf(photo);
    if (content === null) continue;
    const first = firsts.get(content);
    if (first) copies.set(id, { name: nameOf(first.path), isSameFile: first.sha256 !== null && first.sha256 === photo.sha256 });
    else firsts.set(content, photo);
  }
  return copies;
}
