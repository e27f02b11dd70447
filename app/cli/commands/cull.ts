/** `parjanya cull`: looks at every photo of a folder and says what it found. */
import { resolve } from 'node:path';
import type { Result } from '../../../main/base/index.ts';
import type { CullReport, Engine } from '../../../main/engine.ts';
import type { CommandOf } from '../arguments.ts';
import { failWith, failed, succeeded } from '../outcome.ts';
import { checkFolder, chooseEngineFiles, withEngine } from '../session.ts';
import { describeCull } from '../tables.ts';
import { toJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** Measures a folder's photos, or reads what is known of them. Errors: those of opening a folder, cancelled. */
export async function cullFolder(engine: Engine, folder: string, terminal: Terminal): Promise<Result<CullReport>> {
  const granted = await engine.grant(folder, 'shoot');
  if (!granted.ok) return granted;
  return engine.cull(granted.value.grant, { signal: terminal.signal, onProgress: (progress) => terminal.showProgress('cull', progress) });
}

/** @returns the exit status: 1 where a file has an error, or the folder or a part of it cannot be read. */
export async function runCull(command: CommandOf<'cull'>, terminal: Terminal): Promise<number> {
  const folder = resolve(terminal.folder, command.folder);
  const there = await checkFolder(folder);
  if (!there.ok) return failWith(there.error, command.json, terminal);
  const report = await withEngine(chooseEngineFiles(command.catalog, terminal.folder), terminal, (engine) => cullFolder(engine, folder, terminal));
  if (!report.ok && report.error.code === 'folder-empty') {
    // nothing was there, so nothing failed
    terminal.tell(`${report.error.code}: ${report.error.message}`);
    if (command.json) await terminal.print(toJson({ photos: [], groups: [], problems: [] } satisfies CullReport));
    return succeeded;
  }
  if (!report.ok) return failWith(report.error, command.json, terminal);
  const { photos, problems } = report.value;
  for (const problem of problems) terminal.tell(`${problem.path}: ${problem.code}: ${problem.message}`);
  await terminal.print(command.json ? toJson(report.value) : describeCull(report.value, terminal.columns));
  return problems.length > 0 || photos.some((photo) => photo.errors.length > 0) ? failed : succeeded;
}
