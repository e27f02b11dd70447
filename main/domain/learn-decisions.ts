/** The person's decisions as something that weights can be fitted to. Pure; nothing here is stored. */
import { joinAllHalves } from './assess.ts';
import type { Marks, PhotoFacts, PhotoId } from './photo.ts';
import { isFoldedHalf } from './grouping/grouping.ts';
import { qualityCost, scoreOf } from './scores.ts';
import { isKeptWhole } from './verdict-types.ts';
import type { Group, Scores } from './verdict-types.ts';

/** A photo that was decided on: its scores, and what noise and compression leave of it. */
export interface DecidedPhoto {
  readonly scores: Scores;
  readonly cost: number;
}

/** What one photo alone, or one group, says. A group is never divided between what is learned from and what is tried on. */
export interface DecisionUnit {
  /** Photos that were kept or passed over for what they are, not beside others. */
  readonly alone: readonly { readonly photo: DecidedPhoto; readonly isKept: boolean; readonly weight: number }[];
  /** Of two photos of one group the one that was liked better, first. Their weights sum up to one less than the photos of the group. */
  readonly pairs: readonly { readonly liked: DecidedPhoto; readonly other: DecidedPhoto; readonly weight: number }[];
  /** Photos that this unit says something for, and against. */
  readonly kept: number;
  readonly passed: number;
}

/** Stars from which on a photo without a flag counts as kept. */
const keptStars = 3;

/**
 * Units in the order of `photos`. Kept: picked, or three stars and more without being rejected; passed over: rejected. One or two stars alone say
 * neither. In a group it is compared who was liked better (reject < no mark < stars, a pick counting as three more); frames without a mark
 * take part only beside one that was liked, because then the person has chosen. A group that was kept or passed over as a whole says what its
 * photos would say alone, all of them as much as one. Sets that are kept whole, later copies of one picture, photos with errors, and those without any
 * score say nothing.
 */
export function collectDecisions(photos: readonly PhotoFacts[], groups: readonly Group[], marksOf: (id: PhotoId) => Marks): DecisionUnit[] {
  const groupOf = new Map<PhotoId, Group>();
  for (const group of groups) for (const id of group.photoIds) groupOf.set(id, group);
  const unitsOf = new Map<Group | PhotoId, Candidate[]>();
  for (const facts of joinAllHalves(photos)) {
    const group = groupOf.get(facts.id) ?? null;
    if (isFoldedHalf(facts) || facts.errors.length > 0 || (group && isKeptWhole(group.kind))) continue;
    const scores = scoreOf(facts.measures);
    if (scores.focus === null && scores.exposure === null) continue;
    const key = group ?? facts.id;
    const members = unitsOf.get(key) ?? [];
    const content = facts.imageSha256 ?? facts.sha256;
    if (content !== null && members.some((other) => other.content === content)) continue;
    members.push({ photo: { scores, cost: qualityCost(facts.measures) }, content, level: levelOf(marksOf(facts.id)) });
    unitsOf.set(key, members);
  }
  return [...unitsOf.values()].map(readUnit).filter((unit) => unit !== null);
}

interface Candidate {
  readonly photo: DecidedPhoto;
  readonly content: string | null;
  readonly level: number;
}

const rejected = -1;

function levelOf({ flag, rating }: Marks): number {
  return flag === 'reject' ? rejected : rating + (flag === 'pick' ? keptStars : 0);
}

function readUnit(members: readonly Candidate[]): DecisionUnit | null {
  const isLiked = members.some(({ level }) => level > 0);
  const decided = members.filter(({ level }) => level !== 0 || isLiked);
  const pairs = decided.flatMap((liked) => decided.filter(({ level }) => level < liked.level).map((other) => ({ liked: liked.photo, other: other.photo })));
  if (pairs.length > 0) {
    const most = Math.max(...decided.map(({ level }) => level));
    const kept = decided.filter(({ level }) => level === most).length;
    return { alone: [], pairs: pairs.map((pair) => ({ ...pair, weight: (decided.length - 1) / pairs.length })), kept, passed: decided.length - kept };
  }
  const clear = decided.filter(({ level }) => level >= keptStars || level === rejected);
  if (clear.length === 0) return null;
  const isKept = clear[0]!.level !== rejected;
  return { alone: clear.map(({ photo }) => ({ photo, isKept, weight: 1 / clear.length })), pairs: [], kept: isKept ? 1 : 0, passed: isKept ? 0 : 1 };
}
