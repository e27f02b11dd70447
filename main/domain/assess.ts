/** Groups and judgements of a whole shoot: the one entry for those who show or export photos. */
import { nameOf } from '../base/index.ts';
import { findBest } from './grouping/best.ts';
import { contentOf } from './grouping/frames.ts';
import { groupPhotos, isFoldedHalf } from './grouping/grouping.ts';
import type { ManualPlaces } from './grouping/grouping.ts';
import type { GroupSettings } from './grouping/settings.ts';
import type { PhotoFacts, PhotoId } from './photo.ts';
import { scoreAll } from './scores.ts';
import { judge } from './verdict.ts';
import type { Group, Judgement, Scores } from './verdict-types.ts';
import { defaultVerdictChoice } from './weights.ts';
import type { VerdictChoice } from './weights.ts';

export interface Assessment {
  /** In time order of their first members. */
  readonly groups: Group[];
  /** Files that are no photos have none. */
  readonly judgements: Map<PhotoId, Judgement>;
  readonly groupOf: Map<PhotoId, Group>;
}

/**
 * Groups and judges. JPEG halves of pairs are in no group and have their RAW's judgement; a RAW that shows no picture of its
 * own (no usable preview) is measured by its JPEG half. Pure; about a second for 100,000 photos.
 */
export function assessShoot(photos: readonly PhotoFacts[], settings?: GroupSettings, manual?: ManualPlaces, choice: VerdictChoice = defaultVerdictChoice): Assessment {
  const facts = joinAllHalves(photos);
  const scores = scoreAll(facts, choice.weights);
  return judgeAll(facts, groupPhotos(facts, settings, manual, scores), scores, choice);
}

/**
 * Judges a shoot again whose groups are known: other weights put photos in no other group, but another one may be the best of it.
 * As {@link assessShoot}, in a tenth of the time.
 */
export function judgeShoot(photos: readonly PhotoFacts[], groups: readonly Group[], choice: VerdictChoice): Assessment {
  const facts = joinAllHalves(photos);
  const scores = scoreAll(facts, choice.weights);
  const technical = { get: (id: PhotoId) => scores.get(id)?.technical };
  return judgeAll(facts, groups.map((group) => ({ ...group, ...findBest(group.photoIds, technical) })), scores, choice);
}

/** @param facts with their halves joined. */
function judgeAll(facts: readonly PhotoFacts[], groups: Group[], scores: ReadonlyMap<PhotoId, Scores>, choice: VerdictChoice): Assessment {
  const joined = new Map<PhotoId, PhotoFacts>();
  for (const photo of facts) joined.set(photo.id, photo);
  const groupOf = new Map<PhotoId, Group>();
  for (const group of groups) for (const id of group.photoIds) groupOf.set(id, group);
  const judgements = new Map<PhotoId, Judgement>();
  const folded: PhotoFacts[] = [];
  const copies = findCopiedFrom(groups, joined);
  for (const photo of facts) {
    if (isFoldedHalf(photo)) {
      folded.push(photo);
      continue;
    }
    const group = groupOf.get(photo.id) ?? null;
    const bestPhoto = group ? joined.get(group.best) : undefined;
    const best = bestPhoto ? { name: nameOf(bestPhoto.path), scores: scores.get(bestPhoto.id)! } : null;
    const runnerUp = group?.best === photo.id && group.runnerUp !== null ? joined.get(group.runnerUp) : undefined;
    const judgement = judge(photo, { group, best, runnerUpName: runnerUp ? nameOf(runnerUp.path) : null, copyOf: copies.get(photo.id) ?? null }, choice, scores.get(photo.id));
    if (judgement) judgements.set(photo.id, judgement);
  }
  for (const photo of folded) {
    const judgement = judgements.get(photo.pairId!) ?? judge(photo, undefined, choice);
    if (judgement) judgements.set(photo.id, judgement);
  }
  return { groups, judgements, groupOf };
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

/** For each later file with the picture of an earlier one, the earlier one. */
function findCopiedFrom(groups: readonly Group[], byId: ReadonlyMap<PhotoId, PhotoFacts>): Map<PhotoId, { name: string; isSameFile: boolean }> {
  const copies = new Map<PhotoId, { name: string; isSameFile: boolean }>();
  for (const group of groups) {
    const firsts = new Map<string, PhotoFacts>();
    for (const id of group.photoIds) {
      const photo = byId.get(id);
      const content = photo ? contentOf(photo) : null;
      if (!photo || content === null) continue;
      const first = firsts.get(content);
      if (first) copies.set(id, { name: nameOf(first.path), isSameFile: first.sha256 !== null && first.sha256 === photo.sha256 });
      else firsts.set(content, photo);
    }
  }
  return copies;
}
