/**
 * Temporary names of copies that are under way, in the folder where the copy will be. They are hidden and say which process
 * on which computer made them, so that what a killed run left behind can be told from what another run is writing.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const pattern = /^\.parjanya-([0-9a-f]{8})-(\d+)-[0-9a-f]{12}\.part$/;
/** A copy that nobody has written to for so long is left over, whichever computer made it. */
const abandonedMs = 60 * 60 * 1000;

export function temporaryName(to: string): string {
  return join(dirname(to), `.parjanya-${host}-${process.pid}-${randomBytes(6).toString('hex')}.part`);
}

/** What stands under a final name for the moment between taking that name and moving the finished copy there; see publish.ts. */
export function reservationText(temporary: string): string {
  return `Parjanya reserves this name for ${basename(temporary)}\n`;
}

/** Removes what runs that are gone left in `folder`. Failures are silent: it is only tidying. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const leftovers: string[] = [];
  for (const name of names) {
    const match = pattern.exec(name);
    if (match && (await isLeftover(join(folder, name), match[1]!, Number(match[2])))) leftovers.push(join(folder, name));
  }
  // Only a run that was killed with a copy under way can have left a reservation.
  if (leftovers.length === 0) return;
  const texts = new Set(leftovers.map(reservationText));
  const longest = Math.max(...[...texts].map((text) => text.length));
  for (const name of names) {
    const path = join(folder, name);
    const size = await stat(path).then((found) => (found.isFile() ? found.size : 0), () => 0);
    if (size === 0 || size > longest) continue;
    if (texts.has(await readFile(path, 'utf8').catch(() => ''))) await unlink(path).catch(() => undefined);
  }
  for (const leftover of leftovers) await unlink(leftover).catch(() => undefined);
}

async function isLeftover(path: string, madeBy: string, pid: number): Promise<boolean> {
  if (madeBy === host && pid !== process.pid && !isRunning(pid)) return true;
  return stat(path).then((found) => Date.now() - found.mtimeMs > abandonedMs, () => false);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, for another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
