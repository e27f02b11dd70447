/** What the person sees and feels, in a real Chromium through the web shell, with the engine in a process of its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { findChromium, projectFolder } from '../config/needs.ts';
import { formatMiB, formatMs, percentile } from './figures.ts';
import type { Figure } from './figures.ts';
import { coldPlaces, withHost } from './host-client.ts';
import type { Host } from './host-client.ts';
import { answerKeysWithAWord, keyTimes, watchTiles } from './page-probe.ts';
import type { TileTimes } from './page-probe.ts';
import type { Material } from './material.ts';

const viewport = { width: 1440, height: 900 };
/** One frame of a 60 Hz screen. */
const frameMs = 1000 / 60;
const presses = 60;
/** A person who goes fast: seven photos a second. */
const pauseMs = 140;

export interface PageTools {
  readonly browser: Browser;
  readonly rendererFolder: string;
}

/** Null, with the reason told, where there is no Chromium or no built page. */
export async function openPageTools(log: (text: string) => void): Promise<PageTools | null> {
  const executablePath = findChromium();
  const rendererFolder = join(projectFolder, 'dist', 'renderer');
  if (executablePath === null) log('skipped: no Chromium on this machine (apt-get install chromium, or set PARJANYA_CHROMIUM)');
  else if (!existsSync(join(rendererFolder, 'index.html'))) log('skipped: the page is not built (npm run build)');
  else return { browser: await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] }), rendererFolder };
  return null;
}

export async function benchPage(material: Material, tools: PageTools): Promise<Figure[]> {
  const shoot = await material.rawShoot();
  return withHost(async (host) => {
    const page = await newPage(tools.browser);
    const { startedAt } = await host.ask({ kind: 'open', options: await coldPlaces(material, shoot) });
    const { url } = await host.ask({ kind: 'serve', rendererFolder: tools.rendererFolder });
    const servedAt = now();
    await page.goto(url);
    const loadedAt = now();
    const tiles = await waitForTiles(page);
    const figures: Figure[] = [
      {
        name: `First photo on screen, ${material.photos.toLocaleString('en-US')} RAW files never seen before`,
        measured: `${formatMs(tiles.first - startedAt)} (engine up after ${formatMs(servedAt - startedAt)}, page loaded after ${formatMs(loadedAt - startedAt)})`,
        against: 'a second from opening the engine, page load included',
        ratio: (tiles.first - startedAt) / 1000,
        aim: { atMost: 1 },
      },
      {
        name: `Full grid of ${tiles.count} photos`,
        measured: formatMs(tiles.full - startedAt),
        against: 'two seconds from opening the engine',
        ratio: (tiles.full - startedAt) / 2000,
        aim: { atMost: 1 },
      },
    ];
    figures.push(...(await measureKeys(page, host)));
    const heap = await heapOf(page);
    figures.push({ name: 'Page: JavaScript heap after that', measured: formatMiB(heap), against: '64 MiB', ratio: heap / (64 * 1024 ** 2), aim: { atMost: 1 } });
    await page.context().close();
    return figures;
  });
}

/** The same page with a hundred thousand rows. */
export async function benchLargePage(material: Material, tools: PageTools): Promise<Figure[]> {
  const count = 100_000;
  const { folder, catalogFile } = await material.knownShoot(count);
  return withHost(async (host) => {
    const page = await newPage(tools.browser);
    const { startedAt } = await host.ask({ kind: 'open', options: { ...(await coldPlaces(material, folder)), catalogFile } });
    const { url } = await host.ask({ kind: 'serve', rendererFolder: tools.rendererFolder });
    await page.goto(url);
    const tiles = await waitForTiles(page);
    const words = `${count.toLocaleString('en-US')} known photos`;
    const figures: Figure[] = [
      {
        name: `${words}: first photo on screen`,
        measured: formatMs(tiles.first - startedAt),
        against: 'three seconds from opening the engine',
        ratio: (tiles.first - startedAt) / 3000,
        aim: { atMost: 1 },
      },
    ];
    // End moves to the last row that is listed: the list is whole when that is the last photo
    await page.waitForFunction((rows) => {
      const grid = document.querySelector('[data-testid="grid"]');
      const columns = Number(grid?.getAttribute('aria-colcount'));
      return Number(grid?.getAttribute('aria-rowcount')) === Math.ceil(rows / columns);
    }, count, { timeout: 120_000 });
    await page.waitForTimeout(1500);
    figures.push(latency(`${words}: key to paint, moving in the grid`, await pressKeys(page, ['ArrowRight', 'ArrowDown'], 'move'), ''));
    figures.push(await measureScroll(page, words));
    const heap = await heapOf(page);
    figures.push({ name: `${words}: page's JavaScript heap`, measured: formatMiB(heap), against: '128 MiB', ratio: heap / (128 * 1024 ** 2), aim: { atMost: 1 } });
    await page.context().close();
    return figures;
  });
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.addInitScript(watchTiles);
  return page;
}

