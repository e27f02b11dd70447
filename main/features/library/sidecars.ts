/**
 * XMP sidecars of an open shoot: kept in memory by the names of the photos they are for, read anew only where size or time has
 * changed, stored in the catalog. Which counts most: `IMG.CR3.xmp` (darktable, digiKam) before `IMG.xmp` (Lightroom, Bridge, Capture One,
 * Photo Mechanic), as darktable and digiKam have it; of two names that differ only in case, the newer.
 */
import { CodedFailure, createCancel, folderOf, nameOf, stemOf } from '../../base/index.ts';
import type { CancelSignal } from '../../base/index.ts';
import type { Catalog, SidecarRow } from '../../catalog/types.ts';
import { isPassing, isSidecarFor, joinExistingMarks, longestSidecar, readSidecar, sidecarVersion } from '../../domain/index.ts';
import type { ExistingMarks, Metadata, PhotoId, ShootId } from '../../domain/index.ts';
import type { FoundFile, Log, ShootFolder } from '../../ports/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { OpenShoot } from './shoot.ts';

export interface SidecarBook {
  /** Sidecars of the photo at `path`, relative to the shoot, the one that counts most first; those that could not be read too. */
  of(path: string): readonly SidecarRow[];
  existingOf(path: string, metadata: Metadata | null): ExistingMarks;
  take(rows: readonly SidecarRow[]): void;
  forget(paths: readonly string[]): void;
  /** By path. */
  readonly rows: ReadonlyMap<string, SidecarRow>;
}

export function createSidecarBook(): SidecarBook {
  const rows = new Map<string, SidecarRow>();
  const byPhoto = new Map<string, readonly SidecarRow[]>();
  const none: readonly SidecarRow[] = [];
  const replace = (path: string, row: SidecarRow | null): void => {
    const key = withoutExtension(path);
    const others = (byPhoto.get(key) ?? none).filter((other) => other.path !== path);
    const all = row ? [...others, row].sort((a, b) => b.mtimeMs - a.mtimeMs || (a.path < b.path ? -1 : 1)) : others;
    if (all.length > 0) byPhoto.set(key, all);
    else byPhoto.delete(key);
    if (row) rows.set(path, row);
    else rows.delete(path);
  };
  const of = (path: string): readonly SidecarRow[] => {
    if (rows.size === 0) return none;
    const [whole, stem] = keysOf(path);
    const ofStem = (byPhoto.get(stem) ?? none).filter(({ facts }) => facts === null || isSidecarFor(facts, path));
    return whole === stem ? ofStem : [...(byPhoto.get(whole) ?? none), ...ofStem];
  };
  return {
    rows,
    of,
    existingOf: (path, metadata) => joinExistingMarks(metadata, of(path).flatMap(({ facts }) => facts ?? [])),
    take: (read) => read.forEach((row) => replace(row.path, row)),
    forget: (paths) => paths.forEach((path) => replace(path, null)),
  };
}

/** Names on cards differ in case between camera and computer. */
function withoutExtension(path: string): string {
  return `${folderOf(path)}${stemOf(nameOf(path))}`.toLowerCase();
}

/** What the sidecars of a photo are called, up to `.xmp`: by its whole name, by its name without extension. */
function keysOf(path: string): readonly [string, string] {
  return [path.toLowerCase(), withoutExtension(path)];
}

export interface SidecarDeps {
  readonly catalog: Catalog;
  readonly files: ShootFolder;
  readonly jobs: Jobs;
  readonly log: Log;
  /** Rows that changed. */
  readonly tell: (ids: readonly PhotoId[]) => void;
}

const batch = 200;
/** Enough to keep a network disk busy. */
const parallel = 16;

export interface SidecarReader {
  /** Takes in what the catalog knows, a page a call; true while there is more. */
  loadStored(): boolean;
  /** Brings the shoot in line with the sidecars found in its folder, in the background: nobody waits for them to see a photo. */
  refresh(found: readonly FoundFile[]): void;
  readonly isBusy: boolean;
  whenIdle(): Promise<void>;
  close(): void;
}

const pageSize = 10_000;

