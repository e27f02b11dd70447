/** The engine as the commands use it: opened on the right catalog, with a folder granted, and closed in any case. */
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { userCacheFolder, userDataFolder } from '../../main/adapters/files/user-folders.ts';
import { CodedFailure, fail, ok } from '../../main/base/index.ts';
import type { CodedError, Result } from '../../main/base/index.ts';
import type { ClientOf, ParjanyaContract, PhotoColumns } from '../../main/contract/index.ts';
import { changeWeights, genrePresets, isKeptWhole } from '../../main/domain/index.ts';
import type { GroupChoice, GroupKind, SetState } from '../../main/domain/index.ts';
import { openEngine } from '../../main/engine.ts';
import type { Engine } from '../../main/engine.ts';
import type { Weighing } from './arguments.ts';
import type { Terminal } from './terminal.ts';

export type Client = ClientOf<ParjanyaContract>;

export interface EngineFiles {
  readonly catalogFile: string;
  readonly cacheFolder: string;
  readonly selfTestFile: string;
  /** See openEngine; for programs that stay open. */
  readonly selfTestAfterMs?: number;
  /** The bundled decode child, where it was built; it starts in a third of the time that its source takes. */
  readonly workerScript?: string;
}

/**
 * Which catalog, and where its small pictures are kept: the app's own, or the named file with a folder beside it, as SQLite
 * puts its own files beside it.
 */
export function chooseEngineFiles(catalog: string | null, folder: string): EngineFiles {
  // whether this computer works is no matter of one catalog
  const selfTestFile = join(userDataFolder(), 'self-tests.json');
  if (catalog === null) return { catalogFile: join(userDataFolder(), 'catalog.db'), cacheFolder: userCacheFolder(), selfTestFile };
  const catalogFile = resolve(folder, catalog);
  return { catalogFile, cacheFolder: `${catalogFile}-cache`, selfTestFile };
}

/** For work that keeps nothing of any photo. */
export function passingEngineFiles(): EngineFiles {
  return { ...chooseEngineFiles(null, ''), catalogFile: ':memory:' };
}

/**
 * Runs `work` with an open engine and closes it whatever happens.
 * Errors: catalog-busy, catalog-newer, catalog-unusable, and those of `work`.
 */
