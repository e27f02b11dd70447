/** What is said between a benchmark and the process that hosts its engine. */

export interface HostOptions {
  readonly catalogFile: string;
  readonly cacheFolder: string;
  readonly shoot: string;
}

/** Each asks for one answer of the same name in {@link HostAnswers}. */
export type HostRequest =
  /** Opens the engine and grants the folder. */
  | { readonly kind: 'open'; readonly options: HostOptions }
  /** Starts the web shell. */
  | { readonly kind: 'serve'; readonly rendererFolder: string }
  /** Works the shoot through, as the command line does. */
  | { readonly kind: 'cull'; readonly quick: boolean }
  /** Opens the shoot as a page does, without a page; waits until both passes are done if `wait`. */
  | { readonly kind: 'openShoot'; readonly analyse: boolean; readonly wait: boolean }
  /** `collect`: after everything that nobody holds any more has been let go. */
  | { readonly kind: 'memory'; readonly collect: boolean }
  | { readonly kind: 'jobs' }
  | { readonly kind: 'close' };

export interface HostAnswers {
  /** Milliseconds since 1970 just before the engine was opened, and how long opening took. */
  readonly open: { readonly startedAt: number; readonly ms: number };
  readonly serve: { readonly url: string };
  readonly cull: { readonly ms: number; readonly photos: number; readonly failed: number };
  readonly openShoot: {
    /** Until the engine had answered `open`, and until every row was listed. */
    readonly openMs: number;
    readonly listMs: number;
    readonly rows: number;
    /** Until every photo had been looked at, and until every file had been read; null where there was nothing to do, or nobody waited. */
    readonly lookMs: number | null;
    readonly identifyMs: number | null;
  };
  readonly memory: { readonly engineBytes: number; readonly heapBytes: number; readonly children: readonly number[] };
  /** Jobs that run now. */
  readonly jobs: { readonly running: number; readonly done: number; readonly total: number };
  readonly close: Record<string, never>;
}

export type HostReply = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };
