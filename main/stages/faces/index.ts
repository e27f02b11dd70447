/**
 * Stage `faces`: where faces are, how much each matters, and whether its eyes are open. Detection (YuNet) on the analysis picture, then
 * for each face that is large enough the mesh (FaceMesh, twice) and both eyes (iris contour and OCEC). An eye needs about twenty pixels
 * between its corners: where a face that matters has fewer, a larger decode of the photo is asked for, once.
 */
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { leastImportance, weighFaces } from '../../domain/index.ts';
import type { FaceMeasure, FacesMeasure, Region } from '../../domain/index.ts';
import type { ModelRunner, Pixels } from '../../ports/index.ts';
import { createScales } from './crop.ts';
import type { Scales } from './crop.ts';
import { detectFaces } from './detect.ts';
import type { FoundFace } from './detect.ts';
import { eyeLimits, readEyes, unseenEye } from './eyes.ts';
import { degrees, readMesh } from './mesh.ts';
import { sharpnessOf } from './sharpness.ts';

export { eyeLimits } from './eyes.ts';

/** In a face seen from the front an eye is about so wide, in widths of the detector's box. */
const eyeShare = 0.22;
/** Below this share of the width that is needed the eyes are not looked at: it costs some ten milliseconds a face. */
const worthLooking = 0.75;
/** Faces that are named, and those whose eyes are looked at; a stadium has thousands. */
const mostFaces = 60;
const mostMeshes = 16;
/** How much larger than needed the larger picture is asked for. */
const reserve = 1.3;

export interface FacesTools {
  readonly runner: ModelRunner;
  /**
   * The same picture with a long edge of about `edge` pixels, or as much as there is; null where there is no more. Asked for once at most.
   */
  readonly decodeLarger: ((edge: number) => Promise<Result<Pixels> | null>) | null;
}

/**
 * Measures faces and eyes of an upright picture of at most about 1600 pixels. A picture without faces has none, and that is an answer.
 * Errors: preview-broken for pixels that are none, and those of the runner (model-missing, model-wrong, native-missing, infer-failed).
 */
export async function measureFaces(pixels: Pixels, { runner, decodeLarger }: FacesTools): Promise<Result<FacesMeasure>> {
  const { width, height, channels, data } = pixels;
  if (width < 1 || height < 1 || data.length < width * height * channels) return fail('preview-broken', 'The decoded picture has no pixels.');
  const scales = createScales(pixels);
  const detected = await detectFaces(scales, runner, mostFaces);
  if (!detected.ok) return detected;
  const found = detected.value.map((face) => ({ face, box: boxOf(face, scales), sharpness: sharpnessOf(scales, face) }));
  const weights = weighFaces(found);
  const eyeWidths = found.filter((_, at) => weights[at]! >= leastImportance).map(({ face }) => face.w * eyeShare);
  const larger = await enlarge(scales, eyeWidths, decodeLarger);
  const ranked = found.map((one, at) => ({ ...one, importance: weights[at]! })).sort((a, b) => b.importance - a.importance);
  const faces: FaceMeasure[] = [];
  let meshes = 0;
  for (const { face, box, sharpness, importance } of ranked) {
    const isSeen = face.w * eyeShare * (larger.width / scales.width) >= eyeLimits.minWidth * worthLooking && meshes < mostMeshes;
    const eyes = isSeen ? await measureEyes(larger, enlarged(face, larger.width / scales.width, larger.height / scales.height), runner) : ok(unseen(face.w * eyeShare));
    if (!eyes.ok) return eyes;
    if (isSeen) meshes += 1;
    faces.push({ box, score: round(face.score), importance, sharpness, ...eyes.value });
  }
  return ok({ faces, edge: Math.max(larger.width, larger.height) });
}

/**
 * The picture itself, or a larger one where the eyes of faces that matter are too small in it and there is a larger one.
 * A larger one that cannot be decoded is no failure: then the eyes are too small.
 */
async function enlarge(scales: Scales, eyeWidths: readonly number[], decodeLarger: FacesTools['decodeLarger']): Promise<Scales> {
  const smallest = Math.min(...eyeWidths);
  const needed = (eyeLimits.minWidth * reserve) / smallest;
  if (!decodeLarger || !Number.isFinite(needed) || needed <= reserve) return scales;
  const larger = await decodeLarger(Math.ceil(Math.max(scales.width, scales.height) * needed));
  return larger?.ok && larger.value.width > scales.width ? createScales(larger.value) : scales;
}

type Eyes = Pick<FaceMeasure, 'eyes' | 'pose'>;

async function measureEyes(scales: Scales, face: FoundFace, runner: ModelRunner): Promise<Result<Eyes>> {
  const mesh = await readMesh(scales, face, runner);
  if (!mesh.ok) return mesh;
  const eyes = await readEyes(scales, mesh.value, runner);
  if (!eyes.ok) return eyes;
  const { yaw, pitch, roll, presence } = mesh.value;
  const isMadeOut = presence >= eyeLimits.minPresence;
  return ok({ eyes: eyes.value, pose: isMadeOut ? { yaw: Math.round(yaw), pitch: Math.round(pitch), roll: Math.round(degrees(roll)) } : null });
}

function unseen(width: number): Eyes {
  return { eyes: { left: unseenEye('small', width), right: unseenEye('small', width) }, pose: null };
}

function enlarged(face: FoundFace, byX: number, byY: number): FoundFace {
  const point = ({ x, y }: { x: number; y: number }): { x: number; y: number } => ({ x: x * byX, y: y * byY });
  return { ...face, x: face.x * byX, y: face.y * byY, w: face.w * byX, h: face.h * byY, rightEye: point(face.rightEye), leftEye: point(face.leftEye) };
}

function boxOf({ x, y, w, h }: FoundFace, { width, height }: Scales): Region {
  return { x: round(x / width), y: round(y / height), w: round(w / width), h: round(h / height) };
}

function round(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
