import { folderOf, nameOf } from '../../main/base/index.ts';
import { GroupReasons } from '../groups/why.tsx';
import { SuggestionIcon, verdictWords } from '../parts/icons.tsx';
import { plural, sentenceOf } from '../parts/words.ts';
import { useDetail, useDetails } from '../state/detail.ts';
import type { PhotoDetail } from '../../main/contract/index.ts';
import { measureNames } from '../../main/domain/index.ts';
import type { Region } from '../../main/domain/index.ts';
import { useList } from '../state/list.ts';
import { useNear } from '../state/near.ts';
import { measureWords } from '../weights/words.ts';
import { ModelWords } from './advice.tsx';
import { CopiesElsewhere } from './copies.tsx';
import { Elsewhere } from './elsewhere.tsx';
import { Facts } from './facts.tsx';
import { ReasonLine } from './reason.tsx';
import { Trace } from './trace.tsx';
import './reasons.css';

/** Why the suggestion is what it is, what the photo is, and how all of it was measured. */
export function Reasons({ id }: { readonly id: number }) {
  const detail = useDetail(id);
  const near = useNear(id, detail);
  const failure = useDetails((state) => state.errors.get(id));
  const { table } = useList();
  const index = table.indexOf.get(id);
  if (index === undefined) return null;
  const name = table.name[index]!;
  return (
    <aside className="reasons" aria-label="Facts and reasons" data-testid="reasons" data-photo={id} data-complete={detail !== null}>
      <header className="reasons-head selectable">
        <h2>{nameOf(name)}</h2>
        <span>{folderOf(name)}</span>
      </header>
      {detail === null && failure ? <p className="reasons-failure">{failure.message}</p> : null}
      <Suggestion verdict={table.verdict[index]!} detail={detail} />
      {detail ? <Problems detail={detail} /> : null}
      <Scores technical={table.technical[index]!} detail={detail} />
      {detail ? <ModelWords advice={detail.advice} /> : null}
      {detail?.group ? <GroupReasons id={id} group={detail.group} /> : null}
      {detail ? <CopiesElsewhere copies={detail.copies} near={near} /> : null}
      <Facts detail={detail} format={table.format[index]!} />
      {detail ? <Elsewhere detail={detail} /> : null}
      {detail && detail.trace.length > 0 ? <Trace trace={detail.trace} /> : null}
    </aside>
  );
}

function Suggestion({ verdict, detail }: { readonly verdict: number; readonly detail: PhotoDetail | null }) {
  return (
    <section className="reasons-section" data-testid="reasons-suggestion">
      <h3 className="reasons-verdict">
        <SuggestionIcon verdict={verdict} size={17} />
        {verdictWords[verdict]}
      </h3>
      <ul className="reason-list">
        {detail?.reasons.map((reason, at) => (
          <ReasonLine key={reason.code} id={detail.id} reason={reason} isRendered={detail.preview.source === 'rendered'} isShownBefore={detail.reasons.slice(0, at).some((before) => isSameRegion(before.region, reason.region))} />
        ))}
      </ul>
    </section>
  );
}

function isSameRegion(a: Region | null, b: Region | null): boolean {
  return a !== null && b !== null && a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h;
}

/** Errors with their sentences; the same sentence from several steps is said once. */
function Problems({ detail }: { readonly detail: PhotoDetail }) {
  if (detail.errors.length === 0) return null;
  const seen = new Map(detail.errors.map((error) => [`${error.code} ${error.message}`, error]));
  return (
    <section className="reasons-section" data-testid="reasons-problems">
      <h3>{plural(seen.size, 'problem', 'problems')}</h3>
      <ul className="reason-list">
        {[...seen.values()].map((error) => (
          <li key={`${error.code} ${error.message}`} data-code={error.code}>
            <span>{error.message === '' ? sentenceOf(error.code) : error.message}</span>
            <span className="reason-numbers">{error.code}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Scores({ technical, detail }: { readonly technical: number; readonly detail: PhotoDetail | null }) {
  const overall = detail?.scores.technical ?? (Number.isNaN(technical) ? null : technical);
  const known = detail !== null;
  return (
    <section className="reasons-section">
      <h3>Measured</h3>
      <Score name="Overall" testId="overall" value={overall} known={known} />
      {measureNames.map((name) => (
        <Score key={name} name={measureWords[name]} testId={name} value={detail?.scores[name] ?? null} known={known} />
      ))}
    </section>
  );
}

function Score({ name, testId, value, known }: { readonly name: string; readonly testId: string; readonly value: number | null; readonly known: boolean }) {
  return (
    <div className="score" data-testid={`score-${testId}`}>
      <span className="score-name">{name}</span>
      <span className="score-bar" aria-hidden="true">
        <span className="score-fill" style={{ transform: `scaleX(${value ?? 0})` }} />
      </span>
      <span className="score-value numbers">{value !== null ? Math.round(value * 100) : known ? 'cannot tell' : ''}</span>
    </div>
  );
}