async function waitForTiles(page: Page): Promise<TileTimes> {
  const times = await page.waitForFunction(() => ((globalThis as { tileTimes?: TileTimes }).tileTimes?.full ?? 0) > 0 && (globalThis as { tileTimes?: TileTimes }).tileTimes, undefined, { timeout: 120_000, polling: 100 });
  return (await times.jsonValue()) as TileTimes;
}

async function measureKeys(page: Page, host: Host): Promise<Figure[]> {
  const jobs = async (): Promise<string> => {
    const { running, done, total } = await host.ask({ kind: 'jobs' });
    return running > 0 ? `jobs running (${done} of ${total})` : 'NO job running any more';
  };
  const figures: Figure[] = [];
  const floor = await measureFloor(page);
  figures.push({ ...latency('Key to paint of an empty page that changes a word (floor of this machine now)', floor, await jobs()), aim: null });
  await page.keyboard.press('Home');
  figures.push(latency('Key to paint, moving in the grid', await pressKeys(page, ['ArrowRight'], 'move'), await jobs()));
  figures.push(latency('Key to paint, marking in the grid', await pressKeys(page, ['p', 'x', '3', 'u'], 'mark'), await jobs()));
  await page.keyboard.press('Home');
  await page.keyboard.press('e');
  await page.waitForSelector('[data-testid="stage"][data-picture="screen"]', { timeout: 30_000 });
  await page.waitForTimeout(500);
  const moves = await pressKeys(page, ['ArrowRight'], 'move');
  const ready = moves.filter(({ picture }) => picture === 'screen' || picture === 'full');
  figures.push(latency('Key to paint, next photo in the loupe', moves, await jobs()));
  figures.push({
    name: 'Share of those that were sharp in the same frame (prefetched)',
    measured: `${Math.round((ready.length / moves.length) * 100)} %`,
    against: `all of them, at ${Math.round(1000 / pauseMs)} photos a second`,
    ratio: ready.length / moves.length,
    aim: { atLeast: 0.9 },
  });
  if (ready.length > 0) figures.push(latency('Key to paint, next photo in the loupe, prefetched ones', ready, await jobs()));
  figures.push(latency('Key to paint, marking in the loupe', await pressKeys(page, ['p', 'x', '3', 'u'], 'mark'), await jobs()));
  await page.keyboard.press('g');
  return figures;
}

/** The same keys at the same pace in a page that does next to nothing, beside the same jobs. */
async function measureFloor(page: Page): Promise<KeyTime[]> {
  const empty = await page.context().newPage();
  await empty.evaluate(answerKeysWithAWord);
  const times = await pressKeys(empty, ['p', 'x', '3', 'u'], 'mark');
  await empty.close();
  await page.bringToFront();
  return times;
}

interface KeyTime {
  readonly ms: number;
  /** What was drawn first, in the loupe. */
  readonly picture: string | null;
}

/** Presses the keys in turn as a person would, and pairs each key with the frame that shows its effect. */
async function pressKeys(page: Page, keys: readonly string[], command: string): Promise<KeyTime[]> {
  await page.evaluate(() => performance.clearMarks());
  for (let press = 0; press < presses; press++) {
    await page.keyboard.press(keys[press % keys.length]!);
    await page.waitForTimeout(pauseMs);
  }
  const times = await page.evaluate(keyTimes, command);
  if (times.length < presses * 0.5) throw new Error(`only ${times.length} of ${presses} keys were seen to be painted`);
  return times;
}

function latency(name: string, times: readonly KeyTime[], while_: string): Figure {
  const ms = times.map((time) => time.ms);
  const p95 = percentile(ms, 0.95);
  return {
    name: `${name}, 95th percentile of ${ms.length}`,
    measured: `${formatMs(p95)} (median ${formatMs(percentile(ms, 0.5))})${while_ === '' ? '' : `, ${while_}`}`,
    against: 'one frame of a 60 Hz screen',
    ratio: p95 / frameMs,
    aim: { atMost: 1 },
  };
}

/** Scrolls the grid by a page in every frame for two seconds and looks at how long frames took. */
async function measureScroll(page: Page, words: string): Promise<Figure> {
  const frames = await page.evaluate(async () => {
    const grid = document.querySelector('[data-testid="grid"]')!;
    grid.scrollTop = 0;
    const gaps: number[] = [];
    let last = performance.now();
    const start = last;
    while (last - start < 2000) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      gaps.push(now - last);
      last = now;
      grid.scrollTop += 300;
    }
    return gaps.slice(1);
  });
  const p95 = percentile(frames, 0.95);
  return {
    name: `${words}: frame time while scrolling, 95th percentile of ${frames.length}`,
    measured: formatMs(p95),
    against: 'two frames of a 60 Hz screen',
    ratio: p95 / (2 * frameMs),
    aim: { atMost: 1 },
  };
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
}
