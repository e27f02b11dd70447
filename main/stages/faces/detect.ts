/**
 * Finds faces with YuNet (Wu, Peng and Yu 2023, "YuNet: a tiny millisecond-level face detector"; the file of opencv_zoo, 2023mar).
 * The picture is fitted inside 640 x 640 at the top left, blue, green and red from 0 to 255; the rest is black.
 */
import { ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { yunetEdge, yunetStrides } from '../../domain/index.ts';
import type { ModelRunner, Tensor } from '../../ports/index.ts';
import { sampleCrop } from './crop.ts';
import type { Point, Scales } from './crop.ts';

/** A face in pixels of the picture. The eyes are the subject's own right and left. */
export interface FoundFace {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly score: number;
  readonly rightEye: Point;
  readonly leftEye: Point;
}

/** As published with the model: what is less sure is no face. */
const minScore = 0.6;
/** Of two boxes that cover each other so far (intersection over union), the surer one is the face. */
const maxOverlap = 0.3;
const mostCandidates = 2_000;

/** Faces, largest first, at most `most`. Errors: those of the runner. */
export async function detectFaces(scales: Scales, runner: ModelRunner, most: number): Promise<Result<FoundFace[]>> {
  const scale = Math.min(yunetEdge / scales.width, yunetEdge / scales.height);
  const [columns, rows] = [Math.max(1, Math.round(scales.width * scale)), Math.max(1, Math.round(scales.height * scale))];
  const answer = await runner.run('yunet', { input: fitInput(scales, columns, rows) });
  if (!answer.ok) return answer;
  const [toX, toY] = [scales.width / columns, scales.height / rows];
  const candidates = readCandidates(answer.value).map((face) => ({
    ...face,
    x: face.x * toX,
    y: face.y * toY,
    w: face.w * toX,
    h: face.h * toY,
    rightEye: { x: face.rightEye.x * toX, y: face.rightEye.y * toY },
    leftEye: { x: face.leftEye.x * toX, y: face.leftEye.y * toY },
  }));
  const inside = suppressOverlaps(candidates).filter(({ x, y, w, h }) => x + w > 0 && y + h > 0 && x < scales.width && y < scales.height);
  return ok(inside.sort((a, b) => b.w * b.h - a.w * a.h).slice(0, most));
}

function fitInput(scales: Scales, columns: number, rows: number): Tensor {
  const area = yunetEdge * yunetEdge;
  const fitted = new Float32Array(3 * columns * rows);
  sampleCrop(scales, { center: { x: scales.width / 2, y: scales.height / 2 }, width: scales.width, height: scales.height, angle: 0 }, columns, rows, fitted);
  const data = new Float32Array(3 * area);
  for (let channel = 0; channel < 3; channel++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) data[(2 - channel) * area + row * yunetEdge + column] = 255 * fitted[(channel * rows + row) * columns + column]!;
  return { dims: [1, 3, yunetEdge, yunetEdge], data };
}

/** Every cell of the three grids states one box by its offset from the cell and the logarithm of its size over the cell's. */
function readCandidates(answers: Readonly<Record<string, Tensor>>): FoundFace[] {
  const faces: FoundFace[] = [];
  for (const stride of yunetStrides) {
    const columns = yunetEdge / stride;
    const [classes, objects, boxes, points] = ['cls', 'obj', 'bbox', 'kps'].map((kind) => answers[`${kind}_${stride}`]!.data) as [Float32Array, Float32Array, Float32Array, Float32Array];
    for (let cell = 0; cell < columns * columns; cell++) {
      const score = Math.sqrt(unit(classes[cell]!) * unit(objects[cell]!));
      if (!(score >= minScore)) continue;
      const [column, row] = [cell % columns, Math.floor(cell / columns)];
      const [w, h] = [Math.exp(boxes[4 * cell + 2]!) * stride, Math.exp(boxes[4 * cell + 3]!) * stride];
      const x = (column + boxes[4 * cell]!) * stride - w / 2;
      const y = (row + boxes[4 * cell + 1]!) * stride - h / 2;
      const point = (index: number): Point => ({ x: (points[10 * cell + 2 * index]! + column) * stride, y: (points[10 * cell + 2 * index + 1]! + row) * stride });
      const face = { x, y, w, h, score, rightEye: point(0), leftEye: point(1) };
      if ([x, y, w, h, face.rightEye.x, face.rightEye.y, face.leftEye.x, face.leftEye.y].every(Number.isFinite)) faces.push(face);
    }
  }
  return faces.sort((a, b) => b.score - a.score).slice(0, mostCandidates);
}

/** @param faces the surest first */
function suppressOverlaps(faces: readonly FoundFace[]): FoundFace[] {
  const kept: FoundFace[] = [];
  for (const face of faces) if (kept.every((other) => overlapOf(face, other) <= maxOverlap)) kept.push(face);
  return kept;
}

function overlapOf(a: FoundFace, b: FoundFace): number {
  const across = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  if (across <= 0 || down <= 0) return 0;
  return (across * down) / (a.w * a.h + b.w * b.h - across * down);
}

function unit(value: number): number {
  return Math.max(0, Math.min(1, value));
}
