/** Runs the stages on the photos of a shoot, keeps their answers, and tells as work goes on. */
import { CodedFailure, coded, joinPath } from '../../base/index.ts';
import type { CancelSignal, CodedError } from '../../base/index.ts';
import type { Catalog } from '../../catalog/types.ts';
import { isFoldedHalf, isPassing, modelsOfStage } from '../../domain/index.ts';
import type { Marks, PhotoId, StageId, StageResult } from '../../domain/index.ts';
import { embedStages, graph, isRefused, knownOutputs, missingLook, needsIdentify, studyStages } from '../../pipeline/index.ts';
import type { Pass } from '../../pipeline/index.ts';
import type { Clock, DecodePool, Embedder, Log, PictureStore } from '../../ports/index.ts';
import { isUnusableModel } from '../models/index.ts';
import type { StageGate, StageRouter } from '../models/index.ts';
import { closerStages } from './entry.ts';
import type { Entry } from './entry.ts';
import { thumbnailKey } from './places.ts';
import type { OpenShoot } from './shoot.ts';

export interface WorkDeps {
  readonly catalog: Catalog;
  readonly pool: DecodePool;
  readonly pictures: PictureStore;
  readonly clock: Clock;
  readonly embedder: Embedder;
  /** Which stages may run here. */
  readonly gate: StageGate;
  /** Where they run. */
  readonly router: StageRouter;
}

export interface AnswerStore {
  /** Stored answers of a photo, those not yet in the catalog included. */
  resultsOf(photo: PhotoId): StageResult[];
  put(photo: PhotoId, results: readonly StageResult[]): void;
  /** Writes what waits, now. */
  flush(): void;
}

const flushAfter = 100;
const mostWaiting = 256;

/**
 * Answers come a hundred a second and a durable write takes milliseconds, so they are written in batches. What is lost in a
 * crash is made again; decisions of the person never wait here.
 * @param told `onMarks`: a renamed file took over marks; `onStored`: answers of these photos are in the catalog.
 */
export function createAnswerStore(
  catalog: Catalog,
  clock: Clock,
  log: Log,
  told: { onMarks(changes: readonly { id: PhotoId; marks: Marks }[]): void; onStored(photos: readonly PhotoId[]): void },
): AnswerStore {
  const waiting = new Map<PhotoId, StageResult[]>();
  let scheduled = false;
  const flush = (): void => {
    if (waiting.size === 0) return;
    try {
      const adopted = catalog.saveResults([...waiting].map(([photo, results]) => ({ photo, results })));
      const stored = [...waiting.keys()];
      waiting.clear();
      if (adopted.length > 0) told.onMarks(adopted);
      told.onStored(stored);
    } catch (error) {
      // the catalog's disk is full or broken: what was measured stays in memory and is written when that is over
      if (!(error instanceof CodedFailure)) throw error;
      log.warn(`What was measured could not be stored: ${error.message}`);
    }
  };
  return {
    resultsOf(photo) {
      const results = catalog.resultsOf(photo);
      const fresh = waiting.get(photo);
      return fresh ? merge(results, fresh) : results;
    },
    put(photo, results) {
      waiting.set(photo, merge(waiting.get(photo) ?? [], results));
      if (waiting.size >= mostWaiting) return flush();
      if (scheduled) return;
      scheduled = true;
      clock.after(flushAfter, () => {
        scheduled = false;
        flush();
      });
    },
    flush,
  };
}

function merge(old: readonly StageResult[], fresh: readonly StageResult[]): StageResult[] {
  return [...old.filter((one) => !fresh.some((other) => other.stage === one.stage)), ...fresh];
}

/** What became of one photo in one pass. */
export interface PassOutcome {
  readonly photo: PhotoId;
  readonly pass: Pass;
  readonly error: CodedError | null;
}

/**
 * Does one pass on one photo. Never rejects. Cancelled work leaves no trace.
 * @param inOneGo passes that are done together with the look, where nobody is waiting for the first picture.
 * @param stopped what the decoder has stopped on since the work was begun: not tried again by the passes that follow.
 */
