/** `parjanya serve`: the app's page for a browser on this machine. */
import { basename, dirname, join, resolve } from 'node:path';
import { fail, ok } from '../../../main/base/index.ts';
import type { Result } from '../../../main/base/index.ts';
import type { Engine } from '../../../main/engine.ts';
import { startWebShell } from '../../web/index.ts';
import type { CommandOf } from '../arguments.ts';
import { failWith, succeeded } from '../outcome.ts';
import { checkFolder, chooseEngineFiles, withEngine } from '../session.ts';
import { readVersion } from '../version.ts';
import type { Terminal } from '../terminal.ts';

/** @returns the exit status, once Ctrl+C was pressed. */
export async function runServe(command: CommandOf<'serve'>, terminal: Terminal): Promise<number> {
  const folder = resolve(terminal.folder, command.folder);
  const there = await checkFolder(folder);
  if (!there.ok) return failWith(there.error, false, terminal);
  const page = await makePage(terminal);
  if (!page.ok) return failWith(page.error, false, terminal);
  const files = { ...chooseEngineFiles(command.catalog, terminal.folder), workerScript: join(page.value, 'workers', 'decode.mjs'), selfTestAfterMs: 15_000 };
  const served = await withEngine(files, terminal, (engine) => serve(engine, folder, join(page.value, 'renderer'), command, terminal));
  return served.ok ? succeeded : failWith(served.error, false, terminal);
}

async function serve(engine: Engine, folder: string, rendererFolder: string, command: CommandOf<'serve'>, terminal: Terminal): Promise<Result<void>> {
  const shell = await startWebShell({
    engine,
    port: command.port,
    rendererFolder,
    shoots: [folder],
    destinations: command.to.length > 0 ? command.to.map((to) => resolve(terminal.folder, to)) : usualDestination(folder),
    version: await readVersion(),
    onBug: (error) => terminal.tell(`bug in the web shell: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  if (!shell.ok) return shell;
  await terminal.print(`${shell.value.url}\n`);
  terminal.tell('Open this link in a browser on this machine. Ctrl+C ends it.');
  await new Promise<void>((resolve) => {
    if (terminal.signal.aborted) resolve();
    else terminal.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await shell.value.close();
  return ok(undefined);
}

/** Beside the folder, because a browser cannot ask for another place; made only when an export runs. A disk's root has none. */
function usualDestination(folder: string): string[] {
  const name = basename(folder);
  return name === '' ? [] : [join(dirname(folder), `${name} keepers`)];
}

/** Builds `dist` where it is not up to date and answers with its folder. Errors: not-available. */
async function makePage(terminal: Terminal): Promise<Result<string>> {
  // loaded here only, because the other commands need none of the bundlers
  const { missingSources } = await import('../../build/bundle.ts');
  const { ensureBuilt } = await import('../../build/ensure.ts');
  const { distFolder } = await import('../../build/sources.ts');
  const missing = missingSources();
  if (missing.length > 0) return fail('not-available', `The page cannot be built: this checkout has no ${missing.join(', no ')}.`);
  const { built, seconds } = await ensureBuilt({ log: (text) => terminal.tell(text) });
  if (built) terminal.tell(`Built the page in ${seconds.toFixed(1)} s.`);
  return ok(distFolder);
}
