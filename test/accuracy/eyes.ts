/** How often open and closed eyes are told right: on portraits whose eyes are known, as they are and spoiled in known ways, and on labelled crops. */
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { createModelRunner } from '../../main/adapters/onnx/index.ts';
import type { Result } from '../../main/base/index.ts';
import type { EyeMeasure, EyeState, FacesMeasure } from '../../main/domain/index.ts';
import type { ModelRunner, Pixels, Tensor } from '../../main/ports/index.ts';
import { createScales, sampleCrop } from '../../main/stages/faces/crop.ts';
import { ratioOfContour, stateOfEye } from '../../main/stages/faces/eyes.ts';
import { measureFaces } from '../../main/stages/faces/index.ts';
import { makeClosedFace, makeOpenFace, smileFile, winkFile } from '../fixtures/faces.ts';
import { readLabels } from './measure.ts';
import { createFolderLocator } from '../fixtures/model-folder.ts';

type Truth = 'open' | 'closed';

/** One eye of a known state, with what was said of it; null where no face was found. */
export interface JudgedEye {
  readonly condition: string;
  readonly truth: Truth;
  readonly eye: Pick<EyeMeasure, 'state' | 'why' | 'openness' | 'ratio'> | null;
}

export interface ConditionRow {
  readonly condition: string;
  readonly eyes: number;
  readonly right: number;
  readonly wrong: number;
  readonly unknown: number;
  readonly doubts: string;
}

export interface EyesReport {
  readonly rows: ConditionRow[];
  /** Over all eyes that were measured, whatever was said of them. */
  readonly auc: { readonly openness: number; readonly ratio: number };
  readonly eyes: readonly JudgedEye[];
  readonly crops: CropsReport | null;
}

const faces: readonly { readonly name: string; readonly picture: () => Promise<string | Buffer>; readonly right: Truth; readonly left: Truth }[] = [
  { name: 'wink', picture: async () => winkFile, right: 'closed', left: 'open' },
  { name: 'smile', picture: async () => smileFile, right: 'open', left: 'open' },
  { name: 'both closed', picture: makeClosedFace, right: 'closed', left: 'closed' },
  { name: 'both open', picture: makeOpenFace, right: 'open', left: 'open' },
];

/** Edges of a portrait of 1024 in which an eye has about so many pixels between its corners. */
const eyeWidths = [80, 40, 28, 24, 20, 16, 10];
const pixelsOfEye = 118;

type Spoil = (portrait: Sharp) => Sharp;
const shrink = (eye: number): Spoil => (portrait) => portrait.resize(Math.round((1024 * eye) / pixelsOfEye));

const conditions: readonly (readonly [string, Spoil])[] = [
  ['as it is', (portrait) => portrait],
  ...eyeWidths.map((eye) => [`eye of ${eye} pixels`, shrink(eye)] as const),
  ...[20, 45, 90, 180].map((angle) => [`turned by ${angle} degrees`, (portrait: Sharp) => portrait.rotate(angle, { background: 'gray' })] as const),
  ['mirrored', (portrait) => portrait.flop()],
  ['black and white', (portrait) => portrait.greyscale()],
  ['2 EV darker', (portrait) => portrait.linear(0.4, 0)],
  ['1 EV brighter', (portrait) => portrait.linear(1.5, 0)],
  ...[2, 4, 8].map((sigma) => [`blurred, sigma ${sigma} (eye of 118)`, (portrait: Sharp) => portrait.blur(sigma)] as const),
  ['cut at the top of the eyes\' brows', (portrait) => portrait.extract({ left: 0, top: 300, width: 1000, height: 700 })],
];
/** Applied to the finished picture, at an eye of 40 pixels. */
const codings: readonly (readonly [string, (portrait: Sharp) => Promise<Buffer>])[] = [
  ['JPEG of quality 20, eye of 40', (portrait) => portrait.jpeg({ quality: 20 }).toBuffer()],
  ['JPEG of quality 5, eye of 40', (portrait) => portrait.jpeg({ quality: 5 }).toBuffer()],
];

/** `folder` has the models; `photosFolder` the labelled crops, or null. */
export async function reportEyes(folder: string, photosFolder: string | null): Promise<EyesReport> {
  const runner = createModelRunner({ locate: createFolderLocator([folder]) });
  const eyes: JudgedEye[] = [];
  for (const face of faces) {
    const portrait = await sharp(await face.picture()).removeAlpha().png().toBuffer();
    const judge = async (condition: string, spoiled: Buffer): Promise<void> => {
      const measure = valueOf(await measureFaces(await pixelsOf(sharp(spoiled)), { runner, decodeLarger: null }));
      eyes.push(...pairUp(condition, face, measure, condition === 'mirrored'));
    };
    for (const [condition, spoil] of conditions) await judge(condition, await spoil(sharp(portrait)).png().toBuffer());
    for (const [condition, code] of codings) await judge(condition, await code(shrink(40)(sharp(portrait))));
  }
  const rows = [...new Set(eyes.map(({ condition }) => condition))].map((condition) => rowOf(condition, eyes.filter((eye) => eye.condition === condition)));
  const measured = eyes.filter(({ eye }) => eye !== null && eye.openness !== null);
  return {
    rows: [...rows, rowOf('all', eyes)],
    auc: { openness: aucOf(measured, ({ eye }) => eye!.openness!), ratio: aucOf(measured, ({ eye }) => eye!.ratio!) },
    eyes,
    crops: photosFolder === null ? null : await reportCrops(runner, photosFolder),
  };
}

