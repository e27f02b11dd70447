/**
 * An open shoot at work: scans its folder, runs the stages, judges, and tells pages what changed. One per shoot; library's
 * index.ts keeps them.
 */
import { CodedFailure, anySignal, fail, ok } from '../../base/index.ts';
import type { CancelSignal, ProgressSink, Result } from '../../base/index.ts';
import type { Copies, ShootRow } from '../../catalog/types.ts';
import type { NearCopies } from '../../contract/index.ts';
import { isPassing, settingsOfChoice } from '../../domain/index.ts';
import type { PhotoId, StageId, VerdictChoice } from '../../domain/index.ts';
import { passes } from '../../pipeline/index.ts';
import type { Lane, Pass, Scheduler } from '../../pipeline/index.ts';
import type { Log, ShootFolder } from '../../ports/index.ts';
import type { JobHandle, Jobs } from '../jobs/index.ts';
import { embedPhoto } from './embed.ts';
import type { Entry } from './entry.ts';
import { headroomErrorOf, isWorthMeasuring, measureHeadroomOf } from './headroom.ts';
import type { NearFinder } from './near.ts';
import { createPictures } from './pictures.ts';
import { createOpenShoot } from './shoot.ts';
import type { OpenShoot } from './shoot.ts';
import { createSidecarReader } from './sidecars.ts';
import { createAnswerStore, gone, photosFor, runPass } from './work.ts';
import type { AnswerStore, WorkDeps } from './work.ts';

export interface SessionDeps extends WorkDeps {
  readonly files: ShootFolder;
  readonly scheduler: Scheduler;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly near: NearFinder;
  /** Rows that changed; `order`: photos came, went or moved. */
  readonly onChanged: (shoot: OpenShoot, ids: ReadonlySet<PhotoId>, order: boolean) => void;
}

type FolderProblem = Extract<Awaited<ReturnType<ShootFolder['scan']>>, { ok: true }>['value']['problems'][number];

export interface WorkOptions {
  readonly signal?: CancelSignal;
  readonly onProgress?: ProgressSink;
  /** Without the closer look. */
  readonly quick?: boolean;
  /** Also measure in the sensor data of RAW files what is clipped or black as shown. */
  readonly rawExposure?: boolean;
}

export interface ShootSession {
  readonly shoot: OpenShoot;
  readonly answers: AnswerStore;
  /** Parts of the folder that could not be read at the last scan. */
  readonly problems: readonly FolderProblem[];
  /** True while stages run or a scan does. */
  readonly isBusy: boolean;
  /** Compares the folder with the catalog; a scan that runs already is joined. Errors: folder-missing, folder-unreadable, folder-empty, cancelled. */
  scan(signal?: CancelSignal): Promise<Result<void>>;
  /** Runs what is still to be done, in the background. */
  work(): void;
  /** The same without a page: waits until all is done. Errors: cancelled. */
  workThrough(options: WorkOptions): Promise<Result<void>>;
  /** Measures what the photo's sensor holds beyond what is shown, unless that was done; tells pages. Errors: not-found, cancelled, closed. */
  measureHeadroom(photo: PhotoId, signal?: CancelSignal): Promise<Result<void>>;
  look(visible: readonly PhotoId[], near: readonly PhotoId[]): void;
  /** Groups and judges again at once, and tells pages what that changed. */
  assess(): void;
  /** Judges again by another choice, which the catalog has, and tells pages. */
  judgeBy(choice: VerdictChoice): void;
  /** The same picture in other shoots of the catalog. */
  copies(entry: Entry, mostListed: number): Copies;
  /** What looks nearly the same in other shoots, as alike as this shoot's sliders ask; see library's `whenNearReady`. */
  near(entry: Entry, mostListed: number): NearCopies;
  /** Rows of these photos are to be told to pages. */
  tell(ids: Iterable<PhotoId>, order?: boolean): void;
  close(): void;
}

const jobTitles: Readonly<Record<Pass, string>> = { look: 'Looking at the photos', study: 'Looking closer: sharpness, faces and eyes', identify: 'Reading whole files, to find exact copies', embed: 'Looking at aesthetics' };
/** Judging again takes at most a fifth of the time. */
const assessShare = 5;
const assessAtLeast = 250;
const pagePhotos = 2_000;

