/** Which Electron this checkout can start or pack. The package `electron` brings none with it: the executable is fetched when first needed. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './sources.ts';

export interface ElectronRuntime {
  /** The unpacked distribution. */
  readonly folder: string;
  readonly executable: string;
  readonly version: string;
}

/** Where the executable lies in a distribution. */
const executables: Readonly<Record<string, string>> = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

/** Downloading more slowly than this is given up, in milliseconds. */
const fetchLimit = 10 * 60_000;

/** Looks at an unpacked distribution; null where there is none in `folder`. */
export function readElectronFolder(folder: string, platform: string = process.platform): ElectronRuntime | null {
  const executable = join(folder, executables[platform] ?? 'electron');
  const versionFile = join(folder, 'version');
  if (!existsSync(executable) || !existsSync(versionFile)) return null;
  return { folder, executable, version: readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') };
}

/**
 * The Electron that is here already: ELECTRON_OVERRIDE_DIST_PATH, the variable that the package `electron` itself reads, or
 * what that package has fetched before. Nothing is downloaded.
 */
export function findElectron(environment: Readonly<Record<string, string | undefined>> = process.env): ElectronRuntime | null {
  const override = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  return readElectronFolder(override ? override : join(projectFolder, 'node_modules', 'electron', 'dist'));
}

/**
 * Fetches Electron as `npx install-electron` does, with its output on stderr only where it fails.
 * @returns null where it cannot be fetched (no network, no disk space).
 */
export async function fetchElectron(log: (text: string) => void): Promise<ElectronRuntime | null> {
  const script = join(projectFolder, 'node_modules', 'electron', 'install.js');
  if (!existsSync(script)) return null;
  log('Fetching Electron (about 120 MB, once).');
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'], timeout: fetchLimit });
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-2000)));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', resolve);
  });
  const found = code === 0 ? findElectron() : null;
  if (!found) log(`Electron could not be fetched (${text.trim().split('\n', 1)[0] || 'no reason given'}).`);
  return found;
}
