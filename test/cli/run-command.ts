/** Runs the real command in a real process, as `npm run parjanya` does. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../config/needs.ts';

export const commandFile = join(projectFolder, 'app/cli/main.ts');

export interface Ran {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** What it has said so far. */
  out(): string;
  err(): string;
  readonly ended: Promise<Ran>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it; npm's own variables of the test run are taken away, because they tell the command where the person is. */
export function startCommand(words: readonly string[], options: RunOptions = {}): Running {
  const { npm_lifecycle_event: _event, INIT_CWD: _folder, ...environment } = process.env;
  const child = spawn(process.execPath, [commandFile, ...words], {
    cwd: options.cwd ?? projectFolder,
    env: { ...environment, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal, out, err }));
  });
  return { process: child, out: () => out, err: () => err, ended };
}

export function runCommand(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return startCommand(words, options).ended;
}

/** Ids of the processes that carry this text on their command line or are children of such; Linux only, elsewhere none. */
export function childrenOf(id: number): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((name) => {
        try {
          const status = readFileSync(`/proc/${name}/stat`, 'utf8');
          return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]) === id;
        } catch {
          return false;
        }
      })
      .map(Number);
  } catch {
    return [];
  }
}

/** Is there such a process, other than a dead one that nobody has asked after? */
export function isAlive(id: number): boolean {
  try {
    const status = readFileSync(`/proc/${id}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[0] !== 'Z';
  } catch {
    return false;
  }
}
