/** Tells what models and self-tests say, and lets no model be used here that has not passed its own. */
import { coded, fail, ok } from '../../base/index.ts';
import type { CodedError } from '../../base/index.ts';
import type { HandlersOf, ParjanyaContract } from '../../contract/index.ts';
import { kernelIds, selfTestIds } from '../../domain/index.ts';
import type { KernelId, PromptPair, SelfTestRun, StageId } from '../../domain/index.ts';
import type { LocateModel, ModelShelf, SelfTests } from '../../ports/index.ts';
import type { PromptBook } from './prompts.ts';

export interface ModelDeps {
  readonly models: ModelShelf;
  readonly selfTests: SelfTests;
}

/** @param prompts what there is for impressions; `pairs` are the sentences themselves. */
export function createModelHandlers({ models, selfTests }: ModelDeps, prompts: PromptBook, pairs: readonly PromptPair[]): HandlersOf<ParjanyaContract>['models'] {
  return {
    async list() {
      const states = await models.list();
      return ok(states.map(({ entry: { id, title, version, stage, bytes, licence }, state, error }) => ({ model: id, title, version, stage, bytes, licence, state, error })));
    },
    async checks({ run }) {
      const results = run === 'none' ? (await selfTests.load(selfTestIds), selfTests.known()) : await selfTests.run(selfTestIds, { again: run === 'all' });
      return ok([...results]);
    },
    async prompts({ make }, { signal }) {
      const made = make ? await prompts.make(signal) : ok(await prompts.refresh());
      return made.ok ? ok({ off: prompts.off(), pairs: [...pairs] }) : made;
    },
  };
}

/**
 * Finds a model only where it has passed its self-test on this computer, which is run the first time.
 * @param onTest told before a test begins, which takes seconds; the answer is called when it has ended
 */
export function createProvenLocator({ models, selfTests }: ModelDeps, onTest: (title: string) => () => void = () => () => undefined): LocateModel {
  return async (model) => {
    const file = await models.locate(model);
    if (!file.ok) return file;
    await selfTests.load([model]);
    const isKnown = selfTests.known().some(({ test }) => test === model);
    const end = isKnown ? (): void => undefined : onTest(`Testing the model "${model}" on this computer, once`);
    const [result] = await selfTests.run([model]).finally(end);
    if (!result) return fail('closed', 'Parjanya is closing.');
    return result.outcome === 'ok' ? file : { ok: false, error: explain(`The model "${model}"`, result) };
  };
}

/** Why a stage that measures pixels may not run here; null where its self-test was passed, was not run yet, or there is none. */
export function unfitStage({ known }: SelfTests, stage: StageId): CodedError | null {
  if (!(kernelIds as readonly string[]).includes(stage)) return null;
  const result = known().find(({ test }) => test === (stage as StageId & KernelId));
  return result && result.outcome !== 'ok' ? explain(`The measure "${stage}"`, result) : null;
}

const outcomeWords: Readonly<Record<SelfTestRun['outcome'], string>> = {
  ok: 'works on this computer',
  slow: 'is too slow on this computer',
  wrong: 'does not work rightly on this computer',
  crashed: 'stops its process on this computer',
  missing: 'cannot be had on this computer',
};

function explain(subject: string, { outcome, message }: SelfTestRun): CodedError {
  return coded(outcome === 'missing' ? 'native-missing' : 'model-wrong', `${subject} ${outcomeWords[outcome]}, so it is not used. ${message ?? ''} To try again: parjanya models verify.`);
}
