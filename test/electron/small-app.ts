/** Makes an app folder with the real shell, a small page and a small engine, and starts Electron on it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';
import { projectFolder } from '../config/needs.ts';
import { makeSmallJpeg } from '../browser/web-shell-kit.ts';
import { startDisplay } from './display.ts';
import type { Display } from './display.ts';
import { launchElectron } from './launch.ts';
import type { LaunchedApp } from './launch.ts';
import type { SmallPage } from './small-page.ts';

declare global {
  // what small-page.ts puts into the page
  var page: SmallPage;
}

export interface SmallApp {
  readonly folder: string;
  readonly display: Display;
  readonly environment: Record<string, string>;
  close(): Promise<void>;
}

export async function makeSmallApp(): Promise<SmallApp> {
  const folder = await mkdtemp(join(tmpdir(), 'parjanya-small-app-'));
  const dist = join(folder, 'dist');
  await mkdir(join(dist, 'renderer'), { recursive: true });
  const bundle = (source: string, output: string, options: BuildOptions): Promise<unknown> =>
    build({ bundle: true, absWorkingDir: projectFolder, logLevel: 'silent', platform: 'node', external: ['electron'], entryPoints: [source], outfile: join(dist, output), ...options });
  await bundle('app/electron/main.ts', 'electron/main.cjs', { format: 'cjs' });
  await bundle('app/electron/preload.ts', 'electron/preload.cjs', { format: 'cjs' });
  await bundle('test/electron/small-host.ts', 'electron/engine-host.mjs', { format: 'esm' });
  await bundle('test/electron/small-page.ts', 'renderer/page.js', { format: 'esm', platform: 'browser' });
  await writeFile(join(dist, 'renderer/index.html'), '<!doctype html><title>small</title><script type="module" src="./page.js"></script>');
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'small', productName: 'Small', version: '1.2.3', main: 'dist/electron/main.cjs' }));
  await writeFile(join(folder, 'photo.jpg'), await makeSmallJpeg());
  const display = await startDisplay();
  return {
    folder,
    display,
    environment: {
      ...(process.env as Record<string, string>),
      DISPLAY: display.name,
      PARJANYA_NODE: join(projectFolder, 'node_modules/node/bin/node'),
      PARJANYA_SMALL_JPEG: join(folder, 'photo.jpg'),
    },
    async close() {
      await display.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the app with its own data folder and waits until its page is joined to the engine. */
export async function startSmallApp(small: SmallApp, host: 'node' | 'utility', dataName: string, ...folders: string[]): Promise<LaunchedApp> {
  const started = await launchElectron([small.folder, ...folders], { ...small.environment, PARJANYA_ENGINE_HOST: host, PARJANYA_DATA: join(small.folder, dataName) });
  await started.page.waitForFunction(() => globalThis.page?.api, undefined, { timeout: 60_000 });
  return started;
}
