/** Runs the asked stages on one photo: opened once, decoded once, everything else cascaded from those pixels. */
import { coded, fail, ok } from '../base/index.ts';
import type { CodedError, Result } from '../base/index.ts';
import type { Metadata, StageId, StageOutputs, StageResult } from '../domain/index.ts';
import { graph } from '../pipeline/graph.ts';
import type { DecodeOutcome, DecodeTask, Pixels } from '../ports/index.ts';
import { pictureEdges } from '../ports/index.ts';
import { measureExposure } from '../stages/exposure/index.ts';
import { measureFocus } from '../stages/focus/index.ts';
import { identifyPhoto } from '../stages/identify/index.ts';
import { computePhash } from '../stages/phash/index.ts';
import { describeEmbedded, isSelfPicture, uprightSize } from '../stages/preview/index.ts';
import type { PreviewOutput } from '../stages/preview/index.ts';
import { isPlaceholder } from '../stages/preview/real.ts';
import { metadataOf, openPhoto, orientationOf, previewsOf, readPictureBytes } from './photo.ts';
import type { OpenPhoto, Tools } from './photo.ts';

/** Long edge of the pixels that hash, focus and exposure see. */
export const analysisEdge = 1_600;
const thumbnailQuality = 82;

type Answer<T> = { readonly output: T | null; readonly error: CodedError | null };

/** Never fails as a whole: what is wrong with the file is in the outcome's `error`, what is wrong with a stage in its result. */
export async function analyse(task: DecodeTask, tools: Tools): Promise<Result<DecodeOutcome>> {
  const opened = openPhoto(task.path, tools);
  if (!opened.ok) return ok({ results: [], thumbnail: null, error: opened.error });
  try {
    return ok(await runStages(opened.value, task, tools));
  } finally {
    opened.value.source.close();
  }
}

