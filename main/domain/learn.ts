/**
 * "Learn from my choices": weights and strictness that agree best with what the person has decided, and how far they can be trusted.
 * Pure and deterministic; nothing is kept by it. See docs/verdict.md.
 */
import type { DecidedPhoto, DecisionUnit } from './learn-decisions.ts';
import { fitLogistic } from './learn-fit.ts';
import type { FitRow, Prior } from './learn-fit.ts';
import { meanScore } from './scores.ts';
import { changeWeights, genrePresets, keepRange, measureNames, weightRange } from './weights.ts';
import type { MeasureName, VerdictChoice, Weights } from './weights.ts';

export type LearnOutcome =
  | {
      readonly state: 'too-few';
      /** Photos that were kept and passed over, and how many of each are needed. */
      readonly kept: number;
      readonly passed: number;
      readonly needed: number;
    }
  | {
      /** `no-better`: the difference to the preset may be chance. */
      readonly state: 'better' | 'no-better';
      readonly kept: number;
      readonly passed: number;
      /** Decisions that the agreement was tried on. */
      readonly decisions: number;
      /** What was learned from all decisions. */
      readonly choice: VerdictChoice;
      /** Share of held-back decisions that choices learned without them agree with, and that the genre's preset agrees with. */
      readonly agreement: number;
      readonly presetAgreement: number;
    };

export const leastDecisions = 10;
const folds = 5;
/** Standard deviation of the coefficients around the preset's: holds them about as much as eight decisions on mixed photos do (the slope of a decided person is some 10). */
const priorSpread = 2;
/** A measure that could be told of fewer decided photos keeps the preset's weight. */
const leastKnown = 8;
/** Lower scores are no worse: the logarithm would let one photo outweigh all others. */
const leastScore = 0.02;
/** Standard errors by which the learned choice must agree better to be more than chance (one-sided, 2.3 %). */
const surely = 2;

/** @param base the choice of the shoot now; its genre's preset is what the weights are held near to and compared with. */
export function learnWeights(units: readonly DecisionUnit[], base: VerdictChoice): LearnOutcome {
  const kept = units.reduce((sum, unit) => sum + unit.kept, 0);
  const passed = units.reduce((sum, unit) => sum + unit.passed, 0);
  if (kept < leastDecisions || passed < leastDecisions || units.length < leastDecisions) return { state: 'too-few', kept, passed, needed: leastDecisions };
  const preset = genrePresets[base.genre];
  // Units with something to keep and with something to reject are dealt out evenly.
  const dealt = [...units].sort((a, b) => kindOf(a) - kindOf(b));
  const learned = dealt.map(() => 0);
  for (let fold = 0; fold < folds; fold++) {
    const choice = fitChoice(dealt.filter((_, at) => at % folds !== fold), preset);
    dealt.forEach((unit, at) => {
      if (at % folds === fold) learned[at] = agreementWith(unit, choice);
    });
  }
  const usual = dealt.map((unit) => agreementWith(unit, preset));
  const decisions = dealt.reduce((sum, unit) => sum + weightOf(unit), 0);
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  const gains = learned.map((value, at) => value - usual[at]!);
  const gain = total(gains);
  const error = Math.sqrt(total(gains.map((value) => value ** 2)));
  return {
    state: gain > 0 && gain >= surely * error ? 'better' : 'no-better',
    kept,
    passed,
    decisions: Math.round(decisions),
    choice: fitChoice(dealt, preset),
    agreement: total(learned) / decisions,
    presetAgreement: total(usual) / decisions,
  };
}

/** Groups first, then what was kept, then what was passed over. */
function kindOf({ pairs, kept }: DecisionUnit): number {
  return pairs.length > 0 ? 0 : kept > 0 ? 1 : 2;
}

function weightOf({ alone, pairs }: DecisionUnit): number {
  return [...alone, ...pairs].reduce((sum, { weight }) => sum + weight, 0);
}

/** How much of a unit's weight a choice agrees with; a tie is half of it. */
function agreementWith({ alone, pairs }: DecisionUnit, { weights, keepAt }: VerdictChoice): number {
  const overall = (photo: DecidedPhoto): number => (meanScore(photo.scores, weights) ?? 0) * photo.cost;
  let sum = 0;
  for (const { photo, isKept, weight } of alone) if (overall(photo) >= keepAt === isKept) sum += weight;
  for (const { liked, other, weight } of pairs) {
    const lead = overall(liked) - overall(other);
    sum += lead > 0 ? weight : lead === 0 ? weight / 2 : 0;
  }
  return sum;
}

