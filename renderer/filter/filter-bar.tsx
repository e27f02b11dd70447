import type { ReactNode } from 'react';
import { FilterX, Flag, FlagOff, Star, TriangleAlert } from 'lucide-react';
import { Button, IconButton } from '../parts/button.tsx';
import { SuggestionIcon } from '../parts/icons.tsx';
import { Select } from '../parts/select.tsx';
import { plural, writeCount } from '../parts/words.ts';
import { isFiltered } from '../state/filter-list.ts';
import type { Filter, GroupFilter, SortBy } from '../state/filter-list.ts';
import { clearFilter, setFilter, setSort, useList } from '../state/list.ts';
import { codeOfFlag, labelCodes } from '../state/photo-table.ts';
import './filter.css';

type Mask = 'flags' | 'labels' | 'verdicts';

/** Adds the code to what is wanted, or takes it out again. */
export function toggleMask(filter: Filter, mask: Mask, code: number): Partial<Filter> {
  return { [mask]: filter[mask] ^ (1 << code) };
}

/** The least number of stars; the same star again takes the filter off. */
export function toggleStars(filter: Filter, stars: number): Partial<Filter> {
  return { minRating: filter.minRating === stars ? 0 : stars };
}

interface ChipProps {
  readonly label: string;
  readonly count: number;
  readonly pressed: boolean;
  readonly testId: string;
  readonly children: ReactNode;
  onToggle(): void;
}

/** One choice with the number of photos it would show. */
function Chip({ label, count, pressed, testId, children, onToggle }: ChipProps) {
  return (
    <Button
      look="quiet"
      className={`chip${count === 0 && !pressed ? ' is-none' : ''}`}
      pressed={pressed}
      testId={testId}
      aria-label={`${label}: ${writeCount(count)}`}
      title={label}
      onClick={onToggle}
    >
      {children}
      <span className="chip-count numbers">{writeCount(count)}</span>
    </Button>
  );
}

/** Which photos are shown, by marks, suggestion and group, and in which order. Every choice says how many it would show. */
export function FilterBar() {
  const filter = useList((state) => state.filter);
  const counts = useList((state) => state.list.counts);
  const toggle = (mask: Mask, code: number) => () => setFilter(toggleMask(filter, mask, code));
  return (
    <div className="filter-bar" role="group" aria-label="Filter" data-testid="filter-bar">
      <div className="filter-group" role="group" aria-label="Flags">
        {flagChips.map(({ code, label, icon }) => (
          <Chip key={code} label={label} count={counts.flags[code]!} pressed={(filter.flags & (1 << code)) !== 0} testId={`filter-flag-${code}`} onToggle={toggle('flags', code)}>
            {icon}
          </Chip>
        ))}
      </div>
      <StarFilter />
      <LabelFilter />
      <div className="filter-group" role="group" aria-label="Suggestions">
        {suggestionChips.map(({ code, label }) => (
          <Chip key={code} label={`Suggestion: ${label.toLowerCase()}`} count={counts.verdicts[code]!} pressed={(filter.verdicts & (1 << code)) !== 0} testId={`filter-verdict-${code}`} onToggle={toggle('verdicts', code)}>
            <SuggestionIcon verdict={code} size={14} />
            <span className="chip-word">{label}</span>
          </Chip>
        ))}
      </div>
      <div className="filter-group">
        <GroupFilterChoice />
        {counts.failed > 0 || filter.problems ? (
          <Chip label="Photos with a problem" count={counts.problems} pressed={filter.problems} testId="filter-problems" onToggle={() => setFilter({ problems: !filter.problems })}>
            <TriangleAlert size={14} strokeWidth={1.7} aria-hidden="true" />
          </Chip>
        ) : null}
      </div>
      <div className="filter-end">
        <IconButton label="Show all photos" className={isFiltered(filter) ? '' : 'is-hidden'} testId="filter-clear" onClick={clearFilter}>
          <FilterX size={15} strokeWidth={1.7} aria-hidden="true" />
        </IconButton>
        <SortChoice />
      </div>
    </div>
  );
}

