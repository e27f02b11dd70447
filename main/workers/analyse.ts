/** Runs the asked stages on one photo: opened once, decoded once, everything else cascaded from those pixels. */
import { coded, fail, ok } from '../base/index.ts';
import type { CodedError, Result } from '../base/index.ts';
import type { StageId, StageOutputs, StageResult } from '../domain/index.ts';
import { graph } from '../pipeline/graph.ts';
import type { DecodeOutcome, DecodeTask, Luma, Pixels, WorkerPart } from '../ports/index.ts';
import { pictureEdges } from '../ports/index.ts';
import { measureExposure } from '../stages/exposure/index.ts';
import { measureFaces } from '../stages/faces/index.ts';
import { measureFocus } from '../stages/focus/index.ts';
import { identifyPhoto } from '../stages/identify/index.ts';
import { computePhash } from '../stages/phash/index.ts';
import { createLargerDecode } from './larger.ts';
import { metadataOf, openPhoto } from './photo.ts';
import type { OpenPhoto, Tools } from './photo.ts';
import { lookAtHeadroom } from './headroom.ts';
import { decodePreview } from './preview.ts';
import { NoRoom } from './room.ts';
import { lookAtSharpness } from './sharpness.ts';

const thumbnailQuality = 82;

type Answer<T> = { readonly output: T | null; readonly error: CodedError | null };

export type TellPart = (part: Omit<WorkerPart, 'id' | 'kind'>) => void;

/**
 * Never fails as a whole: what is wrong with the file is in the outcome's `error`, what is wrong with a stage in its result.
 * @param tell told before each stage that may take long or end this process, with what was answered since; the outcome then has the rest.
 */
export async function analyse(task: DecodeTask, tools: Tools, tell?: TellPart): Promise<Result<DecodeOutcome>> {
  const opened = openPhoto(task.path, tools);
  if (!opened.ok) return ok({ results: [], thumbnail: null, error: opened.error });
  try {
    return ok(await runStages(opened.value, task, tools, tell));
  } finally {
    opened.value.source.close();
  }
}

/** Those that see the picture at the analysis size, in the order in which they run. */
const pixelStages = ['preview', 'phash', 'focus', 'exposure', 'faces'] as const satisfies readonly StageId[];

