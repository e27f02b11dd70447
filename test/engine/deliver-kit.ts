/** Export with real adapters: a catalog file, a folder of photos, a destination. The choice of photos is the test's. */
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCopyTarget } from '../../main/adapters/copy-target/index.ts';
import { createDecodePool } from '../../main/adapters/decode-pool/index.ts';
import { createShootFolder } from '../../main/adapters/files/index.ts';
import { fail, neverCancelled, ok } from '../../main/base/index.ts';
import type { CancelSignal, CodedError, Result } from '../../main/base/index.ts';
import type { Catalog } from '../../main/catalog/index.ts';
import type { Job, Plan, Preset, Where } from '../../main/contract/index.ts';
import type { StageOutputs } from '../../main/domain/index.ts';
import { createDeliver } from '../../main/features/deliver/index.ts';
import type { DeliverDeps } from '../../main/features/deliver/index.ts';
import type { ChosenFile, ChosenPhoto } from '../../main/features/library/index.ts';
import { createJobs } from '../../main/features/jobs/index.ts';
import type { CopyTarget, DecodePool } from '../../main/ports/index.ts';
import { makeTempFolder, openCatalogFile } from './catalog-kit.ts';

const workerScript = fileURLToPath(new URL('../../main/workers/decode.ts', import.meta.url));

/** A file to be exported, or a RAW with its JPEG. */
export type Choice = string | { readonly raw: string; readonly jpeg: string };

export interface RunOutcome {
  readonly end: Result<{ written: number; alreadyThere: number; failed: number }>;
  readonly items: readonly { readonly name: string; readonly error: CodedError | null }[];
}

export interface ExportHome {
  readonly root: string;
  readonly shoot: string;
  readonly destination: string;
  readonly catalog: Catalog;
  /** What `chosen` answers with; a test may change it between plan and run. */
  choices: Choice[];
  /** Of files by path; none unless set. */
  known: Record<string, Partial<StageOutputs>>;
  put(path: string, bytes: Uint8Array | string): void;
  plan(preset: Preset, options?: { to?: string; where?: Where; signal?: CancelSignal }): Promise<Result<Plan>>;
  run(plan: string, options?: { signal?: CancelSignal; onItem?: (done: number) => void }): Promise<RunOutcome>;
  /** Plans and runs. */
  export(preset: Preset): Promise<RunOutcome & { plan: Plan }>;
  jobs(): Promise<Job[]>;
  cancelJob(): void;
  /** As after a restart of the engine: plans are gone, the catalog is opened again. */
  restart(): void;
  /** Names at the destination, hidden ones too. */
  names(): string[];
  read(name: string): Uint8Array;
  close(): Promise<void>;
}

export interface ExportHomeOptions {
  /** Default: a new temporary folder, removed by `close`. */
  readonly root?: string;
  /** Shared by several homes, and closed by whoever made it. */
  readonly pool?: DecodePool;
  /** Changes what export is given, for failures that cannot be had otherwise (a full disk). */
  readonly wrap?: (ports: { target: CopyTarget; pool: DecodePool }) => { target: CopyTarget; pool: DecodePool };
}

/** Real decode children, given more time than a photographer would give them, because test machines are slow. */
export function createExportPool(): DecodePool {
  const log = { info: () => undefined, warn: () => undefined, bug: (where: string, error: unknown) => process.stderr.write(`${where}: ${String(error)}\n`) };
  return createDecodePool({ script: workerScript, log, timeLimitMs: 60_000 });
}

export function createExportHome(options: ExportHomeOptions = {}): ExportHome {
  const temp = options.root === undefined ? makeTempFolder() : { folder: options.root, remove: () => undefined };
  const [shoot, destination] = [join(temp.folder, 'shoot'), join(temp.folder, 'out')];
  mkdirSync(shoot, { recursive: true });
  const catalogFile = join(temp.folder, 'catalog.sqlite');
  let catalog = openCatalogFile(catalogFile);
  const ports = { target: createCopyTarget(), pool: options.pool ?? createExportPool() };
  const { target, pool } = options.wrap?.(ports) ?? ports;
  const clock = { now: () => Date.now(), after: (ms: number, work: () => void) => (setTimeout(work, ms).unref(), () => undefined) };
  let jobs = createJobs(clock);

  const fileOf = (path: string): ChosenFile => {
    const { size } = statSync(join(shoot, path), { throwIfNoEntry: false }) ?? { size: 0 };
    return { id: ids.get(path) ?? (ids.set(path, ids.size + 1), ids.size), path, bytes: size, sha256: null, known: home.known[path] ?? {} };
  };
  const ids = new Map<string, number>();
  const photoOf = (choice: Choice): ChosenPhoto =>
    typeof choice === 'string' ? { ...fileOf(choice), pair: null } : { ...fileOf(choice.raw), pair: fileOf(choice.jpeg) };
  const deps = (): DeliverDeps => ({
    catalog,
    files: createShootFolder(),
    target,
    pool,
    clock,
    jobs,
    folderOf: (grant) => (grant === 'unknown' ? fail('not-found', 'There is no such grant.') : ok(grant)),
    chosen: (id) => (id === 1 ? ok({ folder: shoot, photos: home.choices.map(photoOf) }) : fail('not-found', 'There is no such shoot.')),
  });
  let deliver: ReturnType<typeof createDeliver>;

  const home: ExportHome = {
    root: temp.folder,
    shoot,
    destination,
    get catalog() {
      return catalog;
    },
    choices: [],
    known: {},
    put(path, bytes) {
      mkdirSync(dirname(join(shoot, path)), { recursive: true });
      writeFileSync(join(shoot, path), bytes);
    },
    plan: async (preset, { to = destination, where = 'pick', signal = neverCancelled } = {}) =>
      (await deliver.plan({ shoot: 1, preset, where, destination: to }, { signal })) as Result<Plan>,
    async run(plan, { signal = neverCancelled, onItem } = {}) {
      const items: { name: string; error: CodedError | null }[] = [];
      const end = await deliver.run({ plan }, { signal, item: (item) => (items.push(item as (typeof items)[number]), onItem?.(item.done)) });
      return { end, items };
    },
    async export(preset) {
      const plan = await home.plan(preset);
      if (!plan.ok) throw new Error(`${plan.error.code}: ${plan.error.message}`);
      return { plan: plan.value, ...(await home.run(plan.value.plan)) };
    },
    async jobs() {
      const list = await jobs.handlers.list({}, { signal: neverCancelled });
      return list.ok ? (list.value as Job[]) : [];
    },
    cancelJob: () => void jobs.cancelAll(0),
    restart() {
      catalog.close();
      catalog = openCatalogFile(catalogFile);
      jobs = createJobs(clock);
      deliver = createDeliver(deps());
    },
    names: () => readdirSync(destination).sort(),
    read: (name) => new Uint8Array(readFileSync(join(destination, name))),
    async close() {
      if (!options.pool) await ports.pool.close();
      catalog.close();
      temp.remove();
    },
  };
  deliver = createDeliver(deps());
  return home;
}
