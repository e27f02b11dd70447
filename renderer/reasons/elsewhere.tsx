import type { PhotoDetail } from '../../main/contract/index.ts';
import type { Found } from '../../main/domain/index.ts';
import { LabelDot, Stars } from '../parts/icons.tsx';
import { plural } from '../parts/words.ts';
import { codeOfLabelWord } from '../state/photo-table.ts';
import { Fact } from './facts.tsx';

/** Marks and words that a camera or another program has left in the file or beside it. They are not the person's marks here. */
export function Elsewhere({ detail }: { readonly detail: PhotoDetail }) {
  const { rating, label, flag, keywords } = detail.existing;
  if (!rating && !label && !flag && !keywords && detail.sidecars.length === 0) return null;
  const isRejected = rating?.value === -1;
  return (
    <section className="reasons-section" data-testid="elsewhere">
      <h3>Marked elsewhere</h3>
      <dl className="selectable">
        {rating && !isRejected ? (
          <Fact name="Rating">
            <Stars rating={rating.value} elsewhere /> {rating.value === 0 ? 'No stars' : plural(rating.value, 'star', 'stars')}
            <Source of={rating} />
          </Fact>
        ) : null}
        {flag ? (
          <Fact name="Flag">
            {flag.value === 'pick' ? 'Picked' : 'Rejected'}
            <Source of={flag} />
          </Fact>
        ) : null}
        {label ? (
          <Fact name="Label">
            <LabelDot label={codeOfLabelWord(label.value)} elsewhere /> {label.value}
            <Source of={label} />
          </Fact>
        ) : null}
        {keywords ? (
          <Fact name="Keywords">
            {keywords.value.join(', ')}
            <Source of={keywords} />
          </Fact>
        ) : null}
        {detail.sidecars.map(({ name, error }) => (
          <Fact key={name} name="Sidecar">
            {name}
            {error ? <span className="fact-note"> · {error.message}</span> : null}
          </Fact>
        ))}
      </dl>
    </section>
  );
}

function Source({ of }: { readonly of: Found<unknown> }) {
  return <span className="fact-note"> · {of.from === 'sidecar' ? 'in the sidecar' : 'in the file'}</span>;
}
