/** What counts how much for a verdict: weights, how strict, and their presets by genre. Data, and nothing that needs a photo. */
import { presetNames } from './grouping/presets.ts';
import type { PresetName } from './grouping/presets.ts';

/** Measures that a verdict weighs. How each becomes a score is said in scores.ts, from where on it is a fault in verdict.ts. */
export const measureNames = ['focus', 'exposure', 'eyes', 'aesthetics'] as const;
export type MeasureName = (typeof measureNames)[number];

/** Only their ratio matters; 0 = does not count at all. */
export type Weights = Readonly<Record<MeasureName, number>>;

export interface VerdictChoice {
  /** The preset that it started from. */
  readonly genre: PresetName;
  readonly weights: Weights;
  /** Overall score, 0..1, from which on a photo is suggested to be kept. */
  readonly keepAt: number;
  /** Overall score below which a photo that can be judged surely is suggested to be rejected. */
  readonly rejectAt: number;
}

/** Ends and steps of the sliders. */
export const weightRange = { from: 0, to: 4, step: 0.25 } as const;
export const keepRange = { from: 0.3, to: 0.9, step: 0.05 } as const;

const rejectAt = 0.2;

/**
 * Stated by reasoning, not fitted to photos. Portrait and wedding: a picture with closed eyes is rarely delivered. Sport and wildlife: the
 * moment and sharpness on it, in whatever light there is; faces are helmets and fur. Landscape: light and composition, no faces. Wedding is
 * less strict: no moment comes twice.
 */
export const genrePresets: Readonly<Record<PresetName, VerdictChoice>> = {
  standard: { genre: 'standard', weights: { focus: 2, exposure: 1, eyes: 2, aesthetics: 0.5 }, keepAt: 0.65, rejectAt },
  portrait: { genre: 'portrait', weights: { focus: 2, exposure: 1, eyes: 4, aesthetics: 1 }, keepAt: 0.65, rejectAt },
  wedding: { genre: 'wedding', weights: { focus: 2, exposure: 1, eyes: 3, aesthetics: 0.5 }, keepAt: 0.6, rejectAt },
  sport: { genre: 'sport', weights: { focus: 3, exposure: 0.5, eyes: 0.5, aesthetics: 0.5 }, keepAt: 0.65, rejectAt },
  wildlife: { genre: 'wildlife', weights: { focus: 3, exposure: 0.75, eyes: 0, aesthetics: 0.5 }, keepAt: 0.65, rejectAt },
  landscape: { genre: 'landscape', weights: { focus: 2, exposure: 2, eyes: 0, aesthetics: 1 }, keepAt: 0.7, rejectAt },
};

export const defaultVerdictChoice: VerdictChoice = genrePresets.standard;

export function isSameVerdictChoice(a: VerdictChoice, b: VerdictChoice): boolean {
  return a.keepAt === b.keepAt && a.rejectAt === b.rejectAt && measureNames.every((name) => a.weights[name] === b.weights[name]);
}

/** The genre whose preset has exactly these weights and limits, or null. */
export function genreOf(choice: VerdictChoice): PresetName | null {
  return presetNames.find((name) => isSameVerdictChoice(genrePresets[name], choice)) ?? null;
}

/** False where nothing counts: then there is nothing to judge by. */
export function isUsable({ weights }: VerdictChoice): boolean {
  return measureNames.some((name) => weights[name] > 0);
}

/**
 * Changes some weights and leaves the rest as it is. A choice by which nothing would count is none: `base` is the answer.
 * Numbers are held within the ends of the sliders; what is no number is that of `base`.
 */
export function changeWeights(base: VerdictChoice, change: Partial<Weights>, keepAt: number = base.keepAt): VerdictChoice {
  const weights = { ...base.weights };
  for (const name of measureNames) weights[name] = hold(change[name] ?? base.weights[name], weightRange, base.weights[name]);
  const next = { genre: base.genre, weights, keepAt: hold(keepAt, keepRange, base.keepAt), rejectAt: base.rejectAt };
  return isUsable(next) ? next : base;
}

function hold(value: number, { from, to }: { readonly from: number; readonly to: number }, instead: number): number {
  return Number.isFinite(value) ? Math.min(to, Math.max(from, value)) : instead;
}

/** From JSON as it was stored; whatever is not as it should be becomes that of the genre, or the usual. */
export function readVerdictChoice(text: string | null | undefined): VerdictChoice {
  if (!text) return defaultVerdictChoice;
  try {
    const stored = JSON.parse(text) as { genre?: unknown; weights?: Partial<Weights>; keepAt?: number } | null;
    const genre = presetNames.find((name) => name === stored?.genre) ?? 'standard';
    return changeWeights(genrePresets[genre], stored?.weights ?? {}, stored?.keepAt);
  } catch {
    return defaultVerdictChoice;
  }
}

/** `focus 2, eyes 1`: what counts; the largest first. */
export function describeWeights(weights: Weights): string {
  const named = measureNames.filter((name) => weights[name] > 0).sort((a, b) => weights[b] - weights[a]);
  return named.map((name) => `${name} ${weights[name]}`).join(', ');
}

/** For messages and the history: `Suggestions as for sport`, `Suggestions by focus 2, eyes 1`. */
export function describeVerdictChoice(choice: VerdictChoice, isLearned = false): string {
  const genre = genreOf(choice);
  const how = isLearned ? 'as learned from your choices' : genre === null ? `by ${describeWeights(choice.weights)}` : genre === 'standard' ? 'as usual' : `as for ${genre}`;
  return `Suggestions ${how}`;
}
