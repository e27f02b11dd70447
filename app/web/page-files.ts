/**
 * The page's own files. They are read once, at start, and served from memory by their exact name: a request is looked up in
 * a table and never turned into a path, so there is nothing that a crafted address could climb out of.
 */
import { readFile, readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fail, ok } from '../../main/base/index.ts';
import type { Result } from '../../main/base/index.ts';

export interface PageFile {
  readonly bytes: Buffer;
  readonly type: string;
  /** True where the name contains a hash of the content. */
  readonly immutable: boolean;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Reads `folder` into a table from address (`/assets/index-1a2b.js`) to file; `/` is `index.html`. Links, hidden files,
 * source maps and names with other characters than letters, digits, `.`, `_` and `-` are left out.
 * Errors: folder-missing.
 */
export async function readPageFiles(folder: string): Promise<Result<ReadonlyMap<string, PageFile>>> {
  const missing = fail<ReadonlyMap<string, PageFile>>('folder-missing', `The page is not built: there is no index.html in ${folder}. Run "npm run build".`);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => null);
  if (!entries) return missing;
  const files = new Map<string, PageFile>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const address = `/${relative(folder, file).split(sep).join('/')}`;
    const type = types[extname(entry.name).toLowerCase()];
    if (!type || !/^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(address)) continue;
    files.set(address, { bytes: await readFile(file), type, immutable: address.startsWith('/assets/') });
  }
  const index = files.get('/index.html');
  if (!index) return missing;
  files.set('/', index);
  return ok(files);
}
