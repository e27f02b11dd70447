/** Runs an engine in a process of its own, as the desktop shell does, and answers one request after the other. */
import { performance } from 'node:perf_hooks';
import { startWebShell } from '../../app/web/index.ts';
import type { WebShell } from '../../app/web/index.ts';
import type { Result } from '../../main/base/index.ts';
import type { Job } from '../../main/contract/index.ts';
import { openEngine } from '../../main/engine.ts';
import type { Engine } from '../../main/engine.ts';
import { childrenOf } from '../config/processes.ts';
import type { HostAnswers, HostReply, HostRequest } from './host-line.ts';

let engine: Engine | null = null;
let shell: WebShell | null = null;
let grant = '';
let folder = '';

/** A benchmark has no use for a failure that it did not expect. */
function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

function opened(): Engine {
  if (!engine) throw new Error('the engine has not been opened');
  return engine;
}

const handlers: { readonly [K in HostRequest['kind']]: (request: Extract<HostRequest, { kind: K }>) => Promise<HostAnswers[K]> } = {
  async open({ options }) {
    const startedAt = performance.timeOrigin + performance.now();
    engine = valueOf(await openEngine({ catalogFile: options.catalogFile, cacheFolder: options.cacheFolder }));
    folder = options.shoot;
    return { startedAt, ms: performance.timeOrigin + performance.now() - startedAt };
  },
  async serve({ rendererFolder }) {
    shell = valueOf(await startWebShell({ engine: opened(), rendererFolder, shoots: [folder] }));
    return { url: shell.url };
  },
  async cull({ quick }) {
    grant = valueOf(await opened().grant(folder, 'shoot')).grant;
    const start = performance.now();
    const report = valueOf(await opened().cull(grant, { quick }));
    return { ms: performance.now() - start, photos: report.photos.length, failed: report.photos.filter((photo) => photo.errors.length > 0).length };
  },
  async openShoot({ analyse, wait }) {
    grant = valueOf(await opened().grant(folder, 'shoot')).grant;
    const api = opened().connect();
    const ended: { title: string; at: number }[] = [];
    const start = performance.now();
    api.jobs.changed((jobs: Job[]) => {
      for (const job of jobs) if (job.kind === 'cull' && job.state !== 'running') ended.push({ title: job.title, at: performance.now() - start });
    });
    const info = await api.library.open({ grant, analyse });
    const openMs = performance.now() - start;
    let rows = 0;
    for (let total = Number.POSITIVE_INFINITY; rows < total; ) {
      const page = await api.library.photos({ shoot: info.shoot, from: rows, count: 4000 });
      total = page.total;
      rows += page.photos.id.length;
    }
    const listMs = performance.now() - start;
    // a known shoot is compared with its folder first; its jobs begin after that
    if (wait) await quiet(api);
    const endOf = (title: RegExp): number | null => ended.find((job) => title.test(job.title))?.at ?? null;
    return { openMs, listMs, rows, lookMs: endOf(/^Looking at/), identifyMs: endOf(/^Reading whole/) };
  },
  async memory({ collect }) {
    if (collect) globalThis.gc?.();
    return { engineBytes: process.memoryUsage.rss(), heapBytes: process.memoryUsage().heapUsed, children: childrenOf(process.pid).map((one) => one.id) };
  },
  async jobs() {
    const running = (await opened().connect().jobs.list({})).filter((job) => job.state === 'running' && job.kind === 'cull');
    return { running: running.length, done: running.reduce((sum, job) => sum + job.done, 0), total: running.reduce((sum, job) => sum + job.total, 0) };
  },
  async close() {
    await shell?.close();
    await engine?.close();
    return {};
  },
};

/** Until no job has run for half a second. */
async function quiet(api: ReturnType<Engine['connect']>): Promise<void> {
  for (let still = 0; still < 5; ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    still = (await api.jobs.list({})).some((job) => job.state === 'running') ? 0 : still + 1;
  }
}

async function answer(request: HostRequest): Promise<HostReply> {
  try {
    const handle = handlers[request.kind] as (request: HostRequest) => Promise<unknown>;
    return { ok: true, value: await handle(request) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on('message', (request: HostRequest) => {
  void answer(request).then((reply) => process.send?.(reply, undefined, undefined, () => request.kind === 'close' && process.disconnect()));
});
process.on('disconnect', () => process.exit());
