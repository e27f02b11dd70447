/** A real engine on temporary folders, and ways to wait for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodedFailure } from '../../main/base/index.ts';
import { openEngine } from '../../main/engine.ts';
import type { Engine } from '../../main/engine.ts';
import type { ClientOf, Job, ParjanyaContract, PhotoColumns } from '../../main/contract/index.ts';

export type Api = ClientOf<ParjanyaContract>;

export interface EngineHome {
  readonly folder: string;
  readonly bugs: string[];
  /** Opens the engine on this home's catalog, after closing the one opened before. */
  open(options?: { readonly modelFolders?: readonly string[]; readonly workerScript?: string }): Promise<{ engine: Engine; api: Api }>;
  close(): Promise<void>;
}

/** A catalog and a cache in a new temporary folder; `close` removes them. */
export function createHome(): EngineHome {
  const folder = mkdtempSync(join(tmpdir(), 'parjanya-engine-'));
  const bugs: string[] = [];
  let last: Engine | null = null;
  return {
    folder,
    bugs,
    async open({ modelFolders = [], ...others } = {}) {
      await last?.close();
      const opened = await openEngine({
        catalogFile: join(folder, 'home', 'catalog.db'),
        cacheFolder: join(folder, 'home', 'cache'),
        // whatever this computer has: tests say what there is
        modelFolders,
        ...others,
        log: { info: () => undefined, warn: () => undefined, bug: (where, error) => void bugs.push(`${where}: ${String(error)}`) },
      });
      if (!opened.ok) throw new Error(opened.error.message);
      last = opened.value;
      return { engine: last, api: last.connect() };
    },
    async close() {
      await last?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Opens a folder and waits until every job on it has ended. */
export async function openAndFinish(engine: Engine, api: Api, folder: string): Promise<number> {
  const granted = await engine.grant(folder, 'shoot');
  if (!granted.ok) throw new Error(granted.error.message);
  const { shoot } = await api.library.open({ grant: granted.value.grant });
  await allJobsEnd(api);
  return shoot;
}

/** Waits until no job runs, and has not for a moment; returns all jobs. */
export async function allJobsEnd(api: Api): Promise<Job[]> {
  let quiet = 0;
  for (;;) {
    const list = await api.jobs.list({});
    quiet = list.some((job) => job.state === 'running') ? 0 : quiet + 1;
    // judging follows the last answer a quarter of a second later
    if (quiet > 8) return list;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export interface Row {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly flag: string;
  readonly rating: number;
  readonly label: string | null;
  readonly verdict: string | null;
  readonly technical: number | null;
  readonly group: string | null;
  readonly best: boolean;
  readonly pixels: string | null;
  readonly error: string | null;
  readonly pair: number | null;
  readonly width: number;
  readonly height: number;
}

/** Columns as rows, by name. */
export function rowsOf(columns: PhotoColumns): Map<string, Row> {
  const rows = new Map<string, Row>();
  columns.id.forEach((_, index) => {
    const row = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[index]])) as unknown as Row;
    rows.set(row.name, row);
  });
  return rows;
}

export async function listAll(api: Api, shoot: number): Promise<Map<string, Row>> {
  return rowsOf((await api.library.photos({ shoot, from: 0, count: 20_000 })).photos);
}

/** The code with which a call failed. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (reason: unknown) => (reason instanceof CodedFailure ? reason.code : String(reason)),
  );
}
