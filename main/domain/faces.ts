/**
 * Faces and eyes: what is measured of them, and which of them matter. Boxes and points are in fractions of the oriented picture; left
 * and right are the subject's own sides.
 */
import { limitRegion } from './region.ts';
import type { Region } from './region.ts';

export const eyeStates = ['open', 'closed', 'unknown'] as const;
export type EyeState = (typeof eyeStates)[number];

/**
 * Why an eye's state cannot be told. `small`: too few pixels; `turned`: the head is, or the eye is at the far side of it; `hidden`: the
 * face cannot be made out, or the eye is covered (dark glasses, hair); `disagree`: the two ways of measuring do not say the same.
 */
export const eyeDoubts = ['small', 'turned', 'hidden', 'disagree'] as const;
export type EyeDoubt = (typeof eyeDoubts)[number];

/** For sentences: `The eyes cannot be told: the head is turned.` */
export const eyeDoubtWords: Readonly<Record<EyeDoubt, string>> = {
  small: 'too small in the picture',
  turned: 'the head is turned',
  hidden: 'covered or not to be made out',
  disagree: 'the measurements disagree',
};

export interface FacePoint {
  readonly x: number;
  readonly y: number;
}

export interface EyeMeasure {
  readonly state: EyeState;
  /** Null unless the state is unknown. */
  readonly why: EyeDoubt | null;
  /** How sure the classifier is that it is open, 0..1; null where it was not asked. */
  readonly openness: number | null;
  /** Height of the opening over its width, from the contour of the lids; null where it was not measured. */
  readonly ratio: number | null;
  /** Outer and inner corner; null where they were not looked for. */
  readonly corners: readonly [FacePoint, FacePoint] | null;
  /** Distance between the corners in pixels of the picture that it was measured on; an estimate where there are no corners. */
  readonly width: number;
}

export interface FaceMeasure {
  readonly box: Region;
  /** How sure the detector is, 0..1. */
  readonly score: number;
  /** 0..1, how much the face matters in the picture; see `weighFaces`. */
  readonly importance: number;
  /** 0..1: how fine the face's structure is; compares faces of one picture. */
  readonly sharpness: number;
  /**
   * Degrees; null where the face is too small to be measured or cannot be made out. `yaw`: the head turned to the picture's right is
   * positive; `pitch`: bent down is positive; `roll`: clockwise as seen.
   */
  readonly pose: { readonly yaw: number; readonly pitch: number; readonly roll: number } | null;
  readonly eyes: { readonly left: EyeMeasure; readonly right: EyeMeasure };
}

export interface FacesMeasure {
  /** By importance, the greatest first. */
  readonly faces: readonly FaceMeasure[];
  /** Long edge in pixels of the largest picture that eyes were measured on. */
  readonly edge: number;
}

/** A face matters from here on; the most important one has 1. */
export const leastImportance = 0.35;

/**
 * How much each face matters, 1 for the one that does most: its height against the largest, times its place (1 in the middle of the
 * picture, falling to 0.5 at a corner), times its sharpness against the sharpest (a face without any structure counts 0.4 of that), times
 * the share of it that is inside the picture. So passers-by in a soft background count little, and people in the last row of a group count.
 */
export function weighFaces(faces: readonly Pick<FaceMeasure, 'box' | 'sharpness'>[]): number[] {
  const highest = Math.max(...faces.map(({ box }) => box.h), 1e-9);
  const sharpest = Math.max(...faces.map(({ sharpness }) => sharpness), 1e-9);
  const weights = faces.map(({ box, sharpness }) => {
    const [dx, dy] = [2 * (box.x + box.w / 2) - 1, 2 * (box.y + box.h / 2) - 1];
    const place = 1 - 0.5 * Math.min(1, Math.hypot(dx, dy) / Math.SQRT2);
    return (box.h / highest) * place * (0.4 + (0.6 * sharpness) / sharpest) * shareInside(box);
  });
  const most = Math.max(...weights, 1e-9);
  return weights.map((weight) => Math.round((1000 * weight) / most) / 1000);
}

function shareInside({ x, y, w, h }: Region): number {
  const across = Math.min(1, x + w) - Math.max(0, x);
  const down = Math.min(1, y + h) - Math.max(0, y);
  return w > 0 && h > 0 ? Math.max(0, Math.min(1, (across * down) / (w * h))) : 0;
}

/** The faces that matter. */
export function importantFaces({ faces }: FacesMeasure): FaceMeasure[] {
  return faces.filter(isImportant);
}

/** Whether a face counts for the photo; the most important one has 1. */
export function isImportant({ importance }: Pick<FaceMeasure, 'importance'>): boolean {
  return importance >= leastImportance;
}

/** Both eyes together; an eye that cannot be told follows the other. `one-closed`: a wink, or half a blink. */
export type EyesOfFace = 'open' | 'closed' | 'one-closed' | 'unknown';

export function eyesOf({ eyes: { left, right } }: Pick<FaceMeasure, 'eyes'>): EyesOfFace {
  const known = [left.state, right.state].filter((state) => state !== 'unknown');
  if (known.length === 0) return 'unknown';
  const closed = known.filter((state) => state === 'closed').length;
  return closed === 0 ? 'open' : closed === known.length ? 'closed' : 'one-closed';
}

/** The reason that most of these eyes share; null where all can be told. */
export function commonDoubt(faces: readonly Pick<FaceMeasure, 'eyes'>[]): EyeDoubt | null {
  const doubts = faces.flatMap(({ eyes }) => [eyes.left.why, eyes.right.why]);
  const count = (doubt: EyeDoubt): number => doubts.filter((one) => one === doubt).length;
  const most = eyeDoubts.reduce((best, doubt) => (count(doubt) > count(best) ? doubt : best));
  return count(most) > 0 ? most : null;
}

const worstFirst: readonly EyesOfFace[] = ['closed', 'one-closed', 'open', 'unknown'];

/**
 * The face by whose eyes the photo is judged: of those that matter the one whose eyes are worst, what cannot be told being no reason
 * against a photo; of several the most important. Null where there is no face.
 */
export function findWorstFace(measure: FacesMeasure): { readonly face: FaceMeasure; readonly eyes: EyesOfFace } | null {
  let worst: { face: FaceMeasure; eyes: EyesOfFace } | null = null;
  for (const face of importantFaces(measure)) {
    const eyes = eyesOf(face);
    if (worst === null || worstFirst.indexOf(eyes) < worstFirst.indexOf(worst.eyes)) worst = { face, eyes };
  }
  return worst;
}

/** Where the eyes of a face are, with half an eye around them; the face itself where they were not looked for. */
export function eyesRegion({ box, eyes }: Pick<FaceMeasure, 'box' | 'eyes'>): Region {
  const points = [eyes.left, eyes.right].flatMap(({ corners }) => corners ?? []);
  if (points.length === 0) return box;
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const around = Math.max(right - left, bottom - top) / 6;
  return limitRegion({ x: left - around, y: top - around, w: right - left + 2 * around, h: bottom - top + 2 * around }) ?? box;
}
