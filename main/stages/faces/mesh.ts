/**
 * The 468 points of a face by MediaPipe's FaceMesh (Kartynnik et al. 2019, "Real-time facial surface geometry from monocular video on
 * mobile GPUs"). It wants the face upright in a square of 1.5 times its size; the detector's box is only about that, so it is run a
 * second time on the square that its own points ask for.
 */
import { ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { ModelRunner } from '../../ports/index.ts';
import { pointOf, sampleCrop } from './crop.ts';
import type { Crop, Point, Scales } from './crop.ts';
import type { FoundFace } from './detect.ts';

export const meshEdge = 192;
/** Side of the square over that of the face. */
const margin = 1.5;

/** Points of the mesh: outer and inner corner of each of the subject's eyes, top of the forehead, chin, and skin below each eye. */
export const meshPoints = { rightOuter: 33, rightInner: 133, leftInner: 362, leftOuter: 263, forehead: 10, chin: 152, cheeks: { right: [50, 205], left: [280, 425] } } as const;

export interface Mesh {
  /** In pixels of the picture. */
  at(index: number): Point;
  /** The picture that it was read from, as three planes, and a point's place there in its pixels. */
  readonly input: Float32Array;
  inInput(index: number): Point;
  /** Logit: above 0 there is a face. */
  readonly presence: number;
  /** Radians, clockwise as seen. */
  readonly roll: number;
  /** Degrees; see FaceMeasure. */
  readonly yaw: number;
  readonly pitch: number;
}

/** Errors: those of the runner. */
export async function readMesh(scales: Scales, face: FoundFace, runner: ModelRunner): Promise<Result<Mesh>> {
  const first = await runMesh(scales, cropAround({ x: face.x + face.w / 2, y: face.y + face.h / 2 }, Math.max(face.w, face.h), angleOf(face.rightEye, face.leftEye)), runner);
  if (!first.ok) return first;
  return runMesh(scales, cropOfMesh(first.value), runner);
}

function cropAround(center: Point, side: number, angle: number): Crop {
  return { center, width: side * margin, height: side * margin, angle };
}

/** The square around all points, level along the outer corners of the eyes. */
function cropOfMesh(mesh: Mesh): Crop {
  const [cos, sin] = [Math.cos(mesh.roll), Math.sin(mesh.roll)];
  const bounds = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (let index = 0; index < 468; index++) {
    const { x, y } = mesh.at(index);
    const [across, down] = [x * cos + y * sin, y * cos - x * sin];
    bounds.left = Math.min(bounds.left, across);
    bounds.right = Math.max(bounds.right, across);
    bounds.top = Math.min(bounds.top, down);
    bounds.bottom = Math.max(bounds.bottom, down);
  }
  const [across, down] = [(bounds.left + bounds.right) / 2, (bounds.top + bounds.bottom) / 2];
  return cropAround({ x: across * cos - down * sin, y: across * sin + down * cos }, Math.max(bounds.right - bounds.left, bounds.bottom - bounds.top), mesh.roll);
}

async function runMesh(scales: Scales, crop: Crop, runner: ModelRunner): Promise<Result<Mesh>> {
  const input = new Float32Array(3 * meshEdge * meshEdge);
  sampleCrop(scales, crop, meshEdge, meshEdge, input);
  const answer = await runner.run('face-mesh', { input_1: { dims: [1, 3, meshEdge, meshEdge], data: input } });
  if (!answer.ok) return answer;
  const points = answer.value['conv2d_20']!.data;
  const inInput = (index: number): Point => ({ x: points[3 * index]!, y: points[3 * index + 1]! });
  const at = (index: number): Point => pointOf(crop, points[3 * index]! / meshEdge, points[3 * index + 1]! / meshEdge);
  const { rightOuter, leftOuter, forehead, chin } = meshPoints;
  /** Depth grows away from the camera, in the units of the other two. */
  const slope = (from: number, to: number, axis: 0 | 1): number => degrees(Math.atan2(points[3 * to + 2]! - points[3 * from + 2]!, points[3 * to + axis]! - points[3 * from + axis]!));
  return ok({
    at,
    input,
    inInput,
    presence: answer.value['conv2d_30']!.data[0]!,
    roll: angleOf(at(rightOuter), at(leftOuter)),
    yaw: slope(rightOuter, leftOuter, 0),
    pitch: slope(forehead, chin, 1),
  });
}

export function angleOf(from: Point, to: Point): number {
  return Math.atan2(to.y - from.y, to.x - from.x);
}

export function distanceOf(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function middleOf(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

export function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
