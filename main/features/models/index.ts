/** Which stages that need models may run here, with what files; where one may not, why not. */
import type { CodedError } from '../../base/index.ts';
import { modelsOfStage, stageIds } from '../../domain/index.ts';
import type { ModelId, StageId } from '../../domain/index.ts';
import type { LocateModel, ModelFile } from '../../ports/index.ts';

export { createModelHandlers, createProvenLocator, unfitStage } from './handlers.ts';
export type { ModelDeps } from './handlers.ts';
export { createStageRouter, factsOfThisComputer } from './router.ts';
export type { SharedFacts, StageRouter } from './router.ts';
export { createPromptBook } from './prompts.ts';
export type { PromptBook } from './prompts.ts';

export interface StageOff {
  readonly stage: StageId;
  readonly error: CodedError;
}

export interface StageGate {
  /** Looks for the files again: models may have been fetched, or have gone. Told at every opening of a shoot; runs that overlap are one. */
  refresh(): Promise<void>;
  /** False for a stage that needs models which are not here, until a `refresh` finds them. */
  isOn(stage: StageId): boolean;
  /** For these stages; of those that are on. */
  filesFor(stages: readonly StageId[]): Readonly<Partial<Record<ModelId, ModelFile>>>;
  /** A model could not be used although its file was found: its stage is off until the next `refresh`. */
  turnOff(stage: StageId, error: CodedError): void;
  /** Stages that do not run here, and why. Empty before the first `refresh`. */
  off(): readonly StageOff[];
}

/** What says that a model cannot be used here, whatever the photo. */
const unusable: ReadonlySet<string> = new Set(['model-missing', 'model-wrong', 'native-missing']);

/** True for an error that is no photo's: the stage that met it need not be run on the next one. */
export function isUnusableModel(error: CodedError): boolean {
  return unusable.has(error.code);
}

/**
 * @param unfit why a stage that needs no model may not run here; see handlers.ts
 * @param load what earlier sessions have found out about that
 */
export function createStageGate(locate: LocateModel, unfit: (stage: StageId) => CodedError | null = () => null, load: () => Promise<void> = () => Promise.resolve()): StageGate {
  const stages = Object.keys(modelsOfStage) as StageId[];
  let files = new Map<ModelId, ModelFile>();
  let off = new Map<StageId, CodedError>();
  let isKnown = false;
  let running: Promise<void> | null = null;

  const look = async (): Promise<void> => {
    await load();
    const found = new Map<ModelId, ModelFile>();
    const missing = new Map<StageId, CodedError>();
    for (const stage of stages)
      for (const model of modelsOfStage[stage] ?? []) {
        const file = await locate(model);
        if (file.ok) found.set(model, file.value);
        else if (!missing.has(stage)) missing.set(stage, file.error);
      }
    files = found;
    off = missing;
    isKnown = true;
  };

  return {
    refresh() {
      running ??= look().finally(() => (running = null));
      return running;
    },
    isOn: (stage) => (modelsOfStage[stage] === undefined ? unfit(stage) === null : isKnown && !off.has(stage)),
    filesFor(wanted) {
      const needed = wanted.filter((stage) => !off.has(stage)).flatMap((stage) => modelsOfStage[stage] ?? []);
      return Object.fromEntries(needed.flatMap((model) => (files.has(model) ? [[model, files.get(model)!]] : [])));
    },
    turnOff(stage, error) {
      off.set(stage, error);
    },
    off: () => [
      ...stageIds.flatMap((stage) => {
        const error = unfit(stage);
        return error ? [{ stage, error }] : [];
      }),
      ...[...off].map(([stage, error]) => ({ stage, error })),
    ],
  };
}
