/** PlaceProbe of this computer: each stage's full stack in decode children of its own, real work on a real picture, timed. */
import { neverCancelled, ok } from '../../base/index.ts';
import type { CancelSignal, Result } from '../../base/index.ts';
import { modelsOfStage, selfTestsOfStage } from '../../domain/index.ts';
import type { ModelId, SelfTestId, StageId } from '../../domain/index.ts';
import { runOfError, unmeasured } from '../../ports/index.ts';
import type { ChildRequest, DecodeOutcome, Embedded, LocateModel, Log, ModelFile, PlaceProbe, ProbeReport, SelfTests } from '../../ports/index.ts';
import { startDecodeChild } from '../decode-pool/child.ts';
import { towerMemory } from '../embedder/index.ts';
import type { DecodeChild, WorkEnd } from '../decode-pool/child.ts';

export { encodePng, makeRawSample } from './picture.ts';
export { readPortability } from './portability.ts';

export interface LocalProbeOptions {
  /** A plain Node; default: this process's own. */
  readonly executable?: string;
  /** main/workers/decode.ts, or what it was bundled to. */
  readonly script: string;
  readonly log: Log;
  readonly selfTests: SelfTests;
  readonly locate: LocateModel;
  /** A photo that every stage can work on: its path, and the same bytes. */
  readonly picture: { readonly path: string; readonly bytes: Uint8Array };
  /** Path of a RAW file with sensor data, for the stage that works on nothing else. */
  readonly rawPath: string;
  /** Processes at once when throughput is measured. */
  readonly children: number;
  /** Of work on one request. */
  readonly limitMs?: number;
  /** Requests a process, after the first. */
  readonly runs?: number;
  /** Aborted, it ends all processes, and whatever is answered then says nothing. */
  readonly signal?: CancelSignal;
}

/** What a stage relies on, its decoder included. */
function testsBehind(stage: StageId): readonly SelfTestId[] {
  if (stage === 'preview') return ['sharp'];
  return stage === 'headroom' ? ['libraw'] : selfTestsOfStage(stage);
}

