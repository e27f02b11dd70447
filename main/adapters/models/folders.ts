/** Where model files are looked for. */
import { join, resolve } from 'node:path';
import { userDataFolder } from '../files/user-folders.ts';

/** Parjanya's own: here `models pull` puts them. Whoever writes there makes the folder. */
export function ownModelFolder(): string {
  return join(userDataFolder(), 'models');
}

/** In order: `PARJANYA_MODELS` where it is set, then Parjanya's own. Absolute. */
export function modelFolders(env: Readonly<Record<string, string | undefined>> = process.env): string[] {
  const named = env['PARJANYA_MODELS'];
  return [...(named ? [resolve(named)] : []), ownModelFolder()];
}
