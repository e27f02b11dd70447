/** Starts a process with an engine and speaks with it. */
import { fork } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostAnswers, HostOptions, HostReply, HostRequest } from './host-line.ts';
import { processorMs, residentBytes } from './machine.ts';
import type { Material } from './material.ts';

export interface Host {
  ask<R extends HostRequest>(request: R): Promise<HostAnswers[R['kind']]>;
  /** Resident bytes of the engine's process and of its decode children; null where the system does not tell. */
  memory(options?: { collect: boolean }): Promise<{ engine: number; heap: number; children: number | null; childCount: number }>;
  /** Processor milliseconds of the engine's process and its decode children so far. */
  processorMs(): number | null;
  close(): Promise<void>;
}

/** One request at a time. Rejects with the host's own words where something failed. */
function startHost(): Host {
  const child = fork(fileURLToPath(new URL('./host.ts', import.meta.url)), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: ['--expose-gc'] });
  const ask = <R extends HostRequest>(request: R): Promise<HostAnswers[R['kind']]> =>
    new Promise((resolve, reject) => {
      const gone = (): void => reject(new Error(`the process of the engine ended during "${request.kind}"`));
      child.once('exit', gone);
      child.once('message', (reply: HostReply) => {
        child.off('exit', gone);
        if (reply.ok) resolve(reply.value as HostAnswers[R['kind']]);
        else reject(new Error(reply.message));
      });
      child.send(request);
    });
  return {
    ask,
    async memory({ collect } = { collect: false }) {
      const { engineBytes, heapBytes, children } = await ask({ kind: 'memory', collect });
      const sizes = children.map(residentBytes);
      const known = sizes.filter((size) => size !== null);
      return { engine: engineBytes, heap: heapBytes, children: known.length > 0 ? known.reduce((sum, size) => sum + size, 0) : null, childCount: children.length };
    },
    processorMs: () => (child.pid === undefined ? null : processorMs(child.pid)),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      await ask({ kind: 'close' });
      await exited;
    },
  };
}

/** Lends a host to `work` and ends it whatever becomes of that, so that nothing goes on beside the next measurement. */
export async function withHost<T>(work: (host: Host) => Promise<T>): Promise<T> {
  const host = startHost();
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

/** A catalog and a cache that nobody has used yet. */
export async function coldPlaces(material: Material, shoot: string): Promise<HostOptions> {
  const folder = await mkdtemp(join(material.folder, 'cold-'));
  return { catalogFile: join(folder, 'catalog.sqlite'), cacheFolder: join(folder, 'cache'), shoot };
}
