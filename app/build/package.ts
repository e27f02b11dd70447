/**
 * `npm run package`: the unpacked app for this system and architecture, checked.
 *
 *   --installers            also the installers and archives of electron-builder.yml (fetches electron-builder's own tools)
 *   --platform, --arch      another target, whose native packages must be installed
 *   --electron-dist FOLDER  an unpacked Electron instead of a downloaded one
 *   --output FOLDER         where to (default dist/package)
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Arch, Platform, build } from 'electron-builder';
import type { Configuration } from 'electron-builder';
import { chooseElectron } from './electron-to-pack.ts';
import { ensureBuilt } from './ensure.ts';
import { projectFolder } from './sources.ts';

const platforms: Readonly<Record<string, Platform>> = { darwin: Platform.MAC, win32: Platform.WINDOWS, linux: Platform.LINUX };
const architectures: Readonly<Record<string, Arch>> = { x64: Arch.x64, arm64: Arch.arm64 };

function readArguments() {
  const { values } = parseArgs({
    options: {
      installers: { type: 'boolean', default: false },
      platform: { type: 'string', default: process.platform },
      arch: { type: 'string', default: process.arch },
      'electron-dist': { type: 'string' },
      output: { type: 'string' },
    },
  });
  return values;
}

const values = readArguments();
const platform = platforms[values.platform];
const arch = architectures[values.arch];
const log = (text: string): void => console.error(text);

if (!platform || arch === undefined) {
  log(`There is no package for ${values.platform} ${values.arch}: the platforms are darwin, win32 and linux, the architectures x64 and arm64.`);
  process.exitCode = 2;
} else {
  const isHost = values.platform === process.platform && values.arch === process.arch;
  const electron = await chooseElectron({ folder: values['electron-dist'] ?? null, platform: values.platform, isHost, forRelease: values.installers, log });
  if (!electron.ok) {
    log(electron.error);
    process.exitCode = 1;
  } else {
    const { built, seconds } = await ensureBuilt({ log });
    if (built) log(`Built dist/ in ${seconds.toFixed(1)} s.`);
    // added to electron-builder.yml, which electron-builder reads itself
    const config: Configuration = {
      ...(electron.runtime ? { electronDist: electron.runtime.folder, electronVersion: electron.runtime.version } : {}),
      ...(values.output ? { directories: { output: resolve(values.output) } } : {}),
    };
    await build({
      projectDir: projectFolder,
      targets: platform.createTarget(values.installers ? null : 'dir', arch),
      publish: 'never',
      config,
    });
  }
}
