/** How much a process has really worked: on a busy computer the clock says nothing about that. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** Linux counts in hundredths of a second (USER_HZ, the same on every architecture that Node has). */
const tickMs = 10;

/**
 * Milliseconds of processor time of the process with id `pid`, all its threads together; null where the system does not tell
 * (Windows) or the process is gone. Linux: proc(5), `stat`; macOS and other Unix: `ps -o time=` (POSIX).
 */
export async function processorTimeOf(pid: number | undefined): Promise<number | null> {
  if (pid === undefined || process.platform === 'win32') return null;
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

async function fromProc(pid: number): Promise<number | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in brackets that may contain anything; user and system time are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return Number.isFinite(ticks) ? ticks * tickMs : null;
  } catch {
    return null;
  }
}

/** Exported for tests on Linux, whose ps writes POSIX's form of the time. */
export function fromPs(pid: number): Promise<number | null> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'time=', '-p', String(pid)], { timeout: 2_000 }, (error, text) => resolve(error ? null : parseTime(text)));
  });
}

/** `[[days-]hours:]minutes:seconds[.fraction]` in milliseconds; null for anything else. */
export function parseTime(text: string): number | null {
  const match = /^\s*(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+(?:\.\d+)?)\s*$/.exec(text);
  if (!match) return null;
  const [days, hours, minutes, seconds] = [1, 2, 3, 4].map((index) => Number(match[index] ?? 0)) as [number, number, number, number];
  return Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
}
