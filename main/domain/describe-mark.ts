/** A decision in words: for the message after it, for undo and for the history. */
import type { MarkChange } from './photo.ts';
import { groupNames } from './verdict-types.ts';
import type { GroupKind } from './verdict-types.ts';

/** `Photo: picked`, `12 photos: 3 stars, red label`. */
export function describeMark(photos: number, change: MarkChange): string {
  const what = photos === 1 ? 'Photo' : `${photos.toLocaleString('en-US')} photos`;
  const parts: string[] = [];
  if (change.flag !== undefined) parts.push({ pick: 'picked', reject: 'rejected', none: 'unflagged' }[change.flag]);
  if (change.rating !== undefined) parts.push(change.rating === 0 ? 'stars removed' : `${change.rating} ${change.rating === 1 ? 'star' : 'stars'}`);
  if (change.label !== undefined) parts.push(change.label === null ? 'label removed' : `${change.label.toLowerCase()} label`);
  return `${what}: ${parts.join(', ')}`;
}

/** The same for photos that were put elsewhere among the groups. */
export function describePlaces(photos: number, to: 'alone' | 'together' | 'with' | 'rules', more: PlaceDetails = {}): string {
  const what = photos === 1 ? 'Photo' : `${photos.toLocaleString('en-US')} photos`;
  const joined = more.joined === undefined ? 'added to a group' : `added to the group of ${more.joined}`;
  const done = { alone: 'in no group', together: 'made one group', with: joined, rules: 'grouped by the rules again' }[to];
  const [set, ...others] = more.split ?? [];
  if (!set) return `${what}: ${done}`;
  const taken = others.length > 0 ? `${1 + others.length} sets that were kept together are split` : `${nameSet(set.kind)} of ${set.count} is split`;
  return `${what}: ${done}; ${taken}`;
}

export interface PlaceDetails {
  /** Name of a photo of the group that they joined. */
  readonly joined?: string;
  /** Sets that were kept whole and no longer are, with how many photos they had. */
  readonly split?: readonly { readonly kind: GroupKind; readonly count: number }[];
}

/** A set that is kept whole, and how many of its frames are rejected. */
export interface SetState {
  readonly kind: GroupKind;
  readonly count: number;
  readonly rejected: number;
}

/** A word of caution, `1 of 3 frames of an exposure bracket is rejected`; null where each set is rejected as a whole or not at all. */
export function describeDividedSets(sets: readonly SetState[]): string | null {
  const divided = sets.filter(({ count, rejected }) => rejected > 0 && rejected < count);
  const [one] = divided;
  if (!one) return null;
  if (divided.length > 1) return `${divided.length.toLocaleString('en-US')} sets that belong together are partly rejected`;
  return `${one.rejected} of ${one.count} ${one.kind === 'panorama' ? 'pieces' : 'frames'} of ${nameSet(one.kind)} ${one.rejected === 1 ? 'is' : 'are'} rejected`;
}

/** `an exposure bracket`, `a focus stack`. */
export function nameSet(kind: GroupKind): string {
  const name = groupNames[kind];
  return `${/^[aeio]/i.test(name) ? 'an' : 'a'} ${name}`;
}
