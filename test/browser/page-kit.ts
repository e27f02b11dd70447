/** The real page in a real Chromium, over the real web shell, on the real engine. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { startWebShell } from '../../app/web/index.ts';
import type { ServedEngine, WebShell } from '../../app/web/index.ts';
import type { ClientOf, ParjanyaContract, PhotoColumns, Transport } from '../../main/contract/index.ts';
import { openEngine } from '../../main/engine.ts';
import type { Engine } from '../../main/engine.ts';
import { projectFolder } from '../config/needs.ts';

export type Api = ClientOf<ParjanyaContract>;

/** A machine that does eight things at once needs long. */
export const patience = { timeout: 60_000 };

/** Where pictures of the page are put, for a person to look at; none by default. */
const pictures = process.env['PARJANYA_PICTURES'];

export async function takePicture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  await mkdir(pictures, { recursive: true });
  // what fades in has come by then
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

export interface Site {
  /** For folders of the test; removed by `close`. */
  readonly folder: string;
  readonly shell: WebShell;
  /** The engine's own contract, to hold what the page shows against what is so. */
  api(): Api;
  /** Cuts every page off, and keeps them off until `comeBack`. */
  goAway(): void;
  comeBack(): void;
  /** Ends the engine and opens another one on the same catalog. */
  restartEngine(): Promise<void>;
  /** A fresh window, with no memory of earlier ones. */
  openPage(options?: { width?: number; height?: number }): Promise<Page>;
  /** What went wrong in pages so far: exceptions, refused addresses, failed loads. */
  readonly troubles: readonly string[];
  /** What pages asked for and were answered: `3 full auto rendered`, `3 screen rendered cancelled`. */
  readonly pictureAnswers: readonly string[];
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly browser: string;
  /** Makes the shoots below `folder` and answers their paths. */
  shoots(folder: string): Promise<readonly string[]>;
  readonly destinations?: readonly string[];
  /** Folders that may have models; none where it is not said. */
  readonly modelFolders?: (folder: string) => readonly string[];
}

