/** Long work in the engine: what runs, what has ended, and a way to stop it. */
import { create } from 'zustand';
import type { Job } from '../../main/contract/index.ts';
import { api, errorOf } from '../client/index.ts';
import { writeCount } from '../parts/words.ts';
import { announce, tell } from './notices.ts';

interface JobState {
  /** Oldest first. */
  readonly jobs: readonly Job[];
  /** Ended jobs that are still shown in the bar. */
  readonly fresh: ReadonlySet<number>;
}

export const useJobs = create<JobState>(() => ({ jobs: [], fresh: new Set() }));

const shownAfterEnd = 6000;
const keptJobs = 50;

/** Takes the jobs that changed; those that end here are shown a little longer and announced. */
export function takeJobs(changed: readonly Job[]): void {
  const { jobs, fresh } = useJobs.getState();
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const stillFresh = new Set(fresh);
  for (const job of changed) {
    const before = byId.get(job.id);
    byId.set(job.id, job);
    if (job.state === 'running' || before?.state !== 'running') continue;
    stillFresh.add(job.id);
    announce(summariseJob(job));
    setTimeout(() => useJobs.setState((state) => ({ fresh: new Set([...state.fresh].filter((id) => id !== job.id)) })), shownAfterEnd);
  }
  useJobs.setState({ jobs: [...byId.values()].sort((left, right) => left.id - right.id).slice(-keptJobs), fresh: stillFresh });
}

export function resetJobs(jobs: readonly Job[]): void {
  useJobs.setState({ jobs: [...jobs].sort((left, right) => left.id - right.id), fresh: new Set() });
}

export async function cancelJob(id: number): Promise<void> {
  try {
    await api().jobs.cancel({ id });
  } catch (reason) {
    tell(`It could not be stopped. ${errorOf(reason).message}`, 'error');
  }
}

/** One line about a job that has ended. */
export function summariseJob(job: Job): string {
  if (job.state === 'cancelled') return `${job.title}: stopped after ${writeCount(job.done)} of ${writeCount(job.total)}`;
  if (job.state === 'failed') return `${job.title}: ${job.error?.message ?? 'it could not be finished'}`;
  return `${job.title}: done${job.failed > 0 ? `, ${writeCount(job.failed)} with problems` : ''}`;
}
