/** The whole app in a real Electron, on a folder and a data folder of the test, and what its page shows. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { projectFolder } from '../config/needs.ts';
import { launchElectron } from './launch.ts';
import type { LaunchedApp } from './launch.ts';

/** What a start of the whole app is given, built or packaged. */
export interface WholeAppOptions {
  /** DISPLAY. */
  readonly display: string;
  /** PARJANYA_DATA: catalog and window state. */
  readonly data: string;
  /** The shoot to open. */
  readonly folder: string;
}

export function environmentOf({ display, data }: WholeAppOptions): Record<string, string> {
  return { ...(process.env as Record<string, string>), DISPLAY: display, PARJANYA_DATA: data };
}

/** Starts the built app of this checkout in the test Electron. */
export async function startWholeApp(options: WholeAppOptions): Promise<LaunchedApp> {
  const started = await launchElectron([projectFolder, options.folder], { ...environmentOf(options), PARJANYA_NODE: join(projectFolder, 'node_modules/node/bin/node') });
  await waitForShoot(started.page);
  return started;
}

/** Waits until the page has opened the folder that it was started with. */
export async function waitForShoot(page: Page): Promise<void> {
  await page.waitForSelector('[data-testid=app][data-shoot=open][data-session=open]', { timeout: 60_000 });
}

/** Waits until the pictures of so many tiles are on screen; their addresses. */
export async function waitForPictures(page: Page, count: number): Promise<string[]> {
  await page.waitForFunction((wanted) => [...document.querySelectorAll<HTMLImageElement>('.tile-picture img')].filter((image) => image.naturalWidth > 0).length >= wanted, count, { timeout: 60_000 });
  return page.evaluate(() => [...document.querySelectorAll<HTMLImageElement>('.tile-picture img')].map((image) => image.src));
}

/** What screen readers are told of the tile with this file name: its marks in words. */
export function describeTile(page: Page, name: string): Promise<string | null> {
  return page.locator(`[role=gridcell][aria-label^="${name}"]`).first().getAttribute('aria-label');
}

/** Clicks the tile with this file name and presses keys. */
export async function pressOn(page: Page, name: string, ...keys: string[]): Promise<void> {
  await page.locator(`[role=gridcell][aria-label^="${name}"]`).first().click();
  for (const key of keys) await page.keyboard.press(key);
}

/** Waits until no job runs any more. */
export async function waitForQuiet(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.querySelector('[data-testid^="job-"][data-state=running]'), undefined, { timeout: 120_000, polling: 500 });
}
