/** Groups, sliders and clocks as a photographer reads them. */
import type { GroupChoice, GroupEffect, PairReason } from '../../main/contract/index.ts';
import { describeLikeness, groupKinds, groupNames, mostShiftMs } from '../../main/domain/index.ts';
import type { GroupKind, PresetName } from '../../main/domain/index.ts';
import { plural, writeCount } from '../parts/words.ts';

export const presetWords: Readonly<Record<PresetName, string>> = {
  standard: 'Standard',
  sport: 'Sport',
  wedding: 'Wedding',
  portrait: 'Portrait',
  landscape: 'Landscape',
  wildlife: 'Wildlife',
};

/** One word of the strip. */
export const shortKinds: Readonly<Record<GroupKind, string>> = {
  burst: 'Burst',
  'near-duplicate': 'Alike',
  'exact-copy': 'Same picture',
  bracket: 'Bracket',
  'focus-stack': 'Focus stack',
  panorama: 'Panorama',
  'hdr-pair': 'HDR pair',
};

/** `Exposure bracket of 3 photos`. */
export function describeGroup(kind: GroupKind, photos: number): string {
  const name = groupNames[kind];
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}${/ of /.test(name) ? ',' : ' of'} ${plural(photos, 'photo', 'photos')}`;
}

/** `40 bursts`, `1 set of copies`. */
function countKind(kind: GroupKind, count: number): string {
  const name = groupNames[kind];
  return plural(count, name, name.startsWith('set of ') ? name.replace('set of ', 'sets of ') : `${name}s`);
}

/** `412 photos in 96 groups: 40 bursts, 3 exposure brackets`. */
export function describeEffect(effect: GroupEffect): string {
  if (effect.groups === 0) return 'No photos are grouped.';
  const kinds = groupKinds.flatMap((kind) => (effect.kinds[kind] ? [countKind(kind, effect.kinds[kind])] : []));
  return `${plural(effect.photos, 'photo', 'photos')} in ${plural(effect.groups, 'group', 'groups')}: ${kinds.join(', ')}.`;
}

/** `12 photos more in groups, 3 bursts fewer than before`. */
export function describeDifference(before: GroupEffect, after: GroupEffect): string {
  const parts: string[] = [];
  const note = (difference: number, count: (of: number) => string, where = ''): void => {
    if (difference !== 0) parts.push(`${count(Math.abs(difference))} ${difference > 0 ? 'more' : 'fewer'}${where}`);
  };
  note(after.photos - before.photos, (of) => plural(of, 'photo', 'photos'), ' in groups');
  for (const kind of groupKinds) note((after.kinds[kind] ?? 0) - (before.kinds[kind] ?? 0), (of) => countKind(kind, of));
  if (parts.length > 0) return `${parts.join(', ')} than before.`;
  return after.largest === before.largest && after.groups === before.groups ? 'The same groups as before.' : 'As many as before, made up otherwise.';
}

/** Places of the slider for the time between frames, in seconds: fine where frames are close, coarse where they are not. */
export const windowStops: readonly number[] = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1, 1.2, 1.5, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10];

/** The stop nearest to a window. */
export function stopOf(window: number): number {
  return windowStops.reduce((nearest, stop, at) => (Math.abs(stop - window) < Math.abs(windowStops[nearest]! - window) ? at : nearest), 0);
}

/** `up to 1.5 s`. */
export function describeWindow({ window }: Pick<GroupChoice, 'window'>): string {
  return `up to ${Number(window.toFixed(2))} s`;
}

export function describeChoiceLikeness({ likeness }: Pick<GroupChoice, 'likeness'>): string {
  return likeness > 16 ? 'the same scene' : describeLikeness(likeness);
}

/** `7 h 0 min 3 s`; parts that lead with nothing are left out. */
function describeDuration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60].map((value, at) => ({ value, text: `${writeCount(value)} ${['h', 'min', 's'][at]}` }));
  while (parts.length > 1 && parts[0]!.value === 0) parts.shift();
  return parts.map(({ text }) => text).join(' ');
}

/** What look-alike photos say of a clock: `7 h 0 min 3 s ahead, by 6 pairs of like photos`. @param shiftMs what would have to be added. */
export function describeClock(shiftMs: number, pairs: number): string {
  return `${describeDuration(shiftMs)} ${shiftMs < 0 ? 'ahead' : 'behind'}, by ${plural(pairs, 'pair', 'pairs')} of like photos`;
}

/** `-7:00:03`, `+0:00:00`. */
export function writeShift(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${ms < 0 ? '-' : '+'}${Math.floor(seconds / 3600)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
}

/** From `+h:mm:ss` or `h:mm`, in milliseconds; null where it is none, or more than a year. */
export function readShift(text: string): number | null {
  const found = /^\s*([+\-−])?\s*(\d{1,4}):([0-5]?\d)(?::([0-5]?\d))?\s*$/.exec(text);
  if (!found) return null;
  const ms = 1000 * (3600 * Number(found[2]) + 60 * Number(found[3]) + Number(found[4] ?? 0));
  if (ms > mostShiftMs) return null;
  return ms === 0 ? 0 : found[1] === '-' || found[1] === '−' ? -ms : ms;
}

/** The small print of a reason: `5 of 64 features differ · 120 ms apart · turned by 180°`. */
export function describeMeasures({ bits, gapMs, position }: PairReason): string {
  const gap = gapMs === null ? '' : gapMs < 1000 ? `${Math.round(gapMs)} ms apart` : gapMs < 60_000 ? `${Number((gapMs / 1000).toFixed(1))} s apart` : `${describeDuration(gapMs)} apart`;
  return [bits === null ? '' : `${bits} of 64 features differ`, gap, position ?? ''].filter(Boolean).join(' · ');
}
