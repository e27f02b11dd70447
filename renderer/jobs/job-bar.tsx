import { CircleAlert, CircleCheck, CircleStop, X } from 'lucide-react';
import { nameOf } from '../../main/base/index.ts';
import type { Job } from '../../main/contract/index.ts';
import { useSession } from '../client/index.ts';
import { Button, IconButton } from '../parts/button.tsx';
import { ProgressBar } from '../parts/progress.tsx';
import { plural, writeCount } from '../parts/words.ts';
import { cancelJob, summariseJob, useJobs } from '../state/jobs.ts';
import { useList, useSelection } from '../state/list.ts';
import { openDialog, useView } from '../state/view.ts';
import './jobs.css';

/** The line at the bottom: what is selected, and every job that runs or has just ended. It is always there, so nothing jumps. */
export function JobBar() {
  const jobs = useJobs((state) => state.jobs);
  const fresh = useJobs((state) => state.fresh);
  const autoAdvance = useView((view) => view.autoAdvance);
  // what a lost engine was doing is not known
  const connected = useSession((state) => state.status === 'open');
  const shown = jobs.filter((job) => (job.state === 'running' && connected) || fresh.has(job.id));
  return (
    <footer className="job-bar" data-testid="job-bar">
      <SelectionWords />
      {autoAdvance ? (
        <span className="auto-advance" data-testid="auto-advance" title="Caps Lock is on: a mark goes on to the next photo">
          Auto-advance
        </span>
      ) : null}
      <div className="job-bar-jobs">
        {shown.map((job) => (
          <JobChip key={job.id} job={job} />
        ))}
      </div>
      <Button look="quiet" className="job-bar-all" testId="open-jobs" disabled={jobs.length === 0} onClick={() => openDialog('jobs')}>
        Jobs
      </Button>
    </footer>
  );
}

function SelectionWords() {
  const { focus, selected } = useSelection();
  const table = useList((state) => state.table);
  const mode = useView((view) => view.mode);
  const index = focus === null ? undefined : table.indexOf.get(focus);
  const words = mode === 'grid' && selected.size > 1 ? `${plural(selected.size, 'photo', 'photos')} selected` : index === undefined ? '' : nameOf(table.name[index]!);
  return (
    <span className="job-bar-selection numbers" data-testid="selection">
      {words}
    </span>
  );
}

function JobChip({ job }: { readonly job: Job }) {
  if (job.state !== 'running')
    return (
      <span className="job-chip is-ended" data-testid={`job-${job.id}`} data-state={job.state}>
        <JobStateIcon job={job} />
        <span className="job-title">{summariseJob(job)}</span>
      </span>
    );
  return (
    <span className="job-chip" data-testid={`job-${job.id}`} data-state={job.state}>
      <span className="job-title">{job.title}</span>
      <span className="job-chip-bar">
        <ProgressBar done={job.done} total={job.total} label={job.title} />
      </span>
      <span className="job-count numbers">{writeProgress(job)}</span>
      <IconButton label={`Stop: ${job.title}`} testId={`job-${job.id}-cancel`} onClick={() => void cancelJob(job.id)}>
        <X size={14} aria-hidden="true" />
      </IconButton>
    </span>
  );
}

/** `312 of 1,000`; only what is done where it is not known how much there is. */
export function writeProgress(job: Job): string {
  return job.total > 0 ? `${writeCount(job.done)} of ${writeCount(job.total)}` : writeCount(job.done);
}

export function JobStateIcon({ job }: { readonly job: Job }) {
  if (job.state === 'failed') return <CircleAlert size={14} strokeWidth={1.8} aria-hidden="true" />;
  if (job.state === 'cancelled') return <CircleStop size={14} strokeWidth={1.8} aria-hidden="true" />;
  return <CircleCheck size={14} strokeWidth={1.8} aria-hidden="true" />;
}