/** A mirrored face has its sides exchanged. */
function pairUp(condition: string, { right, left }: { readonly right: Truth; readonly left: Truth }, { faces: found }: FacesMeasure, isMirrored: boolean): JudgedEye[] {
  const face = found[0];
  return [
    { condition, truth: isMirrored ? left : right, eye: face?.eyes.right ?? null },
    { condition, truth: isMirrored ? right : left, eye: face?.eyes.left ?? null },
  ];
}

function rowOf(condition: string, eyes: readonly JudgedEye[]): ConditionRow {
  const count = (is: (eye: JudgedEye, state: EyeState) => boolean): number => eyes.filter((eye) => is(eye, eye.eye?.state ?? 'unknown')).length;
  const doubts = new Map<string, number>();
  for (const { eye } of eyes) if (eye === null || eye.why) doubts.set(eye?.why ?? 'no face', (doubts.get(eye?.why ?? 'no face') ?? 0) + 1);
  return {
    condition,
    eyes: eyes.length,
    right: count(({ truth }, state) => state === truth),
    wrong: count(({ truth }, state) => state !== 'unknown' && state !== truth),
    unknown: count((_, state) => state === 'unknown'),
    doubts: [...doubts].map(([why, times]) => `${why} ${times}`).join(', '),
  };
}

export interface CropsReport extends ConditionRow {
  readonly auc: { readonly openness: number; readonly looseOpenness: number; readonly ratio: number };
}

/**
 * Loose crops of single eyes, without the face around them: the contour is looked for in the whole crop, as if it were the square that the
 * iris model wants, and its corners give the tight crop for the classifier. So only the second half of the stage is tried.
 */
async function reportCrops(runner: ModelRunner, photosFolder: string): Promise<CropsReport> {
  const labels = readLabels(photosFolder).filter(({ set, label }) => set.startsWith('eyes') && (label === 'open' || label === 'closed'));
  const judged: (JudgedEye & { readonly loose: number })[] = [];
  for (const { file, label } of labels) {
    const scales = createScales(await pixelsOf(sharp(join(photosFolder, 'quality', file))));
    const whole = { center: { x: scales.width / 2, y: scales.height / 2 }, width: scales.width, height: scales.height, angle: 0 };
    const contour = valueOf(await runner.run('iris', { input_1: tensorOf(scales, whole, 64, 64) }))['output_eyes_contours_and_brows']!.data;
    const at = (index: number): { x: number; y: number } => ({ x: (contour[3 * index]! * scales.width) / 64, y: (contour[3 * index + 1]! * scales.height) / 64 });
    const [outer, inner] = [at(0), at(8)];
    const width = Math.hypot(inner.x - outer.x, inner.y - outer.y);
    const tight = { center: { x: (outer.x + inner.x) / 2, y: (outer.y + inner.y) / 2 }, width, height: 0.6 * width, angle: Math.atan2(inner.y - outer.y, inner.x - outer.x) };
    const ask = async (crop: typeof whole): Promise<number> => valueOf(await runner.run('ocec', { images: tensorOf(scales, crop, 40, 24) }))['prob_open']!.data[0]!;
    const [openness, loose] = [await ask(tight), await ask({ ...whole, height: 0.6 * whole.width })];
    const ratio = ratioOfContour(contour);
    const state = stateOfEye(openness, ratio);
    judged.push({ condition: 'labelled crops', truth: label as Truth, eye: { state, why: state === 'unknown' ? 'disagree' : null, openness, ratio }, loose });
  }
  return {
    ...rowOf('labelled crops', judged),
    auc: { openness: aucOf(judged, ({ eye }) => eye!.openness!), looseOpenness: aucOf(judged, ({ loose }) => loose), ratio: aucOf(judged, ({ eye }) => eye!.ratio!) },
  };
}

/** Area under the ROC curve: how often an open eye has the higher value than a closed one, equals counting half (Mann and Whitney 1947). */
export function aucOf<T extends { readonly truth: Truth }>(eyes: readonly T[], value: (eye: T) => number): number {
  const [open, closed] = (['open', 'closed'] as const).map((truth) => eyes.filter((eye) => eye.truth === truth).map(value)) as [number[], number[]];
  let wins = 0;
  for (const high of open) for (const low of closed) wins += high > low ? 1 : high === low ? 0.5 : 0;
  return wins / Math.max(1, open.length * closed.length);
}

function tensorOf(scales: ReturnType<typeof createScales>, crop: Parameters<typeof sampleCrop>[1], columns: number, rows: number): Tensor {
  const data = new Float32Array(3 * columns * rows);
  sampleCrop(scales, crop, columns, rows, data);
  return { dims: [1, 3, rows, columns], data };
}

async function pixelsOf(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels as 1 | 3, data };
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** The report as `npm run accuracy` prints it. */
export function describeEyes({ rows, auc, crops }: EyesReport): string {
  const line = ({ condition, eyes, right, wrong, unknown, doubts }: ConditionRow): string => `  ${condition.padEnd(36)} ${String(eyes).padStart(4)}  right ${String(right).padStart(3)}  wrong ${String(wrong).padStart(2)}  unknown ${String(unknown).padStart(3)}  ${doubts}`.trimEnd();
  return [
    'Eyes: open or closed, on portraits whose eyes are known (two people, four faces made of them)',
    ...rows.map(line),
    `  ROC AUC over all eyes that were measured: classifier ${auc.openness.toFixed(3)}, contour ${auc.ratio.toFixed(3)}`,
    ...(crops ? [line(crops), `  ROC AUC: classifier on the tight crop ${crops.auc.openness.toFixed(3)}, on the loose crop ${crops.auc.looseOpenness.toFixed(3)}, contour ${crops.auc.ratio.toFixed(3)}`] : []),
  ].join('\n');
}
