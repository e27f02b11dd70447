/** `parjanya describe`: asks a vision model about the photos where that is worth it. What leaves is said first, and nothing leaves unagreed. */
import { createInterface } from 'node:readline/promises';
import { fail, ok } from '../../../main/base/index.ts';
import type { Result } from '../../../main/base/index.ts';
import { describeBytes } from '../../../main/domain/index.ts';
import type { DescribeOutcome, DescribePlan, Engine } from '../../../main/engine.ts';
import type { CommandOf } from '../arguments.ts';
import { failWith, failed, succeeded, tellFailedItems, unencryptedWarning } from '../outcome.ts';
import { withShoot } from '../session.ts';
import { describeError, toJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { cullFolder } from './cull.ts';

interface Run {
  readonly plan: DescribePlan;
  readonly outcome: DescribeOutcome;
}

/** @returns the exit status: 1 where nothing could be sent, a photo failed, or it was stopped before its end. */
export async function runDescribe(command: CommandOf<'describe'>, terminal: Terminal): Promise<number> {
  const ran = await withShoot(command, terminal, (engine, folder) => describeFolder(engine, folder, command, terminal));
  if (!ran.ok && ran.error.code === 'nothing-to-do') {
    // all that was wanted is there
    terminal.tell(describeError(ran.error));
    if (command.json) await terminal.print(toJson({ plan: null, outcome: null }));
    return succeeded;
  }
  if (!ran.ok) return failWith(ran.error, command.json, terminal);
  const { plan, outcome } = ran.value;
  tellFailedItems(outcome.failed, terminal);
  if (outcome.stopped) terminal.tell(describeError(outcome.stopped));
  await terminal.print(command.json ? toJson({ plan: planForPrograms(plan), outcome }) : describeOutcome(outcome));
  return outcome.failed.length > 0 || outcome.stopped ? failed : succeeded;
}

async function describeFolder(engine: Engine, folder: string, command: CommandOf<'describe'>, terminal: Terminal): Promise<Result<Run>> {
  const looked = await cullFolder(engine, folder, terminal);
  if (!looked.ok) return looked;
  const granted = await engine.grant(folder, 'shoot');
  if (!granted.ok) return granted;
  const { only, maxPhotos, maxUsd, compare } = command;
  const { grant } = granted.value;
  const plan = await engine.descriptions.plan(grant, { only, maxPhotos, maxUsd, compare }, terminal.signal);
  if (!plan.ok) return plan;
  for (const line of describeSending(plan.value)) terminal.tell(line);
  if (!command.yes && !(await isAgreed(terminal))) return fail('not-agreed', 'Nothing was sent. To send it without being asked: --yes.');
  const outcome = await engine.descriptions.run(grant, plan.value, { maxUsd, signal: terminal.signal, onProgress: (progress) => terminal.showProgress('describe', progress) });
  return outcome.ok ? ok({ plan: plan.value, outcome: outcome.value }) : outcome;
}

/** What leaves, where to, and what it costs. */
function describeSending({ endpoint, photos, pairs, known, left, requests, bytes, usd, fields, isUnencrypted }: DescribePlan): string[] {
  const winners = photos.filter(({ why }) => why === 'winner').length;
  const borderline = photos.filter(({ why }) => why === 'borderline').length;
  const kinds = [...(winners > 0 ? [`${winners} best of their burst`] : []), ...(borderline > 0 ? [`${borderline} borderline`] : [])];
  return [
    `To be sent: ${photos.length} ${photos.length === 1 ? 'photo' : 'photos'}${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''}${pairs.length > 0 ? ` and ${pairs.length} ${pairs.length === 1 ? 'pair' : 'pairs'} to be compared` : ''}, about ${describeBytes(bytes)} in ${requests} ${requests === 1 ? 'request' : 'requests'}`,
    `  to: ${endpoint.url}, model ${endpoint.model}${isUnencrypted ? unencryptedWarning : ''}`,
    `  what: ${fields.join(', ')} at 1,024 on the long edge; no names, times, places or cameras`,
    `  price: ${usd === null ? 'not known' : `about $${usd.toFixed(2)} by the price that you stated`}`,
    ...(known > 0 ? [`  ${known} answered before are not asked again`] : []),
    ...(left > 0 ? [`  ${left} left out by the limits`] : []),
  ];
}

/** Asks where a person can answer. */
async function isAgreed(terminal: Terminal): Promise<boolean> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return false;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await reader.question('Send it? [y/N] ', { signal: terminal.signal })).trim());
  } catch {
    // Ctrl+C, or the terminal is gone
    return false;
  } finally {
    reader.close();
  }
}

function planForPrograms({ endpoint, photos, pairs, ...counts }: DescribePlan) {
  return { url: endpoint.url, model: endpoint.model, photos: photos.map(({ path, why }) => ({ path, why })), pairs: pairs.length, ...counts };
}

function describeOutcome({ described, compared, failed: failures, requests, bytes, tokens, usd }: DescribeOutcome): string {
  const sums = [`${requests} requests answered`, `${describeBytes(bytes)} sent for them`, ...(tokens ? [`${tokens.in} tokens in, ${tokens.out} out`] : []), ...(usd === null ? [] : [`about $${usd.toFixed(2)}`])];
  return `${described} described, ${compared} compared, ${failures.length} failed; ${sums.join(', ')}\nSee them with parjanya cull, or in the app beside the reasons.\n`;
}