const flagChips = [
  { code: codeOfFlag('pick'), label: 'Picked', icon: <Flag className="flag-pick" size={14} strokeWidth={1.8} fill="currentColor" aria-hidden="true" /> },
  { code: codeOfFlag('none'), label: 'No flag', icon: <Flag size={14} strokeWidth={1.6} aria-hidden="true" /> },
  { code: codeOfFlag('reject'), label: 'Rejected', icon: <FlagOff className="flag-reject" size={14} strokeWidth={1.8} aria-hidden="true" /> },
];

const suggestionChips = [
  { code: 1, label: 'Keep' },
  { code: 2, label: 'Review' },
  { code: 3, label: 'Reject' },
];

function StarFilter() {
  const filter = useList((state) => state.filter);
  const counts = useList((state) => state.list.counts);
  return (
    <div className="filter-group filter-stars" role="group" aria-label="At least so many stars">
      {[1, 2, 3, 4, 5].map((stars) => {
        const words = `At least ${plural(stars, 'star', 'stars')}`;
        return (
          <Button
            key={stars}
            look="quiet"
            className={`filter-star${stars <= filter.minRating ? ' is-on' : ''}`}
            aria-pressed={stars === filter.minRating}
            aria-label={`${words}: ${writeCount(counts.minRating[stars]!)}`}
            title={`${words}: ${writeCount(counts.minRating[stars]!)}`}
            testId={`filter-stars-${stars}`}
            onClick={() => setFilter(toggleStars(filter, stars))}
          >
            <Star size={14} strokeWidth={1.5} fill={stars <= filter.minRating ? 'currentColor' : 'none'} aria-hidden="true" />
          </Button>
        );
      })}
      <span className="chip-count numbers" aria-hidden="true">
        {writeCount(counts.minRating[Math.max(1, filter.minRating)]!)}
      </span>
    </div>
  );
}

function LabelFilter() {
  const filter = useList((state) => state.filter);
  const counts = useList((state) => state.list.counts);
  return (
    <div className="filter-group" role="group" aria-label="Colour labels">
      {labelCodes.map((name, code) =>
        name === null ? null : (
          <Button
            key={name}
            look="quiet"
            className="filter-label"
            pressed={(filter.labels & (1 << code)) !== 0}
            aria-label={`${name} label: ${writeCount(counts.labels[code]!)}`}
            title={`${name} label: ${writeCount(counts.labels[code]!)}`}
            testId={`filter-label-${name.toLowerCase()}`}
            onClick={() => setFilter(toggleMask(filter, 'labels', code))}
          >
            <span className={`label-dot label-${name.toLowerCase()}${counts.labels[code] === 0 ? ' is-none' : ''}`} aria-hidden="true" />
          </Button>
        ),
      )}
    </div>
  );
}

function GroupFilterChoice() {
  const groups = useList((state) => state.filter.groups);
  const counts = useList((state) => state.list.counts.groups);
  const text = (words: string, kind: GroupFilter): { value: GroupFilter; text: string } => ({ value: kind, text: `${words} (${writeCount(counts[kind])})` });
  return (
    <Select
      label="Groups"
      testId="filter-groups"
      value={groups}
      options={[text('All photos', 'all'), text('In a group', 'grouped'), text('Best of each group', 'best'), text('Not in a group', 'single')]}
      onChoose={(value) => setFilter({ groups: value })}
    />
  );
}

const sortOptions: readonly { value: SortBy; text: string }[] = [
  { value: 'capture', text: 'Oldest first' },
  { value: 'capture-newest', text: 'Newest first' },
  { value: 'technical-best', text: 'Best quality first' },
  { value: 'technical-weakest', text: 'Weakest quality first' },
];

function SortChoice() {
  const sort = useList((state) => state.sort);
  return <Select label="Order" testId="sort" value={sort} options={sortOptions} onChoose={setSort} />;
}
