/** One build at a time: a second one waits for the first and then finds nothing left to do. */
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** True where the file could be made, which only one process can. */
async function take(file: string): Promise<boolean> {
  const handle = await open(file, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return null;
    throw error;
  });
  if (!handle) return false;
  await handle.writeFile(String(process.pid));
  await handle.close();
  return true;
}

/**
 * Runs `work` while holding the lock `file`. A lock whose owner is no longer running is taken over.
 * @param onWait called once where another process holds it.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait: () => void): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  for (let waited = 0; !(await take(file)); waited += 1) {
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    // an empty lock was made a moment ago; its owner has not written its number yet
    if (owner > 0 && !isRunning(owner)) await rm(file, { force: true });
    else if (owner === 0 && waited > 50) await rm(file, { force: true });
    if (waited === 0) onWait();
    await wait(100);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}
