/** What counts for the suggestions of the open shoot: what is chosen, what a moved slider would suggest, what was learned. */
import { useEffect } from 'react';
import { create } from 'zustand';
import type { CodedError } from '../../main/base/index.ts';
import type { LearnOutcome, ShootWeights, VerdictChoice, VerdictEffect } from '../../main/contract/index.ts';
import { changeWeights, genrePresets, isSameVerdictChoice } from '../../main/domain/index.ts';
import type { MeasureName, PresetName } from '../../main/domain/index.ts';
import { api, errorOf } from '../client/index.ts';
import { createLatest } from './latest.ts';
import { useList } from './list.ts';
import { dropStep, recordStep, undoStep, useRepeats } from './marks.ts';
import { announce, tell } from './notices.ts';
import { useShoot } from './shoot.ts';

interface WeightsState {
  /** The shoot that all this is about. */
  readonly shoot: number | null;
  readonly settings: ShootWeights | null;
  /** Where the sliders stand while they are moved and not let go; null = as chosen. */
  readonly draft: VerdictChoice | null;
  /** What the draft would suggest; that of an earlier place of the slider until the answer is here. */
  readonly preview: VerdictEffect | null;
  /** What was learned when it was last asked for. */
  readonly learned: LearnOutcome | null;
  readonly isLearning: boolean;
  readonly error: CodedError | null;
}

const nothing: WeightsState = { shoot: null, settings: null, draft: null, preview: null, learned: null, isLearning: false, error: null };

export const useWeights = create<WeightsState>(() => nothing);

/** Asks what counts for the open shoot now. */
export async function loadWeights(): Promise<void> {
  const { shoot } = useShoot.getState();
  if (shoot === null) return;
  if (useWeights.getState().shoot !== shoot) useWeights.setState({ ...nothing, shoot });
  try {
    takeSettings(shoot, await api().weights.settings({ shoot }));
  } catch (reason) {
    if (useWeights.getState().shoot === shoot) useWeights.setState({ error: errorOf(reason) });
  }
}

function takeSettings(shoot: number, settings: ShootWeights): void {
  if (useWeights.getState().shoot === shoot) useWeights.setState({ settings, error: null });
}

const previews = createLatest(
  ({ shoot, choice }: { readonly shoot: number; readonly choice: VerdictChoice }, signal) => api().weights.preview({ shoot, choice }, { signal }),
  ({ choice }, preview) => {
    if (useWeights.getState().draft === choice) useWeights.setState({ preview });
  },
  (error) => useWeights.setState({ error }),
);

/** A slider moves: what it would suggest is asked for. The last thing that counts cannot be moved to nothing. */
function previewChoice(choice: VerdictChoice): void {
  const { shoot, draft } = useWeights.getState();
  if (shoot === null || (draft && isSameVerdictChoice(draft, choice))) return;
  useWeights.setState({ draft: choice });
  previews.ask({ shoot, choice });
}

export function moveWeight(name: MeasureName, weight: number): void {
  const { settings, draft } = useWeights.getState();
  if (settings) previewChoice(changeWeights(draft ?? settings.choice, { [name]: weight }));
}

/** How strict: from which overall score on photos are suggested to be kept. */
export function moveKeepAt(keepAt: number): void {
  const { settings, draft } = useWeights.getState();
  if (settings) previewChoice(changeWeights(draft ?? settings.choice, {}, keepAt));
}

/** Keys move a slider by many small steps, which are to be one of undo. */
const keepAfter = 700;
let keeping: ReturnType<typeof setTimeout> | undefined;

/** Lets the slider go: its place is chosen. By keys, once they rest. */
export function keepWeights(byKey: boolean): void {
  clearTimeout(keeping);
  if (byKey) keeping = setTimeout(keepDraft, keepAfter);
  else keepDraft();
}

function keepDraft(): void {
  const { draft, settings } = useWeights.getState();
  if (!draft || !settings) return;
  if (isSameVerdictChoice(draft, settings.choice)) useWeights.setState({ draft: null, preview: null });
  else void choose(draft);
}

export function chooseGenre(genre: PresetName): void {
  const { settings } = useWeights.getState();
  if (settings && settings.preset !== genre) void choose(genrePresets[genre]);
}

/** Suggests by what was learned from now on. */
export function takeLearned(): void {
  const { learned } = useWeights.getState();
  if (learned?.state === 'better') void choose(learned.choice, true);
}

let choices = 0;

async function choose(choice: VerdictChoice, isLearned = false): Promise<void> {
  const { shoot } = useWeights.getState();
  if (shoot === null) return;
  const turn = ++choices;
  clearTimeout(keeping);
  previews.drop();
  useWeights.setState({ draft: choice });
  const step = recordStep(shoot);
  try {
    const { text, settings } = await api().weights.choose({ shoot, choice, isLearned });
    takeSettings(shoot, settings);
    // a slider shows for itself what it has done
    if (isLearned || settings.preset !== null) tell(text, 'info', { label: 'Undo', run: () => undoStep(step) });
    else announce(text);
  } catch (reason) {
    dropStep(step);
    tell(`The choice was not kept. ${errorOf(reason).message}`, 'error');
  } finally {
    if (turn === choices) useWeights.setState({ draft: null, preview: null });
  }
}

/** Asks what the person's own decisions say. Nothing is changed by it. */
export async function learnFromChoices(): Promise<void> {
  const { shoot, isLearning } = useWeights.getState();
  if (shoot === null || isLearning) return;
  useWeights.setState({ isLearning: true });
  try {
    const learned = await api().weights.learn({ shoot });
    if (useWeights.getState().shoot === shoot) useWeights.setState({ learned });
  } catch (reason) {
    tell(errorOf(reason).message, 'error');
  } finally {
    useWeights.setState({ isLearning: false });
  }
}

/** Photos come and are judged in quick succession while a shoot is read. */
const followAfter = 400;

/** Loads when the panel opens, and again when photos were judged or a choice was undone. */
export function useFollowWeights(): void {
  const shoot = useShoot((state) => state.shoot);
  const [, keep, review, reject] = useList((state) => state.list.counts.verdicts);
  const repeats = useRepeats((state) => state.count);
  useEffect(() => {
    const timer = setTimeout(() => void loadWeights(), useWeights.getState().shoot === shoot ? followAfter : 0);
    return () => clearTimeout(timer);
  }, [shoot, keep, review, reject, repeats]);
}
