/**
 * Open or closed: a classifier of eye pictures (OCEC, by its own scale sure of itself also where it should not be) and the contour of the
 * lids by MediaPipe's iris model, whose opening over its width is the eye aspect ratio (Soukupova and Cech 2016, "Real-time eye blink
 * detection using facial landmarks"). Only where both say the same it is said; and not where the eye is small, turned away or covered.
 */
import { ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { EyeDoubt, EyeMeasure, EyeState } from '../../domain/index.ts';
import type { ModelRunner } from '../../ports/index.ts';
import { sampleCrop } from './crop.ts';
import type { Point, Scales } from './crop.ts';
import { distanceOf, meshEdge, meshPoints, middleOf } from './mesh.ts';
import type { Mesh } from './mesh.ts';

const [eyeColumns, eyeRows] = [40, 24];
const eyeNumbers = 3 * eyeColumns * eyeRows;
const irisEdge = 64;
/** Side of the iris model's square over the distance of the eye's corners. */
const irisMargin = 2.3;

/**
 * What the two must say. The contour's ratio was between 0.18 and 0.38 for open eyes and 0.1 for a closed one (see docs/accuracy.md):
 * between the limits, and where the two differ, nothing is said.
 */
export const eyeLimits = { open: { openness: 0.7, ratio: 0.15 }, closed: { openness: 0.2, ratio: 0.15 }, minWidth: 20, maxYaw: 30, maxPitch: 35, minPresence: 12, farSide: 0.6, covered: 0.4 } as const;

type Side = 'left' | 'right';

/** One eye before it is judged. */
interface SeenEye {
  readonly side: Side;
  readonly outer: Point;
  readonly inner: Point;
  readonly width: number;
  /** Brightness of its light parts over that of the cheek below. */
  readonly brightness: number;
  /** As OCEC takes it. */
  readonly picture: Float32Array;
}

/** Eyes of one face, in fractions of the picture. Errors: those of the runner. */
export async function readEyes(scales: Scales, mesh: Mesh, runner: ModelRunner): Promise<Result<{ left: EyeMeasure; right: EyeMeasure }>> {
  const seen = (['left', 'right'] as const).map((side) => seeEye(scales, mesh, side));
  const [left, right] = seen as [SeenEye, SeenEye];
  const batch = new Float32Array(2 * eyeNumbers);
  batch.set(left.picture, 0);
  batch.set(right.picture, eyeNumbers);
  const openness = await runner.run('ocec', { images: { dims: [2, 3, eyeRows, eyeColumns], data: batch } });
  if (!openness.ok) return openness;
  const measured: EyeMeasure[] = [];
  for (const [index, eye] of seen.entries()) {
    const ratio = await readRatio(scales, mesh, eye, runner);
    if (!ratio.ok) return ratio;
    const other = seen[1 - index]!;
    measured.push(judgeEye(eye, other, mesh, openness.value['prob_open']!.data[index]!, ratio.value, scales));
  }
  return ok({ left: measured[0]!, right: measured[1]! });
}

/** An eye that was not looked at. @param width estimated, in pixels */
export function unseenEye(why: EyeDoubt, width: number): EyeMeasure {
  return { state: 'unknown', why, openness: null, ratio: null, corners: null, width: round(width, 10) };
}

function seeEye(scales: Scales, mesh: Mesh, side: Side): SeenEye {
  const outer = mesh.at(side === 'left' ? meshPoints.leftOuter : meshPoints.rightOuter);
  const inner = mesh.at(side === 'left' ? meshPoints.leftInner : meshPoints.rightInner);
  const width = distanceOf(outer, inner);
  const picture = new Float32Array(eyeNumbers);
  // A wider crop takes in lashes and brows, by which the classifier errs.
  sampleCrop(scales, { center: middleOf(outer, inner), width, height: (width * eyeRows) / eyeColumns, angle: mesh.roll }, eyeColumns, eyeRows, picture);
  const light = Array.from({ length: eyeColumns * eyeRows }, (_, index) => lumaAt(picture, index, eyeColumns * eyeRows)).sort((a, b) => a - b);
  const cheeks = meshPoints.cheeks[side];
  const skin = cheeks.reduce((sum, index) => sum + lumaOfPoint(mesh, index), 0) / cheeks.length;
  return { side, outer, inner, width, brightness: light[Math.floor(0.9 * light.length)]! / Math.max(0.02, skin), picture };
}

/** Height of the opening over its width; the model knows right eyes, so a left one is mirrored. */
async function readRatio(scales: Scales, mesh: Mesh, { side, outer, inner, width }: SeenEye, runner: ModelRunner): Promise<Result<number>> {
  const data = new Float32Array(3 * irisEdge * irisEdge);
  sampleCrop(scales, { center: middleOf(outer, inner), width: irisMargin * width, height: irisMargin * width, angle: mesh.roll, isMirrored: side === 'left' }, irisEdge, irisEdge, data);
  const answer = await runner.run('iris', { input_1: { dims: [1, 3, irisEdge, irisEdge], data } });
  if (!answer.ok) return answer;
  return ok(ratioOfContour(answer.value['output_eyes_contours_and_brows']!.data));
}

/** The eye aspect ratio. `points` are x, y, z: 0 and 8 are the corners, 1 to 7 the lower lid, 9 to 15 the upper one. */
export function ratioOfContour(points: Float32Array): number {
  const distance = (a: number, b: number): number => Math.hypot(points[3 * a]! - points[3 * b]!, points[3 * a + 1]! - points[3 * b + 1]!);
  return (distance(3, 11) + distance(4, 12) + distance(5, 13)) / Math.max(1e-6, 3 * distance(0, 8));
}

function judgeEye(eye: SeenEye, other: SeenEye, mesh: Mesh, openness: number, ratio: number, scales: Scales): EyeMeasure {
  const doubt = findDoubt(eye, other, mesh);
  const state = doubt ? 'unknown' : stateOfEye(openness, ratio);
  const inFractions = ({ x, y }: Point): Point => ({ x: round(x / scales.width, 1e5), y: round(y / scales.height, 1e5) });
  return {
    state,
    why: state === 'unknown' ? (doubt ?? 'disagree') : null,
    openness: round(openness, 1e3),
    ratio: round(ratio, 1e3),
    corners: [inFractions(eye.outer), inFractions(eye.inner)],
    width: round(eye.width, 10),
  };
}

/** What the two measures say together: `unknown` where they do not agree, or are not sure. */
export function stateOfEye(openness: number, ratio: number): EyeState {
  const { open, closed } = eyeLimits;
  if (openness >= open.openness && ratio >= open.ratio) return 'open';
  return openness <= closed.openness && ratio < closed.ratio ? 'closed' : 'unknown';
}

function findDoubt(eye: SeenEye, other: SeenEye, { presence, yaw, pitch }: Mesh): EyeDoubt | null {
  const limits = eyeLimits;
  const isTurned = Math.abs(yaw) > limits.maxYaw || Math.abs(pitch) > limits.maxPitch || eye.width < limits.farSide * other.width;
  if (!(presence >= limits.minPresence)) return isTurned ? 'turned' : 'hidden';
  if (isTurned) return 'turned';
  if (eye.width < limits.minWidth) return 'small';
  return eye.brightness < limits.covered ? 'hidden' : null;
}

/** Luma of ITU-R BT.601, the mean of 5 x 5 pixels around a point of the mesh. */
function lumaOfPoint(mesh: Mesh, index: number): number {
  const { x, y } = mesh.inInput(index);
  const clamp = (value: number): number => Math.max(2, Math.min(meshEdge - 3, Math.round(value)));
  const [column, row] = [clamp(x), clamp(y)];
  let sum = 0;
  for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) sum += lumaAt(mesh.input, (row + dy) * meshEdge + column + dx, meshEdge * meshEdge);
  return sum / 25;
}

function lumaAt(planes: Float32Array, index: number, plane: number): number {
  return 0.299 * planes[index]! + 0.587 * planes[index + plane]! + 0.114 * planes[index + 2 * plane]!;
}

function round(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}
