import type { NearCopies, NearElsewhere, PhotoDetail } from '../../main/contract/index.ts';
import { plural } from '../parts/words.ts';

type Copies = PhotoDetail['copies'];

/** As many as can be read at a glance. */
const mostShown = 5;

/** `Also in Friday: DSC_1.NEF`, and whether it has other metadata or is gone. */
function writeCopy({ shoot, path, isPresent, isSameFile }: Copies['list'][number]): string {
  const others = isSameFile ? '' : ' (with other metadata)';
  return isPresent ? `Also in ${shoot}: ${path}${others}` : `Was in ${shoot}: ${path}${others}, not there any more`;
}

/**
 * `Also in Friday: DSC_1.jpg (edited or exported: 3 of 64 features differ)`. Files of one shot state one time; where the times differ
 * they are two shots.
 */
function writeNear({ shoot, path, bits, gapMs, position }: NearElsewhere): string {
  const what = gapMs === null || gapMs < 1000 ? 'edited or exported' : `taken ${writeGap(gapMs)} apart`;
  const turned = position === null ? '' : `, ${position}`;
  return `Also in ${shoot}: ${path} (${what}${turned}: ${bits === 0 ? 'none' : bits} of 64 features ${bits <= 1 ? 'differs' : 'differ'})`;
}

function writeGap(ms: number): string {
  const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
  if (ms < 2 * minute) return plural(Math.round(ms / 1000), 'second', 'seconds');
  if (ms < 2 * hour) return plural(Math.round(ms / minute), 'minute', 'minutes');
  return ms < 2 * day ? plural(Math.round(ms / hour), 'hour', 'hours') : plural(Math.round(ms / day), 'day', 'days');
}

interface ElsewhereProps {
  readonly copies: Copies;
  /** Null while it is not known. */
  readonly near: NearCopies | null;
}

/** The same picture in other shoots, then what looks nearly the same. Nothing is said where there is none. */
export function CopiesElsewhere({ copies, near }: ElsewhereProps) {
  return (
    <>
      <Lines title="Copies in other shoots" testId="reasons-copies" lines={copies.list.map(writeCopy)} count={copies.count} isMore={copies.isMore} />
      {near ? <Lines title="Nearly the same in other shoots" testId="reasons-near" lines={near.list.map(writeNear)} count={near.count} isMore={near.isMore} /> : null}
    </>
  );
}

interface LinesProps {
  readonly title: string;
  readonly testId: string;
  readonly lines: readonly string[];
  readonly count: number;
  readonly isMore: boolean;
}

/** The first few, and how many others there are. */
function Lines({ title, testId, lines, count, isMore }: LinesProps) {
  if (count === 0) return null;
  const shown = lines.slice(0, mostShown);
  const others = count - shown.length;
  return (
    <section className="reasons-section" data-testid={testId}>
      <h3>{title}</h3>
      <ul className="reason-list selectable">
        {shown.map((line, index) => (
          <li key={index} className="copy-line">
            {line}
          </li>
        ))}
        {others > 0 ? (
          <li>
            and {isMore ? 'at least ' : ''}
            {plural(others, 'other', 'others')}
          </li>
        ) : null}
      </ul>
    </section>
  );
}
