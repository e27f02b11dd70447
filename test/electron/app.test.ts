/** The whole app in a real Electron: real engine, real page, real photos on disk. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import { ensureBuilt } from '../../app/build/ensure.ts';
import type { CullReport } from '../../main/engine.ts';
import { runCommand } from '../cli/run-command.ts';
import { descendantsOf, stillRunning } from '../config/processes.ts';
import { makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { startDisplay } from './display.ts';
import type { Display } from './display.ts';
import type { LaunchedApp } from './launch.ts';
import { needElectron } from './need-electron.ts';
import { describeTile, pressOn, startWholeApp, waitForPictures, waitForQuiet } from './whole-app.ts';

interface Bench {
  readonly folder: string;
  readonly display: Display;
  readonly shoot: ShootTruth;
  /** Enough work to be interrupted. */
  readonly many: ShootTruth;
}

let bench: Promise<Bench> | null = null;
let running: LaunchedApp | null = null;
let count = 0;

async function setUp(context: TestContext): Promise<Bench> {
  needElectron(context);
  bench ??= (async () => {
    await ensureBuilt();
    const folder = await mkdtemp(join(tmpdir(), 'parjanya-app-'));
    const shoot = await makeShoot(join(folder, 'shoot'), { photos: 12, bursts: 1, pairs: 1, rawKinds: ['nef', 'arw'], edge: 900, broken: true });
    const many = await makeShoot(join(folder, 'many'), { photos: 120, scenes: 6, edge: 1600 });
    return { folder, shoot, many, display: await startDisplay() };
  })();
  return bench;
}

afterEach(async () => {
  await running?.app.close();
  running = null;
});
afterAll(async () => {
  const made = await bench;
  await made?.display.close();
  if (made) await rm(made.folder, { recursive: true, force: true });
});

const newData = ({ folder }: Bench): string => join(folder, `data-${++count}`);
async function start(made: Bench, data: string, folder = made.shoot.folder): Promise<LaunchedApp> {
  running = await startWholeApp({ display: made.display.name, data, folder });
  return running;
}
async function close(): Promise<void> {
  await running?.app.close();
  running = null;
}
/** What the catalog says, read by another program. */
async function readCatalog(data: string, folder: string): Promise<CullReport> {
  const ran = await runCommand(['cull', folder, '--json'], { env: { PARJANYA_DATA: data } });
  return JSON.parse(ran.out) as CullReport;
}
const singles = ({ shoot }: Bench): string[] =>
  shoot.photos.map((photo) => photo.path).filter((path) => !shoot.pairs.some(({ raw, jpeg }) => path === raw || path === jpeg) && !shoot.bursts.some((burst) => burst.photos.includes(path)));

