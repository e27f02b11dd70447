import { useCallback, useState } from 'react';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { folderOf, nameOf } from '../../main/base/index.ts';
import { Strip } from '../strip/strip.tsx';
import { useDetail } from '../state/detail.ts';
import { moveBy, places, useList, useSelection } from '../state/list.ts';
import { useView } from '../state/view.ts';
import { sentenceOf, sourceWords, writeCount } from '../parts/words.ts';
import { MarkBar } from './mark-bar.tsx';
import { Stage } from './stage.tsx';
import type { StageReport } from './stage.tsx';
import './loupe.css';

/** One photo, its marks and its neighbours. */
export function Loupe() {
  const focus = useSelection((selection) => selection.focus);
  const { table, list } = useList();
  const [report, setReport] = useState<StageReport>({ picture: 'none', failed: false });
  const take = useCallback((next: StageReport) => {
    setReport((before) => (before.picture === next.picture && before.failed === next.failed ? before : next));
  }, []);
  const index = focus === null ? undefined : table.indexOf.get(focus);
  if (focus === null || index === undefined) return null;
  const name = table.name[index]!;
  const position = places().positionOf(focus);
  const error = table.error[index] ?? null;
  return (
    <div className="loupe" data-testid="loupe" data-photo={focus}>
      <header className="loupe-head">
        <div className="loupe-name selectable">
          <strong>{nameOf(name)}</strong>
          <span>{folderOf(name)}</span>
        </div>
        <span className="numbers" data-testid="loupe-place">
          {writeCount(position + 1)} of {writeCount(list.order.length)}
        </span>
        <SourceLine id={focus} index={index} report={report} />
      </header>
      <div className="loupe-stage">
        <Stage id={focus} name={nameOf(name)} onReport={take} />
        {report.picture === 'none' && (error !== null || report.failed || table.isFailed(index)) ? (
          <p className="stage-error" data-testid="stage-error">
            {error === null ? 'The picture could not be loaded.' : sentenceOf(error)}
          </p>
        ) : null}
        <button type="button" className="loupe-turn loupe-previous" aria-label="Previous photo" tabIndex={-1} onMouseDown={(event) => event.preventDefault()} onClick={() => moveBy(-1)} disabled={position <= 0}>
          <ChevronLeft size={28} strokeWidth={1.5} />
        </button>
        <button type="button" className="loupe-turn loupe-next" aria-label="Next photo" tabIndex={-1} onMouseDown={(event) => event.preventDefault()} onClick={() => moveBy(1)} disabled={position >= list.order.length - 1}>
          <ChevronRight size={28} strokeWidth={1.5} />
        </button>
      </div>
      <MarkBar index={index} />
      <Strip id={focus} />
    </div>
  );
}

/** Where the pixels come from, how large they are, and how large they are shown. */
function SourceLine({ id, index, report }: { readonly id: number; readonly index: number; readonly report: StageReport }) {
  const detail = useDetail(id);
  const zoom = useView((view) => view.zoom);
  const table = useList((state) => state.table);
  const width = detail?.preview.width ?? table.width[index] ?? 0;
  const height = detail?.preview.height ?? table.height[index] ?? 0;
  const better = (zoom === 'full' && report.picture !== 'full') || (zoom === 'fit' && report.picture === 'grid');
  return (
    <span className="loupe-source numbers" data-testid="loupe-source">
      <span className={`loupe-better${better && report.picture !== 'none' && !report.failed ? ' is-on' : ''}`}>loading…</span>
      {detail ? <span className="loupe-source-words">{sourceWords[detail.preview.source]}</span> : null}
      {width > 0 ? (
        <span>
          {width} × {height}
        </span>
      ) : null}
      <span data-testid="loupe-zoom">{zoom === 'full' ? '100 %' : 'Fit'}</span>
    </span>
  );
}
