import type { PhotoDetail } from '../../main/contract/index.ts';
import { plural } from '../parts/words.ts';

type Copies = PhotoDetail['copies'];

/** As many as can be read at a glance. */
const mostShown = 5;

/** `Also in Friday: DSC_1.NEF`, and whether it has other metadata or is gone. */
function writeCopy({ shoot, path, isPresent, isSameFile }: Copies['list'][number]): string {
  const others = isSameFile ? '' : ' (with other metadata)';
  return isPresent ? `Also in ${shoot}: ${path}${others}` : `Was in ${shoot}: ${path}${others}, not there any more`;
}

/** The same picture in other shoots. Nothing is said where there is none. */
export function CopiesElsewhere({ copies }: { readonly copies: Copies }) {
  if (copies.count === 0) return null;
  const shown = copies.list.slice(0, mostShown);
  const others = copies.count - shown.length;
  return (
    <section className="reasons-section" data-testid="reasons-copies">
      <h3>Copies in other shoots</h3>
      <ul className="reason-list selectable">
        {shown.map((copy, index) => (
          <li key={index} className="copy-line">
            {writeCopy(copy)}
          </li>
        ))}
        {others > 0 ? (
          <li>
            and {copies.isMore ? 'at least ' : ''}
            {plural(others, 'other', 'others')}
          </li>
        ) : null}
      </ul>
    </section>
  );
}
