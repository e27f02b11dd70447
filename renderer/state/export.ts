/** Export: what to export, the plan that is shown before anything is written, the run, and its result. */
import { create } from 'zustand';
import type { CodedError } from '../../main/base/index.ts';
import type { Plan, Preset, Where } from '../../main/contract/index.ts';
import { api, errorOf } from '../client/index.ts';
import { writeCount } from '../parts/words.ts';
import { announce, tell } from './notices.ts';
import { loadGrants, useShoot } from './shoot.ts';
import type { Grant } from './shoot.ts';
import { openDialog, useView } from './view.ts';

export interface ExportProgress {
  readonly done: number;
  readonly total: number;
  readonly name: string;
}

export interface ExportResult {
  readonly written: number;
  readonly alreadyThere: number;
  readonly failed: number;
}

interface ExportState {
  readonly preset: Preset;
  readonly where: 'keep' | 'pick' | 'rating';
  readonly rating: number;
  readonly destination: Grant | null;
  readonly step: 'choose' | 'planning' | 'planned' | 'running' | 'finished' | 'stopped' | 'failed';
  readonly plan: Plan | null;
  readonly error: CodedError | null;
  readonly progress: ExportProgress | null;
  readonly problems: readonly { readonly name: string; readonly error: CodedError }[];
  readonly result: ExportResult | null;
}

export const useExport = create<ExportState>(() => ({
  preset: 'copy',
  where: 'keep',
  rating: 3,
  destination: null,
  step: 'choose',
  plan: null,
  error: null,
  progress: null,
  problems: [],
  result: null,
}));

let current: AbortController | null = null;
const keptProblems = 200;

/** Opens the dialog; a running export is shown as it is, anything else starts with a fresh plan. */
export function openExport(): void {
  if (useShoot.getState().shoot === null) return;
  openDialog('export');
  if (useExport.getState().step === 'running') return;
  void loadGrants()
    .then((grants) => {
      const destinations = grants.filter((grant) => grant.kind === 'destination');
      const { destination } = useExport.getState();
      const still = destinations.find((grant) => grant.grant === destination?.grant);
      // with one place to go there is nothing to choose
      useExport.setState({ destination: still ?? (destinations.length === 1 ? destinations[0]! : null) });
      return makePlan();
    })
    .catch((reason: unknown) => tell(errorOf(reason).message, 'error'));
}

export function chooseExport(change: Partial<Pick<ExportState, 'preset' | 'where' | 'rating' | 'destination'>>): void {
  useExport.setState(change);
  void makePlan();
}

export async function pickDestination(): Promise<void> {
  try {
    const picked = await api().shell.pickFolder({ for: 'destination' });
    if (!picked) return;
    await loadGrants();
    chooseExport({ destination: { ...picked, kind: 'destination' } });
  } catch (reason) {
    tell(errorOf(reason).message, 'error');
  }
}

/** Makes the plan for what is chosen; a newer choice cancels it. Without a destination there is no plan yet. */
async function makePlan(): Promise<void> {
  current?.abort();
  const { shoot } = useShoot.getState();
  const { preset, where, rating, destination } = useExport.getState();
  const fresh = { plan: null, error: null, progress: null, problems: [], result: null };
  if (shoot === null || !destination) {
    useExport.setState({ ...fresh, step: 'choose' });
    return;
  }
  const control = new AbortController();
  current = control;
  useExport.setState({ ...fresh, step: 'planning' });
  const who: Where = where === 'rating' ? { rating } : where;
  try {
    const plan = await api().deliver.plan({ shoot, preset, where: who, destination: destination.grant }, { signal: control.signal });
    if (current === control) useExport.setState({ step: 'planned', plan });
  } catch (reason) {
    if (current === control) useExport.setState({ step: 'failed', error: errorOf(reason) });
  }
}

/** Carries out the plan that is shown. */
export async function runExport(): Promise<void> {
  const { plan } = useExport.getState();
  if (!plan) return;
  const control = new AbortController();
  current = control;
  useExport.setState({ step: 'running', error: null, problems: [], progress: { done: 0, total: plan.files, name: '' } });
  try {
    const result = await api().deliver.run({ plan: plan.plan }, takeProgress, { signal: control.signal });
    useExport.setState({ step: 'finished', result });
    const words = `Export done: ${writeCount(result.written)} written${result.failed > 0 ? `, ${writeCount(result.failed)} failed` : ''}`;
    // the dialog says it itself
    if (useView.getState().dialog === 'export') announce(words);
    else tell(words, result.failed > 0 ? 'error' : 'info');
  } catch (reason) {
    const error = errorOf(reason);
    useExport.setState(error.code === 'cancelled' ? { step: 'stopped' } : { step: 'failed', error });
    if (useView.getState().dialog !== 'export') tell(`Export: ${error.message}`, error.code === 'cancelled' ? 'info' : 'error');
  }
}

function takeProgress(item: ExportProgress & { error: CodedError | null }): void {
  useExport.setState((state) => ({
    progress: { done: item.done, total: item.total, name: item.name },
    problems: item.error ? [...state.problems, { name: item.name, error: item.error }].slice(0, keptProblems) : state.problems,
  }));
}

/** Stops the running export; what is written stays, and a later run goes on from there. */
export function stopExport(): void {
  current?.abort();
}

/** Plans again, after a stop, a failure or a finished run. */
export function planAgain(): void {
  void makePlan();
}
