import { Flag, FlagOff, Star } from 'lucide-react';
import { labelNames } from '../../main/domain/index.ts';
import { keyOf } from '../commands/current.ts';
import { IconButton, titleOf } from '../parts/button.tsx';
import { SuggestionIcon, verdictWords } from '../parts/icons.tsx';
import { plural } from '../parts/words.ts';
import { useList } from '../state/list.ts';
import { mark, toggleLabel } from '../state/marks.ts';
import { codeOfLabel } from '../state/photo-table.ts';

/** The marks of the shown photo, to see and to click. */
export function MarkBar({ index }: { readonly index: number }) {
  const table = useList((state) => state.table);
  useList((state) => state.version);
  const flag = table.flag[index]!;
  const rating = table.rating[index]!;
  const label = table.label[index]!;
  const verdict = table.verdict[index]!;
  return (
    <div className="mark-bar" data-testid="mark-bar" data-flag={flag} data-rating={rating} data-label={label}>
      <div className="mark-group">
        <IconButton label="Pick" keys={keyOf('mark.pick')} pressed={flag === 1} testId="mark-pick" onClick={() => mark({ flag: flag === 1 ? 'none' : 'pick' })}>
          <Flag size={16} strokeWidth={1.7} className={flag === 1 ? 'flag-pick' : ''} fill={flag === 1 ? 'currentColor' : 'none'} />
        </IconButton>
        <IconButton label="Reject" keys={keyOf('mark.reject')} pressed={flag === 2} testId="mark-reject" onClick={() => mark({ flag: flag === 2 ? 'none' : 'reject' })}>
          <FlagOff size={16} strokeWidth={1.7} className={flag === 2 ? 'flag-reject' : ''} />
        </IconButton>
      </div>
      <div className="mark-group" role="group" aria-label="Stars">
        {[1, 2, 3, 4, 5].map((stars) => (
          <button
            key={stars}
            type="button"
            className={`mark-star${stars <= rating ? ' is-on' : ''}`}
            aria-label={plural(stars, 'star', 'stars')}
            aria-pressed={stars === rating}
            title={titleOf(plural(stars, 'star', 'stars'), keyOf(`mark.rating-${stars}`))}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => mark({ rating: stars === rating ? 0 : stars })}
          >
            <Star size={16} strokeWidth={1.5} fill={stars <= rating ? 'currentColor' : 'none'} />
          </button>
        ))}
      </div>
      <div className="mark-group" role="group" aria-label="Colour labels">
        {labelNames.map((name) => (
          <button
            key={name}
            type="button"
            className={`mark-label label-${name.toLowerCase()}${label === codeOfLabel(name) ? ' is-on' : ''}`}
            aria-label={`${name} label`}
            aria-pressed={label === codeOfLabel(name)}
            title={titleOf(`${name} label`, keyOf(`mark.label-${name.toLowerCase()}`))}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => toggleLabel(name)}
          />
        ))}
      </div>
      {verdict !== 0 ? (
        <span className="mark-suggestion" data-testid="loupe-suggestion">
          <SuggestionIcon verdict={verdict} size={15} />
          {verdictWords[verdict]}
        </span>
      ) : null}
    </div>
  );
}
