/** `npm run accuracy`: pairs ordered right beside other measures, and the focus states on labelled and on made blur, as tables in Markdown. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { focusOf, focusStates } from '../../main/domain/index.ts';
import type { FocusState } from '../../main/domain/index.ts';
import { modelsFolder } from '../config/needs.ts';
import { measureBrisque, readBrisqueModel } from './baselines/brisque.ts';
import { measureLaplacianVariance, measureTenengrad } from './baselines/sharpness.ts';
import { asideMaterial, reportBlur } from './blur-report.ts';
import type { BlurReport, Rise } from './blur-report.ts';
import { measureFiles, readLabels, readQualityPairs } from './measure.ts';
import type { QualityReport } from './report.ts';
import { choosePhotos } from './set-aside.ts';

/** Baselines see what the first look sees: a long edge of 1600 pixels, luma. */
const edge = 1_600;

export interface PairsOutcome {
  readonly measure: string;
  /** By set: pairs ordered right, of all. */
  readonly sets: ReadonlyMap<string, { readonly right: number; readonly total: number }>;
}

/** The share of pairs that each measure orders right. BRISQUE only where its trained files are here. */
export async function comparePairs(photosFolder: string, quality: QualityReport): Promise<PairsOutcome[]> {
  const pairs = readQualityPairs(photosFolder);
  const files = [...new Set(pairs.flatMap(({ better, worse }) => [better, worse]))];
  const hasBrisque = existsSync(join(modelsFolder, 'brisque_model_live.yml'));
  const brisque = hasBrisque ? readBrisqueModel(modelsFolder) : null;
  const values = new Map<string, { laplacian: number; tenengrad: number; brisque: number }>();
  for (const file of files) {
    const { data, info } = await sharp(join(photosFolder, 'quality', file)).flatten({ background: '#fff' }).resize(edge, edge, { fit: 'inside', withoutEnlargement: true }).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    const luma = { width: info.width, height: info.height, data };
    values.set(file, { laplacian: measureLaplacianVariance(luma), tenengrad: measureTenengrad(luma), brisque: brisque ? -measureBrisque(luma, brisque) : 0 });
  }
  const count = (measure: string, value: (file: string) => number | null): PairsOutcome => {
    const sets = new Map<string, { right: number; total: number }>();
    for (const { set, better, worse } of pairs) {
      const counts = sets.get(set) ?? { right: 0, total: 0 };
      const [high, low] = [value(better), value(worse)];
      sets.set(set, { right: counts.right + (high !== null && low !== null && high > low ? 1 : 0), total: counts.total + 1 });
    }
    return { measure, sets };
  };
  return [
    count('technical (ours)', (file) => quality.scores.get(file)?.technical ?? null),
    count('focus alone (ours)', (file) => quality.scores.get(file)?.focus ?? null),
    count('variance of Laplacian', (file) => values.get(file)!.laplacian),
    count('Tenengrad', (file) => values.get(file)!.tenengrad),
    ...(brisque ? [count('BRISQUE', (file) => values.get(file)!.brisque)] : []),
  ];
}

/** What each labelled photo should be called; those whose label says nothing of focus are left out. */
export function truthOfLabel(label: string): readonly FocusState[] | null {
  if (label === 'sharp' || label === 'good') return ['sharp'];
  if (label === 'defocused') return ['soft'];
  if (label === 'motion blurred') return ['motion'];
  // Camera shake in rotation, and blur of unstated kind and strength.
  return label === 'blurred' ? ['soft', 'motion'] : null;
}

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

export function pairsTable(outcomes: readonly PairsOutcome[]): string {
  const sets = [...outcomes[0]!.sets.keys()];
  const lines = outcomes.map(({ measure, sets: own }) => {
    const all = [...own.values()].reduce((sum, { right, total }) => ({ right: sum.right + right, total: sum.total + total }), { right: 0, total: 0 });
    return row([measure, ...sets.map((set) => `${own.get(set)!.right} of ${own.get(set)!.total}`), `${all.right} of ${all.total} (${(all.right / all.total).toFixed(2)})`]);
  });
  return [row(['measure', ...sets, 'all']), row(['---', ...sets.map(() => '---'), '---']), ...lines].join('\n');
}

export interface LabelledState {
  readonly file: string;
  readonly truth: readonly FocusState[];
  readonly told: FocusState;
}

export function labelledStates(photosFolder: string, quality: QualityReport): LabelledState[] {
  return readLabels(photosFolder).flatMap(({ file, label }) => {
    const truth = truthOfLabel(label);
    const measures = quality.photos.get(file)?.measures;
    const told = measures ? focusOf(measures) : null;
    return truth && told ? [{ file, truth, told: told.state }] : [];
  });
}

