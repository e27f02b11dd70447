/** `parjanya models`: which models are on this computer, fetching those that are not, and whether all parts work. No catalog is touched. */
import { resolve } from 'node:path';
import { ok } from '../../../main/base/index.ts';
import type { SelfTestInfo } from '../../../main/contract/index.ts';
import { createModelShelf, ownModelFolder, planPull, pullModel } from '../../../main/adapters/models/index.ts';
import { describeBytes, kernelIds } from '../../../main/domain/index.ts';
import type { ManifestEntry, ModelId } from '../../../main/domain/index.ts';
import type { ModelState } from '../../../main/ports/index.ts';
import type { CommandOf } from '../arguments.ts';
import { failWith, failed, succeeded } from '../outcome.ts';
import { passingEngineFiles, withEngine } from '../session.ts';
import { layOut } from '../tables.ts';
import { describeError, toJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { arePromptsEmbedded, embedPrompts, runPrompts, tellPrompts, textModelIds } from './prompts.ts';

export function runModels(command: CommandOf<'models'>, terminal: Terminal): Promise<number> {
  return actions[command.action](command, terminal);
}

const actions: { readonly [A in CommandOf<'models'>['action']]: (command: CommandOf<'models'>, terminal: Terminal) => Promise<number> } = {
  list: listModels,
  pull: pullModels,
  prompts: runPrompts,
  verify: verifyParts,
};

/** One model as `list --json` prints it. */
interface ListedModel extends Omit<ManifestEntry, 'id' | 'inputs' | 'outputs'> {
  readonly name: ModelId;
  readonly state: ModelState['state'];
  readonly path: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

function describeModel({ entry, state, path, error }: ModelState): ListedModel {
  const { id: name, title, version, file, sha256, bytes, licence, url, stage } = entry;
  return { name, title, version, file, sha256, bytes, licence, url, stage, state, path, error: error && { code: error.code, message: error.message } };
}

async function listModels(command: CommandOf<'models'>, terminal: Terminal): Promise<number> {
  const shelf = createModelShelf();
  const states = (await shelf.list()).filter(({ entry }) => command.models.length === 0 || command.models.includes(entry.id));
  if (command.json) await terminal.print(toJson({ folders: shelf.folders, models: states.map(describeModel) }));
  else {
    const rows = states.map(({ entry, state, path, error }) => [entry.id, entry.stage, describeBytes(entry.bytes), entry.licence, state, path ?? error?.message ?? '']);
    await terminal.print(`${layOut([['MODEL', 'FOR', 'SIZE', 'LICENCE', 'STATE', 'WHERE'], ...rows], terminal.columns)}\nLooked for in ${shelf.folders.join(', ')}\n`);
  }
  return states.some(({ state }) => state === 'wrong') ? failed : succeeded;
}

/** One model as `pull --json` prints it. */
interface PulledModel {
  readonly name: ModelId;
  readonly path: string | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  /** The manifest does not know its hash: it was recorded now and is enforced from now on. */
  readonly recorded: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
}

async function pullModels(command: CommandOf<'models'>, terminal: Terminal): Promise<number> {
  const folder = ownModelFolder();
  const from = command.from === null ? null : resolve(terminal.folder, command.from);
  const states = await createModelShelf().list();
  const isTowerAway = states.some(({ entry, state }) => entry.id === 'clip-b32-text' && state === 'missing');
  const isEmbedded = command.models.length === 0 && isTowerAway && (await arePromptsEmbedded(terminal));
  const wanted = planPull(states, command.models, isEmbedded ? ['clip-b32-text'] : []);
  tellPlan(wanted, from, folder, terminal);
  const pulled: PulledModel[] = [];
  for (const entry of wanted) {
    const onProgress = ({ done, total }: { done: number; total: number }): void => terminal.showProgress(entry.id, { done, total, note: 'bytes' });
    const result = await pullModel(entry, { folder, signal: terminal.signal, onProgress, ...(from === null ? {} : { from }) });
    if (result.ok) {
      const { path, bytes, sha256, isRecorded } = result.value;
      pulled.push({ name: entry.id, path, bytes, sha256, recorded: isRecorded, error: null });
      terminal.tell(`${entry.id}: ${path}${isRecorded ? `; its SHA-256 ${sha256} is recorded and enforced from now on` : ''}`);
    } else {
      const { code, message } = result.error;
      pulled.push({ name: entry.id, path: null, bytes: null, sha256: null, recorded: false, error: { code, message } });
      terminal.tell(`${entry.id}: ${describeError(result.error)}`);
      // neither another model nor another try would fare better
      if (code === 'cancelled' || code === 'disk-full' || code === 'destination-unwritable') break;
    }
  }
  const failures = pulled.filter(({ error }) => error !== null).length;
  const prompts = await embedAfterPull(command, terminal);
  await terminal.print(command.json ? toJson({ folder, models: pulled, prompts }) : `${pulled.length - failures} fetched, ${failures} failed\n`);
  return failures > 0 || prompts?.off ? failed : succeeded;
}

/** Where all is there that prompts need, they are embedded, unless they are already or other models were meant: then null. */
async function embedAfterPull({ models }: CommandOf<'models'>, terminal: Terminal): Promise<{ readonly off: { readonly code: string; readonly message: string } | null } | null> {
  if (terminal.signal.aborted || (models.length > 0 && !models.some((model) => textModelIds.includes(model)))) return null;
  const states = await createModelShelf().list();
  if (!textModelIds.every((id) => states.some(({ entry, state }) => entry.id === id && state === 'present'))) return null;
  if (await arePromptsEmbedded(terminal)) return null;
  const embedded = await embedPrompts(terminal);
  tellPrompts(embedded, terminal);
  return { off: embedded.ok ? null : { code: embedded.error.code, message: embedded.error.message } };
}

/** What is going to be fetched, from where, and how much it is: said before the first byte. */
function tellPlan(wanted: readonly ManifestEntry[], from: string | null, folder: string, terminal: Terminal): void {
  if (wanted.length === 0) return terminal.tell('Nothing is missing.');
  const bytes = wanted.reduce((sum, entry) => sum + (entry.bytes ?? 0), 0);
  const isMore = wanted.some((entry) => entry.bytes === null);
  terminal.tell(`To be fetched: ${describeBytes(bytes)}${isMore ? ' and what is not known' : ''}, to ${folder}`);
  for (const { id, title, licence, bytes: size, url, file } of wanted) terminal.tell(`  ${id}: ${title}, ${licence}, ${describeBytes(size)}, from ${from === null ? url : `${from} (${file})`}`);
}

/** Runs the self-tests again, those of the models named or all, and prints how each ended. */
async function verifyParts(command: CommandOf<'models'>, terminal: Terminal): Promise<number> {
  const run = await withEngine(passingEngineFiles(), terminal, async (engine) => ok(await engine.connect().models.checks({ run: 'all' }, { signal: terminal.signal })));
  if (!run.ok) return failWith(run.error, command.json, terminal);
  const results = run.value.filter(({ test }) => command.models.length === 0 || command.models.some((model) => model === test));
  if (command.json) await terminal.print(toJson({ tests: results }));
  else {
    const rows = results.map(({ test, outcome, ms, message }) => [test, outcome, ms === null ? '-' : `${ms.toFixed(1)} ms`, message ?? '']);
    await terminal.print(`${layOut([['PART', 'RESULT', 'TIME', 'WHY'], ...rows], terminal.columns)}\n`);
  }
  // a model that was never fetched is no failure
  const isFailure = ({ test, outcome }: SelfTestInfo): boolean => outcome !== 'ok' && (outcome !== 'missing' || kernelIds.some((kernel) => kernel === test));
  return results.some(isFailure) ? failed : succeeded;
}
