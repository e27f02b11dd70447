/** Keep, review or reject, and why. A suggestion to a person, made only from stored measures. */
import type { ExposureMeasure, PhotoFacts } from './photo.ts';
import { describeLead, isTie, tieMargin } from './grouping/best.ts';
import { minTexture, scoreOf } from './scores.ts';
import { groupNames, isKeptWhole } from './verdict-types.ts';
import type { Group, Judgement, Reason, Scores, Verdict } from './verdict-types.ts';

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

/** Numbers that verdicts turn on. Rejection has its own, far from the others: it must be sure. */
export const verdictLimits = {
  /** Focus score: below the first clearly soft, below the second worth a look. */
  softReject: 0.15,
  softReview: 0.5,
  /** Share of structured windows that a clear verdict on focus needs. */
  sureTexture: 0.1,
  /** Share of clipped pixels, and darkest tones that are bright all the same: nothing is left to see. */
  blownReject: 0.75,
  blownDarkest: 0.5,
  /** 99th percentile of luma: hardly anything is lit. */
  blackReject: 0.06,
  exposureReview: 0.45,
  /** How much lower technical quality and focus must be than the best of the burst to be rejected for it. */
  weakerTechnical: 0.35,
  weakerFocus: 0.3,
} as const;

interface Fault {
  readonly severity: 'review' | 'reject';
  readonly reason: Reason;
}

/**
 * Judges one photo. Null for a file that is no photo. What has errors or cannot be measured is for review, never rejected;
 * frames of an exposure bracket are all kept; the best of a group is never rejected, so that none is lost as a whole.
 */
export function judge(photo: PhotoFacts, context: JudgeContext = aloneContext, scores: Scores = scoreOf(photo.measures)): Judgement | null {
  if (isNoPhoto(photo)) return null;
  const { verdict, reasons } = decide(photo, scores, context);
  return { verdict, scores, reasons };
}

function isNoPhoto(photo: PhotoFacts): boolean {
  if (photo.errors.some((error) => error.code === 'not-a-photo')) return true;
  return photo.format === 'other' && photo.errors.length === 0;
}

