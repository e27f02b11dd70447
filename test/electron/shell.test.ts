/** The desktop shell alone, in a real Electron: isolation, schemes, the line to the engine process in both kinds of host. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { descendantsOf, stillRunning } from '../config/processes.ts';
import { electronTestExecutable } from './electron-runtime.ts';
import { needElectron } from './need-electron.ts';
import { testArguments } from './launch.ts';
import type { LaunchedApp } from './launch.ts';
import { makeSmallApp, startSmallApp } from './small-app.ts';
import type { SmallApp } from './small-app.ts';

let small: Promise<SmallApp> | null = null;
let started: LaunchedApp | null = null;
let runs = 0;

/** The app folder is made by the first test that needs it, so that a machine without Electron makes nothing. */
async function start(host: 'node' | 'utility', ...folders: string[]): Promise<LaunchedApp> {
  small ??= makeSmallApp();
  runs += 1;
  started = await startSmallApp(await small, host, `data-${runs}`, ...folders);
  return started;
}

afterEach(async () => {
  await started?.app.close();
  started = null;
});
afterAll(async () => (await small)?.close());

/** Loads a picture as the page does; its width, or 0 where it does not load. */
const widthOf = (page: Page, address: string): Promise<number> =>
  page.evaluate(
    (source) =>
      new Promise<number>((resolve) => {
        const image = new Image();
        image.onload = () => resolve(image.naturalWidth);
        image.onerror = () => resolve(0);
        image.src = source;
      }),
    address,
  );

