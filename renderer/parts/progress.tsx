import './progress.css';

/** A thin bar; `total` 0 means that it is not known how much there is. */
export function ProgressBar({ done, total, label }: { readonly done: number; readonly total: number; readonly label: string }) {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  return (
    <div className="progress" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={total} aria-valuenow={total > 0 ? done : undefined}>
      <div className="progress-fill" style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
