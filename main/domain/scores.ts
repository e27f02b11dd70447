/** Scores 0..1 from raw measures. Pure, so that a changed weight re-ranks at once, without decoding. */
import { findWorstFace } from './faces.ts';
import type { EyesOfFace } from './faces.ts';
import { focusOf } from './focus.ts';
import { highlightCost, shadowCost } from './headroom.ts';
import type { ExposureMeasure, FocusMeasure, Measures, PhotoFacts, PhotoId } from './photo.ts';
import type { Scores } from './verdict-types.ts';
import { defaultVerdictChoice, measureNames } from './weights.ts';
import type { MeasureName, Weights } from './weights.ts';

/**
 * Where sharpness turns from soft to sharp, and how quickly. Measured on pictures of one scene each, sharp and blurred
 * (test/accuracy) and of drawn edges: the sharp ones lie above 0.66, clearly blurred ones below 0.6.
 */
const sharpMiddle = 0.63;
const sharpSpread = 0.06;
/** One-sided blur up to here is usual in sharp photos (buildings, grass); what exceeds it counts against focus. */
const usualMotion = 0.1;
/** Below this share of structured windows focus cannot be told. */
export const minTexture = 0.02;
/** Standard deviation of noise, of full scale, that nobody minds. */
const usualNoise = 0.004;

/**
 * Scores of one photo; null for what cannot be told.
 *
 * `technical`, the number to sort by, is the weighted geometric mean of the scores that are known,
 *
 *     technical = cost * product(score[m] ^ (weight[m] / sum of the weights of known measures)),
 *
 * so that one bad measure is not made up for by the others, and a measure that cannot be told leaves its weight to the others. `cost` is
 * what noise and compression take away, 0.49..1, whatever the weights. A photo whose focus cannot be told has no overall score where
 * focus counts: a good light alone must not stand above sharp photos; but where the exposure is bad, half of that is the overall score.
 * Rises with each score (see test/unit/weights.test.ts).
 */
export function scoreOf(measures: Measures | null, weights: Weights = defaultVerdictChoice.weights): Scores {
  const scores = { technical: null as number | null, ...nothingTold };
  if (!measures) return scores;
  for (const name of measureNames) scores[name] = scoreRules[name](measures);
  scores.technical = scoreTechnical(measures, scores, weights);
  return scores;
}

export function scoreAll(photos: readonly PhotoFacts[], weights?: Weights): ReadonlyMap<PhotoId, Scores> {
  const scores = new Map<PhotoId, Scores>();
  for (const { id, measures } of photos) scores.set(id, scoreOf(measures, weights));
  return scores;
}

const nothingTold: Readonly<Record<MeasureName, number | null>> = { focus: null, exposure: null, eyes: null, aesthetics: null };

/** A wink, or half a blink, may be meant. */
const scoresOfEyes: Readonly<Record<EyesOfFace, number | null>> = { open: 1, 'one-closed': 0.5, closed: 0.1, unknown: null };

/** How each measure becomes a score: rising from 0 (bad) to 1, null where it cannot be told. A new measure is one line here, and its weights. */
const scoreRules: Readonly<Record<MeasureName, (measures: Measures) => number | null>> = {
  focus: scoreFocus,
  exposure: ({ exposure, headroom }) => (exposure ? scoreExposure(exposure, headroom) : null),
  eyes: ({ faces }) => scoresOfEyes[(faces ? findWorstFace(faces)?.eyes : null) ?? 'unknown'],
  aesthetics: ({ aesthetic }) => (typeof aesthetic === 'number' ? scoreAesthetic(aesthetic) : null),
};

/** Of frames that are as sharp as pixels can be, the quick look tells which has more detail. */
const quickShare = 0.05;
/** Long edge that the quick look sees: of pictures no larger it has seen all pixels too, by several scales, and counts most. */
const quickEdge = 1_600;

/** By all pixels of the picture, once they were looked at; by the quick look until then. */
function scoreFocus(measures: Measures): number | null {
  const quick = measures.focus ? scoreQuickFocus(measures.focus) : null;
  const judgement = focusOf(measures);
  if (!judgement) return quick;
  if (judgement.score === null || quick === null) return judgement.score;
  const { width, height } = measures.sharpness!;
  const share = Math.max(width, height) <= quickEdge ? 0.75 : quickShare;
  return round((1 - share) * judgement.score + share * quick);
}

/** Logistic in sharpness: strictly rising, so that two photos never tie by being cut off at an end. */
function scoreQuickFocus(focus: FocusMeasure): number | null {
  if (focus.texture < minTexture) return null;
  const effective = focus.sharpness - 0.3 * Math.max(0, focus.motion - usualMotion);
  return round(1 / (1 + Math.exp((sharpMiddle - effective) / sharpSpread)));
}

/**
 * Lost highlights, lost shadows, and a picture that is dark or bright as a whole. Shadows weigh little and an overall dark
 * picture only together with missing lights: night and low-key photos are meant so. What the sensor holds of either, as far as that was
 * measured, counts less (domain/headroom.ts).
 */
function scoreExposure(exposure: ExposureMeasure, headroom: Measures['headroom']): number {
  const lostLights = 1 - 0.75 * rise(exposure.clippedHigh * highlightCost(headroom), 0.08, 0.7);
  const lostShadows = 1 - 0.4 * rise(exposure.crushedLow * shadowCost(headroom), 0.3, 0.95);
  const tooDark = 0.35 + 0.65 * rise(exposure.mean, 0.02, 0.28);
  const tooBright = 1 - 0.6 * rise(exposure.mean, 0.68, 0.97);
  const noLights = 0.2 + 0.8 * rise(exposure.p99, 0.08, 0.6);
  return round(lostLights * lostShadows * tooDark * tooBright * noLights);
}

/**
 * People's ratings of photos lie mostly between 4 and 7 of 10, so that a usual photo is not held back by it. Stated, not fitted: see
 * docs/verdict.md.
 */
const aestheticMiddle = 4;
const aestheticSpread = 0.7;

function scoreAesthetic(rating: number): number {
  return round(1 / (1 + Math.exp((aestheticMiddle - rating) / aestheticSpread)));
}

function scoreTechnical(measures: Measures | null, scores: Readonly<Record<MeasureName, number | null>>, weights: Weights): number | null {
  const { exposure } = scores;
  if (scores.focus === null && weights.focus > 0) return exposure !== null && exposure < 0.4 && weights.exposure > 0 ? round(exposure / 2) : null;
  const mean = meanScore(scores, weights);
  return mean === null ? null : round(mean * qualityCost(measures));
}

/** The weighted geometric mean of the scores that are known; null where none that counts is. */
export function meanScore(scores: Readonly<Record<MeasureName, number | null>>, weights: Weights): number | null {
  let sum = 0;
  let total = 0;
  for (const name of measureNames) {
    const score = scores[name];
    if (score === null || weights[name] <= 0) continue;
    sum += weights[name] * Math.log(score);
    total += weights[name];
  }
  return total > 0 ? Math.exp(sum / total) : null;
}

/** What is left of a photo's quality after noise and compression, 0.49..1. */
export function qualityCost(measures: Measures | null): number {
  const noise = 1 - 0.3 * rise(measures?.focus?.noise ?? 0, usualNoise, 0.05);
  return noise * (1 - 0.3 * (measures?.focus?.blocking ?? 0) ** 2);
}

/** Smooth step: 0 up to `from`, 1 from `to` on. */
function rise(value: number, from: number, to: number): number {
  const at = Math.max(0, Math.min(1, (value - from) / (to - from)));
  return at * at * (3 - 2 * at);
}

function round(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
