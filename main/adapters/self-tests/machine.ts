/** What a result holds for: this computer, and the packages that carry compiled code. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, release } from 'node:os';
import { dirname, join } from 'node:path';
import { platformName } from '../../../native/index.ts';

/** Platform, processor and kernel of the system: where one of them is another, compiled code may do something else. */
export function describeMachine(): string {
  return `${platformName()} ${release()} ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;
}

/** Version of an installed package; `none` where it is not installed. */
export async function packageVersion(name: string): Promise<string> {
  try {
    let folder = dirname(createRequire(import.meta.url).resolve(name));
    while (!folder.endsWith(join('node_modules', name)) && dirname(folder) !== folder) folder = dirname(folder);
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? version : 'none';
  } catch {
    return 'none';
  }
}
