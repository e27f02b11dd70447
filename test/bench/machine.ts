/** What the machine can tell of itself and of processes on it. */
import { readFileSync, statSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { childrenOf } from '../config/processes.ts';

/** In general terms: results are compared as ratios, not between machines. */
export function describeMachine(): string {
  const model = (cpus()[0]?.model ?? 'unknown processor').trim();
  const load = loadavg()[0] ?? 0;
  return `${availableParallelism()} cores ${process.arch} (${model}), ${Math.round(totalmem() / 1024 ** 3)} GiB, ${process.platform}, Node ${process.versions.node}, load before the run ${load.toFixed(1)}`;
}

/** Resident bytes of a process, or null where the system does not tell (only Linux does, here). */
export function residentBytes(pid: number): number | null {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readText(`/proc/${pid}/status`));
  return line ? Number(line[1]) * 1024 : null;
}

/** Processor milliseconds that a process and its children, those that have ended included, have used so far; null where that is not told. */
export function processorMs(pid: number): number | null {
  const of = (id: number, fields: readonly number[]): number | null => {
    const stat = readText(`/proc/${id}/stat`).split(') ').at(-1)?.split(' ');
    // Linux tells these in hundredths of a second
    return stat && stat.length > 14 ? fields.reduce((sum, field) => sum + Number(stat[field]) * 10, 0) : null;
  };
  const own = of(pid, [11, 12, 13, 14]);
  return own === null ? null : childrenOf(pid).reduce((sum, child) => sum + (of(child.id, [11, 12, 13, 14]) ?? 0), own);
}

/** The kernel's read-ahead for the disk under a folder, in bytes; null where that is not told. */
export function readAheadOf(folder: string): number | null {
  const { dev } = statSync(folder);
  const device = `/sys/dev/block/${(dev >> 8) & 0xfff}:${dev & 0xff}`;
  const text = readText(`${device}/queue/read_ahead_kb`) || readText(`${device}/../queue/read_ahead_kb`);
  return text === '' ? null : Number(text) * 1024;
}

/** Bytes that this process has had read from disks, page cache misses and read-ahead included; null where that is not told. */
export function bytesFromDisk(): number | null {
  const line = /^read_bytes: (\d+)/m.exec(readText('/proc/self/io'));
  return line ? Number(line[1]) : null;
}

/** The most memory that a process has had resident so far, in bytes; null where that is not told. */
export function peakBytes(pid: number): number | null {
  const line = /^VmHWM:\s+(\d+) kB/m.exec(readText(`/proc/${pid}/status`));
  return line ? Number(line[1]) * 1024 : null;
}

export function loadNow(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Runs `work` and tells its wall and processor time in milliseconds: `cpuMs` of all threads of this process together, `threadMs` of the one
 * that asks. Node compiles and collects garbage beside, on other cores: nobody waits for that.
 */
export async function timed<T>(work: () => Promise<T> | T): Promise<{ value: T; ms: number; cpuMs: number; threadMs: number }> {
  const cpu = process.cpuUsage();
  const thread = process.threadCpuUsage();
  const start = performance.now();
  const value = await work();
  const ms = performance.now() - start;
  const usedHere = process.threadCpuUsage(thread);
  const used = process.cpuUsage(cpu);
  return { value, ms, cpuMs: (used.user + used.system) / 1000, threadMs: (usedHere.user + usedHere.system) / 1000 };
}
