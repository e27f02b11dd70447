/** Runs the real command in a real process, as `npm run parjanya` does. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { projectFolder } from '../config/needs.ts';

const commandFile = join(projectFolder, 'app/cli/main.ts');

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
