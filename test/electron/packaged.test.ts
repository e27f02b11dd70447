/** The packaged app, made and started once: the same page, engine and photos, now from app.asar and with its own Node. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder } from '../config/needs.ts';
import { descendantsOf, stillRunning } from '../config/processes.ts';
import { runCommand } from '../cli/run-command.ts';
import { makeShoot } from '../fixtures/index.ts';
import type { CullReport } from '../../main/engine.ts';
import { startDisplay } from './display.ts';
import { electronTestFolder } from './electron-runtime.ts';
import { needElectron } from './need-electron.ts';
import { startPackagedApp } from './packaged-app.ts';
import type { PackagedApp } from './packaged-app.ts';
import { describeTile, pressOn, waitForPictures } from './whole-app.ts';

const run = promisify(execFile);

let folder: string;
let running: PackagedApp | null = null;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parjanya-packaged-'));
});
afterEach(async () => {
  await running?.quit();
  running = null;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the packaged app', { timeout: 400_000 }, () => {
  it('is made, is hardened, opens a folder, shows a photo, marks it and remembers', async (context) => {
    needElectron(context);
    const output = join(folder, 'package');
    // the check after packing ends this with an error where a part is missing or foreign
    await run(process.execPath, [join(projectFolder, 'app/build/package.ts'), '--electron-dist', electronTestFolder, '--output', output], { cwd: projectFolder, maxBuffer: 1e8 });
    const executable = join(output, 'linux-unpacked', 'parjanya');
    const fuses = await getCurrentFuseWire(executable);
    const isOn = (fuse: FuseV1Options): boolean => Number(fuses[fuse]) === '1'.charCodeAt(0);
    expect([FuseV1Options.RunAsNode, FuseV1Options.EnableNodeOptionsEnvironmentVariable, FuseV1Options.EnableNodeCliInspectArguments, FuseV1Options.GrantFileProtocolExtraPrivileges].filter(isOn)).toEqual([]);
    expect([FuseV1Options.OnlyLoadAppFromAsar, FuseV1Options.EnableEmbeddedAsarIntegrityValidation, FuseV1Options.EnableCookieEncryption].every(isOn)).toBe(true);

    const shoot = await makeShoot(join(folder, 'shoot'), { photos: 6, rawKinds: ['nef', 'cr2'], edge: 900 });
    const name = basename(shoot.photos[0]!.path);
    const display = await startDisplay();
    try {
      const options = { display: display.name, data: join(folder, 'data'), folder: shoot.folder };
      running = await startPackagedApp(executable, options);
      const { page } = running;
      expect(await page.title()).toBe('shoot – Parjanya');
      for (const address of await waitForPictures(page, 6)) expect(address).toMatch(/^photo:\/\/p\/\d+\/grid\?k=/);
      const family = descendantsOf(running.process.pid!);
      const inside = join(output, 'linux-unpacked/resources');
      const engine = family.find((one) => one.command.includes('engine-host.mjs'));
      expect(engine?.command).toBe(`${join(inside, 'node/bin/node')} ${join(inside, 'app.asar.unpacked/dist/electron/engine-host.mjs')}`);
      for (const decoder of family.filter((one) => one.command.includes('decode.mjs'))) expect(decoder.command.startsWith(join(inside, 'node/bin/node'))).toBe(true);
      await pressOn(page, name, 'p');
      await expect.poll(() => describeTile(page, name)).toContain(', picked');
      expect(await running.quit()).toBe(0);
      running = null;
      await expect.poll(() => stillRunning(family).map((one) => one.command), { timeout: 20_000 }).toEqual([]);

      running = await startPackagedApp(executable, options);
      await expect.poll(() => describeTile(running!.page, name), { timeout: 20_000 }).toContain(', picked');
      expect(await running.quit()).toBe(0);
      running = null;
      const ran = await runCommand(['cull', shoot.folder, '--json'], { env: { PARJANYA_DATA: options.data } });
      const report = JSON.parse(ran.out) as CullReport;
      expect(report.photos.filter((photo) => photo.marks.flag === 'pick').map((photo) => basename(photo.path))).toEqual([name]);
    } finally {
      await display.close();
    }
  });
});
