/** What is wrong with a photo's focus, or right, in a photographer's words. */
import { focusOf } from './focus.ts';
import type { FocusJudgement, SubjectSource } from './focus.ts';
import type { Measures } from './photo.ts';
import type { Region } from './region.ts';
import type { Reason } from './verdict-types.ts';

export interface Fault {
  readonly severity: 'review' | 'reject';
  readonly reason: Reason;
}

export interface FocusLimits {
  readonly softReject: number;
  readonly softReview: number;
  readonly sureTexture: number;
}

/** The fault, where the score says that there is one. `score` is that of {@link focusOf}, or of the quick look before it. */
export function findFocusFault(measures: Measures, score: number | null, limits: FocusLimits): Fault | null {
  if (score === null || score >= limits.softReview) return null;
  const judgement = focusOf(measures);
  if (judgement && explainsScore(judgement, score, limits)) return tellFault(judgement, score, limits);
  const { focus } = measures;
  if (!focus) return null;
  const isSure = score < limits.softReject && focus.texture >= limits.sureTexture;
  const cause = focus.motion > 0.3 ? ' The blur runs in one direction: the camera or the subject moved.' : '';
  const text = (isSure ? 'Nothing in the picture is sharp.' : 'The picture looks a little soft.') + cause;
  return faultOf('soft-focus', text, score, isSure, limits, focus.region);
}

/** Of small pictures the quick look counts most (scores.ts): a fault that only it has seen is told in its words, not by a blur that passes. */
function explainsScore({ state, score: own }: FocusJudgement, score: number, { softReject }: FocusLimits): boolean {
  if (state === 'sharp' || own === null) return false;
  return state !== 'soft' || score >= softReject || own < softReject;
}

/** A picture whose subject is missed is for the person to see: what is sharp instead may be what was meant. */
function tellFault(judgement: FocusJudgement, score: number, limits: FocusLimits): Fault | null {
  const { state, from, region, motion, isOneOfGroup, ownScore } = judgement;
  // A second face that is softer is for the person to see: it alone rejects nothing.
  const isSure = score < limits.softReject && !isOneOfGroup && (ownScore ?? score) < limits.softReject;
  const where = isOneOfGroup ? 'on one of the faces' : subjectWords[from];
  if (state === 'missed-focus') return faultOf('missed-focus', `It is sharp elsewhere, but ${where} it is not: ${writeBlur(judgement)}.`, score, false, limits, region);
  if (state === 'motion' && motion) {
    const way = motion.degrees === null ? 'The camera turned' : `The camera or the subject moved ${describeDirection(motion.degrees)}`;
    return faultOf('motion-blur', `${way}: details ${from === 'whole' ? 'are' : `${where} are`} smeared over ${motion.length} pixels.`, score, isSure, limits, region);
  }
  const known = from === 'eyes' || from === 'faces' || from === 'af-point';
  const what = known ? `It is soft ${where}` : isSure ? 'Nothing in the picture is sharp' : 'The picture is a little soft';
  return faultOf('soft-focus', `${what}: ${writeBlur(judgement)}.`, score, isSure, limits, region);
}

/** Where a good photo is sharp, as a sentence behind another, and the place; nothing where nobody knows the subject. */
export function describeFocus(measures: Measures | null): { readonly text: string; readonly region: Region | null } {
  const judgement = measures ? focusOf(measures) : null;
  const isKnown = judgement?.state === 'sharp' && (judgement.from === 'eyes' || judgement.from === 'faces' || judgement.from === 'af-point');
  if (!isKnown) return { text: '', region: null };
  return { text: ` It is sharp ${subjectWords[judgement.from]}${judgement.isShallow ? ', before a soft background' : ''}.`, region: judgement.region };
}

const subjectWords: Readonly<Record<SubjectSource, string>> = {
  eyes: 'on the eyes',
  faces: 'on the face',
  'af-point': 'where the camera focused',
  saliency: 'on what stands out',
  sharpest: 'in its sharpest part',
  whole: 'everywhere',
  none: 'anywhere',
};

function writeBlur({ blur, limit }: FocusJudgement): string {
  return `edges are ${(2 * (blur ?? 0)).toFixed(1)} pixels wide, up to ${(2 * limit).toFixed(1)} pass as sharp`;
}

/** Degrees from right towards down, as seen. */
function describeDirection(degrees: number): string {
  if (degrees < 22.5 || degrees >= 157.5) return 'sideways';
  if (degrees < 67.5) return 'from upper left to lower right';
  return degrees < 112.5 ? 'up or down' : 'from lower left to upper right';
}

function faultOf(code: string, text: string, score: number, isSure: boolean, limits: FocusLimits, region: Reason['region']): Fault {
  return { severity: isSure ? 'reject' : 'review', reason: { code, text, value: score, threshold: isSure ? limits.softReject : limits.softReview, region: region ?? null } };
}
