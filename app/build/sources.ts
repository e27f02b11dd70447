/** What the build is made from, and whether what lies in `dist/` was made from it. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));
export const distFolder = join(projectFolder, 'dist');
export const stampFile = join(distFolder, 'stamp.json');

/** Folders and files whose content decides what the build makes. */
const roots = ['app/build', 'app/electron', 'app/web', 'main', 'models', 'native', 'renderer', 'package-lock.json', 'tsconfig.base.json'];

async function listFiles(path: string): Promise<string[]> {
  const absolute = join(projectFolder, path);
  const entries = await readdir(absolute, { withFileTypes: true }).catch(() => null);
  if (!entries) return existsSync(absolute) ? [path] : [];
  const kept = entries.filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules' && entry.name !== 'dist');
  const lists = await Promise.all(kept.map((entry) => (entry.isDirectory() ? listFiles(`${path}/${entry.name}`) : Promise.resolve([`${path}/${entry.name}`]))));
  return lists.flat();
}

/** SHA-256 over names and contents of all sources: a fresh checkout has new times but, rightly, the same answer. */
export async function fingerprintSources(): Promise<string> {
  const hash = createHash('sha256');
  const files = (await Promise.all(roots.map(listFiles))).flat().sort();
  for (const file of files) {
    // a file that goes away while we look (an editor's temporary one) counts as absent
    const content = await readFile(join(projectFolder, file)).catch(() => null);
    if (content) hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Is everything there, and made from sources of this fingerprint? */
export async function isFresh(fingerprint: string, outputs: readonly string[]): Promise<boolean> {
  const stamp = await readFile(stampFile, 'utf8').catch(() => '{}');
  let made: unknown;
  try {
    made = (JSON.parse(stamp) as { fingerprint?: unknown }).fingerprint;
  } catch {
    return false;
  }
  return made === fingerprint && outputs.every((output) => existsSync(join(distFolder, output)));
}