async function runStages(photo: OpenPhoto, task: DecodeTask, tools: Tools, tell?: TellPart): Promise<DecodeOutcome> {
  let results: StageResult[] = [];
  let thumbnail: Uint8Array | null = null;
  const wants = (stage: StageId): boolean => task.stages.includes(stage);
  /** Without its preview nothing can be judged; else what comes after a stage does not build on it. */
  const begin = (stage: StageId): void => {
    if (!tell || !wants(stage)) return;
    tell({ begun: stage, rest: stage === 'preview' ? [] : task.stages.slice(task.stages.indexOf(stage) + 1), results, thumbnail });
    results = [];
    thumbnail = null;
  };
  /** Runs one stage, guards it against bugs and notes its answer if it was asked for. */
  const run = async <S extends StageId>(stage: S, work: () => Promise<Answer<StageOutputs[S]>> | Answer<StageOutputs[S]>): Promise<Answer<StageOutputs[S]>> => {
    const start = performance.now();
    let answer: Answer<StageOutputs[S]>;
    try {
      answer = await work();
    } catch (error) {
      if (error instanceof NoRoom) throw error;
      tools.reportBug(`stage ${stage}`, error);
      answer = { output: null, error: coded('internal', `The step "${stage}" failed unexpectedly on this photo.`) };
    }
    if (wants(stage)) {
      const { version } = graph[stage];
      const ms = Math.round((performance.now() - start) * 100) / 100;
      results.push({ stage, version, place: 'local', placeReason: placeReasons[stage], ms, ...answer } as StageResult);
    }
    return answer;
  };

  begin('identify');
  if (wants('identify')) await run('identify', () => answerOf(identifyPhoto(photo.source, photo.reader, photo.format, tools.createHasher)));
  const needsPixels = task.thumbnail || task.stages.some((stage) => stage !== 'identify' && stage !== 'metadata' && stage !== 'sharpness');
  if (!needsPixels && !wants('metadata') && !wants('sharpness')) return { results, thumbnail: null, error: null };
  const metadata = await run('metadata', async () => answerOf(await metadataOf(photo, task.known, tools)));
  const measureAllPixels = async (known: Partial<StageOutputs>, rendered: Luma | null = null): Promise<void> => {
    begin('sharpness');
    await run('sharpness', async () => answerOf(await lookAtSharpness(photo, metadata.output, known, tools, rendered)));
  };
  if (!needsPixels) {
    if (wants('sharpness')) await measureAllPixels(task.known);
    return { results, thumbnail: null, error: null };
  }

  const first = pixelStages.find(wants);
  if (first) begin(first);
  let pixels: Pixels | null = null;
  let isHarmed = false;
  let luma: Luma | null = null;
  const preview = await run('preview', async () => {
    const shown = await decodePreview(photo, metadata.output, task.known, tools, wants('sharpness'));
    ({ pixels, isHarmed, luma = null } = shown);
    // The pixels stay here: what is answered travels to the engine.
    return { output: shown.output, error: shown.error };
  });
  const refusal = isHarmed ? preview.error : null;
  const judge = async <T>(measure: (pixels: Pixels) => Result<T> | Promise<Result<T>>): Promise<Answer<T>> => {
    if (refusal || !pixels) return { output: null, error: refusal ?? preview.error ?? coded('preview-none', 'There is no picture to look at.') };
    return answerOf(await measure(pixels));
  };
  if (wants('phash')) await run('phash', () => judge(computePhash));
  if (wants('focus')) await run('focus', () => judge(measureFocus));
  if (wants('exposure')) await run('exposure', () => judge(measureExposure));
  if (task.thumbnail && pixels) thumbnail = await encodeThumbnail(pixels, tools);
  if (wants('faces')) {
    if (first !== 'faces') begin('faces');
    tools.setModels(task.models ?? {});
    const decodeLarger = preview.output ? createLargerDecode(photo, metadata.output, preview.output, tools) : null;
    await run('faces', () => judge((shown) => measureFaces(shown, { runner: tools.modelRunner, decodeLarger })));
  }
  if (wants('sharpness')) await measureAllPixels(preview.output ? { ...task.known, preview: preview.output } : task.known, luma);
  if (wants('headroom')) {
    begin('headroom');
    await run('headroom', () => judge((shown) => lookAtHeadroom(photo, metadata.output, shown, tools)));
  }
  return { results, thumbnail, error: null };
}

/** The picture that is stored for the grid; null where it cannot be made. */
export async function encodeThumbnail(pixels: Pixels, tools: Tools): Promise<Uint8Array | null> {
  const jpeg = await tools.codec.encodeJpeg(pixels, { quality: thumbnailQuality, maxEdge: pictureEdges.grid! });
  return jpeg.ok ? jpeg.value : null;
}

const placeReasons: Readonly<Record<StageId, string>> = {
  identify: 'The file is on this computer.',
  metadata: 'The file is on this computer.',
  preview: 'The file is on this computer.',
  phash: 'The decoded picture is on this computer.',
  focus: 'The decoded picture is on this computer.',
  exposure: 'The decoded picture is on this computer.',
  faces: 'The decoded picture and the models are on this computer.',
  sharpness: 'The file is on this computer.',
  headroom: 'The file is on this computer.',
  clip: "The grid's picture and the model are on this computer.",
};

function answerOf<T>(result: Result<T>): Answer<T> {
  return result.ok ? { output: result.value, error: null } : { output: null, error: result.error };
}

/** The reply to a photo whose analysis threw: a bug, told as such. */
export function internalFailure(): Result<never> {
  return fail('internal', 'Something unexpected went wrong with this photo.');
}
