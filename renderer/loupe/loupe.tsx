import { useCallback, useEffect, useState } from 'react';
import { ArrowLeftRight, ChevronLeft, ChevronRight } from 'lucide-react';
import { folderOf, nameOf } from '../../main/base/index.ts';
import { Strip } from '../strip/strip.tsx';
import { keyOf } from '../commands/current.ts';
import { forgetDetails, loadDetail } from '../state/detail.ts';
import { moveBy, places, useList, useSelection } from '../state/list.ts';
import { toggleSource } from '../state/source.ts';
import { useView } from '../state/view.ts';
import { IconButton } from '../parts/button.tsx';
import { sentenceOf, writeCount } from '../parts/words.ts';
import { emptyReport } from './choice.ts';
import type { StageReport } from './choice.ts';
import { MarkBar } from './mark-bar.tsx';
import { describeSource } from './source-words.ts';
import { Stage } from './stage.tsx';
import './loupe.css';

/** One photo, its marks and its neighbours. */
export function Loupe() {
  const focus = useSelection((selection) => selection.focus);
  const { table, list } = useList();
  const [report, setReport] = useState<StageReport>(emptyReport);
  const take = useCallback((next: StageReport) => setReport((before) => (isSameReport(before, next) ? before : next)), []);
  const zoom = useView((view) => view.zoom);
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
        <p className={`stage-note${report.isRendering && report.picture !== 'none' ? ' is-on' : ''}`} role="status" data-testid="stage-note">
          {zoom === 'full' ? 'Real pixels are on their way…' : 'Rendering…'}
        </p>
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

function isSameReport(a: StageReport, b: StageReport): boolean {
  return (Object.keys(a) as (keyof StageReport)[]).every((key) => a[key] === b[key]);
}

/** Where the pixels come from and how many they are, the toggle to the other source, and how large they are shown. */
function SourceLine({ id, index, report }: { readonly id: number; readonly index: number; readonly report: StageReport }) {
  const zoom = useView((view) => view.zoom);
  const choice = useView((view) => view.source);
  const table = useList((state) => state.table);
  const { text, remark } = describeSource(report, table.outlookAt(index), zoom, choice);
  const isLoading = report.isWaiting && !report.isRendering && report.picture !== 'none' && !report.failed;
  // that a photo cannot be rendered is a fact for the panel too
  useEffect(() => {
    if (report.refusal === null) return;
    forgetDetails([id]);
    void loadDetail(id);
  }, [id, report.refusal]);
  return (
    <span className="loupe-source numbers">
      <span className={`loupe-better${isLoading ? ' is-on' : ''}`}>loading…</span>
      {remark === null ? null : (
        <span className="loupe-remark" data-testid="loupe-remark" title={report.refusal === null ? undefined : sentenceOf(report.refusal)}>
          {remark}
        </span>
      )}
      <span className="loupe-source-words" data-testid="loupe-source" title={report.refusal === null ? text : `${text}. ${sentenceOf(report.refusal)}`}>
        {text}
      </span>
      <IconButton label="Camera preview or rendering" keys={keyOf('look.source')} pressed={choice !== 'auto'} className="loupe-toggle" testId="loupe-toggle" onClick={toggleSource}>
        <ArrowLeftRight size={15} strokeWidth={1.7} />
      </IconButton>
      <span className="loupe-zoom" data-testid="loupe-zoom">
        {zoom === 'full' ? '100 %' : 'Fit'}
      </span>
    </span>
  );
}
