/**
 * Keep, review or reject, and why: a pure function of stored measures and of what counts how much (docs/verdict.md). A suggestion to a
 * person; a better score never makes it worse (test/unit/weights.test.ts).
 */
import { subjectExposureOf } from './exposure.ts';
import { focusOf } from './focus.ts';
import type { ExposureMeasure, Measures, PhotoFacts, PhotoFormat } from './photo.ts';
import { commonDoubt, eyeDoubtWords, eyesRegion, findWorstFace } from './faces.ts';
import { describeLead, isTie, tieMargin } from './grouping/best.ts';
import type { Region } from './region.ts';
import { describeFocus, findFocusFault as tellFocusFault } from './verdict-focus.ts';
import type { Fault } from './verdict-focus.ts';
import { tellRecovery, tellRecoveryOn } from './verdict-light.ts';
import { isMuchRecoverable } from './headroom.ts';
import { minTexture, scoreOf } from './scores.ts';
import { groupNames, isKeptWhole } from './verdict-types.ts';
import type { Group, Judgement, Reason, Scores, Verdict } from './verdict-types.ts';
import { defaultVerdictChoice, measureNames } from './weights.ts';
import type { MeasureName, VerdictChoice } from './weights.ts';

/** What a photo is judged against, beside itself. */
export interface JudgeContext {
  /** The photo's group, or null. */
  readonly group: Group | null;
  /** The best of the group; null without a group. */
  readonly best: { readonly name: string; readonly scores: Scores } | null;
  /** Name of the second best of the group; null without a group, and where the photo is not its best. */
  readonly runnerUpName: string | null;
  /** The earlier file with the same picture, and whether all its bytes are the same; null where this is the first or only one. */
  readonly copyOf: { readonly name: string; readonly isSameFile: boolean } | null;
}

export const aloneContext: JudgeContext = { group: null, best: null, runnerUpName: null, copyOf: null };

/**
 * Numbers that verdicts turn on, beside those of the person's choice. Rejection has its own, far from the others: it must be sure. Those of one measure's
 * score hold where it counts as usual or more; see `limitFor`.
 */
export const verdictLimits = {
  /** Focus score: below the first clearly soft, below the second worth a look. */
  softReject: 0.15,
  softReview: 0.5,
  /** Score of the worst eyes of an important face: one of two closed is no fault. */
  eyesReview: 0.3,
  /** Share of structured windows that a clear verdict on focus needs. */
  sureTexture: 0.1,
  /** Share of clipped pixels, and darkest tones that are bright all the same: nothing is left to see. */
  blownReject: 0.75,
  blownDarkest: 0.5,
  /** 99th percentile of luma: hardly anything is lit. */
  blackReject: 0.06,
  exposureReview: 0.45,
  /** Share of a face that may be blown out or black, and of what the camera focused on, which may be black or white by itself. */
  faceLost: 0.3,
  pointLost: 0.7,
  /** How much lower the overall score and one measure must be than those of the best of the burst to be rejected for it. */
  weakerTechnical: 0.35,
  weakerMeasure: 0.3,
} as const;

/**
 * Judges one photo. Null for a file that is no photo. What has errors or cannot be measured is for review, never rejected;
 * frames of an exposure bracket are all kept; the best of a group is never rejected, so that none is lost as a whole.
 *
 * Of the others, with the overall score of scores.ts and the limits of `choice`:
 * reject where one measure is beyond its reject limit, or the overall score below `rejectAt` and focus told surely;
 * review where one measure is below its review limit, the overall score below `keepAt`, or focus cannot be told though it counts;
 * keep otherwise. A measure's limits shrink with its weight, to nothing where it does not count; black and blown-out pictures have nothing
 * that could count.
 * @param scores by the weights of `choice`
 */
export function judge(photo: PhotoFacts, context: JudgeContext = aloneContext, choice: VerdictChoice = defaultVerdictChoice, scores: Scores = scoreOf(photo.measures, choice.weights)): Judgement | null {
  if (isNoPhoto(photo)) return null;
  const { verdict, reasons } = decide(photo, scores, context, choice);
  return { verdict, scores, reasons };
}

function isNoPhoto(photo: PhotoFacts): boolean {
  if (photo.errors.some((error) => error.code === 'not-a-photo')) return true;
  return photo.format === 'other' && photo.errors.length === 0;
}

