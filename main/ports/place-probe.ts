/** Trying out whether a stage runs at a place, with real work on a real picture. This computer: adapters/doctor; other places: whoever has a client for them. */
import type { CancelSignal, Result } from '../base/index.ts';
import type { PlaceId, StageId } from '../domain/index.ts';

/** `not-set-up`: there is nobody to ask yet; the others as for self-tests. */
export type ProbeState = 'ok' | 'slow' | 'wrong' | 'crashed' | 'missing' | 'not-set-up';

export interface ProbeReport {
  readonly state: ProbeState;
  /** What is amiss and what helps; null where all is well. */
  readonly message: string | null;
  /** From the start of a fresh process to its first answer. */
  readonly coldStartMs: number | null;
  /** Of the stage's own work on one picture, in a process that is warm. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  /** With as many processes as the place has room for, whole requests counted. */
  readonly photosPerSecond: number | null;
}

export interface PlaceProbe {
  readonly place: PlaceId;
  /** Never rejects. What dies or hangs harms nothing but its own answer. */
  probe(stage: StageId): Promise<ProbeReport>;
}

/** A report of a place that could not be measured. */
export function unmeasured(state: Exclude<ProbeState, 'ok'>, message: string): ProbeReport {
  return { state, message, coldStartMs: null, medianMs: null, p95Ms: null, photosPerSecond: null };
}

export interface PackagePortability {
  readonly package: string;
  readonly version: string;
  /** By `platform-arch`, six desktops. `WASM`: WebAssembly, the same for all. */
  readonly platforms: Readonly<Record<string, PortabilityAnswer>>;
}

export type PortabilityAnswer = { readonly answer: 'yes' | 'no' | 'WASM'; readonly why: string };

/** Probes and what they work on, for one examination. */
export interface ProbeSession {
  readonly probes: readonly PlaceProbe[];
  /** Ends what runs and removes what was made. */
  close(): Promise<void>;
}

/** What an examination of this installation needs from outside. Implemented by adapters/doctor. */
export interface Probes {
  /** Of this computer; as many processes are measured at once. */
  readonly cores: number;
  /** Aborting `signal` ends what runs; what a probe answers then says nothing. Errors: disk-full, destination-unwritable. */
  open(signal: CancelSignal): Promise<Result<ProbeSession>>;
  /** Which compiled packages there are for which desktop; null where there is no lockfile to tell (an installed app has none). */
  portability(): Promise<readonly PackagePortability[] | null>;
}
