/**
 * Finds faces with YuNet (Wu, Peng and Yu 2023, "YuNet: a tiny millisecond-level face detector"; the file of opencv_zoo, 2023mar).
 * The picture is fitted inside 640 x 640 at the top left, blue, green and red from 0 to 255; the rest is black.
 */
import { ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { yunetEdge, yunetStrides } from '../../domain/index.ts';
import type { ModelRunner, Tensor } from '../../ports/index.ts';
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
  // Taken, so that a second picture in the meantime gets its own.
  const buffer = spare ?? new Float32Array(3 * yunetEdge * yunetEdge);
  spare = null;
  const answer = await runner.run('yunet', { input: fitInput(scales, columns, rows, buffer) });
  spare = buffer;
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

/** Five megabytes, kept from picture to picture: new memory costs as much as filling it. */
let spare: Float32Array | null = null;

/** Bilinear from the smallest halving that has enough pixels; a fifth of the time that the way by turned crops takes. */
function fitInput(scales: Scales, columns: number, rows: number, input: Float32Array): Tensor {
  const area = yunetEdge * yunetEdge;
  const { width, height, channels, data } = scales.at(Math.max(0, Math.floor(Math.log2(scales.width / columns))));
  const [across, down] = [placesOf(columns, width), placesOf(rows, height)];
  const step = channels === 3 ? 1 : 0;
  input.fill(0);
  for (let row = 0; row < rows; row++) {
    const top = down.first[row]! * width * channels;
    const bottom = down.second[row]! * width * channels;
    const low = down.share[row]!;
    for (let column = 0; column < columns; column++) {
      const right = across.share[column]!;
      const left = across.first[column]! * channels;
      const next = across.second[column]! * channels;
      const a = top + left;
      const b = top + next;
      const c = bottom + left;
      const d = bottom + next;
      const forA = (1 - right) * (1 - low);
      const forB = right * (1 - low);
      const forC = (1 - right) * low;
      const forD = right * low;
      const to = row * yunetEdge + column;
      input[to + 2 * area] = forA * data[a]! + forB * data[b]! + forC * data[c]! + forD * data[d]!;
      input[to + area] = forA * data[a + step]! + forB * data[b + step]! + forC * data[c + step]! + forD * data[d + step]!;
      input[to] = forA * data[a + 2 * step]! + forB * data[b + 2 * step]! + forC * data[c + 2 * step]! + forD * data[d + 2 * step]!;
    }
  }
  return { dims: [1, 3, yunetEdge, yunetEdge], data: input };
}

/** For each of `count` places along an edge of `size` pixels: the two pixels around it, and the share of the second. */
function placesOf(count: number, size: number): { first: Uint32Array; second: Uint32Array; share: Float64Array } {
  const places = { first: new Uint32Array(count), second: new Uint32Array(count), share: new Float64Array(count) };
  for (let index = 0; index < count; index++) {
    const at = Math.max(0, Math.min(size - 1, ((index + 0.5) * size) / count - 0.5));
    places.first[index] = Math.floor(at);
    places.second[index] = Math.min(size - 1, Math.floor(at) + 1);
    places.share[index] = at - Math.floor(at);
  }
  return places;
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
