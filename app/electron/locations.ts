/** Where things are, in a checkout and in the packaged app, and which executable hosts what. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app } from 'electron';

/**
 * [Note: engine host] The executable that hosts the engine is a setting. On Linux it is a plain Node: sharp's libvips and
 * Electron's GTK share GLib symbols in one process (lovell/sharp#4522, electron/electron#46323), which leaks and crashes.
 * On macOS and Windows it is Electron's utility process. Decode children are plain Node everywhere, because the packaged
 * Electron cannot run as Node (fuse RunAsNode is off). PARJANYA_ENGINE_HOST (`node` or `utility`) overrides, for tests.
 */
export type EngineHost = 'node' | 'utility';

export function chooseEngineHost(): EngineHost {
  const wanted = process.env['PARJANYA_ENGINE_HOST'];
  if (wanted === 'node' || wanted === 'utility') return wanted;
  return process.platform === 'linux' ? 'node' : 'utility';
}

/** The folder that holds `dist` for Electron itself; inside app.asar when packaged. */
export function distFolder(): string {
  return join(app.getAppPath(), 'dist');
}

/** A file of `dist` that another executable must be able to read: outside the archive when packaged. */
export function unpackedDistFile(...parts: string[]): string {
  return join(app.getAppPath().replace(/app\.asar$/, 'app.asar.unpacked'), 'dist', ...parts);
}

/**
 * The plain Node executable: the bundled one when packaged; in a checkout PARJANYA_NODE or the `node` package's.
 * Null where there is none.
 */
export function findNode(): string | null {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const candidates = app.isPackaged
    ? [join(process.resourcesPath, 'node', 'bin', name)]
    : [process.env['PARJANYA_NODE'], join(app.getAppPath(), 'node_modules', 'node', 'bin', name)];
  return candidates.find((file): file is string => file !== undefined && file !== '' && existsSync(file)) ?? null;
}

/** The first folder named on a command line, absolute; null where there is none. */
export function folderFromArguments(argv: readonly string[], workingFolder: string): string | null {
  // `electron <app> <folder>` in a checkout, `parjanya <folder>` when packaged
  const own = argv.slice(1).filter((argument) => !argument.startsWith('-'));
  const folder = own[process.defaultApp ? 1 : 0];
  return folder === undefined ? null : resolve(workingFolder, folder);
}
