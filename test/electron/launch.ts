/** Starts an app's folder in the test Electron, under Playwright. */
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { electronTestFolder } from './electron-runtime.ts';

/** Arguments that a test always gives: there is no sandbox for root, and no graphics processor under Xvfb. */
export const testArguments = ['--no-sandbox', '--disable-gpu'];

export interface LaunchedApp {
  readonly app: ElectronApplication;
  /** Its first window. */
  readonly page: Page;
}

// What the package `electron`, which Playwright asks, takes for the executable. Named as `executablePath` instead, Playwright would
// not load the script that holds the app's `ready` back until Playwright listens. Without it, under load, a page has been seen to
// leave its initial empty document while Playwright attached to it: no event told of that, and the launch timed out.
process.env['ELECTRON_OVERRIDE_DIST_PATH'] = electronTestFolder;

/** @param words the app's folder, then what a person would type behind it. */
export async function launchElectron(words: readonly string[], env: Readonly<Record<string, string>>): Promise<LaunchedApp> {
  const [folder, ...more] = words as [string, ...string[]];
  const app = await _electron.launch({ args: [folder, ...testArguments, ...more], env: { ...env }, timeout: 60_000 });
  return { app, page: await app.firstWindow({ timeout: 60_000 }) };
}