export function createLocalProbe(options: LocalProbeOptions): PlaceProbe {
  const { limitMs = 30_000, runs = 7, signal = neverCancelled } = options;
  let id = 0;

  const requestFor = (stage: StageId, files: Partial<Record<ModelId, ModelFile>>): ChildRequest => {
    const tower = files['clip-b32-image'];
    if (stage === 'clip' && tower) return { id: ++id, kind: 'embed', task: { jpegs: [options.picture.bytes], model: tower } };
    return { id: ++id, kind: 'analyse', task: { path: stage === 'headroom' ? options.rawPath : options.picture.path, stages: [stage], known: {}, thumbnail: false, models: files } };
  };

  /** One request, and what the stage itself took of it. */
  const work = async (child: DecodeChild, stage: StageId, files: Partial<Record<ModelId, ModelFile>>): Promise<Trial> => {
    // a child that is gone would be waited for until the limit
    if (signal.aborted) return { wholeMs: 0, stageMs: 0, fault: stopped };
    const start = performance.now();
    const limit = stage === 'clip' ? 2 * limitMs : limitMs;
    const end = await child.work(requestFor(stage, files), limit);
    return readTrial(end, stage, performance.now() - start, limit);
  };

  const measure = async (stage: StageId, files: Partial<Record<ModelId, ModelFile>>): Promise<ProbeReport> => {
    const children: DecodeChild[] = [];
    const stop = (): void => {
      for (const child of children) child.stop();
    };
    signal.addEventListener('abort', stop);
    const start = (): DecodeChild => {
      const child = startDecodeChild({ executable: options.executable ?? process.execPath, script: options.script, role: 'background', log: options.log, onGone: () => undefined, ...(stage === 'clip' ? { memory: towerMemory } : {}) });
      children.push(child);
      return child;
    };
    /** Requests one after the other in one child; ends with the first that fails. */
    const repeat = async (child: DecodeChild): Promise<Trial[]> => {
      const trials: Trial[] = [];
      for (let run = 0; run < runs && child.isUsable; run++) {
        trials.push(await work(child, stage, files));
        if (trials.at(-1)!.fault) break;
      }
      return trials;
    };
    try {
      const first = start();
      const cold = await work(first, stage, files);
      if (cold.fault) return cold.fault;
      // one that asked to be replaced after its first answer is
      const next = first.isUsable ? first : start();
      const warm = await repeat(next);
      const fault = warm.find((trial) => trial.fault)?.fault;
      if (fault) return fault;
      // the app, too, has one process for a tower: each takes half a gigabyte
      const others = stage === 'clip' ? 0 : options.children - 1;
      const all = [next.isUsable ? next : start(), ...Array.from({ length: others }, start)];
      // started and loaded before the clock runs
      for (const child of all.slice(1)) {
        const trial = await work(child, stage, files);
        if (trial.fault) return trial.fault;
      }
      const from = performance.now();
      const together = (await Promise.all(all.map(repeat))).flat();
      const seconds = (performance.now() - from) / 1_000;
      const broken = together.find((trial) => trial.fault)?.fault;
      if (broken) return broken;
      const times = (warm.length > 0 ? warm : [cold]).map(({ stageMs }) => stageMs).toSorted((a, b) => a - b);
      return {
        state: 'ok', message: null, coldStartMs: round(cold.wholeMs), medianMs: round(percentile(times, 0.5)), p95Ms: round(percentile(times, 0.95)),
        photosPerSecond: Math.round((together.length / seconds) * 10) / 10,
      };
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
      await Promise.all(children.map(({ gone }) => gone));
    }
  };

  return {
    place: 'local',
    async probe(stage) {
      const files: Partial<Record<ModelId, ModelFile>> = {};
      for (const model of modelsOfStage[stage] ?? []) {
        const file = await options.locate(model);
        if (signal.aborted) return stopped;
        if (file.ok) files[model] = file.value;
        else return faultOf(runOfError(file.error));
      }
      const tested = await options.selfTests.run(testsBehind(stage), { again: true });
      const failed = tested.find(({ outcome }) => outcome !== 'ok');
      return failed ? faultOf(failed) : measure(stage, files);
    },
  };
}

const stopped = unmeasured('crashed', 'It was stopped.');

interface Trial {
  readonly wholeMs: number;
  readonly stageMs: number;
  readonly fault: ProbeReport | null;
}

function faultOf({ outcome, message }: { readonly outcome: string; readonly message: string | null }): ProbeReport {
  return unmeasured(outcome as 'slow' | 'wrong' | 'crashed' | 'missing', message ?? 'It does not work.');
}

function readTrial(end: WorkEnd, stage: StageId, wholeMs: number, limitMs: number): Trial {
  const ended = (fault: ProbeReport | null, stageMs = wholeMs): Trial => ({ wholeMs, stageMs, fault });
  if (end.kind === 'timeout') return ended(unmeasured('slow', `There was no answer within ${limitMs / 1_000} s of work.`));
  if (end.kind === 'died') return ended(unmeasured('crashed', `Its process ended (${end.detail}).`));
  const answer = readAnswer(end.reply.result, stage);
  return answer.ok ? ended(null, answer.value ?? wholeMs) : ended(faultOf(runOfError(answer.error)));
}

/** What the stage says it took; null where its answer does not say. */
function readAnswer(result: Result<unknown>, stage: StageId): Result<number | null> {
  if (!result.ok) return result;
  if (Array.isArray(result.value)) {
    const [one] = result.value as Result<Embedded>[];
    return one && !one.ok ? one : ok(null);
  }
  const { results, error } = result.value as DecodeOutcome;
  const own = results.find((one) => one.stage === stage);
  const failure = error ?? own?.error;
  return failure ? { ok: false, error: failure } : ok(own?.ms ?? null);
}

/** By nearest rank. @param sorted not empty */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