export async function runPass(
  deps: WorkDeps,
  answers: AnswerStore,
  shoot: OpenShoot,
  photo: PhotoId,
  pass: Pass,
  options: { inOneGo: readonly Pass[]; stopped: Map<PhotoId, readonly StageId[]>; signal: CancelSignal },
): Promise<PassOutcome> {
  const entry = shoot.entries.get(photo);
  const done = (error: CodedError | null): PassOutcome => ({ photo, pass, error });
  if (!entry) return done(null);
  const results = answers.resultsOf(photo);
  const stages: StageId[] = [];
  const isFor = (other: Pass): boolean => pass === other || (pass === 'look' && options.inOneGo.includes(other));
  if (isFor('identify') && needsIdentify(results)) stages.push('identify');
  if (pass === 'look') stages.push(...missingLook(results).filter(deps.gate.isOn));
  // After a look that failed there is no picture to look at closer.
  if (isFor('study') && (pass === 'look' || knownOutputs(results).preview)) stages.push(...closerStages(results, entry.facts.format).filter(deps.gate.isOn));
  const before = options.stopped.get(photo) ?? [];
  const due = stages.filter((stage) => !before.includes(stage));
  if (due.length === 0 || isRefused(results)) return done(null);
  const take = (fresh: readonly StageResult[]): void => {
    answers.put(photo, fresh);
    shoot.update(photo, answers.resultsOf(photo));
  };
  const path = joinPath(shoot.row.folder, entry.row.path);
  const outcome = await deps.pool.analyse({ path, stages: due, known: knownOutputs(results), thumbnail: pass === 'look', models: deps.gate.filesFor(due) }, { signal: options.signal });
  // the photo may have left the shoot, or the file may be another one, meanwhile
  const now = shoot.entries.get(photo);
  if (!now || now.row.bytes !== entry.row.bytes || now.row.mtimeMs !== entry.row.mtimeMs) return done(null);
  if (!outcome.ok) {
    if (outcome.error.code === 'cancelled' || outcome.error.code === 'closed') return done(outcome.error);
    // a photo on which the decoder stops can still be read as bytes
    take(failedIn[pass].map((stage) => failed(stage, outcome.error)));
    return done(outcome.error);
  }
  const { thumbnail, error, stopped = [] } = outcome.value;
  if (stopped.length > 0) options.stopped.set(photo, [...before, ...stopped.map(({ stage }) => stage)]);
  if (thumbnail) await deps.pictures.put(thumbnailKey(shoot.row.folder, entry.row), thumbnail);
  // a stage that the child did not live to answer is that stage's failure alone
  const lasting = [...outcome.value.results.filter((result) => !isOff(result)), ...stopped.map((one) => failed(one.stage, one.error))];
  for (const result of outcome.value.results) if (isOff(result)) deps.gate.turnOff(result.stage, result.error!);
  take(error ? [failed('identify', error)] : lasting);
  return done(error ?? lasting.find((result) => result.error !== null)?.error ?? null);
}

/** What no photo is to blame for is no photo's result: the stage is off, and says why once. */
function isOff({ stage, error }: StageResult): boolean {
  return modelsOfStage[stage] !== undefined && error !== null && isUnusableModel(error);
}

/** What a pass cannot have done when the decoder stopped on a photo. */
const failedIn: Readonly<Record<Pass, readonly StageId[]>> = { look: ['preview'], study: studyStages, identify: ['identify'], embed: embedStages };

export function failed(stage: StageId, error: CodedError): StageResult {
  return { stage, version: graph[stage].version, place: 'local', placeReason: 'The file is on this computer.', ms: 0, output: null, error };
}

/** Photos of a shoot that a pass has something to do for, in list order, JPEG halves of pairs behind. @param isOn stages that may run here */
export function photosFor(pass: Pass, shoot: OpenShoot, isOn: (stage: StageId) => boolean): PhotoId[] {
  const wanted = shoot.order.map((id) => shoot.entries.get(id)!).filter((entry) => entry.needs[pass].some(isOn));
  const isHalf = (entry: Entry): boolean => isFoldedHalf(entry.facts);
  return [...wanted.filter((entry) => !isHalf(entry)), ...wanted.filter(isHalf)].map(({ id }) => id);
}

/** The answer to a picture of a photo whose preview has failed for good; null where it is worth asking the decoder. */
export function refusedPreview(results: readonly StageResult[]): CodedError | null {
  for (const stage of ['identify', 'preview'] as const) {
    const result = results.find((one) => one.stage === stage);
    if (result && result.output === null && result.error && !isPassing(result.error)) return result.error;
  }
  return null;
}

export const gone = coded('not-found', 'There is no such photo here (any more).');