export function createSidecarReader(shoot: OpenShoot, deps: SidecarDeps): SidecarReader {
  const ending = createCancel();
  let loadedUpTo: string | null = '';
  let work: Promise<void> | null = null;
  return {
    loadStored() {
      if (loadedUpTo === null) return false;
      const stored = deps.catalog.sidecars(shoot.row.id, loadedUpTo, pageSize);
      shoot.sidecars.take(stored);
      loadedUpTo = stored.length < pageSize ? null : stored.at(-1)!.path;
      return loadedUpTo !== null;
    },
    refresh(found) {
      const before = work;
      const now = (async () => {
        await before;
        await refreshSidecars(shoot, found, deps, ending.signal);
      })()
        .catch((error: unknown) => deps.log.bug('sidecars', error))
        .finally(() => {
          if (work === now) work = null;
        });
      work = now;
    },
    get isBusy() {
      return work !== null;
    },
    whenIdle: async () => void (await work),
    close: () => ending.cancel(),
  };
}

/** Reads those that are new or have changed, and those whose reading failed for a passing reason. */
async function refreshSidecars(shoot: OpenShoot, found: readonly FoundFile[], deps: SidecarDeps, signal: CancelSignal): Promise<void> {
  const { sidecars: book, row } = shoot;
  const present = new Set(found.map(({ path }) => path));
  const gone = [...book.rows.keys()].filter((path) => !present.has(path));
  const fresh = found.filter((file) => !isKnown(file, book.rows.get(file.path)));
  if (gone.length + fresh.length === 0) return;
  const photos = photosByKey(shoot);
  const settle = (read: readonly SidecarRow[], left: readonly string[]): void => {
    book.take(read);
    book.forget(left);
    store(row.id, read, left, deps);
    const touched = new Set([...read.map(({ path }) => path), ...left].flatMap((path) => photos.get(withoutExtension(path)) ?? []));
    deps.tell(shoot.refreshExisting([...touched]));
  };
  settle([], gone);
  if (fresh.length === 0) return;
  const job = deps.jobs.start('scan', 'Reading sidecars', fresh.length);
  for (let at = 0; at < fresh.length && !signal.aborted && !job.signal.aborted; at += batch) {
    const read = await readAll(fresh.slice(at, at + batch), row.folder, deps.files);
    if (signal.aborted) break;
    settle(read, []);
    for (const { error } of read) if (error) job.itemFailed();
    job.progress(Math.min(at + batch, fresh.length));
  }
  job.end(signal.aborted ? 'cancelled' : 'done');
}

function isKnown(file: FoundFile, row: SidecarRow | undefined): boolean {
  return row !== undefined && row.bytes === file.bytes && row.mtimeMs === file.mtimeMs && row.version === sidecarVersion && (row.error === null || !isPassing(row.error));
}

async function readAll(sidecars: readonly FoundFile[], folder: string, files: ShootFolder): Promise<SidecarRow[]> {
  const rows: SidecarRow[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < sidecars.length) {
      const { path, bytes, mtimeMs } = sidecars[next++]!;
      const head = await files.readHead(folder, path, longestSidecar);
      const read = head.ok ? readSidecar(head.value) : head;
      rows.push({ path, bytes, mtimeMs, version: sidecarVersion, facts: read.ok ? read.value : null, error: read.ok ? null : read.error });
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, sidecars.length) }, work));
  return rows;
}

function store(shoot: ShootId, read: readonly SidecarRow[], gone: readonly string[], { catalog, log }: SidecarDeps): void {
  try {
    catalog.saveSidecars(shoot, read, gone);
  } catch (error) {
    // the catalog's disk is full or broken: they are read again at the next opening
    if (!(error instanceof CodedFailure)) throw error;
    log.warn(`What sidecars say could not be stored: ${error.message}`);
  }
}

function photosByKey({ entries }: OpenShoot): Map<string, PhotoId[]> {
  const photos = new Map<string, PhotoId[]>();
  for (const { id, row } of entries.values())
    for (const key of new Set(keysOf(row.path))) {
      const ids = photos.get(key);
      if (ids) ids.push(id);
      else photos.set(key, [id]);
    }
  return photos;
}
