/** How one shoot is grouped: the choice of the person, and what must be added to its cameras' clocks. */
import { defaultGroupChoice, limitChoice } from './presets.ts';
import type { GroupChoice } from './presets.ts';
import { findNearPairs } from '../hash/pairs.ts';
import { packHashes } from '../hash/chunks.ts';
import { parseHash } from '../hash/hash.ts';
import type { Metadata, PhotoFacts } from '../photo.ts';

export interface ShootGrouping {
  readonly choice: GroupChoice;
  /** Milliseconds to add to the times of each camera, by {@link cameraOf}; cameras that are not in it are right. */
  readonly shifts: Readonly<Record<string, number>>;
}

export const defaultGrouping: ShootGrouping = { choice: defaultGroupChoice, shifts: {} };

/** A day and a time zone or two; more is no wrong clock but another day. */
export const mostShiftMs = 366 * 24 * 3_600_000;

/** Model and body number, as a person reads them; empty where the file names no model. */
export function cameraOf(metadata: Pick<Metadata, 'make' | 'model' | 'serial'> | null): string {
  if (!metadata?.model) return '';
  const { make, model, serial } = metadata;
  if (last.make === make && last.model === model && last.serial === serial) return last.name;
  const name = make && !model.toLowerCase().startsWith(make.split(' ')[0]!.toLowerCase()) ? `${make} ${model}` : model;
  last = { make, model, serial, name: serial ? `${name} (${serial})` : name };
  return last.name;
}

/** Photos of one camera come in a row, and a hundred thousand equal texts take time and memory. */
let last: { make: string | null; model: string | null; serial: string | null; name: string } = { make: null, model: null, serial: null, name: '' };

/** From JSON as it was stored; whatever is not as it should be becomes the usual. */
export function readGrouping(text: string | null | undefined): ShootGrouping {
  if (!text) return defaultGrouping;
  try {
    const stored = JSON.parse(text) as Partial<ShootGrouping> | null;
    const shifts = Object.entries(stored?.shifts ?? {}).filter(([, ms]) => Number.isFinite(ms) && ms !== 0 && Math.abs(ms) <= mostShiftMs);
    return { choice: limitChoice({ ...defaultGroupChoice, ...stored?.choice }), shifts: Object.fromEntries(shifts) };
  } catch {
    return defaultGrouping;
  }
}

export interface ShiftSuggestion {
  readonly camera: string;
  /** Milliseconds to add. */
  readonly shiftMs: number;
  /** Look-alike photos of the two cameras that agree on it. */
  readonly pairs: number;
}

const alikeBits = 8;
/** Photos of one moment by two cameras are so close once the clocks agree. */
const agreeMs = 20_000;
const leastPairs = 4;
const leastShare = 0.5;
const leastShiftMs = 60_000;

/**
 * Cameras whose clock seems to be wrong against that of the camera with the most photos: where look-alike photos of both differ in
 * time by the same amount. Nothing is changed by it. `photos` with the times that their files state.
 */
export function suggestShifts(photos: readonly PhotoFacts[]): ShiftSuggestion[] {
  const timed = photos.filter((photo) => photo.phashUsable && photo.phash !== null && typeof photo.metadata?.capturedMs === 'number' && cameraOf(photo.metadata) !== '');
  const counts = new Map<string, number>();
  for (const { metadata } of timed) counts.set(cameraOf(metadata), (counts.get(cameraOf(metadata)) ?? 0) + 1);
  const main = [...counts].reduce<[string, number] | null>((most, one) => (most && most[1] >= one[1] ? most : one), null)?.[0];
  if (main === undefined || counts.size < 2) return [];
  // Frames of one look count once, or one long burst would outvote all others.
  const looks = [...new Map(timed.map((photo) => [`${cameraOf(photo.metadata)} ${photo.phash} ${Math.round(photo.metadata!.capturedMs! / agreeMs)}`, photo])).values()];
  const gaps = new Map<string, number[]>();
  findNearPairs(packHashes(looks.map((photo) => parseHash(photo.phash!)!)), alikeBits, (a, b) => {
    const [first, second] = [looks[a]!, looks[b]!];
    const [one, other] = [cameraOf(first.metadata), cameraOf(second.metadata)];
    if (one === other || (one !== main && other !== main)) return;
    const gap = first.metadata!.capturedMs! - second.metadata!.capturedMs!;
    const camera = one === main ? other : one;
    const list = gaps.get(camera) ?? [];
    list.push(one === main ? gap : -gap);
    gaps.set(camera, list);
  });
  return [...gaps].flatMap(([camera, list]) => {
    const agreed = largestAgreement(list);
    const shiftMs = agreed[agreed.length >> 1] ?? 0;
    const isSure = agreed.length >= leastPairs && agreed.length >= leastShare * list.length && Math.abs(shiftMs) >= leastShiftMs;
    return isSure ? [{ camera, shiftMs: Math.round(shiftMs / 1000) * 1000, pairs: agreed.length }] : [];
  });
}

/** The most values that lie within `agreeMs`, sorted. */
function largestAgreement(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  let [best, from] = [[0, 0] as readonly [number, number], 0];
  for (let to = 0; to < sorted.length; to++) {
    while (sorted[to]! - sorted[from]! > agreeMs) from++;
    if (to + 1 - from > best[1] - best[0]) best = [from, to + 1];
  }
  return sorted.slice(...best);
}
