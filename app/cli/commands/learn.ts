/** `parjanya learn`: what counts for a person, by their own flags and stars, and how well that agrees with them. */
import { ok } from '../../../main/base/index.ts';
import type { Result } from '../../../main/base/index.ts';
import type { LearnOutcome, VerdictChoice } from '../../../main/contract/index.ts';
import { describeWeights } from '../../../main/domain/index.ts';
import type { Engine } from '../../../main/engine.ts';
import type { CommandOf } from '../arguments.ts';
import { failWith, succeeded } from '../outcome.ts';
import { openShoot, withShoot } from '../session.ts';
import { toJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { cullFolder } from './cull.ts';

/** What `learn --json` prints. */
export interface LearnReport {
  readonly outcome: LearnOutcome;
  /** By what suggestions are made now. */
  readonly choice: VerdictChoice;
  /** What was learned is what suggestions are made by from now on. */
  readonly taken: boolean;
}

export async function runLearn(command: CommandOf<'learn'>, terminal: Terminal): Promise<number> {
  const report = await withShoot(command, terminal, (engine, folder) => learn(engine, folder, command, terminal));
  if (!report.ok) return failWith(report.error, command.json, terminal);
  await terminal.print(command.json ? toJson(report.value) : describeLearning(report.value));
  return succeeded;
}

async function learn(engine: Engine, folder: string, command: CommandOf<'learn'>, terminal: Terminal): Promise<Result<LearnReport>> {
  const measured = await cullFolder(engine, folder, terminal);
  if (!measured.ok) return measured;
  const granted = await engine.grant(folder, 'shoot');
  if (!granted.ok) return granted;
  const api = engine.connect();
  const shoot = await openShoot(api, granted.value.grant, terminal.signal);
  const outcome = await api.weights.learn({ shoot }, { signal: terminal.signal });
  const taken = command.take && outcome.state === 'better';
  if (taken) await api.weights.choose({ shoot, choice: outcome.choice, isLearned: true }, { signal: terminal.signal });
  const { choice } = await api.weights.settings({ shoot }, { signal: terminal.signal });
  return ok({ outcome, choice, taken });
}

function describeLearning({ outcome, choice, taken }: LearnReport): string {
  if (outcome.state === 'too-few')
    return `Too few decisions to learn from: ${outcome.kept} kept and ${outcome.passed} passed over, ${outcome.needed} of each are needed.\n`;
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  const lines = [
    `Learned from ${outcome.kept} photos that you kept and ${outcome.passed} that you passed over:`,
    `  ${describeWeights(outcome.choice.weights)}; kept from ${Math.round(100 * outcome.choice.keepAt)} points on`,
    `Agrees with ${percent(outcome.agreement)} of decisions that were held back; the preset for ${outcome.choice.genre} with ${percent(outcome.presetAgreement)}.`,
    ...(outcome.state === 'no-better' ? ['That is no better than chance would make it, so there is nothing to take on.'] : []),
    outcome.state === 'better' && !taken ? 'Nothing was changed; --take suggests by it from now on.' : `Suggestions are made by ${describeWeights(choice.weights)}.`,
  ];
  return `${lines.join('\n')}\n`;
}
