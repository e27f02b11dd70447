/** `parjanya cull`: looks at every photo of a folder and says what it found. */
import type { Result } from '../../../main/base/index.ts';
import type { GroupChoice } from '../../../main/domain/index.ts';
import type { CullReport, Engine } from '../../../main/engine.ts';
import type { CommandOf, Weighing } from '../arguments.ts';
import { failWith, failed, succeeded, tellFailedItems } from '../outcome.ts';
import { chooseGrouping, chooseWeights, withShoot } from '../session.ts';
import { describeCull } from '../tables.ts';
import { describeError, toJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Measures a folder's photos, or reads what is known of them, groups and judges them. `grouping` and `weighing` are kept for the folder, as in
 * the app; `depth`: what is left out and what is added (see WorkOptions). Errors: those of opening a folder, bad-input (nothing would count), cancelled.
 */
export async function cullFolder(engine: Engine, folder: string, terminal: Terminal, grouping: Partial<GroupChoice> = {}, weighing: Weighing = { genre: null, weights: {} }, depth: { readonly quick?: boolean; readonly rawExposure?: boolean } = {}): Promise<Result<CullReport>> {
  const granted = await engine.grant(folder, 'shoot');
  if (!granted.ok) return granted;
  if (Object.keys(grouping).length > 0) await chooseGrouping(engine.connect(), granted.value.grant, grouping, terminal.signal);
  if (weighing.genre !== null || Object.keys(weighing.weights).length > 0) {
    const chosen = await chooseWeights(engine.connect(), granted.value.grant, weighing, terminal.signal);
    if (!chosen.ok) return chosen;
  }
  return engine.cull(granted.value.grant, { ...depth, signal: terminal.signal, onProgress: (progress) => terminal.showProgress('cull', progress) });
}

/** @returns the exit status: 1 where a file has an error, or the folder or a part of it cannot be read. */
export async function runCull(command: CommandOf<'cull'>, terminal: Terminal): Promise<number> {
  const report = await withShoot(command, terminal, (engine, folder) => cullFolder(engine, folder, terminal, command.grouping, command.weighing, { quick: command.quick, rawExposure: command.rawExposure }));
  if (!report.ok && report.error.code === 'folder-empty') {
    // nothing was there, so nothing failed
    terminal.tell(describeError(report.error));
    if (command.json) await terminal.print(toJson({ verdict: null, photos: [], groups: [], off: [], problems: [] } satisfies CullReport));
    return succeeded;
  }
  if (!report.ok) return failWith(report.error, command.json, terminal);
  const { photos, problems, off } = report.value;
  // programs read it in the document
  if (!command.json) for (const { stage, message } of off) terminal.tell(`${stageWords[stage] ?? stage} not looked at: ${message}`);
  tellFailedItems([...problems, ...brokenSidecars(report.value)], terminal);
  await terminal.print(command.json ? toJson(report.value) : describeCull(report.value, terminal.columns));
  return problems.length > 0 || photos.some((photo) => photo.errors.length > 0) ? failed : succeeded;
}

/** What was left out, as a sentence begins with it. */
const stageWords: Readonly<Record<string, string>> = { faces: 'Faces and eyes were', clip: 'Aesthetics were', impressions: 'Impressions were' };

/** Said once each, and no failure of the run: their photos are fine. */
function brokenSidecars({ photos }: CullReport): CullReport['problems'] {
  const broken = new Map(photos.flatMap(({ sidecars }) => sidecars.flatMap(({ path, error }) => (error ? [[path, { path, ...error }] as const] : []))));
  return [...broken.values()];
}
