/** Why two photos are in one group: how unlike they look, how far apart they were taken, and which rule joined them. */
import { nameOf } from '../../base/index.ts';
import { continuesBurst, isWithinTime } from './clusters.ts';
import { compareFrames, frameOf } from './frames.ts';
import type { Frame } from './frames.ts';
import { defaultGroupSettings } from './settings.ts';
import type { GroupSettings } from './settings.ts';
import { hashDistance, hashPositions, positionNames } from '../hash/hash.ts';
import type { PhotoFacts } from '../photo.ts';
import type { Group } from '../verdict-types.ts';

/** What joins two photos. `chain`: not these two themselves, but photos between them. */
export const joinRules = ['manual', 'same-bytes', 'same-image-data', 'whole-set', 'burst', 'alike-in-time', 'alike', 'turned', 'chain'] as const;
export type JoinRule = (typeof joinRules)[number];

export interface PairReason {
  readonly rule: JoinRule;
  /** A sentence for a photographer. */
  readonly text: string;
  /** Differing bits of the two perceptual hashes, of 64, in the position in which they agree best; null where one has none. */
  readonly bits: number | null;
  /** Milliseconds from the earlier to the later; null where one states no time. */
  readonly gapMs: number | null;
  /** How the second must be turned to look like the first; null where it need not be. */
  readonly position: string | null;
}

/** Longer ways than this through a group are not told. */
const mostMembers = 400;

/**
 * Explains two members of `group`. `photos`: the facts of its members (those of the two at least; with the others a chain is named).
 * Pure: the same rules that made the group are asked again for these two.
 */
export function explainPair(a: PhotoFacts, b: PhotoFacts, group: Group, photos: readonly PhotoFacts[] = [], settings: GroupSettings = defaultGroupSettings): PairReason {
  const [first, second] = [frameOf(a), frameOf(b)].sort(compareFrames) as [Frame, Frame];
  const nearest = nearestPosition(first, second);
  const gapMs = first.time === null || second.time === null ? null : second.time - first.time;
  const told = { bits: nearest?.bits ?? null, gapMs, position: nearest && nearest.at > 0 ? positionNames[nearest.at]! : null };
  const direct = ruleOf(first, second, group, settings, nearest);
  if (direct) return { ...told, ...direct };
  const way = findWay(first.id, second.id, photos, settings);
  const between = way.slice(1, -1).map(({ path }) => nameOf(path));
  const through = between.length === 0 ? 'other photos of the group' : between.length > 3 ? `${between.length} photos between them` : between.join(', ');
  return { ...told, rule: 'chain', text: `Not so near to each other themselves; joined through ${through}.` };
}

interface Nearest {
  readonly bits: number;
  /** Which of the eight positions of the second photo. */
  readonly at: number;
}

function nearestPosition(a: Frame, b: Frame): Nearest | null {
  if (!a.hash || !b.hash) return null;
  let nearest: Nearest = { bits: hashDistance(a.hash, b.hash), at: 0 };
  // A turned or mirrored one is told only where it explains what the upright one does not.
  hashPositions(b.hash).forEach((position, at) => {
    const bits = hashDistance(a.hash!, position);
    if (bits + 4 < nearest.bits) nearest = { bits, at };
  });
  return nearest;
}

function ruleOf(a: Frame, b: Frame, group: Group, settings: GroupSettings, nearest: Nearest | null): Pick<PairReason, 'rule' | 'text'> | null {
  if (group.isManual) return { rule: 'manual', text: 'You put these two together.' };
  if (a.fileContent !== null && a.fileContent === b.fileContent) return { rule: 'same-bytes', text: 'The same file, byte by byte.' };
  if (a.content !== null && a.content === b.content) return { rule: 'same-image-data', text: 'The same picture, bit by bit; only what is written about it differs.' };
  if (group.kind === 'bracket') return { rule: 'whole-set', text: `Two exposures of one picture${describeLight(a, b)}.${tellMark(a, b)}` };
  if (group.kind === 'focus-stack') return { rule: 'whole-set', text: `The same view at the same exposure, with the focus at another distance.${tellMark(a, b)}` };
  if (group.kind === 'panorama') return { rule: 'whole-set', text: 'Pieces of one view: each shows part of what the one before it shows.' };
  if (!nearest) return null;
  const { bits } = nearest;
  const likeness = describeLikeness(bits);
  if (continuesBurst(b, a, a, settings) !== null) return { rule: 'burst', text: `${describeGap(b.time! - a.time!)} apart with the same camera, and ${likeness}.` };
  const isTimed = a.time !== null && b.time !== null;
  if (isTimed && isWithinTime(a, b, settings)) return { rule: 'alike-in-time', text: `${describeGap(b.time - a.time)} apart, and ${likeness}.` };
  const isLoose = !isTimed || a.camera === '' || b.camera === '';
  if (isLoose && nearest.at > 0 && bits <= settings.turnedBits) return { rule: 'turned', text: `The same picture, ${positionNames[nearest.at]}.` };
  if (isLoose && bits <= settings.untimedNeighbourBits) return { rule: 'alike', text: `They are ${likeness}, and one of them does not say when it was taken.` };
  return null;
}

/** Differing bits of two perceptual hashes in words; the limits are those of the sliders' words. */
export function describeLikeness(bits: number): string {
  if (bits <= 2) return 'the same to look at';
  if (bits <= 6) return 'nearly the same';
  if (bits <= 10) return 'very alike';
  return bits <= 16 ? 'alike' : 'of the same scene';
}

function tellMark(a: Frame, b: Frame): string {
  return a.isBracketing && b.isBracketing ? ' The camera says that it was bracketing.' : '';
}

function describeLight(a: Frame, b: Frame): string {
  const light = a.ev !== null && b.ev !== null ? Math.abs(a.ev - b.ev) : null;
  return light === null ? '' : `, ${light.toFixed(1)} EV apart`;
}

function describeGap(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s` : `${Math.round(ms / 60_000)} min`;
}

/** The shortest way between two members by pairs that a rule joins; only the two where there is none. */
function findWay(from: number, to: number, photos: readonly PhotoFacts[], settings: GroupSettings): Frame[] {
  const frames = photos.slice(0, mostMembers).map(frameOf).sort(compareFrames);
  const start = frames.find(({ id }) => id === from);
  if (!start) return [];
  const cameFrom = new Map<Frame, Frame | null>([[start, null]]);
  const open = [start];
  for (let at = 0; at < open.length; at++) {
    const frame = open[at]!;
    if (frame.id === to) return wayTo(frame, cameFrom);
    for (const next of frames) if (!cameFrom.has(next) && isJoined(frame, next, settings)) {
      cameFrom.set(next, frame);
      open.push(next);
    }
  }
  return [];
}

function isJoined(a: Frame, b: Frame, settings: GroupSettings): boolean {
  const [first, second] = compareFrames(a, b) < 0 ? [a, b] : [b, a];
  if (first.content !== null && first.content === second.content) return true;
  if (continuesBurst(second, first, first, settings) !== null || isWithinTime(first, second, settings)) return true;
  const nearest = nearestPosition(first, second);
  const isLoose = first.time === null || second.time === null || first.camera === '' || second.camera === '';
  return isLoose && nearest !== null && nearest.bits <= (nearest.at > 0 ? settings.turnedBits : settings.untimedNeighbourBits);
}

function wayTo(end: Frame, cameFrom: ReadonlyMap<Frame, Frame | null>): Frame[] {
  const way: Frame[] = [];
  for (let frame: Frame | null = end; frame; frame = cameFrom.get(frame) ?? null) way.unshift(frame);
  return way;
}