/** In a process of its own: a test runner's NODE_ENV would make another page than the one that ships. */
async function buildPage(folder: string): Promise<void> {
  const vite = join(projectFolder, 'node_modules', 'vite', 'bin', 'vite.js');
  const parameters = ['build', 'renderer', '--config', 'renderer/vite.config.ts', '--outDir', folder, '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, [vite, ...parameters], { cwd: projectFolder, env: { ...process.env, NODE_ENV: 'production' } });
}

export async function openSite(options: SiteOptions): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'parjanya-page-'));
  const rendererFolder = join(folder, 'renderer');
  await buildPage(rendererFolder);
  const shoots = await options.shoots(folder);
  const destinations = (options.destinations ?? []).map((name) => join(folder, name));
  for (const destination of destinations) await mkdir(destination, { recursive: true });

  const open = async (): Promise<Engine> => {
    const opened = await openEngine({ catalogFile: join(folder, 'home', 'catalog.db'), cacheFolder: join(folder, 'home', 'cache'), modelFolders: options.modelFolders?.(folder) ?? [] });
    if (!opened.ok) throw new Error(opened.error.message);
    return opened.value;
  };
  let engine = await open();
  let away = false;
  const transports = new Set<Transport>();
  const pictureAnswers: string[] = [];
  const served: ServedEngine = {
    grant: (path, kind) => engine.grant(path, kind),
    async picture(id, size, from = 'auto', signal) {
      const answer = await engine.picture(id, size, from, signal);
      pictureAnswers.push(`${id} ${typeof size === 'string' ? size : 'crop'} ${from} ${answer.ok ? answer.value.source : answer.error.code}`);
      return answer;
    },
    serve(transport, shell) {
      if (away) {
        transport.close();
        return () => undefined;
      }
      transports.add(transport);
      transport.onClose(() => transports.delete(transport));
      return engine.serve(transport, shell);
    },
  };
  const started = await startWebShell({ engine: served, rendererFolder, shoots, destinations });
  if (!started.ok) throw new Error(started.error.message);
  const shell = started.value;
  const browser: Browser = await chromium.launch({ executablePath: options.browser, args: ['--no-sandbox', '--headless', '--disable-background-networking'] });
  const troubles: string[] = [];
  const goAway = (): void => {
    away = true;
    for (const transport of [...transports]) transport.close();
  };

  return {
    folder,
    shell,
    troubles,
    pictureAnswers,
    api: () => engine.connect(),
    goAway,
    comeBack: () => (away = false),
    async restartEngine() {
      goAway();
      await engine.close();
      engine = await open();
      for (const shoot of shoots) await engine.grant(shoot, 'shoot');
      for (const destination of destinations) await engine.grant(destination, 'destination');
      away = false;
    },
    async openPage({ width = 1440, height = 900 } = {}) {
      const context = await browser.newContext({ viewport: { width, height } });
      context.setDefaultTimeout(patience.timeout);
      const page = await context.newPage();
      page.on('pageerror', (error) => troubles.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') troubles.push(`${message.text()} ${message.location().url}`);
      });
      await page.goto(shell.url);
      return page;
    },
    async close() {
      await browser.close();
      await shell.close();
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const at = (page: Page, testId: string): Locator => page.getByTestId(testId);

/** All rows of the shoot that was opened first, from the engine itself. */
export async function listPhotos(api: Api): Promise<PhotoColumns> {
  return (await api.library.photos({ shoot: 1, from: 0, count: 20_000 })).photos;
}

/** Waits until the engine has done all it has to do, and the page shows it. */
export async function settle(site: Site, page: Page): Promise<void> {
  const api = site.api();
  for (let quiet = 0; quiet < 3; ) {
    const jobs = await api.jobs.list({});
    quiet = jobs.length > 0 && jobs.every((job) => job.state !== 'running') ? quiet + 1 : 0;
    await page.waitForTimeout(300);
  }
  // the last change and the filter's own pause
  await page.waitForTimeout(700);
}

/** The photo that the keyboard is on. */
export async function focusedId(page: Page): Promise<number> {
  const loupe = at(page, 'loupe');
  if (await loupe.isVisible()) return Number(await loupe.getAttribute('data-photo'));
  return Number((await at(page, 'grid').getAttribute('aria-activedescendant'))?.replace('tile-', ''));
}

/** True where a tile is within the grid's edges. */
function isInSight(page: Page, tile: string): Promise<boolean> {
  return at(page, 'grid').evaluate((grid, testId) => {
    const place = grid.querySelector(`[data-testid="${testId}"]`)?.getBoundingClientRect();
    const edges = grid.getBoundingClientRect();
    return place !== undefined && place.top < edges.bottom && place.bottom > edges.top;
  }, tile);
}

/** Puts the keyboard on a photo by its name. */
export async function focusPhoto(page: Page, api: Api, name: string): Promise<number> {
  const photos = await listPhotos(api);
  const id = photos.id[photos.name.indexOf(name)];
  if (id === undefined) throw new Error(`there is no ${name}`);
  await page.keyboard.press('Home');
  // only what is near the screen is in the document, and what the key has scrolled away is there until the grid is drawn again
  for (let step = 0; step < 200 && !(await isInSight(page, `tile-${id}`)); step += 1) {
    await page.keyboard.press('PageDown');
    await at(page, `tile-${await focusedId(page)}`).waitFor();
  }
  await at(page, `tile-${id}`).click();
  return id;
}

export interface EngineMarks {
  readonly flag: string;
  readonly rating: number;
  readonly label: string | null;
}

/** What the engine has stored of a photo. */
export async function marksOf(api: Api, id: number): Promise<EngineMarks> {
  const photos = await listPhotos(api);
  const row = photos.id.indexOf(id);
  return { flag: photos.flag[row]!, rating: photos.rating[row]!, label: photos.label[row]! };
}
