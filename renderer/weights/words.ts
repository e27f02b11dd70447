/** What counts, in a photographer's words. */
import type { LearnOutcome, VerdictEffect } from '../../main/contract/index.ts';
import type { MeasureName, PresetName } from '../../main/domain/index.ts';
import { plural, writeCount } from '../parts/words.ts';

export const measureWords: Readonly<Record<MeasureName, string>> = {
  focus: 'Focus',
  exposure: 'Exposure',
  eyes: 'Open eyes',
  aesthetics: 'Aesthetics',
};

export function describeWeight(weight: number): string {
  return weight === 0 ? 'does not count' : String(Number(weight.toFixed(2)));
}

export function describeKeepAt(keepAt: number): string {
  return `keeps from ${writePoints(keepAt)} points on`;
}

/** 0..1 as it is shown with scores: 0 to 100. */
export function writePoints(score: number): string {
  return String(Math.round(100 * score));
}

/** `120 keep, 61 review, 12 reject` */
export function describeEffect({ keep, review, reject }: VerdictEffect): string {
  return `${writeCount(keep)} keep, ${writeCount(review)} review, ${writeCount(reject)} reject.`;
}

export function describeChanged({ changed }: VerdictEffect): string {
  return changed === 0 ? 'No suggestion would change.' : `${plural(changed, 'suggestion', 'suggestions')} would change.`;
}

/** Said of a measure that was not told of every photo; null where it was. */
export function describeKnown(known: number, photos: number): string | null {
  if (photos === 0 || known === photos) return null;
  return known === 0 ? 'Not told of any photo here.' : `Told of ${writeCount(known)} of ${plural(photos, 'photo', 'photos')}.`;
}

/** What learning has found, a sentence each. */
export function describeLearned(outcome: LearnOutcome, presetName: (genre: PresetName) => string): string[] {
  const counted = `${plural(outcome.kept, 'photo', 'photos')} kept, ${writeCount(outcome.passed)} passed over`;
  if (outcome.state === 'too-few') return [`Too few decisions yet: ${counted}. ${outcome.needed} of each are needed.`];
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  return [
    `Learned from ${counted}.`,
    `Tried on decisions it had not seen, it agrees with ${percent(outcome.agreement)} of them; ${presetName(outcome.choice.genre)} agrees with ${percent(outcome.presetAgreement)}.`,
    ...(outcome.state === 'no-better' ? ['That is no clear gain, so there is nothing to take on.'] : []),
  ];
}