describe.each(['node', 'utility'] as const)('the desktop shell, engine in %s', (host) => {
  it('joins the page to the engine and shows pictures', async (context) => {
    needElectron(context);
    const { page } = await start(host, '/photos/wedding');
    expect(page.url()).toBe('app://parjanya/index.html');
    const answers = await page.evaluate(async () => {
      const api = globalThis.page.api!;
      return { info: await api.shell.info({}), grants: await api.library.grants({}) };
    });
    expect(answers.info).toEqual({ shell: 'electron', version: '1.2.3', pixels: 'photo://p/', canPickFolder: true, platform: 'linux' });
    expect(answers.grants).toEqual([{ grant: 'g1', name: 'wedding', kind: 'shoot' }]);
    expect(await widthOf(page, 'photo://p/1/grid?k=a')).toBe(48);
    expect(await widthOf(page, 'photo://p/3/grid?k=a')).toBe(0);
    const sources = await page.evaluate(() =>
      Promise.all(
        ['photo://p/1/full?k=a', 'photo://p/1/full?k=a&from=rendered', 'photo://p/5/full?k=a', 'photo://p/6/full?k=a', 'photo://p/1/full?k=a&from=raw'].map(async (address) => {
          const { status, headers } = await fetch(address);
          return [status, headers.get('picture-source'), headers.get('picture-refusal')].join(' ');
        }),
      ),
    );
    expect(sources).toEqual(['200 self ', '200 rendered ', '200 embedded format-unsupported', '200 embedded timeout', '404  ']);
    const statuses = await page.evaluate(async () => {
      const ask = async (address: string): Promise<string> => {
        const answer = await fetch(address);
        return `${answer.status} ${answer.headers.get('content-type')} ${answer.status === 200 ? (await answer.arrayBuffer()).byteLength : await answer.text()}`;
      };
      return Promise.all(['photo://p/1/full?k=a', 'photo://p/2/grid?k=a', 'photo://p/3/grid?k=a', 'photo://p/4/grid?k=a', 'photo://q/1/grid', 'photo://p/1/huge'].map(ask));
    });
    expect(statuses).toEqual([
      `200 image/jpeg ${readFileSync(join((await small!).folder, 'photo.jpg')).length}`,
      '404 application/json {"code":"not-found","message":"There is no such photo.","retry":false}',
      '422 application/json {"code":"preview-none","message":"No embedded preview was found in this file.","retry":false}',
      '503 application/json {"code":"worker-crashed","message":"The decoder stopped on this file, twice.","retry":false}',
      '404 text/plain;charset=UTF-8 Not found',
      '404 text/plain;charset=UTF-8 Not found',
    ]);
  });

  it('tells the page when the engine dies, starts another one, and asks the person after a second death', async (context) => {
    needElectron(context);
    const { app, page } = await start(host);
    const main = app.process().pid!;
    const engine = (): number => {
      const found = descendantsOf(main).find((one) => (host === 'node' ? one.command.includes('engine-host.mjs') : one.command.includes('node.mojom.NodeService')));
      if (!found) throw new Error('no engine process');
      return found.id;
    };
    await app.evaluate(({ dialog }) => {
      const shown: unknown[] = [];
      Object.assign(globalThis, { shown });
      dialog.showMessageBox = ((options: unknown) => {
        shown.push(options);
        return Promise.resolve({ response: 0, checkboxChecked: false });
      });
    });
    process.kill(engine(), 'SIGKILL');
    await page.waitForFunction(() => globalThis.page.closed === 1 && globalThis.page.connections === 2);
    expect(await page.evaluate(async () => (await globalThis.page.api!.shell.info({})).shell)).toBe('electron');
    expect(await app.evaluate(() => (globalThis as unknown as { shown: unknown[] }).shown.length)).toBe(0);
    process.kill(engine(), 'SIGKILL');
    await page.waitForFunction(() => globalThis.page.closed === 2 && globalThis.page.connections === 3);
    expect(await app.evaluate(() => (globalThis as unknown as { shown: { detail: string }[] }).shown.map((one) => one.detail))).toEqual([
      'The engine stopped twice in a short time.\n\nNothing that was decided is lost.',
    ]);
    expect(await widthOf(page, 'photo://p/1/grid?k=b')).toBe(48);
  });

  it('leaves no process behind when it quits', async (context) => {
    needElectron(context);
    const { app } = await start(host);
    const main = app.process().pid!;
    const family = descendantsOf(main);
    expect(family.length).toBeGreaterThan(2);
    await app.close();
    started = null;
    await expect.poll(() => stillRunning(family).map((one) => one.command), { timeout: 20_000 }).toEqual([]);
    const state = JSON.parse(readFileSync(join((await small!).folder, `data-${runs}`, 'window', 'window.json'), 'utf8')) as unknown;
    expect(state).toMatchObject({ bounds: { width: expect.any(Number) as number, height: expect.any(Number) as number }, maximized: false });
  });

  it('leaves no process behind when it is killed', async (context) => {
    needElectron(context);
    const { app } = await start(host);
    const family = descendantsOf(app.process().pid!);
    app.process().kill('SIGKILL');
    started = null;
    await expect.poll(() => stillRunning(family).map((one) => one.command), { timeout: 30_000 }).toEqual([]);
  });
});