async function runStages(photo: OpenPhoto, task: DecodeTask, tools: Tools): Promise<DecodeOutcome> {
  const results: StageResult[] = [];
  const wants = (stage: StageId): boolean => task.stages.includes(stage);
  /** Runs one stage, guards it against bugs and notes its answer if it was asked for. */
  const run = async <S extends StageId>(stage: S, work: () => Promise<Answer<StageOutputs[S]>> | Answer<StageOutputs[S]>): Promise<Answer<StageOutputs[S]>> => {
    const start = performance.now();
    let answer: Answer<StageOutputs[S]>;
    try {
      answer = await work();
    } catch (error) {
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

  if (wants('identify')) await run('identify', () => answerOf(identifyPhoto(photo.source, photo.format, tools.createHasher())));
  const needsPixels = task.thumbnail || task.stages.some((stage) => stage !== 'identify' && stage !== 'metadata');
  if (!needsPixels && !wants('metadata')) return { results, thumbnail: null, error: null };
  const metadata = await run('metadata', async () => answerOf(await metadataOf(photo, task.known, tools)));
  if (!needsPixels) return { results, thumbnail: null, error: null };

  let pixels: Pixels | null = null;
  const preview = await run('preview', async () => {
    const shown = await decodePreview(photo, metadata.output, task.known, tools);
    pixels = shown.pixels;
    return shown;
  });
  // Stages judge whole pictures only; a damaged one is for the eye.
  const refusal = preview.error && isPictureDamage(preview.error, photo) ? preview.error : null;
  const judge = <T>(measure: (pixels: Pixels) => Result<T>): Answer<T> => {
    if (refusal || !pixels) return { output: null, error: refusal ?? preview.error ?? coded('preview-none', 'There is no picture to look at.') };
    return answerOf(measure(pixels));
  };
  if (wants('phash')) await run('phash', () => judge(computePhash));
  if (wants('focus')) await run('focus', () => judge(measureFocus));
  if (wants('exposure')) await run('exposure', () => judge(measureExposure));
  const thumbnail = task.thumbnail && pixels ? await encodeThumbnail(pixels, tools) : null;
  return { results, thumbnail, error: null };
}

interface Shown extends Answer<PreviewOutput> {
  readonly pixels: Pixels | null;
}

/** Finds the picture, decodes it to the analysis size and checks that it is one. */
async function decodePreview(photo: OpenPhoto, metadata: Metadata | null, known: Partial<StageOutputs>, tools: Tools): Promise<Shown> {
  const found = previewsOf(photo, known);
  if (!found.ok) return nothing(found.error);
  let candidates = found.value.embedded;
  for (;;) {
    const picture = readPictureBytes(photo, candidates, metadata, analysisEdge);
    if (!picture.ok) return nothing(picture.error);
    const { bytes, orientation, preview } = picture.value;
    const decoded = await decodeOrShow(bytes, orientation, tools);
    if (preview === null) return describeSelf(bytes, decoded, tools);
    const broken = !decoded.pixels || decoded.error ? decoded.error : isPlaceholder(decoded.pixels) ? notReal : null;
    const others = candidates.filter((other) => other !== preview);
    if (broken && others.length > 0) {
      candidates = others;
      continue;
    }
    if (broken) return { output: null, error: broken, pixels: broken === notReal ? null : decoded.pixels };
    const turned = orientationOf(metadata, candidates[0]!);
    return { output: describeEmbedded(candidates, turned === 'own' ? 1 : turned), error: found.value.damage, pixels: decoded.pixels };
  }
}

/** A JPEG, PNG, ... : its size comes from its own header, which for a damaged one may be all that there is. */
async function describeSelf(bytes: Uint8Array, decoded: Decoded, tools: Tools): Promise<Shown> {
  const facts = await tools.codec.probe(bytes);
  if (!facts.ok) return nothing(decoded.error ?? facts.error);
  if (!decoded.pixels) return nothing(decoded.error!);
  return { output: { source: 'self', ...uprightSize(facts.value, facts.value.orientation), embedded: [] }, error: decoded.error, pixels: decoded.pixels };
}

interface Decoded {
  readonly pixels: Pixels | null;
  readonly error: CodedError | null;
}

/** Whole pictures decode without error; of a damaged one what there is, together with what is wrong. */
async function decodeOrShow(bytes: Uint8Array, orientation: Parameters<Tools['codec']['decode']>[1]['orientation'], tools: Tools): Promise<Decoded> {
  const options = { maxEdge: analysisEdge, orientation };
  const whole = await tools.codec.decode(bytes, options);
  if (whole.ok) return { pixels: whole.value, error: null };
  if (whole.error.code !== 'truncated' && whole.error.code !== 'preview-broken') return { pixels: null, error: whole.error };
  const part = await tools.codec.decode(bytes, { ...options, damaged: 'show' });
  return { pixels: part.ok ? part.value : null, error: whole.error };
}

async function encodeThumbnail(pixels: Pixels, tools: Tools): Promise<Uint8Array | null> {
  const jpeg = await tools.codec.encodeJpeg(pixels, { quality: thumbnailQuality, maxEdge: pictureEdges.grid! });
  return jpeg.ok ? jpeg.value : null;
}

/** RAW data that are cut off do not harm a preview that is whole; damage of the picture itself does. */
function isPictureDamage(error: CodedError, photo: OpenPhoto): boolean {
  return isSelfPicture(photo.format) || error.code !== 'truncated';
}

const notReal = coded('preview-not-real', 'The preview in this file is a placeholder, not a picture.');

const placeReasons: Readonly<Record<StageId, string>> = {
  identify: 'The file is on this computer.',
  metadata: 'The file is on this computer.',
  preview: 'The file is on this computer.',
  phash: 'The decoded picture is on this computer.',
  focus: 'The decoded picture is on this computer.',
  exposure: 'The decoded picture is on this computer.',
};

function nothing(error: CodedError): Shown {
  return { output: null, error, pixels: null };
}

function answerOf<T>(result: Result<T>): Answer<T> {
  return result.ok ? { output: result.value, error: null } : { output: null, error: result.error };
}

/** The reply to a photo whose analysis threw: a bug, told as such. */
export function internalFailure(): Result<never> {
  return fail('internal', 'Something unexpected went wrong with this photo.');
}
