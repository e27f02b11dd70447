/** `parjanya groups`: the groups of a folder, and why each photo is in its own. */
import { ok } from '../../../main/base/index.ts';
import type { Result } from '../../../main/base/index.ts';
import type { GroupChoice, PairReason, ShootGroups } from '../../../main/contract/index.ts';
import { isTie } from '../../../main/domain/index.ts';
import type { CullReport, Engine, ReportGroup } from '../../../main/engine.ts';
import type { CommandOf } from '../arguments.ts';
import { failWith, failed, succeeded, tellFailedItems } from '../outcome.ts';
import { listPhotos, openShoot, withShoot } from '../session.ts';
import type { Client } from '../session.ts';
import { describeGroups } from '../tables.ts';
import { describeError, toJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { cullFolder } from './cull.ts';

export interface ToldGroup extends ReportGroup {
  /** The best and the second are equally good, as far as can be told. */
  readonly tie: boolean;
  /** Why each of the others is together with the best. */
  readonly why: readonly (PairReason & { readonly path: string })[];
}

/** What `groups --json` prints. */
export interface GroupsReport {
  /** Null where there is nothing to group. */
  readonly choice: GroupChoice | null;
  readonly preset: ShootGroups['preset'];
  readonly groups: readonly ToldGroup[];
  readonly problems: CullReport['problems'];
}

/** @returns the exit status: 1 where the folder or a part of it cannot be read. */
export async function runGroups(command: CommandOf<'groups'>, terminal: Terminal): Promise<number> {
  const report = await withShoot(command, terminal, (engine, folder) => tellGroups(engine, folder, command, terminal));
  if (!report.ok && report.error.code === 'folder-empty') {
    // nothing was there, so nothing failed
    terminal.tell(describeError(report.error));
    if (command.json) await terminal.print(toJson({ choice: null, preset: null, groups: [], problems: [] } satisfies GroupsReport));
    return succeeded;
  }
  if (!report.ok) return failWith(report.error, command.json, terminal);
  tellFailedItems(report.value.problems, terminal);
  await terminal.print(command.json ? toJson(report.value) : describeGroups(report.value, terminal.columns));
  return report.value.problems.length > 0 ? failed : succeeded;
}

async function tellGroups(engine: Engine, folder: string, command: CommandOf<'groups'>, terminal: Terminal): Promise<Result<GroupsReport>> {
  const report = await cullFolder(engine, folder, terminal, command.grouping);
  if (!report.ok) return report;
  const granted = await engine.grant(folder, 'shoot');
  if (!granted.ok) return granted;
  const api = engine.connect();
  const shoot = await openShoot(api, granted.value.grant, terminal.signal);
  const { choice, preset } = await api.groups.settings({ shoot }, { signal: terminal.signal });
  const photos = await listPhotos(api, shoot);
  const idOf = (path: string): number => photos.get(path.normalize('NFC'))?.id ?? 0;
  const groups: ToldGroup[] = [];
  for (const group of report.value.groups) {
    const why = await explainMembers(api, shoot, group, idOf, terminal.signal);
    groups.push({ ...group, tie: isTie(group), why });
  }
  return ok({ choice, preset, groups, problems: report.value.problems });
}

async function explainMembers(api: Client, shoot: number, { best, photos }: ReportGroup, idOf: (path: string) => number, signal: AbortSignal): Promise<ToldGroup['why']> {
  const why: (PairReason & { path: string })[] = [];
  for (const path of photos) if (path !== best) why.push({ path, ...(await api.groups.explain({ shoot, a: idOf(best), b: idOf(path) }, { signal })) });
  return why;
}