describe('the page in the desktop shell', () => {
  it('has no way into Node, to other windows, to other places or to the network', async (context) => {
    needElectron(context);
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.end('<title>elsewhere</title>');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      const { app, page } = await start('node');
      const found = await page.evaluate(async (address) => {
        const globals = globalThis as unknown as Record<string, unknown>;
        const attempt = async (work: () => unknown): Promise<string> => {
          try {
            return String(await work());
          } catch {
            return 'refused';
          }
        };
        return {
          present: ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer', '__dirname'].filter((name) => name in globals),
          opened: window.open(address) === null,
          injected: await attempt(() => {
            const script = document.createElement('script');
            script.textContent = 'globalThis.injected = true';
            document.body.append(script);
            return 'injected' in globalThis;
          }),
          fetched: await attempt(async () => (await fetch(address)).status),
          read: await attempt(async () => (await fetch('file:///etc/hostname')).status),
          notifications: await attempt(() => Notification.requestPermission()),
          camera: await attempt(() => navigator.mediaDevices.getUserMedia({ video: true })),
          climbs: await Promise.all(
            ['/../package.json', '/..%2fpackage.json', '/%2e%2e/%2e%2e/package.json', '/..%5cpackage.json', '/electron/main.cjs', '/page.js%00.html'].map(async (path) => (await fetch(path)).status),
          ),
        };
      }, elsewhere);
      expect(found).toEqual({
        present: [],
        opened: true,
        injected: 'false',
        fetched: 'refused',
        read: 'refused',
        notifications: 'denied',
        camera: 'refused',
        climbs: [404, 404, 404, 404, 404, 404],
      });
      for (const address of [elsewhere, 'file:///etc/hostname', 'data:text/html,elsewhere', 'app://other/index.html'])
        await page.evaluate((target) => {
          location.href = target;
        }, address);
      await page.evaluate((target) => {
        const link = document.createElement('a');
        link.href = target;
        link.target = '_blank';
        document.body.append(link);
        link.click();
      }, elsewhere);
      // a round trip through the engine comes after all of these
      expect(await page.evaluate(async () => (await globalThis.page.api!.shell.info({})).shell)).toBe('electron');
      expect(page.url()).toBe('app://parjanya/index.html');
      expect(app.windows()).toHaveLength(1);
      // even the main process's own loading of other places is stopped before it reaches the network
      await app.evaluate(({ net }, address) => net.fetch(address).then(() => undefined, () => undefined), elsewhere);
      expect(asked).toBe(0);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('gets folders that the person picks, by grant', async (context) => {
    needElectron(context);
    const { app, page } = await start('node');
    const answer = async (canceled: boolean, path: string): Promise<unknown> => {
      await app.evaluate(
        ({ dialog }, given) => {
          dialog.showOpenDialog = (() => Promise.resolve(given));
        },
        { canceled, filePaths: canceled ? [] : [path] },
      );
      return page.evaluate(() => globalThis.page.api!.shell.pickFolder({ for: 'destination' }).catch((error: { code: string }) => error.code));
    };
    expect(await answer(false, '/disk/keepers')).toMatchObject({ grant: 'g1', name: 'keepers' });
    expect(await answer(true, '')).toBeNull();
    expect(await answer(false, '/disk/missing')).toBe('folder-missing');
  });

  it('presses the page\'s own keys from the menu', async (context) => {
    needElectron(context);
    const { app, page } = await start('node');
    await app.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()!.items.flatMap((item) => item.submenu?.items ?? []);
      for (const label of ['Open Folder…', 'Export…', 'Undo', 'Grid', 'Keys']) (items.find((item) => item.label === label)!.click as () => void)();
    });
    await page.waitForFunction(() => globalThis.page.keys.length >= 5);
    expect((await page.evaluate(() => globalThis.page.keys)).map((key) => key.toLowerCase())).toEqual(['ctrl+o', 'ctrl+shift+e', 'ctrl+z', 'g', 'shift+?']);
  });

  it('is cut off when it sends more than a call can need', async (context) => {
    needElectron(context);
    const { page } = await start('node');
    await page.evaluate(() => void globalThis.page.api!.library.grants({ more: 'x'.repeat(1_100_000) } as never).catch(() => undefined));
    await page.waitForFunction(() => globalThis.page.closed === 1);
  });
});

describe('a second start', () => {
  it('hands its folder to the first one and ends', async (context) => {
    needElectron(context);
    const { page } = await start('node', '/photos/first');
    const { folder, environment } = await small!;
    const second = spawn(electronTestExecutable, [folder, ...testArguments, 'second'], {
      cwd: folder,
      env: { ...environment, PARJANYA_ENGINE_HOST: 'node', PARJANYA_DATA: join(folder, `data-${runs}`) },
      stdio: 'ignore',
    });
    // on a busy machine Electron itself has been seen to hang at its start, once in ten; that is no answer to what is asked here
    const limit = setTimeout(() => second.kill('SIGKILL'), 25_000);
    const code = await new Promise((resolve) => second.once('exit', resolve));
    clearTimeout(limit);
    expect(code).toBe(0);
    await page.waitForFunction(async () => (await globalThis.page?.api?.library.grants({}))?.some((one) => one.name === 'second'), undefined, { timeout: 30_000 });
    expect(existsSync(join(folder, `data-${runs}`))).toBe(true);
  });
});
