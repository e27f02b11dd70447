/**
 * `npm start -- <folder>`: brings dist/ up to date and opens the app on the folder. Where Electron cannot run here (no
 * screen, or it is not installed and cannot be fetched) that is said in one sentence, and the same page is served to a
 * browser on this machine.
 */
import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { missingSources } from './bundle.ts';
import { fetchElectron, findElectron } from './electron-runtime.ts';
import type { ElectronRuntime } from './electron-runtime.ts';
import { ensureBuilt } from './ensure.ts';
import { projectFolder } from './sources.ts';
import { startFolder } from './start-folder.ts';

const usage = 'Usage: npm start -- [<folder>] [--web]';
/** An Electron that ends this soon, in milliseconds, never showed a window: a library or the right to its sandbox is missing. */
const startingTime = 8000;
const log = (text: string): void => console.error(text);

/** How a child ended. */
interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly ms: number;
}

/** Runs a program in the foreground; requests to end are passed on, and it decides when it does. */
async function runInForeground(executable: string, words: readonly string[]): Promise<Ending> {
  const started = performance.now();
  const child = spawn(executable, words, { stdio: 'inherit', windowsHide: false });
  // Ctrl+C in a terminal reaches the whole group of processes by itself
  const ignore = (): void => undefined;
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', ignore);
  process.on('SIGTERM', pass);
  process.on('SIGHUP', pass);
  try {
    return await new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => resolve({ code, signal, ms: performance.now() - started });
      child.once('error', () => end(127, null));
      child.once('exit', end);
    });
  } finally {
    process.off('SIGINT', ignore);
    process.off('SIGTERM', pass);
    process.off('SIGHUP', pass);
  }
}

/** A sentence on why there can be no window here, or null. */
function whyNoScreen(platform: string, environment: Readonly<Record<string, string | undefined>>): string | null {
  if (platform !== 'linux') return null;
  return environment['DISPLAY'] || environment['WAYLAND_DISPLAY'] ? null : 'There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)';
}

/** Did Electron end before it could show anything, by itself? */
function failedToStart({ code, signal, ms }: Ending): boolean {
  const wanted: readonly (string | null)[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'];
  return ms < startingTime && code !== 0 && !wanted.includes(signal);
}

async function openApp(electron: ElectronRuntime, folder: string | null): Promise<Ending> {
  const words = [projectFolder, ...(folder === null ? [] : [folder])];
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    log("Electron's sandbox cannot be used by root, so it is off; better start Parjanya as an ordinary user.");
    words.push('--no-sandbox');
  }
  return runInForeground(electron.executable, words);
}

async function serveInstead(reason: string, folder: string | null): Promise<number> {
  log(`${reason}: serving the page to a browser on this machine instead.`);
  if (folder === null) {
    log(`For that the folder must be named. ${usage}`);
    return 2;
  }
  const { code } = await runInForeground(process.execPath, [join(projectFolder, 'app', 'cli', 'main.ts'), 'serve', folder]);
  return code ?? 1;
}

async function start(folder: string | null, web: boolean): Promise<number> {
  if (folder !== null && !(await stat(folder).catch(() => null))?.isDirectory()) {
    log(`folder-missing: The folder ${folder} does not exist.`);
    return 1;
  }
  const missing = missingSources();
  if (missing.length > 0) {
    log(`This checkout is not whole: it has no ${missing.join(', no ')}.`);
    return 1;
  }
  const { built, seconds } = await ensureBuilt({ log });
  if (built) log(`Built dist/ in ${seconds.toFixed(1)} s.`);
  if (web) return serveInstead('As asked for', folder);
  const noScreen = whyNoScreen(process.platform, process.env);
  if (noScreen !== null) return serveInstead(noScreen, folder);
  const electron = findElectron() ?? (await fetchElectron(log));
  if (!electron) return serveInstead('Electron is not installed', folder);
  const ending = await openApp(electron, folder);
  if (failedToStart(ending)) return serveInstead(`Electron ended at once (${ending.signal ?? `status ${ending.code}`})`, folder);
  return ending.code ?? 1;
}

/** Null after telling what is wrong. */
function readArguments(): { folder: string | null; web: boolean } | null {
  try {
    const { values, positionals } = parseArgs({ options: { web: { type: 'boolean', default: false } }, allowPositionals: true });
    const [folder, ...more] = positionals;
    if (more.length === 0) return { folder: folder ? resolve(startFolder('start'), folder) : null, web: values.web };
    log(`One folder at a time: "${more[0]}" is too much.\n${usage}`);
  } catch (error) {
    log(`${(error as Error).message.split('\n', 1)[0]}\n${usage}`);
  }
  return null;
}

const wanted = readArguments();
process.exitCode = wanted === null ? 2 : await start(wanted.folder, wanted.web);