function decide(photo: PhotoFacts, scores: Scores, context: JudgeContext): { verdict: Verdict; reasons: Reason[] } {
  if (photo.errors.length > 0) return { verdict: 'review', reasons: tellErrors(photo) };
  if (context.copyOf !== null) {
    const { name, isSameFile } = context.copyOf;
    const text = isSameFile ? `The same file as ${name}, byte by byte.` : `The same picture as ${name}, bit by bit; only what is written about it differs.`;
    return { verdict: 'review', reasons: [because('exact-copy', text)] };
  }
  const { group } = context;
  if (group && isKeptWhole(group.kind)) return { verdict: 'keep', reasons: [because(...wholeReasons(group))] };
  const unknown = findUnknown(photo, scores);
  const faults = findFaults(photo, scores);
  const reasons = [...faults.map((fault) => fault.reason), ...unknown];
  const isBest = group === null || group.best === photo.id;
  if (!isBest && context.best) {
    const weaker = compareWithBest(scores, group, context.best);
    const isRejected = weaker.severity === 'reject' || faults.some((fault) => fault.severity === 'reject');
    return { verdict: isRejected ? 'reject' : 'review', reasons: [weaker.reason, ...reasons] };
  }
  if (faults.some((fault) => fault.severity === 'reject') && group === null) return { verdict: 'reject', reasons };
  const praise = group && group.kind !== 'exact-copy' ? [praiseBest(group, context, scores)] : [];
  if (reasons.length > 0) return { verdict: 'review', reasons: [...reasons, ...praise] };
  const good = because('good-quality', 'Sharp and well exposed.', scores.focus, verdictLimits.softReview);
  return { verdict: 'keep', reasons: [...praise, good] };
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
function findUnknown(photo: PhotoFacts, scores: Scores): Reason[] {
  if (!photo.measures?.focus && !photo.measures?.exposure) return [because('not-measured', 'Not looked at yet.')];
  if (scores.focus !== null) return [];
  const texture = photo.measures.focus?.texture ?? null;
  return [because('focus-unknown', 'There is too little structure in the picture to tell whether it is in focus.', texture, minTexture)];
}

function findFaults(photo: PhotoFacts, scores: Scores): Fault[] {
  const faults: Fault[] = [];
  const focus = photo.measures?.focus;
  if (focus && scores.focus !== null && scores.focus < verdictLimits.softReview) {
    const isSure = scores.focus < verdictLimits.softReject && focus.texture >= verdictLimits.sureTexture;
    const cause = focus.motion > 0.3 ? ' The blur runs in one direction: the camera or the subject moved.' : '';
    const text = (isSure ? 'Nothing in the picture is sharp.' : 'The picture looks a little soft.') + cause;
    faults.push({ severity: isSure ? 'reject' : 'review', reason: because('soft-focus', text, scores.focus, isSure ? verdictLimits.softReject : verdictLimits.softReview) });
  }
  const exposure = photo.measures?.exposure;
  const fault = exposure ? findExposureFault(exposure, scores.exposure) : null;
  // A RAW's preview without any tone may be a placeholder that says nothing of the photo.
  const mayBePlaceholder = photo.preview?.source === 'embedded' && exposure && exposure.p99 - exposure.p1 < 0.01;
  if (fault) faults.push(mayBePlaceholder ? { ...fault, severity: 'review' } : fault);
  return faults;
}

function findExposureFault(exposure: ExposureMeasure, score: number | null): Fault | null {
  const limits = verdictLimits;
  if (exposure.p99 < limits.blackReject) return { severity: 'reject', reason: because('black', 'The picture is black.', exposure.p99, limits.blackReject) };
  if (exposure.clippedHigh >= limits.blownReject && exposure.p1 >= limits.blownDarkest)
    return { severity: 'reject', reason: because('blown-out', 'Nearly all of the picture is blown out.', exposure.clippedHigh, limits.blownReject) };
  if (score === null || score >= limits.exposureReview) return null;
  const isBright = exposure.clippedHigh > 0.3 || exposure.mean > 0.6;
  const reason = isBright
    ? because('overexposed', 'The picture is too bright; much of the highlights is lost.', score, limits.exposureReview)
    : because('underexposed', 'The picture is very dark.', score, limits.exposureReview);
  return { severity: 'review', reason };
}

/** How much better than the second; "as good as" where the scores do not know better. */
function praiseBest(group: Group, { runnerUpName }: JudgeContext, { technical }: Scores): Reason {
  const count = `${group.photoIds.length} in this ${groupNames[group.kind]}`;
  if (isTie(group)) return because('tie-for-best', `The first of ${count} that are equally good${runnerUpName ? `, with ${runnerUpName}` : ''}.`, group.margin, tieMargin);
  const lead = runnerUpName ? `, ${describeLead(group, runnerUpName)}` : '';
  return because('best-of-group', `The best of ${count}${lead}.`, technical, technical === null || group.margin === null ? null : technical - group.margin);
}

/** Only a burst's frames are rejected for being weaker: there the moments hardly differ. */
function compareWithBest(scores: Scores, group: Group, best: NonNullable<JudgeContext['best']>): Fault {
  const { technical, focus } = scores;
  const top = best.scores;
  const isClear =
    group.kind === 'burst' && technical !== null && focus !== null && top.technical !== null && top.focus !== null &&
    technical <= top.technical - verdictLimits.weakerTechnical && focus <= top.focus - verdictLimits.weakerFocus;
  if (isClear) return { severity: 'reject', reason: because('weaker-in-burst', `Clearly softer than ${best.name}, the best of this burst.`, technical, top.technical) };
  return { severity: 'review', reason: because('not-best-of-group', `${best.name} is the best of this ${groupNames[group.kind]}.`, technical, top.technical) };
}

function because(code: string, text: string, value: number | null = null, threshold: number | null = null): Reason {
  return { code, text, value, threshold };
}
