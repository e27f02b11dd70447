/** Real processes, looked at from outside. */

/** True where a process of that id runs; one that is dead but not yet waited for (a zombie) counts as running. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until `check` holds; fails with `what` after `limitMs`. */
export async function waitUntil(what: string, check: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Runs `work` as a user whom rights bind: the administrator's account, which tests may run under in containers, reads everything. */
export async function withoutPrivileges(work: () => Promise<void>): Promise<void> {
  const isAdministrator = process.getuid?.() === 0;
  if (isAdministrator) process.seteuid!(65_534);
  try {
    await work();
  } finally {
    if (isAdministrator) process.seteuid!(0);
  }
}
