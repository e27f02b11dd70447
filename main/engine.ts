/**
 * The engine, whole, in plain Node: joins the rooms of main/. `createEngine` takes ports, `openEngine` brings Node's.
 * It may be hosted by any shell; see ARCHITECTURE.md, Processes.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCopyTarget } from './adapters/copy-target/index.ts';
import { createDecodePool } from './adapters/decode-pool/index.ts';
import { createProbes } from './adapters/doctor/probes.ts';
import { createShootFolder } from './adapters/files/index.ts';
import { userDataFolder } from './adapters/files/user-folders.ts';
import { createEmbedder } from './adapters/embedder/index.ts';
import { createModelShelf } from './adapters/models/index.ts';
import { createPictureStore } from './adapters/picture-store/index.ts';
import { createPromptStore } from './adapters/prompt-store/index.ts';
import { createSelfTests } from './adapters/self-tests/index.ts';
import { openSqlite } from './adapters/sqlite/index.ts';
import { createEndpointBook, createEnvironmentSecrets } from './adapters/vlm/environment.ts';
import { createVlm } from './adapters/vlm/index.ts';
import { ok } from './base/index.ts';
import type { CancelSignal, Result } from './base/index.ts';
import { openCatalog } from './catalog/index.ts';
import type { Catalog } from './catalog/types.ts';
import { contract, createClient, createTransportPair, serveContract } from './contract/index.ts';
import type { ClientOf, HandlersOf, ParjanyaContract, Transport } from './contract/index.ts';
import { kernelIds } from './domain/index.ts';
import type { ManifestEntry, PhotoId, PromptPair, SourceChoice } from './domain/index.ts';
import { createCull } from './features/cull/index.ts';
import { createDeliver } from './features/deliver/index.ts';
import { createDescriptions } from './features/describe/index.ts';
import type { Descriptions } from './features/describe/index.ts';
import { createDoctor } from './features/doctor/index.ts';
import { createGroups } from './features/groups/index.ts';
import { createJobs } from './features/jobs/index.ts';
import { choosePhotos, createLibrary } from './features/library/index.ts';
import type { WorkOptions } from './features/library/index.ts';
import { createModelHandlers, createPromptBook, createProvenLocator, createStageGate, createStageRouter, factsOfThisComputer, unfitStage } from './features/models/index.ts';
import { cullWhole } from './features/report/index.ts';
import type { CullReport } from './features/report/index.ts';
import { createWeights } from './features/weights/index.ts';
import { createScheduler, graph } from './pipeline/index.ts';
import * as describeStage from './stages/describe/index.ts';
import type { Clock, CopyTarget, DecodePool, Embedder, EndpointBook, Log, ModelShelf, Picture, PictureStore, PictureView, Probes, PromptStore, Secrets, SelfTests, ShootFolder, Vlm } from './ports/index.ts';
import { drawTestPicture } from './workers/self-test/picture.ts';
import { promptPairs } from '../models/index.ts';

export { describePicture } from './stages/describe/index.ts';
export type { DescribeChoice, DescribeOutcome, DescribePlan, Descriptions } from './features/describe/index.ts';
export type { CullReport, ReportGroup, ReportPhoto } from './features/report/index.ts';

type ShellHandlers = HandlersOf<ParjanyaContract>['shell'];

/** What the engine needs from outside. */
export interface EnginePorts {
  readonly catalog: Catalog;
  readonly files: ShootFolder;
  readonly pool: DecodePool;
  readonly pictures: PictureStore;
  readonly target: CopyTarget;
  readonly embedder: Embedder;
  /** Where the files of models are; stages without theirs are off. */
  readonly models: ModelShelf;
  /** Whether each part works on this computer; stages whose part does not are off. */
  readonly selfTests: SelfTests;
  /** Opposite sentences that pictures are held against, and where their embeddings are kept. */
  readonly prompts: readonly PromptPair[];
  readonly promptStore: PromptStore;
  /** A vision model elsewhere, and where that is; nothing is sent unless `descriptions` is told to. */
  readonly vlm: Vlm;
  readonly endpoint: EndpointBook;
  /** Tries out what runs where, when it is asked to. */
  readonly probes: Probes;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Engine {
  /** Makes a folder openable; a destination need not be there yet. Errors: folder-missing, folder-unreadable. */
  grant(path: string, kind: 'shoot' | 'destination'): Promise<Result<{ grant: string; name: string }>>;
  /** Serves the contract on one connection until it closes, or until the answer is called. */
  serve(transport: Transport, shell: ShellHandlers): () => void;
  /** A client in this process, over the same contract that pages use. */
  connect(): ClientOf<ParjanyaContract>;
  /** Words of a vision model about photos that were looked at. */
  readonly descriptions: Descriptions;
  /** Works a shoot through and reports. Errors: not-found, folder-missing, folder-unreadable, folder-empty, cancelled. */
  cull(grant: string, options?: WorkOptions): Promise<Result<CullReport>>;
  /**
   * JPEG for the eye, by photo id; `from` (default: auto) says which source. Errors: not-found, those of the preview stage and of
   * decoding; preview-none and format-unsupported where the photo has no such source.
   */
  picture(id: PhotoId, size: PictureView, from?: SourceChoice, signal?: CancelSignal): Promise<Result<Picture>>;
  /** The same for any file, without a catalog. `size`: long edge in pixels; null = all that there are. */
  previewFile(path: string, size: number | null, from: SourceChoice, signal?: CancelSignal): Promise<Result<Picture>>;
  /** A text in the space of the pictures' embeddings (512 numbers of length 1), for search by words. Errors: see features/models PromptBook. */
  embedText(text: string, signal?: CancelSignal): Promise<Result<Float32Array>>;
  /** Stops all work, ends all children, writes what waits. */
  close(): Promise<void>;
}

/** Joins features to ports. The ports are the engine's from now on: `close` closes them. */
export function createEngine(ports: EnginePorts): Engine {
  const { catalog, files, pool, selfTests, target, clock, log } = ports;
  const jobs = createJobs(clock);
  const startJob = (title: string): (() => void) => {
    const job = jobs.start('cull', title, 1);
    return () => job.end('done');
  };
  const locate = createProvenLocator(ports, startJob);
  const prompts = createPromptBook({ models: ports.models, embedder: ports.embedder, store: ports.promptStore, pairs: ports.prompts, locate });
  const gate = createStageGate(locate, (stage) => unfitStage(selfTests, stage), async () => {
    await selfTests.load(kernelIds);
    await prompts.refresh();
  });
  const router = createStageRouter(selfTests, () => factsOfThisComputer(pool.size));
  const library = createLibrary({ ...ports, gate, router, prompts, jobs, scheduler: createScheduler(pool.size) });
  const deliver = createDeliver({
    catalog,
    files,
    target,
    pool,
    clock,
    jobs,
    folderOf(grant) {
      const found = library.grants.folderOf(grant, 'destination');
      return found.ok ? ok(found.value.folder) : found;
    },
    chosen(shoot, where) {
      const session = library.session(shoot);
      if (!session.ok) return session;
      const { answers, shoot: open } = session.value;
      return ok({ folder: open.row.folder, photos: choosePhotos(open, where, answers.resultsOf) });
    },
  });
  const handlers = { library: library.handlers, cull: createCull({ catalog, library, clock }), groups: createGroups({ catalog, library, clock }), weights: createWeights({ catalog, library, clock }), jobs: jobs.handlers, deliver, models: createModelHandlers(ports, prompts, ports.prompts), doctor: createDoctor({ probes: ports.probes, jobs }) };
  const connections = new Set<() => void>();
  let closing: Promise<void> | null = null;

  const serve: Engine['serve'] = (transport, shell) => {
    // a page comes to look: its first picture should not wait for a process to start
    if (shell !== noShell) pool.warm();
    const stop = serveContract(contract, { ...handlers, shell }, transport, { onBug: (method, error) => log.bug(method, error) });
    connections.add(stop);
    transport.onClose(() => connections.delete(stop));
    return () => {
      connections.delete(stop);
      stop();
    };
  };

  return {
    grant: (path, kind) => library.grant(path, kind),
    serve,
    connect() {
      const [page, engine] = createTransportPair();
      serve(engine, noShell);
      return createClient(contract, page).api;
    },
    descriptions: createDescriptions({ ...ports, library, stage: describeStage }),
    cull: (grant, options = {}) => cullWhole(library, grant, options),
    picture: (id, size, from, signal) => library.picture(id, size, from, signal),
    previewFile: (path, size, from, signal) => pool.picture({ path, size: size ?? 'full', from, known: {} }, { patient: from !== 'embedded', ...(signal ? { signal } : {}) }),
    embedText: (text, signal) => prompts.embedText(text, signal),
    close() {
      closing ??= (async () => {
        for (const stop of connections) stop();
        // whatever is being written is finished or given up before the catalog closes
        await Promise.all([jobs.cancelAll(closeLimit), pool.close(), ports.embedder.close(), selfTests.close()]);
        library.close();
        catalog.close();
      })();
      return closing;
    },
  };
}

/** Milliseconds. */
const closeLimit = 5_000;

const noShell: ShellHandlers = {
  info: () => ok({ shell: 'test' as const, version: '', pixels: '', canPickFolder: false, platform: '' }),
  pickFolder: () => ok(null),
};

export interface EngineOptions {
  /** SQLite file; made where it is not there. */
  readonly catalogFile: string;
  /** For pictures that were made; may be emptied at any time. */
  readonly cacheFolder: string;
  /** What they may take together, in bytes. Default: 2 GiB. */
  readonly cacheBytes?: number;
  /** The executable of decode children: a plain Node 24. Default: this process's own. */
  readonly workerExecutable?: string;
  /** Default: the source of the decode child, which Node 24 runs as it is. */
  readonly workerScript?: string;
  readonly log?: Log;
  /** What gives the key of the vision model's endpoint. Default: PARJANYA_VLM_KEY in the environment. */
  readonly secrets?: Secrets;
  /** Where that endpoint is. Default: what `parjanya endpoint set` has kept in the user's data folder. */
  readonly endpoint?: EndpointBook;
  /** Folders that may have model files, in this order. Default: PARJANYA_MODELS, then `models` in the user's data folder. */
  readonly modelFolders?: readonly string[];
  /** What is known of model files. Default: models/manifest.json. */
  readonly modelManifest?: readonly ManifestEntry[];
  /** Keeps the results of self-tests; the embeddings of prompts are kept beside it. Default: beside the catalog, or in the user's data folder where the catalog is in memory. */
  readonly selfTestFile?: string;
  /** Parts without a result are tested so many milliseconds after the engine was opened, in the background. Default: only when asked for. */
  readonly selfTestAfterMs?: number;
  /** Where package-lock.json is, in a checkout, so that it can be told for which desktops its packages are made. Default: beside `main`. */
  readonly projectFolder?: string;
}

const usualCacheBytes = 2 * 1024 ** 3;

/** The engine with Node's adapters. Errors: catalog-unusable, catalog-newer, catalog-busy. */
export async function openEngine(options: EngineOptions): Promise<Result<Engine>> {
  const database = openSqlite(options.catalogFile);
  if (!database.ok) return database;
  const catalog = openCatalog(database.value, graph);
  if (!catalog.ok) return catalog;
  const log = options.log ?? createConsoleLog();
  const children = {
    script: options.workerScript ?? fileURLToPath(new URL('./workers/decode.ts', import.meta.url)),
    ...(options.workerExecutable === undefined ? {} : { executable: options.workerExecutable }),
    log,
  };
  const pool = createDecodePool(children);
  const models = createModelShelf({ ...(options.modelFolders ? { folders: options.modelFolders } : {}), ...(options.modelManifest ? { manifest: options.modelManifest } : {}) });
  const selfTestFile = options.selfTestFile ?? join(options.catalogFile === ':memory:' ? userDataFolder() : dirname(options.catalogFile), 'self-tests.json');
  const tested = { ...children, locate: models.locate, versions: Object.fromEntries(Object.values(graph).map(({ id, version }) => [id, version])) };
  const selfTests = createSelfTests({ ...tested, file: selfTestFile });
  if (options.selfTestAfterMs !== undefined) setTimeout(() => void selfTests.run(kernelIds).catch((error: unknown) => log.bug('self-tests', error)), options.selfTestAfterMs).unref();
  return ok(
    createEngine({
      catalog: catalog.value,
      files: createShootFolder(),
      pool,
      pictures: createPictureStore({ folder: join(options.cacheFolder, 'pictures'), maxBytes: options.cacheBytes ?? usualCacheBytes }),
      target: createCopyTarget(),
      embedder: createEmbedder(children),
      models,
      vlm: createVlm({ secrets: options.secrets ?? createEnvironmentSecrets() }),
      endpoint: options.endpoint ?? createEndpointBook(),
      selfTests,
      probes: createProbes({ ...tested, drawPicture: () => drawTestPicture(1_600, 1_200), projectFolder: options.projectFolder ?? fileURLToPath(new URL('..', import.meta.url)) }),
      prompts: promptPairs,
      promptStore: createPromptStore(join(dirname(selfTestFile), 'prompt-embeddings.json')),
      clock: createClock(),
      log,
    }),
  );
}

function createClock(): Clock {
  return {
    now: () => Date.now(),
    after(ms, work) {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
  };
}

/** Warnings and bugs to stderr; a photo's path is never part of them. */
function createConsoleLog(): Log {
  const write = (text: string): void => void process.stderr.write(`${text}\n`);
  return {
    info: () => undefined,
    warn: (text) => write(text),
    bug: (where, error) => write(`Bug in ${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  };
}