// several starts of a whole app on a machine that may be busy
describe('the whole app', { timeout: 240_000 }, () => {
  it('opens on a folder, shows its photos, marks by key, and still knows the mark after a restart', async (context) => {
    const made = await setUp(context);
    const data = newData(made);
    const { page } = await start(made, data);
    expect(await page.title()).toBe('shoot – Parjanya');
    const addresses = await waitForPictures(page, 6);
    for (const address of addresses) expect(address).toMatch(/^photo:\/\/p\/\d+\/grid\?k=/);
    const [first, second] = singles(made).map((path) => basename(path)) as [string, string];
    await pressOn(page, first, 'p', '4');
    await pressOn(page, second, 'x');
    await expect.poll(() => describeTile(page, first)).toContain(', picked, 4 stars');
    await expect.poll(() => describeTile(page, second)).toContain(', rejected');
    await page.keyboard.press('Control+z');
    await expect.poll(() => describeTile(page, second)).not.toContain(', rejected');
    // one photo, large
    await pressOn(page, first, 'e');
    await page.waitForSelector('[data-testid=loupe]');
    await page.waitForSelector('[data-testid=mark-bar][data-flag="1"][data-rating="4"]');
    await close();

    const again = await start(made, data);
    await waitForPictures(again.page, 6);
    await expect.poll(() => describeTile(again.page, first)).toContain(', picked, 4 stars');
    await close();
    const report = await readCatalog(data, made.shoot.folder);
    const marks = new Map(report.photos.map((photo) => [basename(photo.path), photo.marks]));
    expect(marks.get(first)).toEqual({ flag: 'pick', rating: 4, label: null });
    expect(marks.get(second)).toEqual({ flag: 'none', rating: 0, label: null });
  });

  it('tells that its engine was killed, starts it again, and has lost nothing', async (context) => {
    const made = await setUp(context);
    const { many } = made;
    const data = newData(made);
    const { app, page } = await start(made, data, many.folder);
    await waitForPictures(page, 4);
    const names = many.photos.map((photo) => basename(photo.path));
    await pressOn(page, names[0]!, 'p');
    await expect.poll(() => describeTile(page, names[0]!)).toContain(', picked');
    await page.waitForSelector('[data-testid^="job-"][data-state=running], [data-testid=job-bar] .job-chip:not(.is-ended)');
    const engine = descendantsOf(app.process().pid!).find((one) => one.command.includes('engine-host.mjs'));
    const children = descendantsOf(engine!.id);
    expect(children.length).toBeGreaterThan(0);
    await page.evaluate(() => {
      const seen = globalThis as unknown as { bannerSeen?: boolean };
      new MutationObserver(() => (seen.bannerSeen ||= document.querySelector('[data-testid=engine-gone]') !== null)).observe(document.body, { childList: true, subtree: true });
    });
    process.kill(engine!.id, 'SIGKILL');
    await page.waitForFunction(() => (globalThis as unknown as { bannerSeen?: boolean }).bannerSeen, undefined, { timeout: 30_000 });
    await page.waitForSelector('[data-testid=app][data-session=open]', { timeout: 60_000 });
    // the decoders of the dead engine do not outlive it
    await expect.poll(() => stillRunning(children).map((one) => one.command), { timeout: 20_000 }).toEqual([]);
    await expect.poll(() => describeTile(page, names[0]!)).toContain(', picked');
    await pressOn(page, names[1]!, 'x');
    await expect.poll(() => describeTile(page, names[1]!)).toContain(', rejected');
    await waitForQuiet(page);
    await close();
    const report = await readCatalog(data, many.folder);
    expect(report.photos).toHaveLength(120);
    for (const photo of report.photos) {
      expect(photo.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(photo.errors).toEqual([]);
    }
    expect(report.photos.filter((photo) => photo.marks.flag !== 'none').map((photo) => [basename(photo.path), photo.marks.flag]).toSorted()).toEqual([[names[0], 'pick'], [names[1], 'reject']].toSorted());
  });

  it('loses no photo when a decoder is killed in mid-run', async (context) => {
    const made = await setUp(context);
    const data = newData(made);
    const { app, page } = await start(made, data, made.many.folder);
    await waitForPictures(page, 4);
    const decoder = descendantsOf(app.process().pid!).find((one) => one.command.includes('decode.mjs'));
    process.kill(decoder!.id, 'SIGKILL');
    await waitForQuiet(page);
    const tiles = await page.evaluate(() => [...document.querySelectorAll('[role=gridcell]')].map((tile) => tile.getAttribute('aria-label')));
    expect(tiles.length).toBeGreaterThan(3);
    expect(tiles.filter((tile) => tile?.includes('decoder'))).toEqual([]);
    await close();
    const report = await readCatalog(data, made.many.folder);
    expect(report.photos).toHaveLength(120);
    expect(report.photos.filter((photo) => photo.errors.length > 0)).toEqual([]);
  });

  it('leaves no process behind, closed or killed in mid-run', async (context) => {
    const made = await setUp(context);
    for (const how of ['close', 'kill'] as const) {
      const { app, page } = await start(made, newData(made), made.many.folder);
      await waitForPictures(page, 4);
      const family = descendantsOf(app.process().pid!);
      expect(family.filter((one) => one.command.includes('decode.mjs')).length).toBeGreaterThan(0);
      if (how === 'close') await close();
      else app.process().kill('SIGKILL');
      running = null;
      await expect.poll(() => stillRunning(family).map((one) => one.command), { timeout: 30_000 }).toEqual([]);
    }
  });
});
