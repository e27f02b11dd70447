import { X } from 'lucide-react';
import type { Job } from '../../main/contract/index.ts';
import { Button, IconButton } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ProgressBar } from '../parts/progress.tsx';
import { plural } from '../parts/words.ts';
import { cancelJob, summariseJob, useJobs } from '../state/jobs.ts';
import { closeDialog } from '../state/view.ts';
import { JobStateIcon, writeProgress } from './job-bar.tsx';
import './jobs.css';

/** All jobs of this session: running ones first, then what has ended, newest first. */
export function JobsDialog() {
  const jobs = useJobs((state) => state.jobs);
  const running = jobs.filter((job) => job.state === 'running');
  const ended = jobs.filter((job) => job.state !== 'running').reverse();
  return (
    <Dialog title="Jobs" testId="jobs-dialog" onClose={closeDialog} footer={<Button onClick={closeDialog}>Close</Button>}>
      {jobs.length === 0 ? <p>Nothing has been done yet.</p> : null}
      <ul className="job-list">
        {[...running, ...ended].map((job) => (
          <JobLine key={job.id} job={job} />
        ))}
      </ul>
    </Dialog>
  );
}

function JobLine({ job }: { readonly job: Job }) {
  if (job.state !== 'running')
    return (
      <li className="job-line is-ended" data-testid={`job-line-${job.id}`} data-state={job.state}>
        <JobStateIcon job={job} />
        <span className="job-line-words">{summariseJob(job)}</span>
      </li>
    );
  return (
    <li className="job-line" data-testid={`job-line-${job.id}`} data-state={job.state}>
      <div className="job-line-main">
        <div className="job-line-head">
          <strong>{job.title}</strong>
          <span className="numbers">{writeProgress(job)}</span>
        </div>
        <ProgressBar done={job.done} total={job.total} label={job.title} />
        <div className="job-line-note">
          {job.note}
          {job.failed > 0 ? ` · ${plural(job.failed, 'problem', 'problems')}` : ''}
        </div>
      </div>
      <IconButton label={`Stop: ${job.title}`} testId={`job-line-${job.id}-cancel`} onClick={() => void cancelJob(job.id)}>
        <X size={16} aria-hidden="true" />
      </IconButton>
    </li>
  );
}
