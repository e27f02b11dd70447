/** `parjanya models prompts`: embeds the sentences behind impressions, once, and removes what is not needed any more where that is wanted. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createModelShelf, ownModelFolder } from '../../../main/adapters/models/index.ts';
import { ok } from '../../../main/base/index.ts';
import type { Result } from '../../../main/base/index.ts';
import { describeBytes } from '../../../main/domain/index.ts';
import type { ModelId } from '../../../main/domain/index.ts';
import type { CommandOf } from '../arguments.ts';
import { failWith, succeeded } from '../outcome.ts';
import { passingEngineFiles, withEngine } from '../session.ts';
import type { Client } from '../session.ts';
import { layOut } from '../tables.ts';
import { describeError, toJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** What embedding texts needs. */
export const textModelIds: readonly ModelId[] = ['clip-b32-text', 'clip-tokenizer'];

type Prompts = Awaited<ReturnType<Client['models']['prompts']>>;

export async function arePromptsEmbedded(terminal: Terminal): Promise<boolean> {
  const known = await withEngine(passingEngineFiles(), terminal, async (engine) => ok(await engine.connect().models.prompts({}, { signal: terminal.signal })));
  return known.ok && known.value.off === null;
}

/** Where they are embedded already nothing is done. Errors: see the contract's models.prompts. */
export function embedPrompts(terminal: Terminal): Promise<Result<Prompts>> {
  return withEngine(passingEngineFiles(), terminal, async (engine) => {
    const { prompts } = engine.connect().models;
    const known = await prompts({}, { signal: terminal.signal });
    return ok(known.off === null ? known : await prompts({ make: true }, { signal: terminal.signal }));
  });
}

export function tellPrompts(embedded: Result<Prompts>, terminal: Terminal): void {
  if (!embedded.ok) terminal.tell(`The prompts were not embedded: ${describeError(embedded.error)}`);
  else terminal.tell('The prompts are embedded. The text tower is needed again only for other prompts and for search by words; to free its room: parjanya models prompts --remove');
}

export async function runPrompts(command: CommandOf<'models'>, terminal: Terminal): Promise<number> {
  const embedded = await embedPrompts(terminal);
  if (!embedded.ok) return failWith(embedded.error, command.json, terminal);
  const { off, pairs } = embedded.value;
  const removed = command.remove ? await removeTextTower() : null;
  if (command.json) await terminal.print(toJson({ off, pairs, removed }));
  else {
    await terminal.print(`${layOut([['PAIR', 'POSITIVE', 'NEGATIVE', 'GOOD FOR'], ...pairs.map(({ id, positive, negative, use }) => [id, positive, negative, use])], terminal.columns)}\n`);
    if (!command.remove) tellPrompts(embedded, terminal);
    else terminal.tell(removed ? `Removed: ${removed.path} (${describeBytes(removed.bytes)})` : `There is no text tower in ${ownModelFolder()}.`);
  }
  return succeeded;
}

/** From Parjanya's own folder alone: what lies elsewhere is not ours to remove. Null where it is not there. */
async function removeTextTower(): Promise<{ readonly path: string; readonly bytes: number } | null> {
  const state = (await createModelShelf().list()).find(({ entry }) => entry.id === 'clip-b32-text');
  const path = state ? join(ownModelFolder(), state.entry.file) : null;
  const found = path === null ? null : await stat(path).catch(() => null);
  if (path === null || !found) return null;
  await rm(path);
  return { path, bytes: found.size };
}
