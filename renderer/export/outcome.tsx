import { CircleCheck, CircleStop, TriangleAlert } from 'lucide-react';
import { ProgressBar } from '../parts/progress.tsx';
import { plural, writeCount } from '../parts/words.ts';
import { useExport } from '../state/export.ts';

/** The running export, and what came of it. */
export function Outcome() {
  const { step, progress, result, problems } = useExport();
  return (
    <div className="outcome" data-testid="export-outcome">
      {step === 'running' && progress ? (
        <>
          <p className="export-sum numbers">
            {writeCount(progress.done)} of {plural(progress.total, 'file', 'files')}
          </p>
          <ProgressBar done={progress.done} total={progress.total} label="Export" />
          <p className="export-current">{progress.name}</p>
        </>
      ) : null}
      {step === 'finished' && result ? (
        <>
          <p className="outcome-head" role="status">
            {result.failed > 0 ? <TriangleAlert size={20} strokeWidth={1.6} aria-hidden="true" /> : <CircleCheck size={20} strokeWidth={1.6} aria-hidden="true" />}
            <strong data-testid="export-written">{plural(result.written, 'file written', 'files written')}</strong>
          </p>
          <ul className="export-notes">
            {result.alreadyThere > 0 ? <li>{plural(result.alreadyThere, 'file was', 'files were')} there already</li> : null}
            {result.failed > 0 ? <li>{plural(result.failed, 'file', 'files')} could not be written</li> : null}
          </ul>
        </>
      ) : null}
      {step === 'stopped' ? (
        <>
          <p className="outcome-head" role="status">
            <CircleStop size={20} strokeWidth={1.6} aria-hidden="true" />
            <strong>Stopped after {plural(progress?.done ?? 0, 'file', 'files')}</strong>
          </p>
          <p className="export-quiet">What is written stays. Going on writes only the rest.</p>
        </>
      ) : null}
      {problems.length > 0 ? (
        <ul className="export-items selectable" data-testid="export-problems">
          {problems.map((problem) => (
            <li key={problem.name} data-code={problem.error.code}>
              <span className="export-name">{problem.name}</span>
              <span className="export-action">{problem.error.message}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