export async function withEngine<T>(files: EngineFiles, terminal: Terminal, work: (engine: Engine) => Promise<Result<T>>): Promise<Result<T>> {
  const log = {
    info: () => undefined,
    warn: (text: string) => terminal.tell(text),
    bug: (where: string, error: unknown) => terminal.tell(`bug in ${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  };
  const opened = await openEngine({ ...files, log });
  if (!opened.ok) return { ok: false, error: withHint(opened.error) };
  const engine = opened.value;
  // reading a folder, above all a slow one, is a job that no call of ours has in its hand
  const stop = (): void => void stopJobs(engine.connect()).catch(() => undefined);
  terminal.signal.addEventListener('abort', stop, { once: true });
  try {
    return await work(engine);
  } catch (error) {
    // the in-process client answers coded errors by throwing them
    if (error instanceof CodedFailure) return { ok: false, error: error.error };
    throw error;
  } finally {
    terminal.signal.removeEventListener('abort', stop);
    await engine.close();
  }
}

/**
 * Runs `work` on a folder of photos with an engine on the chosen catalog.
 * Errors: folder-missing, those of {@link withEngine}, and those of `work`.
 */
export async function withShoot<T>(command: { folder: string; catalog: string | null }, terminal: Terminal, work: (engine: Engine, folder: string) => Promise<Result<T>>): Promise<Result<T>> {
  const folder = resolve(terminal.folder, command.folder);
  const there = await checkFolder(folder);
  if (!there.ok) return there;
  return withEngine(chooseEngineFiles(command.catalog, terminal.folder), terminal, (engine) => work(engine, folder));
}

async function stopJobs(api: Client): Promise<void> {
  const running = (await api.jobs.list({})).filter((job) => job.state === 'running');
  // one that has ended meanwhile is not there to be stopped
  await Promise.allSettled(running.map((job) => api.jobs.cancel({ id: job.id })));
}

function withHint(error: CodedError): CodedError {
  return error.code === 'catalog-busy' ? { ...error, message: `${error.message} Close it first, or name another catalog with --catalog.` } : error;
}

/** Checks a folder before an engine is started for it. Errors: folder-missing. */
export async function checkFolder(folder: string): Promise<Result<void>> {
  const isThere = await access(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
  return isThere ? ok(undefined) : fail('folder-missing', `The folder ${folder} does not exist.`);
}

/**
 * Opens a shoot without measuring anything, and waits until its folder has been read.
 * @throws CodedFailure with what library.open answers.
 */
export async function openShoot(api: Client, grant: string, signal: AbortSignal): Promise<number> {
  const { shoot } = await api.library.open({ grant, analyse: false }, { signal });
  const isReading = async (): Promise<boolean> => (await api.jobs.list({}, { signal })).some((job) => job.kind === 'scan' && job.state === 'running');
  while (await isReading()) await new Promise((resolve) => setTimeout(resolve, 20));
  return shoot;
}

/** The contract's own limit of one call. */
const mostRows = 20_000;

/** All rows of a shoot, page by page. */
async function* readPages(api: Client, shoot: number): AsyncGenerator<PhotoColumns> {
  for (let from = 0; ; from += mostRows) {
    const { total, photos } = await api.library.photos({ shoot, from, count: mostRows });
    yield photos;
    if (from + mostRows >= total) return;
  }
}

/** Photos of a shoot by their name, composed (NFC) as people type it, whatever the disk keeps. */
export async function listPhotos(api: Client, shoot: number): Promise<Map<string, { id: number; path: string }>> {
  const found = new Map<string, { id: number; path: string }>();
  for await (const photos of readPages(api, shoot)) photos.name.forEach((path, index) => found.set(path.normalize('NFC'), { id: photos.id[index]!, path }));
  return found;
}

/** The sets of a shoot that are kept whole and have one of the photos `ids`, as far as the shoot was looked at. */
export async function listSets(api: Client, shoot: number, ids: ReadonlySet<number>): Promise<SetState[]> {
  const sets = new Map<string, { kind: GroupKind; count: number; rejected: number; isMeant: boolean }>();
  for await (const photos of readPages(api, shoot))
    photos.group.forEach((group, index) => {
      const kind = photos.kind[index];
      if (group === null || !kind || !isKeptWhole(kind)) return;
      const set = sets.get(group) ?? { kind, count: 0, rejected: 0, isMeant: false };
      sets.set(group, { kind, count: set.count + 1, rejected: set.rejected + (photos.flag[index] === 'reject' ? 1 : 0), isMeant: set.isMeant || ids.has(photos.id[index]!) });
    });
  return [...sets.values()].filter(({ isMeant }) => isMeant);
}

/**
 * Groups a folder's photos otherwise from now on; what is not named stays as it was.
 * @throws CodedFailure with what library.open answers.
 */
export async function chooseGrouping(api: Client, grant: string, grouping: Partial<GroupChoice>, signal: AbortSignal): Promise<void> {
  const shoot = await openShoot(api, grant, signal);
  const { choice } = await api.groups.settings({ shoot }, { signal });
  await api.groups.choose({ shoot, choice: { ...choice, ...grouping } }, { signal });
}

/**
 * Lets other things count for a folder's suggestions from now on; what is not named stays as it was. One step of undo in the app.
 * Errors: bad-input where nothing would count any more.
 * @throws CodedFailure with what library.open answers.
 */
export async function chooseWeights(api: Client, grant: string, { genre, weights }: Weighing, signal: AbortSignal): Promise<Result<void>> {
  const shoot = await openShoot(api, grant, signal);
  const base = genre === null ? (await api.weights.settings({ shoot }, { signal })).choice : genrePresets[genre];
  const choice = changeWeights(base, weights);
  if (choice === base && Object.keys(weights).length > 0) return fail('bad-input', 'By these weights nothing would count.');
  await api.weights.choose({ shoot, choice }, { signal });
  return ok(undefined);
}
