/** `parjanya mark`: marks photos as the keys of the app do. */
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ok } from '../../../main/base/index.ts';
import type { Result } from '../../../main/base/index.ts';
import { describeDividedSets } from '../../../main/domain/index.ts';
import type { Engine } from '../../../main/engine.ts';
import type { CommandOf } from '../arguments.ts';
import { failWith, failed, succeeded, tellFailedItems } from '../outcome.ts';
import type { FailedItem } from '../outcome.ts';
import { listPhotos, listSets, openShoot, withShoot } from '../session.ts';
import { toJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** What `mark --json` prints. */
export interface MarkReport {
  /** Files that now have the mark, relative to the folder. */
  readonly marked: readonly string[];
  /** How many photos' marks differ from before, the other halves of RAW+JPEG pairs included. */
  readonly changed: number;
  readonly errors: readonly FailedItem[];
}

/** The contract's own limit of one call. */
const mostIds = 5000;

export async function runMark(command: CommandOf<'mark'>, terminal: Terminal): Promise<number> {
  const report = await withShoot(command, terminal, (engine, folder) => markFiles(engine, folder, command, terminal));
  if (!report.ok) return failWith(report.error, command.json, terminal);
  const { marked, changed, errors } = report.value;
  tellFailedItems(errors, terminal);
  await terminal.print(command.json ? toJson(report.value) : `${marked.length} marked, ${changed} changed, ${errors.length} not found\n`);
  return errors.length > 0 ? failed : succeeded;
}

async function markFiles(engine: Engine, folder: string, command: CommandOf<'mark'>, terminal: Terminal): Promise<Result<MarkReport>> {
  const granted = await engine.grant(folder, 'shoot');
  if (!granted.ok) return granted;
  const api = engine.connect();
  const shoot = await openShoot(api, granted.value.grant, terminal.signal);
  const known = await listPhotos(api, shoot);
  const chosen = new Map<string, number>();
  const errors: FailedItem[] = [];
  for (const file of command.files) {
    const name = (await namesOf(file, folder, terminal.folder)).find((one) => known.has(one));
    if (name === undefined) errors.push({ path: file, code: 'not-found', message: 'This file is not among the photos of the folder.' });
    else chosen.set(known.get(name)!.path, known.get(name)!.id);
  }
  let changed = 0;
  const ids = [...chosen.values()];
  for (let from = 0; from < ids.length; from += mostIds)
    changed += (await api.cull.decide({ shoot, ids: ids.slice(from, from + mostIds), mark: command.mark }, { signal: terminal.signal })).changed;
  if (command.mark.flag === 'reject') {
    const caution = describeDividedSets(await listSets(api, shoot, new Set(ids)));
    if (caution !== null) terminal.tell(`${caution}.`);
  }
  return ok({ marked: [...chosen.keys()], changed, errors });
}

/** What a typed file may be called in the list: below the folder, else from where the command was started. */
async function namesOf(file: string, folder: string, workingFolder: string): Promise<string[]> {
  const candidates = isAbsolute(file) ? [file] : [join(folder, file), resolve(workingFolder, file)];
  const names: string[] = [];
  for (const candidate of candidates) {
    names.push(relative(folder, candidate));
    // the folder, or the way to the file, may go through links
    const real = await Promise.all([realpath(folder), realpath(dirname(candidate))]).catch(() => null);
    if (real) names.push(relative(real[0], join(real[1], basename(candidate))));
  }
  return names.filter((name) => name !== '' && !name.startsWith('..')).map((name) => name.split(sep).join('/').normalize('NFC'));
}
