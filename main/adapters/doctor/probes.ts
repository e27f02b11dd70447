/** Probes over a temporary folder: a drawn picture, a small RAW file, and results of self-tests apart from those the app goes by. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok } from '../../base/index.ts';
import type { CancelSignal, Result } from '../../base/index.ts';
import type { LocateModel, Log, Pixels, Probes, ProbeSession } from '../../ports/index.ts';
import { explainWriting } from '../copy-target/failures.ts';
import { createSelfTests } from '../self-tests/index.ts';
import { createLocalProbe } from './index.ts';
import { encodePng, makeRawSample } from './picture.ts';
import { readPortability } from './portability.ts';

export interface ProbesOptions {
  /** A plain Node; default: this process's own. */
  readonly executable?: string;
  /** main/workers/decode.ts, or what it was bundled to. */
  readonly script: string;
  readonly log: Log;
  readonly locate: LocateModel;
  /** Of stages, for their self-tests. */
  readonly versions: Readonly<Record<string, number>>;
  /** What stages work on, 8-bit RGB. */
  drawPicture(): Pixels;
  /** Where package-lock.json is, if anywhere. */
  readonly projectFolder: string;
}

export function createProbes({ drawPicture, projectFolder, ...options }: ProbesOptions): Probes {
  const cores = availableParallelism();

  const open = async (signal: CancelSignal, folder: string): Promise<ProbeSession> => {
    const bytes = encodePng(drawPicture());
    const [path, rawPath] = [join(folder, 'picture.png'), join(folder, 'picture.dng')];
    await writeFile(path, bytes);
    await writeFile(rawPath, makeRawSample());
    // kept apart from what the app goes by: this is measured anew each time
    const selfTests = createSelfTests({ ...options, file: join(folder, 'self-tests.json') });
    const stop = (): void => void selfTests.close();
    signal.addEventListener('abort', stop, { once: true });
    return {
      probes: [createLocalProbe({ ...options, selfTests, picture: { path, bytes }, rawPath, children: cores, signal })],
      async close() {
        signal.removeEventListener('abort', stop);
        await selfTests.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  };

  return {
    cores,
    async open(signal): Promise<Result<ProbeSession>> {
      let folder: string | null = null;
      try {
        folder = await mkdtemp(join(tmpdir(), 'parjanya-doctor-'));
        return ok(await open(signal, folder));
      } catch (error) {
        if (folder !== null) await rm(folder, { recursive: true, force: true });
        return { ok: false, error: explainWriting(error) };
      }
    },
    portability: () => readPortability(projectFolder),
  };
}