export function confusionTable(cases: readonly { readonly truth: FocusState; readonly told: FocusState }[]): string {
  const truths = focusStates.filter((state) => cases.some(({ truth }) => truth === state));
  const lines = truths.map((truth) => {
    const own = cases.filter((one) => one.truth === truth);
    return row([truth, ...focusStates.map((told) => own.filter((one) => one.told === told).length), (own.filter(({ told }) => told === truth).length / own.length).toFixed(2)]);
  });
  return [row(['is', ...focusStates.map((state) => `told ${state}`), 'right']), row(['---', ...focusStates.map(() => '---'), '---']), ...lines].join('\n');
}

export interface DirectionError {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
}

export function directionErrorOf({ cases }: BlurReport): DirectionError {
  const errors = cases.flatMap(({ directionError }) => (directionError === null ? [] : [directionError])).sort((a, b) => a - b);
  return { count: errors.length, median: errors[errors.length >> 1] ?? 0, p95: errors[Math.floor(0.95 * (errors.length - 1))] ?? 0 };
}

/** Each frame of the focus stack: where it is sharpest. Its README says only that the focus walks; none may be called a miss. */
export async function focusStackStates(photosFolder: string): Promise<FocusState[]> {
  const names = Array.from({ length: 7 }, (_, at) => `focus-bracket-pcb/pcb_00${at + 1}.jpg`);
  const photos = await measureFiles(join(photosFolder, 'groups'), names);
  return photos.map(({ measures }) => focusOf(measures!)!.state);
}

export async function printQualityTables(photosFolder: string, quality: QualityReport): Promise<void> {
  console.log('\n### Pairs ordered right\n');
  console.log(pairsTable(await comparePairs(photosFolder, quality)));
  const labelled = labelledStates(photosFolder, quality);
  console.log(`\n### Focus state of labelled photos: ${labelled.filter(({ truth, told }) => truth.includes(told)).length} of ${labelled.length} right\n`);
  for (const { file, truth, told } of labelled) if (!truth.includes(told)) console.log(`  ${file} is ${truth.join(' or ')}, told ${told}`);
  console.log(`  focus stack, frame by frame: ${(await focusStackStates(photosFolder)).join(' ')}`);
  printBlur('eight sharp photos, which the limits were set on', await reportBlur(photosFolder));
  const { tuning, heldBack } = await choosePhotos(photosFolder);
  printBlur('photos set aside, the half for tuning', await reportBlur(photosFolder, asideMaterial(tuning)));
  printBlur('photos set aside, the half held back', await reportBlur(photosFolder, asideMaterial(heldBack)));
}

function printBlur(what: string, blur: BlurReport): void {
  console.log(`\n### Focus state of blur that was made from ${what}\n`);
  console.log(confusionTable(blur.cases));
  const error = directionErrorOf(blur);
  console.log(`\nDirection of motion, ${error.count} cases: error ${error.median.toFixed(1)} degrees in the median, ${error.p95.toFixed(1)} at the 95th percentile`);
  const shallow = blur.cases.filter(({ made }) => made.startsWith('background'));
  console.log(`Sharp subject before a background out of focus: ${shallow.filter(({ told }) => told === 'sharp').length} of ${shallow.length} sharp, ${shallow.filter(({ isShallow }) => isShallow).length} called shallow`);
  for (const { photo, made, truth, told } of blur.cases) if (truth !== told) console.log(`  ${photo}, ${made}: told ${told}`);
  console.log('');
  for (const line of risesTable(blur)) console.log(line);
}

/** How often noise and JPEG raise the score, by more than 0.02 and by more than 0.05, and where most. */
export function risesTable({ rises, quickRises }: BlurReport): string[] {
  const lines = [row(['score', 'by', 'cases', 'up by more than 0.02', 'by more than 0.05', 'most']), row(['---', '---', '---', '---', '---', '---'])];
  for (const [look, all] of [['closer look', rises], ['quick look', quickRises]] as const)
    for (const kind of ['ISO', 'JPEG']) {
      const rise = ({ before, after }: Rise): number => after - before;
      const own = all.filter(({ made }) => made.includes(kind)).sort((a, b) => rise(b) - rise(a));
      const worst = own[0]!;
      const above = (least: number): number => own.filter((one) => rise(one) > least).length;
      lines.push(row([look, kind === 'ISO' ? 'noise' : 'JPEG', own.length, above(0.02), above(0.05), `${worst.before.toFixed(2)} to ${worst.after.toFixed(2)} (${worst.photo}, ${worst.made})`]));
    }
  return lines;
}
