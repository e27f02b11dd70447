/** A decision in words: for the message after it, for undo and for the history. */
import type { MarkChange } from './photo.ts';

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
export function describePlaces(photos: number, to: 'alone' | 'together' | 'with' | 'rules'): string {
  const what = photos === 1 ? 'Photo' : `${photos.toLocaleString('en-US')} photos`;
  return `${what}: ${{ alone: 'in no group', together: 'made one group', with: 'added to a group', rules: 'grouped by the rules again' }[to]}`;
}
