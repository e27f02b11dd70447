/** `npm start` in each of its ways: a window, no screen, a screen that is not there, wrong usage. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkIn, visit } from '../cli/visit.ts';
import { projectFolder } from '../config/needs.ts';
import { descendantsOf, stillRunning } from '../config/processes.ts';
import { makeShoot } from '../fixtures/index.ts';
import { startDisplay } from './display.ts';
import { electronTestFolder } from './electron-runtime.ts';
import { needElectron } from './need-electron.ts';

const script = join(projectFolder, 'app/build/start.ts');
let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parjanya-start-'));
  await makeShoot(join(folder, 'shoot'), { photos: 3, edge: 480 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Started {
  readonly process: ChildProcess;
  out(): string;
  err(): string;
  readonly ended: Promise<number | null>;
}

/** In a group of processes of its own, as in a terminal. */
function start(words: readonly string[], environment: Readonly<Record<string, string>>): Started {
  const { DISPLAY: _x, WAYLAND_DISPLAY: _w, npm_lifecycle_event: _e, INIT_CWD: _f, ELECTRON_OVERRIDE_DIST_PATH: _o, ...rest } = process.env;
  const env = { ...rest, PARJANYA_DATA: join(folder, `data-${++count}`), ...environment };
  const child = spawn(process.execPath, [script, ...words], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return { process: child, out: () => out, err: () => err, ended: new Promise((resolve) => child.once('close', resolve)) };
}

/** Ctrl+C: the terminal tells all of them; nothing of them may stay. */
async function interrupt({ process: child, ended }: Started): Promise<number | null> {
  const family = descendantsOf(child.pid!);
  process.kill(-child.pid!, 'SIGINT');
  const status = await ended;
  await expect.poll(() => stillRunning(family).map((one) => one.command), { timeout: 20_000 }).toEqual([]);
  return status;
}

describe('npm start', { timeout: 180_000 }, () => {
  it('says that there is no screen, serves the page instead, and ends with everything at Ctrl+C', async (context) => {
    if (process.platform !== 'linux') return context.skip('only Linux can be without a screen');
    const started = start(['shoot'], {});
    await expect.poll(() => linkIn(started.out()), { timeout: 110_000 }).not.toBeNull();
    expect(started.err()).toContain('There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set): serving the page to a browser on this machine instead.');
    expect((await visit(linkIn(started.out())!)).grants).toContainEqual(expect.objectContaining({ name: 'shoot', kind: 'shoot' }));
    expect(await interrupt(started)).toBe(0);
  });

  it('opens the window where there is one, and ends with everything at Ctrl+C', async (context) => {
    needElectron(context);
    const display = await startDisplay();
    try {
      const started = start(['shoot'], { DISPLAY: display.name, ELECTRON_OVERRIDE_DIST_PATH: electronTestFolder });
      const commands = (): string => descendantsOf(started.process.pid!).map((one) => one.command).join('\n');
      // a page that has opened the folder, an engine, and a decoder that looks at the photos
      await expect.poll(commands, { timeout: 110_000, interval: 100 }).toMatch(/decode\.mjs/);
      expect(commands()).toContain('engine-host.mjs');
      expect(commands()).toContain('--type=renderer');
      expect(await interrupt(started)).toBe(0);
      expect(started.out()).toBe('');
    } finally {
      await display.close();
    }
  });

  it('falls back to the page where Electron ends at once', async (context) => {
    needElectron(context);
    const started = start(['shoot'], { DISPLAY: ':9999', ELECTRON_OVERRIDE_DIST_PATH: electronTestFolder });
    await expect.poll(() => linkIn(started.out()), { timeout: 110_000 }).not.toBeNull();
    expect(started.err()).toMatch(/^Electron ended at once \(.+\): serving the page to a browser on this machine instead\.$/m);
    expect(await interrupt(started)).toBe(0);
  });

  it('ends with 1 for a missing folder and with 2 for wrong usage', async () => {
    const missing = start([join(folder, 'nowhere')], {});
    expect(await missing.ended).toBe(1);
    expect(missing.err()).toBe(`folder-missing: The folder ${join(folder, 'nowhere')} does not exist.\n`);
    const wrong = start(['--frob'], {});
    expect(await wrong.ended).toBe(2);
    expect(wrong.err()).toMatch(/^Unknown option '--frob'[^\n]*\nUsage: npm start -- /);
    const two = start(['a', 'b'], {});
    expect(await two.ended).toBe(2);
    expect(two.err()).toMatch(/^One folder at a time: "b" is too much\.\n/);
  });
});
