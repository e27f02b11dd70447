/** The doctor: what runs where on this computer, as far as it was tried out, and for which desktops the packages are made. */
import { create } from 'zustand';
import type { CodedError } from '../../main/base/index.ts';
import type { DoctorAdvice, DoctorPackage, DoctorRow, DoctorStep } from '../../main/contract/index.ts';
import { api, errorOf } from '../client/index.ts';
import { openDialog } from './view.ts';

interface DoctorState {
  readonly step: 'idle' | 'running' | 'stopping' | 'done' | 'stopped' | 'failed';
  /** In the order in which they were tried. */
  readonly rows: readonly DoctorRow[];
  readonly advice: readonly DoctorAdvice[];
  /** What is being tried now. */
  readonly trying: Pick<DoctorStep, 'stage' | 'place'> | null;
  readonly done: number;
  readonly total: number;
  readonly error: CodedError | null;
  /** Undefined until the engine has said; null where there is nothing to tell it by. */
  readonly packages: readonly DoctorPackage[] | null | undefined;
}

const nothing = { rows: [], advice: [], trying: null, done: 0, total: 0, error: null } as const;

export const useDoctor = create<DoctorState>(() => ({ ...nothing, step: 'idle', packages: undefined }));

let current: AbortController | null = null;

/** Opens the dialog; what was found earlier is still there, and what runs goes on. */
export function openDoctor(): void {
  openDialog('doctor');
  if (useDoctor.getState().packages === undefined) void loadPackages();
}

async function loadPackages(): Promise<void> {
  try {
    useDoctor.setState({ packages: (await api().doctor.packages({})).packages });
  } catch {
    // an engine that is gone says so itself; the next opening asks again
  }
}

/** Tries out everything, from the start. */
export async function runDoctor(): Promise<void> {
  if (current) return;
  const control = new AbortController();
  current = control;
  useDoctor.setState({ ...nothing, step: 'running' });
  try {
    await api().doctor.examine({}, takeStep, { signal: control.signal });
    useDoctor.setState({ step: 'done', trying: null });
  } catch (reason) {
    const error = errorOf(reason);
    useDoctor.setState(error.code === 'cancelled' ? { step: 'stopped', trying: null } : { step: 'failed', trying: null, error });
  } finally {
    current = null;
  }
}

function takeStep({ done, total, stage, place, row, advice }: DoctorStep): void {
  useDoctor.setState((state) => ({
    done,
    total,
    trying: row ? null : { stage, place },
    rows: row ? [...state.rows, row] : state.rows,
    advice: advice ? [...state.advice, advice] : state.advice,
  }));
}

/** Ends what is being tried; what was found until then stays. */
export function stopDoctor(): void {
  if (!current) return;
  useDoctor.setState({ step: 'stopping' });
  current.abort();
}