function decide(photo: PhotoFacts, scores: Scores, context: JudgeContext, choice: VerdictChoice): { verdict: Verdict; reasons: Reason[] } {
  if (photo.errors.length > 0) return { verdict: 'review', reasons: tellErrors(photo) };
  if (context.copyOf !== null) {
    const { name, isSameFile } = context.copyOf;
    const text = isSameFile ? `The same file as ${name}, byte by byte.` : `The same picture as ${name}, bit by bit; only what is written about it differs.`;
    return { verdict: 'review', reasons: [because('exact-copy', text)] };
  }
  const { group } = context;
  if (group && isKeptWhole(group.kind)) return { verdict: 'keep', reasons: [because(...wholeReasons(group))] };
  const unknown = findUnknown(photo, scores, choice);
  const faults = findFaults(photo, scores, choice);
  const reasons = [...faults.map((fault) => fault.reason), ...unknown];
  const remarks = remarkOnEyes(photo, choice);
  const isBest = group === null || group.best === photo.id;
  if (!isBest && context.best) {
    const weaker = compareWithBest(photo, scores, group, context.best, choice);
    const isRejected = weaker.severity === 'reject' || faults.some((fault) => fault.severity === 'reject');
    return { verdict: isRejected ? 'reject' : 'review', reasons: [weaker.reason, ...reasons, ...remarks] };
  }
  if (faults.some((fault) => fault.severity === 'reject') && group === null) return { verdict: 'reject', reasons: [...reasons, ...remarks] };
  const praise = group && group.kind !== 'exact-copy' ? [praiseBest(group, context, scores)] : [];
  if (reasons.length > 0) return { verdict: 'review', reasons: [...reasons, ...praise, ...remarks] };
  const focus = describeFocus(photo.measures);
  return { verdict: 'keep', reasons: [...praise, because('good-quality', `${describeGood(scores, choice)}${focus.text}`, scores.technical, choice.keepAt, focus.region), ...remarks] };
}

/** Each error once: stages that need the same picture fail alike. */
function tellErrors(photo: PhotoFacts): Reason[] {
  return [...new Map(photo.errors.map(({ code, message }) => [code, because(code, message)])).values()];
}

/** Code and words for a frame of a set that is kept whole. */
function wholeReasons({ kind, photoIds }: Group): [string, string] {
  const count = photoIds.length;
  if (kind === 'focus-stack') return ['focus-stack-frame', `One of ${count} frames of a focus stack, each sharp at another distance: they are kept together.`];
  if (kind === 'panorama') return ['panorama-frame', `One of ${count} pieces of a panorama: they are kept together.`];
  return ['bracket-frame', `One of ${count} exposures of one picture: they are kept together.`];
}

/** What could not be told, and therefore is for the person to see. */
function findUnknown(photo: PhotoFacts, scores: Scores, { weights }: VerdictChoice): Reason[] {
  if (!photo.measures?.focus && !photo.measures?.exposure) return [because('not-measured', 'Not looked at yet.')];
  if (scores.focus === null && weights.focus > 0) {
    const texture = photo.measures.focus?.texture ?? null;
    return [because('focus-unknown', 'There is too little structure in the picture to tell whether it is in focus.', texture, minTexture)];
  }
  return measureNames.every((name) => scores[name] === null || weights[name] === 0) ? [because('not-told', 'Nothing that counts by your weights can be told of this picture.')] : [];
}

/** A limit on the score of one measure: in full where the measure counts as usual or more, less where it counts less, 0 where it does not. */
function limitFor(name: MeasureName, limit: number, { weights }: VerdictChoice): number {
  return limit * Math.min(1, weights[name] / defaultVerdictChoice.weights[name]);
}

function findFaults(photo: PhotoFacts, scores: Scores, choice: VerdictChoice): Fault[] {
  const faults = [findFocusFault(photo, scores, choice), findLightFault(photo, scores, choice), findEyesFault(photo, scores, choice)].filter((fault) => fault !== null);
  return [...faults, ...findOverallFault(photo, scores, choice, faults)];
}

