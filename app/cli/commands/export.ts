/** `parjanya export`: shows the plan, then runs it. Started again after a stop, it goes on where it was. */
import { resolve } from 'node:path';
import { CodedFailure, ok } from '../../../main/base/index.ts';
import type { CodedError, Result } from '../../../main/base/index.ts';
import type { Plan } from '../../../main/contract/index.ts';
import type { Engine } from '../../../main/engine.ts';
import type { CommandOf } from '../arguments.ts';
import { failWith, failed, succeeded, tellFailedItems } from '../outcome.ts';
import type { FailedItem } from '../outcome.ts';
import { openShoot, withShoot } from '../session.ts';
import { describePlan } from '../tables.ts';
import { describeError, toJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { cullFolder } from './cull.ts';

/** What `export --json` prints. */
export interface ExportReport {
  /** Absolute. */
  readonly destination: string;
  readonly preset: string;
  readonly where: string;
  /** Photos chosen; a RAW and its JPEG are one. */
  readonly photos: number;
  readonly files: number;
  readonly written: number;
  /** From an earlier run, the same bytes. */
  readonly alreadyThere: number;
  /** Files that got another name because theirs was taken. */
  readonly renamed: number;
  readonly failed: number;
  readonly errors: readonly FailedItem[];
}

export async function runExport(command: CommandOf<'export'>, terminal: Terminal): Promise<number> {
  const report = await withShoot(command, terminal, (engine, folder) => exportFolder(engine, folder, command, terminal));
  if (!report.ok) return failWith(report.error, command.json, terminal);
  const { written, alreadyThere, failed: failures, destination } = report.value;
  await terminal.print(command.json ? toJson(report.value) : `${written} written, ${alreadyThere} already there, ${failures} failed: ${destination}\n`);
  return failures > 0 ? failed : succeeded;
}

async function exportFolder(engine: Engine, folder: string, command: CommandOf<'export'>, terminal: Terminal): Promise<Result<ExportReport>> {
  const { signal } = terminal;
  const to = resolve(terminal.folder, command.to);
  const source = await engine.grant(folder, 'shoot');
  if (!source.ok) return source;
  const destination = await engine.grant(to, 'destination');
  if (!destination.ok) return destination;
  if (command.where === 'keep') {
    // suggestions are needed; what the catalog knows is not measured again
    const culled = await cullFolder(engine, folder, terminal);
    if (!culled.ok) return culled;
  }
  const api = engine.connect();
  const shoot = await openShoot(api, source.value.grant, signal);
  const start = { destination: to, preset: command.preset, where: typeof command.where === 'string' ? command.where : `rating>=${command.where.rating}` };
  let plan: Plan;
  try {
    plan = await api.deliver.plan({ shoot, preset: command.preset, where: command.where, destination: destination.value.grant }, { signal });
  } catch (error) {
    if (!(error instanceof CodedFailure) || error.code !== 'nothing-to-do') throw error;
    // a choice that nothing fulfils is no failure
    terminal.tell(describeError(error.error));
    return ok({ ...start, photos: 0, files: 0, written: 0, alreadyThere: 0, renamed: 0, failed: 0, errors: [] });
  }
  terminal.tell(describePlan(plan, to));

  const problems = new Map<string, CodedError>();
  for (const item of plan.items) if (item.action === 'problem' && item.error) problems.set(item.from, item.error);
  const end = await api.deliver.run(
    { plan: plan.plan },
    ({ done, total, name, error }) => {
      if (error) problems.set(name, error);
      terminal.showProgress('export', { done, total, note: name });
    },
    { signal },
  );
  const errors = [...problems].map(([path, { code, message }]) => ({ path, code, message }));
  tellFailedItems(errors, terminal);
  return ok({ ...start, photos: plan.photos, files: plan.files, ...end, renamed: plan.renamed, failed: Math.max(end.failed, errors.length), errors });
}
