/** What is still to be done for a photo, given what is stored of it. */
import { isPassing, knownOutputs } from '../domain/index.ts';
import type { StageId, StageResult } from '../domain/index.ts';
import { askedStages, embedStages, firstLook, studyStages } from './graph.ts';

export { knownOutputs };

/** True where the file itself was refused (empty, no photo): there is nothing to run on it. */
export function isRefused(results: readonly StageResult[]): boolean {
  const identify = results.find((result) => result.stage === 'identify');
  return identify?.error !== undefined && identify.error !== null && !isPassing(identify.error);
}

/** Stages of the first look without a lasting answer, in graph order. */
export function missingLook(results: readonly StageResult[]): StageId[] {
  if (isRefused(results)) return [];
  return firstLook.filter((stage) => !hasAnswer(results, stage));
}

/** Stages of the closer look without a lasting answer; none where there is no picture to look at. Before the first look that is not known. */
export function missingStudy(results: readonly StageResult[]): StageId[] {
  return missingOf(studyStages, results);
}

/**
 * Stages that somebody may ask for and that have no lasting answer. Where the photo's only picture is a rendering they belong to the closer
 * look: that decodes the sensor's data anyway.
 */
export function missingAsked(results: readonly StageResult[]): StageId[] {
  return missingOf(askedStages, results);
}

/** True where the picture that stands for the photo was rendered. */
export function isShownRendered(results: readonly StageResult[]): boolean {
  return knownOutputs(results).preview?.source === 'rendered';
}

/** The same for what is run last. */
export function missingEmbed(results: readonly StageResult[]): StageId[] {
  return missingOf(embedStages, results);
}

function missingOf(stages: readonly StageId[], results: readonly StageResult[]): StageId[] {
  const preview = results.find(({ stage }) => stage === 'preview');
  if (isRefused(results) || (preview && (preview.output === null || preview.error !== null))) return [];
  return stages.filter((stage) => !hasAnswer(results, stage));
}

export function needsIdentify(results: readonly StageResult[]): boolean {
  return !hasAnswer(results, 'identify');
}

function hasAnswer(results: readonly StageResult[], stage: StageId): boolean {
  const result = results.find((one) => one.stage === stage);
  return result !== undefined && (result.output !== null || (result.error !== null && !isPassing(result.error)));
}