function findFocusFault({ measures }: PhotoFacts, { focus: score }: Scores, choice: VerdictChoice): Fault | null {
  const { softReview, softReject, sureTexture } = verdictLimits;
  const limits = { softReview: limitFor('focus', softReview, choice), softReject: limitFor('focus', softReject, choice), sureTexture };
  return measures ? tellFocusFault(measures, score, limits) : null;
}

function findLightFault(photo: PhotoFacts, scores: Scores, choice: VerdictChoice): Fault | null {
  const exposure = photo.measures?.exposure;
  const fault = exposure ? findExposureFault(photo.measures, exposure, scores.exposure, limitFor('exposure', verdictLimits.exposureReview, choice), photo.format) : null;
  // A RAW's preview without any tone may be a placeholder that says nothing of the photo.
  const mayBePlaceholder = photo.preview?.source === 'embedded' && exposure && exposure.p99 - exposure.p1 < 0.01;
  if (fault) return mayBePlaceholder ? { ...fault, severity: 'review' } : fault;
  return photo.measures && choice.weights.exposure > 0 ? findSubjectLight(photo.measures, photo.format) : null;
}

/** Never a reason to reject a photo that stands alone: a look down may be meant. */
function findEyesFault({ measures }: PhotoFacts, { eyes: score }: Scores, choice: VerdictChoice): Fault | null {
  const limit = limitFor('eyes', verdictLimits.eyesReview, choice);
  if (score === null || score >= limit) return null;
  const several = (measures?.faces?.faces.length ?? 0) > 1;
  const text = several ? 'The eyes of one of the faces that matter are closed.' : 'The eyes are closed.';
  return { severity: 'review', reason: because('eyes-closed', text, score, limit, worstEyesRegion(measures)) };
}

/** What is worth a word and changes nothing: a wink may be meant, and a head that is turned is no fault. */
function remarkOnEyes({ measures }: PhotoFacts, { weights }: VerdictChoice): Reason[] {
  const worst = measures?.faces && weights.eyes > 0 ? findWorstFace(measures.faces) : null;
  if (worst?.eyes === 'one-closed') return [because('eyes-one-closed', 'One eye is closed: a wink, or half a blink.', null, null, eyesRegion(worst.face))];
  if (worst?.eyes !== 'unknown') return [];
  const doubt = commonDoubt([worst.face]);
  return [because('eyes-unknown', `Whether the eyes are open cannot be told${doubt ? `: ${eyeDoubtWords[doubt]}` : ''}.`, null, null, eyesRegion(worst.face))];
}

function worstEyesRegion(measures: PhotoFacts['measures']): Region | null {
  const worst = measures?.faces ? findWorstFace(measures.faces) : null;
  return worst && eyesRegion(worst.face);
}

/** Only where the measures' own faults have not said it already. */
function findOverallFault({ measures }: PhotoFacts, { technical, focus }: Scores, { weights, keepAt, rejectAt }: VerdictChoice, faults: readonly Fault[]): Fault[] {
  if (technical === null || technical >= keepAt) return [];
  // What is sharp instead of the subject may be what was meant.
  const isMissed = measures ? focusOf(measures)?.state === 'missed-focus' : false;
  const isSure = weights.focus === 0 || (focus !== null && !isMissed && (measures?.focus?.texture ?? 0) >= verdictLimits.sureTexture);
  if (technical < rejectAt && isSure && !faults.some(({ severity }) => severity === 'reject'))
    return [{ severity: 'reject', reason: because('weak-overall', 'Taken together it is too weak.', technical, rejectAt) }];
  return faults.length > 0 ? [] : [{ severity: 'review', reason: because('below-keep', 'No single fault, but taken together not good enough to keep without a look.', technical, keepAt) }];
}

function findExposureFault(measures: Measures, exposure: ExposureMeasure, score: number | null, limit: number, format: PhotoFormat): Fault | null {
  const limits = verdictLimits;
  const severityAt = (end: 'highlights' | 'shadows'): Fault['severity'] => (isMuchRecoverable(measures.headroom, end) ? 'review' : 'reject');
  if (exposure.p99 < limits.blackReject) return { severity: severityAt('shadows'), reason: because('black', `The picture is black.${tellRecovery(measures, format, 'shadows')}`, exposure.p99, limits.blackReject) };
  if (exposure.clippedHigh >= limits.blownReject && exposure.p1 >= limits.blownDarkest)
    return { severity: severityAt('highlights'), reason: because('blown-out', `Nearly all of the picture is blown out.${measures.headroom ? tellRecovery(measures, format, 'highlights') : ''}`, exposure.clippedHigh, limits.blownReject) };
  if (score === null || score >= limit) return null;
  const isBright = exposure.clippedHigh > 0.3 || exposure.mean > 0.6;
  const reason = isBright
    ? because('overexposed', `The picture is too bright; much of the highlights is lost.${tellRecovery(measures, format, 'highlights')}`, score, limit)
    : because('underexposed', `The picture is very dark.${tellRecovery(measures, format, 'shadows')}`, score, limit);
  return { severity: 'review', reason };
}