export function createSession(row: ShootRow, deps: SessionDeps): ShootSession {
  const { catalog, clock, jobs, log } = deps;
  const shoot = createOpenShoot(row, clock.now(), { grouping: catalog.grouping(row.id), verdict: catalog.verdictChoice(row.id) });
  const answers = createAnswerStore(catalog, clock, log, {
    onMarks(changes) {
      shoot.mark(changes);
      tell(changes.map(({ id }) => id));
    },
    onStored: (photos) => deps.near.refresh(photos),
  });
  let problems: readonly FolderProblem[] = [];
  let scanning: Promise<Result<void>> | null = null;
  /** Passes that are done in one go with the look. */
  let inOneGo: readonly Pass[] = [];
  const stopped = new Map<PhotoId, readonly StageId[]>();
  let closed = false;
  let onProgress: ProgressSink | null = null;
  const running = new Map<Pass, { job: JobHandle; total: number }>();

  const pictures = createPictures(deps);
  const tell = (ids: Iterable<PhotoId>, order = false): void => deps.onChanged(shoot, new Set(ids), order);

  let callOffAssess: (() => void) | null = null;
  let lastAssess = 0;
  const assessNow = (): void => {
    const start = clock.now();
    const { changed, reordered } = shoot.assess();
    lastAssess = clock.now() - start;
    if (changed.length > 0 || reordered) tell(changed, reordered);
  };
  const assessSoon = (): void => {
    if (callOffAssess || closed) return;
    callOffAssess = clock.after(Math.max(assessAtLeast, lastAssess * assessShare), () => {
      callOffAssess = null;
      assessNow();
    });
  };

  const lane: Lane = deps.scheduler.createLane({
    async run(photo, pass, signal) {
      try {
        const { error } = pass === 'embed' ? await embedPhoto(deps, pictures, answers, shoot, photo, { queue: lane.left('embed'), signal }) : await runPass(deps, answers, shoot, photo, pass, { inOneGo, stopped, signal });
        if (signal.aborted) return;
        tell(shoot.withPairs([photo]));
        assessSoon();
        const work = running.get(pass);
        if (!work) return;
        if (error) work.job.itemFailed();
        const done = work.total - lane.left(pass) + 1;
        work.job.progress(done);
        onProgress?.({ done, total: work.total });
      } catch (error) {
        log.bug(`pass ${pass}`, error);
      }
    },
    onIdle(pass) {
      const work = running.get(pass);
      running.delete(pass);
      work?.job.end('done');
      answers.flush();
      assessSoon();
    },
  });

  const sidecars = createSidecarReader(shoot, { catalog, files: deps.files, jobs, log, tell });

  /**
   * Takes in the catalog's rows, and the answers of those that are new to us, a page at a time: a shoot of 100,000 photos takes
   * seconds to read, in which the page must be answered. A usual shoot is read before this returns to its caller.
   */
  const pause = (): Promise<void> => new Promise((resolve) => void clock.after(0, resolve));
  const loadRows = async (): Promise<void> => {
    answers.flush();
    const rows = catalog.photos(row.id);
    const fresh = new Set(shoot.load(rows));
    while (!closed && sidecars.loadStored()) await pause();
    let after = Math.min(...fresh, Number.MAX_SAFE_INTEGER) - 1;
    while (fresh.size > 0 && !closed) {
      answers.flush();
      const stored = catalog.results(row.id, after, pagePhotos);
      if (stored.size === 0) break;
      const taken: PhotoId[] = [];
      for (const [id, results] of stored) {
        after = id;
        if (!fresh.delete(id)) continue;
        shoot.update(id, results);
        taken.push(id);
      }
      tell(taken);
      if (fresh.size > 0) await pause();
    }
    if (!closed) assessNow();
  };
  let loaded: Promise<void> | null = null;
  const load = (): Promise<void> => {
    loaded = loadRows().finally(() => (loaded = null));
    return loaded;
  };

  const readFolder = async (job: JobHandle, signal: CancelSignal): Promise<Result<void>> => {
    await loaded;
    const found = await deps.files.scan(row.folder, { signal, onFound: (count) => job.progress(count, `${count} files`) });
    if (!found.ok) return found;
    if (closed) return fail('cancelled', 'It was cancelled.');
    const { files } = found.value;
    problems = found.value.problems;
    for (const _problem of problems) job.itemFailed();
    answers.flush();
    const counts = catalog.syncFiles(row.id, files);
    if (counts.added + counts.changed + counts.removed > 0) {
      deps.near.refreshShoot(row.id);
      await load();
      tell([], true);
    }
    sidecars.refresh(found.value.sidecars);
    job.progress(files.length, undefined, files.length);
    if (files.length > 0) return ok(undefined);
    const hidden = problems[0];
    return hidden ? { ok: false, error: hidden.error } : fail('folder-empty', 'There are no photos in this folder.');
  };

  const scanNow = async (signal?: CancelSignal): Promise<Result<void>> => {
    const job = jobs.start('scan', `Reading the folder ${row.name}`, 0);
    try {
      const read = await readFolder(job, anySignal(job.signal, signal));
      job.end(read.ok ? 'done' : read.error.code === 'cancelled' ? 'cancelled' : 'failed', read.ok ? undefined : read.error);
      return read;
    } catch (error) {
      const foreseen = error instanceof CodedFailure ? error.error : undefined;
      job.end('failed', foreseen);
      if (!foreseen) throw error;
      return { ok: false, error: foreseen };
    }
  };

  const startPass = (pass: Pass): void => {
    const photos = photosFor(pass, shoot, deps.gate.isOn);
    if (photos.length === 0) return;
    lane.add(pass, photos);
    const work = running.get(pass);
    const total = lane.left(pass);
    if (work) {
      work.total = Math.max(work.total, total);
      work.job.progress(work.total - total, undefined, work.total);
      return;
    }
    const job = jobs.start('cull', jobTitles[pass], total);
    running.set(pass, { job, total });
    job.signal.addEventListener('abort', () => lane.clear(pass));
  };

  const measuring = new Map<PhotoId, Promise<Result<void>>>();
  const measureHeadroom = (photo: PhotoId, signal?: CancelSignal): Promise<Result<void>> => {
    const known = measuring.get(photo);
    if (known) return known;
    const measure = async (): Promise<Result<void>> => {
      const entry = shoot.entries.get(photo);
      if (!entry) return { ok: false, error: gone };
      const measured = await measureHeadroomOf(deps, answers, shoot, entry, signal);
      if (!measured.ok || closed) return measured;
      tell(shoot.withPairs([photo]));
      assessSoon();
      return measured;
    };
    const running = measure().finally(() => measuring.delete(photo));
    measuring.set(photo, running);
    return running;
  };
  /** Failures of the moment are tried again, but not in the run that met them. */
  const mayBeMeasured = (photo: PhotoId): boolean => {
    const error = headroomErrorOf(answers.resultsOf(photo));
    return error === null || (isPassing(error) && !stopped.get(photo)?.includes('headroom'));
  };
  /** Of the whole shoot, where it may change the judgement; as many at once as the pool has room for. */
  const measureAll = async ({ signal, onProgress: told }: WorkOptions): Promise<void> => {
    const photos = [...shoot.entries.values()].filter((entry) => isWorthMeasuring(entry) && mayBeMeasured(entry.id)).map(({ id }) => id);
    const total = photos.length;
    const worker = async (): Promise<void> => {
      for (let photo = photos.shift(); photo !== undefined && !signal?.aborted; photo = photos.shift()) {
        await measureHeadroom(photo, signal);
        told?.({ done: total - photos.length, total });
      }
    };
    await Promise.all(Array.from({ length: Math.min(deps.pool.size, total) }, worker));
  };

  void load().catch((error: unknown) => log.bug('load', error));
  return {
    shoot,
    answers,
    get problems() {
      return problems;
    },
    get isBusy() {
      return scanning !== null || loaded !== null || sidecars.isBusy || measuring.size > 0 || passes.some((pass) => lane.left(pass) > 0);
    },
    scan(signal) {
      scanning ??= scanNow(signal).finally(() => (scanning = null));
      return scanning;
    },
    work() {
      inOneGo = [];
      stopped.clear();
      startPass('look');
      startPass('identify');
      void deps.gate.refresh().then(() => {
        if (closed) return;
        startPass('study');
        startPass('embed');
      });
    },
    async workThrough(options) {
      inOneGo = options.quick ? ['identify'] : ['study', 'identify'];
      stopped.clear();
      await deps.gate.refresh();
      onProgress = options.onProgress ?? null;
      const stop = (): void => {
        for (const pass of passes) lane.clear(pass);
      };
      options.signal?.addEventListener('abort', stop, { once: true });
      if (!options.signal?.aborted) startPass('look');
      await lane.whenIdle();
      // photos whose look failed, and those that had been looked at before
      for (const pass of options.quick ? inOneGo : [...inOneGo, 'embed' as const]) {
        if (!options.signal?.aborted) startPass(pass);
        await lane.whenIdle();
      }
      if (options.rawExposure) await measureAll(options);
      await sidecars.whenIdle();
      options.signal?.removeEventListener('abort', stop);
      onProgress = null;
      answers.flush();
      assessNow();
      return options.signal?.aborted ? fail('cancelled', 'It was cancelled.') : ok(undefined);
    },
    measureHeadroom,
    look(visible, near) {
      lane.look(visible, near);
    },
    copies: (entry, mostListed) => catalog.copies(entry.id, entry.facts, mostListed),
    near: (entry, mostListed) => deps.near.find(entry, settingsOfChoice(shoot.grouping.choice), mostListed),
    tell,
    assess: assessNow,
    judgeBy(choice) {
      const { changed } = shoot.judgeBy(choice);
      if (changed.length > 0) tell(changed);
    },
    close() {
      closed = true;
      sidecars.close();
      callOffAssess?.();
      lane.close();
      answers.flush();
    },
  };
}
