/** Where the test Electron is, and whether it is there; see setup-electron.ts. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../config/needs.ts';

export const electronTestVersion = '33.2.1';
export const electronTestFolder = join(projectFolder, '.cache', 'electron-test', `electron-${electronTestVersion}`);
export const electronTestExecutable = join(electronTestFolder, 'electron');

/** A reason why there can be no test Electron on this machine, or null. */
export function testRuntimePlatform(platform: string = process.platform, arch: string = process.arch): string | null {
  return platform === 'linux' && arch === 'x64' ? null : `it exists for Linux x64 only, this is ${platform} ${arch}`;
}

export function isElectronTestReady(): boolean {
  if (!existsSync(electronTestExecutable) || !existsSync(join(electronTestFolder, 'resources', 'default_app.asar'))) return false;
  return readFileSync(join(electronTestFolder, 'version'), 'utf8') === electronTestVersion;
}