/** A face or a focus point that is lost in light or dark although the picture as a whole is not. */
function findSubjectLight(measures: Measures, format: PhotoFormat): Fault | null {
  const subject = subjectExposureOf(measures);
  if (!subject) return null;
  const { clipped, crushed, from, region } = subject;
  const what = from === 'faces' ? 'The face' : 'What the camera focused on';
  const limit = from === 'faces' ? verdictLimits.faceLost : verdictLimits.pointLost;
  const recovery = tellRecoveryOn(measures, format, region);
  if (clipped >= limit) return { severity: 'review', reason: { ...because('subject-overexposed', `${what} is blown out in ${Math.round(100 * clipped)} % of its area.${recovery}`, clipped, limit), region } };
  if (crushed >= limit) return { severity: 'review', reason: { ...because('subject-underexposed', `${what} is black in ${Math.round(100 * crushed)} % of its area.`, crushed, limit), region } };
  return null;
}

/** How much better than the second; "as good as" where the scores do not know better. */
function praiseBest(group: Group, { runnerUpName }: JudgeContext, { technical }: Scores): Reason {
  const count = `${group.photoIds.length} in this ${groupNames[group.kind]}`;
  if (isTie(group)) return because('tie-for-best', `The first of ${count} that are equally good${runnerUpName ? `, with ${runnerUpName}` : ''}.`, group.margin, tieMargin);
  const lead = runnerUpName ? `, ${describeLead(group, runnerUpName)}` : '';
  return because('best-of-group', `The best of ${count}${lead}.`, technical, technical === null || group.margin === null ? null : technical - group.margin);
}

/** Only a burst's frames are rejected for being weaker: there the moments hardly differ. */
function compareWithBest({ measures }: PhotoFacts, scores: Scores, group: Group, best: NonNullable<JudgeContext['best']>, { weights }: VerdictChoice): Fault {
  const { technical } = scores;
  const top = best.scores;
  const isClear = group.kind === 'burst' && technical !== null && top.technical !== null && technical <= top.technical - verdictLimits.weakerTechnical;
  const isWeaker = (name: MeasureName): boolean => isClear && weights[name] > 0 && scores[name] !== null && top[name] !== null && scores[name] <= top[name] - verdictLimits.weakerMeasure;
  if (isWeaker('focus')) return { severity: 'reject', reason: because('weaker-in-burst', `Clearly softer than ${best.name}, the best of this burst.`, technical, top.technical, measures?.focus?.region ?? null) };
  if (isWeaker('eyes')) return { severity: 'reject', reason: because('eyes-worse-in-burst', `The eyes are closed here and open in ${best.name}, the best of this burst.`, scores.eyes, top.eyes, worstEyesRegion(measures)) };
  return { severity: 'review', reason: because('not-best-of-group', `${best.name} is the best of this ${groupNames[group.kind]}.`, technical, top.technical) };
}

/** What is good about a photo that is kept; only what counts and could be told. */
function describeGood(scores: Scores, { weights }: VerdictChoice): string {
  const isTold = (name: MeasureName): boolean => scores[name] !== null && weights[name] > 0;
  const parts = [isTold('focus') ? 'sharp' : '', isTold('exposure') ? 'well exposed' : '', isTold('eyes') && scores.eyes! > 0.9 ? 'eyes open' : ''].filter(Boolean);
  if (parts.length === 0) return 'Good enough by what counts here.';
  const text = parts.length > 2 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts.join(' and ');
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

function because(code: string, text: string, value: number | null = null, threshold: number | null = null, region: Region | null = null): Reason {
  return { code, text, value, threshold, region };
}
