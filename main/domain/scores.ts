/** Scores 0..1 from raw measures. Pure, so that a changed weight re-ranks at once, without decoding. */
import type { ExposureMeasure, FocusMeasure, Measures, PhotoFacts, PhotoId } from './photo.ts';
import type { Scores } from './verdict-types.ts';

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
 * Scores of one photo; null for what cannot be told. `technical` is the number to sort by: focus weighed with exposure,
 * less what noise and compression cost. Where focus cannot be told but the exposure alone is bad, it is the exposure's.
 */
export function scoreOf(measures: Measures | null): Scores {
  const focus = measures?.focus ? scoreFocus(measures.focus) : null;
  const exposure = measures?.exposure ? scoreExposure(measures.exposure) : null;
  return { technical: scoreTechnical(measures, focus, exposure), focus, exposure };
}

export function scoreAll(photos: readonly PhotoFacts[]): ReadonlyMap<PhotoId, Scores> {
  const scores = new Map<PhotoId, Scores>();
  for (const { id, measures } of photos) scores.set(id, scoreOf(measures));
  return scores;
}

/** Logistic in sharpness: strictly rising, so that two photos never tie by being cut off at an end. */
function scoreFocus(focus: FocusMeasure): number | null {
  if (focus.texture < minTexture) return null;
  const effective = focus.sharpness - 0.3 * Math.max(0, focus.motion - usualMotion);
  return round(1 / (1 + Math.exp((sharpMiddle - effective) / sharpSpread)));
}

/**
 * Lost highlights, lost shadows, and a picture that is dark or bright as a whole. Shadows weigh little and an overall dark
 * picture only together with missing lights: night and low-key photos are meant so.
 */
function scoreExposure(exposure: ExposureMeasure): number {
  const lostLights = 1 - 0.75 * rise(exposure.clippedHigh, 0.08, 0.7);
  const lostShadows = 1 - 0.4 * rise(exposure.crushedLow, 0.3, 0.95);
  const tooDark = 0.35 + 0.65 * rise(exposure.mean, 0.02, 0.28);
  const tooBright = 1 - 0.6 * rise(exposure.mean, 0.68, 0.97);
  const noLights = 0.2 + 0.8 * rise(exposure.p99, 0.08, 0.6);
  return round(lostLights * lostShadows * tooDark * tooBright * noLights);
}

function scoreTechnical(measures: Measures | null, focus: number | null, exposure: number | null): number | null {
  if (focus === null) return exposure !== null && exposure < 0.4 ? round(exposure / 2) : null;
  const light = exposure ?? 1;
  const noise = 1 - 0.3 * rise(measures?.focus?.noise ?? 0, usualNoise, 0.05);
  const compression = 1 - 0.3 * (measures?.focus?.blocking ?? 0) ** 2;
  return round(focus * (0.3 + 0.7 * light) * noise * compression);
}

/** Smooth step: 0 up to `from`, 1 from `to` on. */
function rise(value: number, from: number, to: number): number {
  const at = Math.max(0, Math.min(1, (value - from) / (to - from)));
  return at * at * (3 - 2 * at);
}

function round(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
