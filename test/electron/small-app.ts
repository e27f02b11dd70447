/** Makes an app folder with the real shell, a small page and a small engine, and starts Electron on it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';
import type { ElectronApplication, Page } from 'playwright-core';
import { projectFolder } from '../config/needs.ts';
import { makeSmallJpeg } from '../browser/web-shell-kit.ts';
import { startDisplay } from './display.ts';
import type { Display } from './display.ts';
import { electronTestExecutable } from './electron-runtime.ts';
import type { SmallPage } from './small-page.ts';
import { launchElectron } from './launch.ts';

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

/** Arguments that a test always gives: there is no sandbox for root, and no graphics processor under Xvfb. */
export const testArguments = ['--no-sandbox', '--disable-gpu'];

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

export interface StartedApp {
  readonly app: ElectronApplication;
  readonly page: Page;
}

/** Starts the app with its own data folder and waits until its page is joined to the engine. */
export async function startSmallApp(small: SmallApp, host: 'node' | 'utility', dataName: string, ...folders: string[]): Promise<StartedApp> {
  const app = await launchElectron({
    executablePath: electronTestExecutable,
    args: [small.folder, ...testArguments, ...folders],
    env: { ...small.environment, PARJANYA_ENGINE_HOST: host, PARJANYA_DATA: join(small.folder, dataName) },
    timeout: 25_000,
  });
  const page = await app.firstWindow({ timeout: 60_000 });
  await page.waitForFunction(() => globalThis.page?.api, undefined, { timeout: 60_000 });
  return { app, page };
}
