/** The signs of marks and suggestions, one place for all views. A suggestion is an outline, and so is a mark that
   another program has made (`elsewhere`); a person's mark is filled. */
import { CircleCheck, CircleQuestionMark, CircleX, Flag, FlagOff, Star } from 'lucide-react';
import { labelCodes, verdictCodes } from '../state/photo-table.ts';
import './icons.css';

export const verdictWords: readonly string[] = ['No suggestion yet', 'Suggestion: keep', 'Suggestion: review', 'Suggestion: reject'];

export function SuggestionIcon({ verdict, size = 14 }: { readonly verdict: number; readonly size?: number }) {
  const kind = verdictCodes[verdict];
  if (!kind) return null;
  const Icon = { keep: CircleCheck, review: CircleQuestionMark, reject: CircleX }[kind];
  return <Icon className="suggestion-icon" size={size} strokeWidth={1.6} aria-hidden="true" />;
}

interface MarkProps {
  readonly elsewhere?: boolean;
}

export function FlagIcon({ flag, size = 14, elsewhere = false }: MarkProps & { readonly flag: number; readonly size?: number }) {
  if (flag === 1) return <Flag className="flag-pick" size={size} strokeWidth={1.8} fill="currentColor" aria-hidden="true" />;
  if (flag === 2) return <FlagOff className={elsewhere ? 'flag-reject is-elsewhere' : 'flag-reject'} size={size} strokeWidth={elsewhere ? 1.6 : 2} aria-hidden="true" />;
  return null;
}

/** Stars given. */
export function Stars({ rating, size = 12, elsewhere = false }: MarkProps & { readonly rating: number; readonly size?: number }) {
  if (rating <= 0) return null;
  return (
    <span className={elsewhere ? 'stars is-elsewhere' : 'stars'} aria-hidden="true">
      {Array.from({ length: rating }, (_, at) => (elsewhere ? <Star key={at} size={size} strokeWidth={1.6} /> : <Star key={at} size={size} strokeWidth={0} fill="currentColor" />))}
    </span>
  );
}

export function LabelDot({ label, elsewhere = false }: MarkProps & { readonly label: number }) {
  const name = labelCodes[label];
  return name ? <span className={`label-dot label-${name.toLowerCase()}${elsewhere ? ' is-elsewhere' : ''}`} aria-hidden="true" /> : null;
}
