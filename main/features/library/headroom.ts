/** Measures what the sensor holds beyond the preview, for photos that somebody asked about. */
import { coded, joinPath, ok } from '../../base/index.ts';
import type { CancelSignal, CodedError, Result } from '../../base/index.ts';
import type { PhotoDetail } from '../../contract/index.ts';
import { describeHighlights, describeShadows, isPassing, isWorthAsking } from '../../domain/index.ts';
import type { PhotoFacts, StageResult } from '../../domain/index.ts';
import { isRefused, knownOutputs, missingAsked } from '../../pipeline/index.ts';
import { holdsSensorData } from './entry.ts';
import type { Entry } from './entry.ts';
import type { OpenShoot } from './shoot.ts';
import { failed, gone } from './work.ts';
import type { AnswerStore, WorkDeps } from './work.ts';

/**
 * Reads and decodes the whole file in a decode child, with its time limit; the answer, or why there is none, is stored as a result. A photo
 * that has one already, or has no sensor data, is left as it is. Errors: not-found (the photo has gone), cancelled, closed.
 */
export async function measureHeadroomOf(deps: WorkDeps, answers: AnswerStore, shoot: OpenShoot, entry: Entry, signal?: CancelSignal): Promise<Result<void>> {
  const results = answers.resultsOf(entry.id);
  const stages = missingAsked(results);
  if (!holdsSensorData(entry.facts.format) || isRefused(results) || stages.length === 0) return ok(undefined);
  const { row } = entry;
  const outcome = await deps.pool.analyse({ path: joinPath(shoot.row.folder, row.path), stages, known: knownOutputs(results), thumbnail: false }, signal ? { signal } : {});
  const now = shoot.entries.get(entry.id);
  if (!now || now.row.bytes !== row.bytes || now.row.mtimeMs !== row.mtimeMs) return { ok: false, error: gone };
  if (!outcome.ok && (outcome.error.code === 'cancelled' || outcome.error.code === 'closed')) return outcome;
  const error = outcome.ok ? outcome.value.error : outcome.error;
  const { results: answered, stopped = [] } = outcome.ok ? outcome.value : { results: [] };
  answers.put(entry.id, error ? stages.map((stage) => failed(stage, error)) : [...answered, ...stopped.map((one) => failed(one.stage, one.error))]);
  shoot.update(entry.id, answers.resultsOf(entry.id));
  return ok(undefined);
}

/** True where a measurement may change the judgement: enough is clipped or black as shown. */
export function isWorthMeasuring({ facts }: Entry): boolean {
  const { exposure, headroom } = facts.measures ?? {};
  return holdsSensorData(facts.format) && !headroom && exposure !== undefined && exposure !== null && isWorthAsking(exposure);
}

const nothingThere = coded('format-unsupported', 'The file holds no more than the picture as it is.');

/** As the page and the command line tell it. @param findResults of the photo, looked at only where they may say why there is no measure */
export function tellHeadroom(facts: PhotoFacts, findResults: () => readonly StageResult[]): PhotoDetail['headroom'] {
  if (!holdsSensorData(facts.format)) return { state: 'none', error: nothingThere, measure: null };
  const measure = facts.measures?.headroom;
  if (!measure) return tellMissing(findResults());
  const { saturated, saturation, highlights, shadows } = measure;
  return { state: 'measured', error: null, measure: { saturated, saturation, highlights, shadows, text: [describeHighlights(measure), describeShadows(measure)] } };
}

/** Without a sound preview there is nothing that the sensor's data could be held against: then asking is of no use. */
function tellMissing(results: readonly StageResult[]): PhotoDetail['headroom'] {
  const own = headroomErrorOf(results);
  const error = own ?? (missingAsked(results).length > 0 ? null : (results.find(({ stage }) => stage === 'preview')?.error ?? results.find(({ stage }) => stage === 'identify')?.error ?? nothingThere));
  return { state: error && (own === null || !isPassing(own)) ? 'refused' : 'possible', error, measure: null };
}

/** Why a measurement that was tried gave nothing; null where there is an answer, or nobody asked. */
export function headroomErrorOf(results: readonly StageResult[]): CodedError | null {
  return results.find(({ stage }) => stage === 'headroom')?.error ?? null;
}
