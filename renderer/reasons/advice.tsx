import type { PhotoAdvice } from '../../main/contract/index.ts';
import { Fact } from './facts.tsx';

type Description = NonNullable<PhotoAdvice['description']>;

const suggestionWords = { keep: 'keep', review: 'review', reject: 'reject' } as const;

/** `keep: The leap is at its top.`; what contradicts itself is not told as a verdict. */
export function writeModelVerdict({ verdict, reason, doubt }: Pick<Description, 'verdict' | 'reason' | 'doubt'>): string {
  return verdict === null ? `cannot tell: ${doubt ?? reason}` : `${suggestionWords[verdict]}: ${reason}`;
}

/** `motion blur, serious: the hands are smeared`, with where it is, by the ninths of the picture. */
export function writeFault({ kind, severity, evidence, region }: Description['faults'][number]): string {
  return `${kind.replaceAll('-', ' ')}, ${severity}: ${evidence}${region ? ` (${writePlace(region)})` : ''}`;
}

function writePlace({ x, y, w, h }: NonNullable<Description['faults'][number]['region']>): string {
  const third = (at: number): 0 | 1 | 2 => (at < 1 / 3 ? 0 : at < 2 / 3 ? 1 : 2);
  const [row, column] = [third(y + h / 2), third(x + w / 2)];
  if (row === 1 && column === 1) return 'in the middle';
  return `${['top', '', 'bottom'][row]} ${['left', '', 'right'][column]}`.trim();
}

const outcomeWords = { better: 'Better than', worse: 'Not as good as', tie: 'As good as' } as const;

export function writeComparison({ outcome, against, reason }: PhotoAdvice['comparisons'][number]): string {
  return `${outcomeWords[outcome]} ${against ?? 'a frame that is not here any more'}: ${reason}`;
}

/** What a vision model said. Its words are not ours: they are told apart, and count for nothing. */
export function ModelWords({ advice: { description, comparisons } }: { readonly advice: PhotoAdvice }) {
  const model = description?.model ?? comparisons[0]?.model;
  if (model === undefined) return null;
  return (
    <section className="reasons-section" data-testid="model-words">
      <h3>A vision model's words</h3>
      {description ? (
        <dl className="selectable">
          <Fact name="Says">{writeModelVerdict(description)}</Fact>
          <Fact name="Subject">{description.subject}</Fact>
          <Fact name="Moment">{description.moment}</Fact>
          <Fact name="Expression">{description.expression ?? ''}</Fact>
          {description.faults.map((fault, at) => (
            <Fact key={at} name="Fault">
              {writeFault(fault)}
            </Fact>
          ))}
          <Fact name="Keywords">{description.keywords.join(', ')}</Fact>
          <Fact name="Caption">{description.caption}</Fact>
        </dl>
      ) : null}
      {comparisons.length > 0 ? (
        <ul className="reason-list selectable">
          {comparisons.map((comparison, at) => (
            <li key={at} className="copy-line">
              {writeComparison(comparison)}
            </li>
          ))}
        </ul>
      ) : null}
      <p className="fact-note">By {model}, on another computer, from the pixels alone. It does not count for the suggestion.</p>
    </section>
  );
}
