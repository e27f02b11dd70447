/**
 * `npm run package`: the unpacked app for this system and architecture, checked.
 *
 *   --installers            also the installers and archives of electron-builder.yml (fetches electron-builder's own tools)
 *   --platform, --arch      another target, whose native packages must be installed
 *   --electron-dist FOLDER  an unpacked Electron instead of a downloaded one
 *   --output FOLDER         where to (default dist/package)
 *   --drivable              lets Playwright drive the result: the one fuse that forbids --inspect stays open. For tests only.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Arch, Platform, build } from 'electron-builder';
import type { Configuration } from 'electron-builder';
import { load } from './read-yaml.ts';
import { ensureBuilt } from './ensure.ts';
import { projectFolder } from './sources.ts';

const { values } = parseArgs({
  options: {
    installers: { type: 'boolean', default: false },
    platform: { type: 'string', default: process.platform },
    arch: { type: 'string', default: process.arch },
    'electron-dist': { type: 'string' },
    output: { type: 'string' },
    drivable: { type: 'boolean', default: false },
  },
});

const platforms: Readonly<Record<string, { platform: Platform; section: 'mac' | 'win' | 'linux' }>> = {
  darwin: { platform: Platform.MAC, section: 'mac' },
  win32: { platform: Platform.WINDOWS, section: 'win' },
  linux: { platform: Platform.LINUX, section: 'linux' },
};
