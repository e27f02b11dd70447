/** Where Parjanya keeps its own files on this computer. Nothing is made here; whoever writes there makes the folder. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const name = 'Parjanya';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the folders depend on; a parameter for tests. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  readonly home: string;
}

const here = (): Surroundings => ({ platform: process.platform, env: process.env, home: homedir() });

/**
 * The catalog's folder, absolute. PARJANYA_DATA overrides it. macOS: Application Support; Windows: %APPDATA%; otherwise the
 * XDG Base Directory Specification 0.8 (a relative XDG path is to be ignored).
 */
export function userDataFolder(surroundings: Surroundings = here()): string {
  const { platform, env, home } = surroundings;
  const override = env['PARJANYA_DATA'];
  if (override) return resolve(override);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', name);
  if (platform === 'win32') return join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), name);
  return join(absolute(env['XDG_DATA_HOME']) ?? join(home, '.local', 'share'), name.toLowerCase());
}

/** For what can be made again: small pictures. Inside PARJANYA_DATA where that is set. */
export function userCacheFolder(surroundings: Surroundings = here()): string {
  const { platform, env, home } = surroundings;
  const override = env['PARJANYA_DATA'];
  if (override) return join(resolve(override), 'cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', name);
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), name, 'Cache');
  return join(absolute(env['XDG_CACHE_HOME']) ?? join(home, '.cache'), name.toLowerCase());
}

function absolute(path: string | undefined): string | null {
  return path?.startsWith('/') ? path : null;
}
