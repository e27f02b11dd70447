/** Brings `dist/` up to date. Also for shells and tests that need the page: nothing is rebuilt where nothing changed. */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleAll, outputFiles, outputFolders } from './bundle.ts';
import { withLock } from './lock.ts';
import { distFolder, fingerprintSources, isFresh, projectFolder, stampFile } from './sources.ts';

export interface BuildReport {
  /** False where everything was fresh already. */
  readonly built: boolean;
  readonly seconds: number;
}

/**
 * Builds unless `dist/` was made from exactly these sources. Safe when several processes call it at once.
 * The outputs are made elsewhere and moved into place, so that nobody meets a half-written file.
 * @throws where a source does not compile.
 */
export async function ensureBuilt(options: { force?: boolean; log?: (text: string) => void } = {}): Promise<BuildReport> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const log = options.log ?? (() => undefined);
  if (!options.force && (await isFresh(await fingerprintSources(), outputFiles))) return { built: false, seconds: seconds() };
  const cache = join(projectFolder, '.cache');
  return withLock(
    join(cache, 'build.lock'),
    async () => {
      const fingerprint = await fingerprintSources();
      if (!options.force && (await isFresh(fingerprint, outputFiles))) return { built: false, seconds: seconds() };
      const work = await mkdtemp(join(cache, 'build-'));
      try {
        await bundleAll(join(work, 'new'));
        await mkdir(distFolder, { recursive: true });
        await rm(stampFile, { force: true });
        await mkdir(join(work, 'old'));
        for (const folder of outputFolders) {
          await rename(join(distFolder, folder), join(work, 'old', folder)).catch((error: NodeJS.ErrnoException) => {
            if (error.code !== 'ENOENT') throw error;
          });
          await rename(join(work, 'new', folder), join(distFolder, folder));
        }
        await writeFile(stampFile, `${JSON.stringify({ fingerprint })}\n`);
      } finally {
        await rm(work, { recursive: true, force: true });
      }
      return { built: true, seconds: seconds() };
    },
    () => log('Another build is running; waiting for it.'),
  );
}
