/** A small engine behind the real contract, for tests of the shells alone. It has no photos, only what a shell must pass on. */
import type { HostedEngine } from '../../app/electron/host-line.ts';
import { coded, createEmitter, fail, ok } from '../../main/base/index.ts';
import type { CancelSignal, Result } from '../../main/base/index.ts';
import { contract, serveContract } from '../../main/contract/index.ts';
import type { HandlersOf, Job, ParjanyaContract } from '../../main/contract/index.ts';
import type { Picture } from '../../main/ports/index.ts';

export interface SmallEngine extends HostedEngine {
  readonly jobsChanged: ReturnType<typeof createEmitter<Job[]>>;
  /** Pages served now. */
  readonly pages: () => number;
  /** Pictures asked for with id 9 wait for ever; this counts those that were cancelled. */
  readonly cancelledPictures: () => number;
  readonly pictureStarted: Promise<void>;
}

/**
 * Photo 1 is a picture from whatever source is asked for, 2 is not known, 3 has no preview, 4 makes the decoder stop, 5 could not be
 * rendered, 6 not this time, 9 takes for ever.
 */
export function createSmallEngine(jpeg: Uint8Array): SmallEngine {
  const granted: { grant: string; name: string; kind: 'shoot' | 'destination' }[] = [];
  const jobsChanged = createEmitter<Job[]>();
  let pages = 0;
  let cancelled = 0;
  let started: () => void = () => undefined;
  const pictureStarted = new Promise<void>((resolve) => (started = resolve));
  const unknown = (): Result<never> => fail('not-found', 'There is no such thing here.');
  const handlers: Omit<HandlersOf<ParjanyaContract>, 'shell'> = {
    library: {
      open: unknown,
      grants: () => ok(granted),
      photos: unknown,
      photo: unknown,
      measureHeadroom: unknown,
      near: unknown,
      similar: unknown,
      look: () => ok({}),
      changed: createEmitter(),
    },
    cull: { decide: unknown, undo: unknown, redo: unknown, history: unknown },
    groups: { settings: unknown, preview: unknown, choose: unknown, place: unknown, explain: unknown },
    weights: { settings: unknown, preview: unknown, choose: unknown, learn: unknown },
    jobs: { list: () => ok([]), cancel: unknown, changed: jobsChanged },
    deliver: { plan: unknown, run: async () => unknown() },
    models: { list: () => ok([]), checks: () => ok([]), prompts: unknown },
    doctor: { examine: async () => unknown(), packages: unknown },
  };
  const never = (signal?: CancelSignal): Promise<Result<Picture>> =>
    new Promise((resolve) => {
      started();
      signal?.addEventListener('abort', () => {
        cancelled += 1;
        resolve(fail('cancelled', 'It was cancelled.'));
      });
    });
  return {
    jobsChanged,
    pages: () => pages,
    cancelledPictures: () => cancelled,
    pictureStarted,
    async grant(path, kind) {
      if (path.includes('missing')) return fail('folder-missing', `The folder ${path} does not exist.`);
      const grant = { grant: `g${granted.length + 1}`, name: path.split('/').at(-1) ?? path, kind };
      granted.push(grant);
      return ok(grant);
    },
    serve(transport, shell) {
      pages += 1;
      transport.onClose(() => (pages -= 1));
      return serveContract(contract, { ...handlers, shell }, transport);
    },
    async picture(id, _size, from, signal) {
      if (id === 1) return ok({ jpeg, width: 48, height: 32, source: from === 'rendered' || from === 'embedded' ? from : 'self' });
      if (id === 5) return ok({ jpeg, width: 48, height: 32, source: 'embedded', refusal: coded('format-unsupported', 'This kind of RAW data cannot be decoded yet.') });
      if (id === 6) return ok({ jpeg, width: 48, height: 32, source: 'embedded', refusal: coded('timeout', 'The file took too long and was given up.', { retry: true }) });
      if (id === 3) return fail('preview-none', 'No embedded preview was found in this file.');
      if (id === 4) return fail('worker-crashed', 'The decoder stopped on this file, twice.');
      if (id === 9) return never(signal);
      return fail('not-found', 'There is no such photo.');
    },
    close: async () => undefined,
  };
}
