/** What processes there are, from /proc: on Linux. Elsewhere there are none to be seen. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';

interface ProcessFacts {
  readonly id: number;
  readonly parent: number;
  readonly command: string;
}

/** Those that live: one that has ended and that nobody has waited for is not among them. */
function listProcesses(): ProcessFacts[] {
  if (!existsSync('/proc')) return [];
  const found: ProcessFacts[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/stat`, 'utf8');
      // the second field is a name in brackets that may contain anything
      const rest = status.slice(status.lastIndexOf(')') + 2).split(' ');
      if (rest[0] === 'Z') continue;
      found.push({ id: Number(name), parent: Number(rest[1]), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() });
    } catch {
      // it ended while we looked
    }
  }
  return found;
}

/** Those that `id` has started itself. */
export function childrenOf(id: number): ProcessFacts[] {
  return listProcesses().filter((one) => one.parent === id);
}

/** All descendants of a process, children first. */
export function descendantsOf(id: number): ProcessFacts[] {
  const all = listProcesses();
  const result: ProcessFacts[] = [];
  for (let parents = [id]; parents.length > 0; ) {
    const children = all.filter((one) => parents.includes(one.parent));
    result.push(...children);
    parents = children.map((one) => one.id);
  }
  return result;
}

/** Which of these processes still run, under the same command line. */
export function stillRunning(processes: readonly ProcessFacts[]): ProcessFacts[] {
  const now = new Map(listProcesses().map((one) => [one.id, one.command]));
  return processes.filter((one) => now.get(one.id) === one.command);
}