/**
 * The choice that the decisions ask for. With x[m] = ln score[m], the overall score t of scores.ts is exp(sum of weight[m] x[m] / sum of weights), so that
 * p(kept) = 1 / (1 + exp(-s (ln t - ln keepAt))) is a logistic regression with coefficients s weight[m] / sum and intercept -s ln keepAt: what is
 * fitted are the weights that the verdict uses. Of two photos of a group p(the first is liked better) has the difference of their x and no
 * intercept (Bradley and Terry 1952).
 */
function fitChoice(units: readonly DecisionUnit[], preset: VerdictChoice): VerdictChoice {
  const photos = units.flatMap(({ alone, pairs }) => [...alone.map(({ photo }) => photo), ...pairs.flatMap(({ liked, other }) => [liked, other])]);
  const known = new Set(photos);
  const learned = measureNames.filter((name) => [...known].filter(({ scores }) => scores[name] !== null).length >= leastKnown);
  const sum = learned.reduce((all, name) => all + preset.weights[name], 0);
  if (sum === 0) return preset;
  // How steeply the person decides along the preset comes first; a change of it is no change of weights.
  const steepness = Math.min(40, Math.max(1, fitLogistic(rowsOf(units, (photo) => [logOverall(photo, preset.weights) - Math.log(preset.keepAt)], []), [{ at: 8, scale: 8, strength: 1 }])[0]!));
  const scale = steepness / sum;
  const priors: Prior[] = learned.map((name) => ({ at: scale * preset.weights[name], scale: priorSpread, strength: 1 }));
  const intercept: Prior = { at: -steepness * Math.log(preset.keepAt), scale: 2 * priorSpread, strength: 1, isFree: true };
  const features = (photo: DecidedPhoto): number[] => featuresOf(photo, learned, preset.weights);
  const beta = fitLogistic(rowsOf(units, features, [1]), [...priors, intercept]);
  const slope = learned.reduce((all, _, at) => all + beta[at]!, 0);
  if (slope <= 0) return preset;
  // Only ratios matter: the largest may be at the end of its slider, none beyond it.
  const total = Math.min(sum, (weightRange.to * slope) / Math.max(...beta.slice(0, -1)));
  const weightOfMeasure = (name: MeasureName): number => (learned.includes(name) ? (beta[learned.indexOf(name)]! / slope) * total : (preset.weights[name] * total) / sum);
  const weights = Object.fromEntries(measureNames.map((name) => [name, toStep(weightOfMeasure(name), weightRange)]));
  return changeWeights(preset, weights, toStep(Math.exp(-beta.at(-1)! / slope), keepRange));
}

/** @param more what is added to the features of photos alone, and 0 to those of pairs. */
function rowsOf(units: readonly DecisionUnit[], features: (photo: DecidedPhoto) => number[], more: readonly number[]): FitRow[] {
  const none = more.map(() => 0);
  return units.flatMap(({ alone, pairs }) => [
    ...alone.map(({ photo, isKept, weight }) => ({ x: [...features(photo), ...more], y: isKept, weight })),
    ...pairs.map(({ liked, other, weight }) => {
      const behind = features(other);
      return { x: [...features(liked).map((value, at) => value - behind[at]!), ...none], y: true, weight };
    }),
  ]);
}

function logOverall({ scores, cost }: DecidedPhoto, weights: Weights): number {
  return Math.log(Math.max(leastScore, (meanScore(scores, weights) ?? 0) * cost));
}

/** A measure that cannot be told leaves its weight to the others: it stands where they stand together. */
function featuresOf(photo: DecidedPhoto, names: readonly MeasureName[], weights: Weights): number[] {
  const together = logOverall(photo, weights);
  return names.map((name) => {
    const score = photo.scores[name];
    return score === null ? together : Math.log(Math.max(leastScore, score * photo.cost));
  });
}

function toStep(value: number, { from, to, step }: { readonly from: number; readonly to: number; readonly step: number }): number {
  return Math.round(Math.min(to, Math.max(from, step * Math.round(value / step))) * 100) / 100;
}
