/** The two sliders that a photographer has, their presets, and what they mean to the rules. */
import { defaultGroupSettings } from './settings.ts';
import type { GroupSettings } from './settings.ts';

export interface GroupChoice {
  /** How soon after one another frames of a burst are taken, in seconds. */
  readonly window: number;
  /** How unlike photos of one group may be, in bits of 64: few = nearly the same, many = the same scene. */
  readonly likeness: number;
}

/** Ends of the sliders. */
export const windowRange = { from: 0.2, to: 10 } as const;
export const likenessRange = { from: 4, to: 22 } as const;

export const presetNames = ['standard', 'sport', 'wedding', 'portrait', 'landscape', 'wildlife'] as const;
export type PresetName = (typeof presetNames)[number];

/**
 * Sport and wildlife: many frames a second of something that moves, so the window is short and much may change. Portrait: a sitting
 * in front of one background, where poses tell photos apart. Landscape: a tripod and long waits, light changes. Wedding: between.
 */
export const groupPresets: Readonly<Record<PresetName, GroupChoice>> = {
  standard: { window: 1.5, likeness: 14 },
  sport: { window: 0.7, likeness: 18 },
  wedding: { window: 2, likeness: 14 },
  portrait: { window: 3, likeness: 12 },
  landscape: { window: 5, likeness: 10 },
  wildlife: { window: 1, likeness: 18 },
};

export const defaultGroupChoice: GroupChoice = groupPresets.standard;

export function isSameChoice(a: GroupChoice, b: GroupChoice): boolean {
  return a.window === b.window && a.likeness === b.likeness;
}

/** The preset with exactly these values, or null. */
export function presetOf(choice: GroupChoice): PresetName | null {
  return presetNames.find((name) => isSameChoice(groupPresets[name], choice)) ?? null;
}

/** The choice within the ends of the sliders; what is no number is the default's. */
export function limitChoice(choice: GroupChoice): GroupChoice {
  const limit = (value: number, { from, to }: { readonly from: number; readonly to: number }, instead: number): number =>
    Number.isFinite(value) ? Math.min(to, Math.max(from, value)) : instead;
  return { window: limit(choice.window, windowRange, defaultGroupChoice.window), likeness: Math.round(limit(choice.likeness, likenessRange, defaultGroupChoice.likeness)) };
}

/**
 * The rules' settings for a choice; the default choice gives the default settings. Brackets, focus stacks and panoramas have rules of their own
 * that no slider moves: to lose one would lose a picture.
 */
export function settingsOfChoice(choice: GroupChoice): GroupSettings {
  const { window, likeness } = limitChoice(choice);
  const base = defaultGroupSettings;
  const more = likeness - defaultGroupChoice.likeness;
  const bits = (value: number, least = 0): number => Math.max(least, value + more);
  const scale = window / defaultGroupChoice.window;
  return {
    ...base,
    burstGapMs: Math.round(1000 * window),
    burstBits: bits(base.burstBits, 2),
    burstDriftBits: bits(base.burstDriftBits, 4),
    // A longer window makes "soon after" longer as well, up to thrice.
    nearSteps: base.nearSteps.map((step) => ({ withinMs: Math.round(step.withinMs * Math.min(3, Math.max(1 / 3, scale))), bits: bits(step.bits) })),
    untimedBits: bits(base.untimedBits, 1),
    untimedNeighbourBits: bits(base.untimedNeighbourBits, 1),
    spreadBits: bits(base.spreadBits, 2),
    medoidBits: bits(base.medoidBits, 3),
  };
}
