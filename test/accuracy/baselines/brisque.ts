/**
 * BRISQUE (Mittal, Moorthy and Bovik 2012, "No-reference image quality assessment in the spatial domain"): statistics of the locally normalised
 * brightness at two scales, judged by a support vector machine trained on people's scores (LIVE). The trained files are OpenCV's, the order of
 * the features and the search for the exponents follow them. Compared by hand with OpenCV 4.6 (docs/accuracy.md).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Luma } from '../../../main/ports/index.ts';

export interface BrisqueModel {
  readonly gamma: number;
  readonly rho: number;
  readonly vectors: readonly (readonly number[])[];
  readonly weights: readonly number[];
  /** Least and greatest value of each feature in training. */
  readonly range: { readonly least: readonly number[]; readonly greatest: readonly number[] };
}

const featureCount = 36;

/** Reads `brisque_model_live.yml` and `brisque_range_live.yml`, OpenCV's YAML. Throws where they are not as expected. */
export function readBrisqueModel(folder: string): BrisqueModel {
  const model = readFileSync(join(folder, 'brisque_model_live.yml'), 'utf8');
  const range = readFileSync(join(folder, 'brisque_range_live.yml'), 'utf8');
  const vectorText = model.slice(model.indexOf('support_vectors:'), model.indexOf('decision_functions:'));
  const vectors = [...vectorText.matchAll(/- \[([^\]]*)\]/g)].map((match) => numbersIn(match[1]!));
  const weights = numbersIn(/alpha: \[([^\]]*)\]/.exec(model)![1]!);
  const limits = numbersIn(/data: \[([^\]]*)\]/.exec(range)![1]!);
  if (vectors.some((vector) => vector.length !== featureCount) || weights.length !== vectors.length || limits.length !== 2 * featureCount)
    throw new Error('the BRISQUE files are not as expected');
  return {
    gamma: Number(/gamma: ([-+.\de]+)/.exec(model)![1]),
    rho: Number(/rho: ([-+.\de]+)/.exec(model)![1]),
    vectors,
    weights,
    range: { least: limits.slice(0, featureCount), greatest: limits.slice(featureCount) },
  };
}

function numbersIn(text: string): number[] {
  return text.split(',').map((part) => Number(part.trim())).filter(Number.isFinite);
}

/** About 0 (good) to 100 (bad). */
export function measureBrisque(luma: Pick<Luma, 'width' | 'height' | 'data'>, { gamma, rho, vectors, weights, range }: BrisqueModel): number {
  const first: Plane = { width: luma.width, height: luma.height, data: Float32Array.from(luma.data, (value) => value / 255) };
  const features = [...featuresOf(first), ...featuresOf(halve(first))];
  const scaled = features.map((value, at) => -1 + (2 * (value - range.least[at]!)) / (range.greatest[at]! - range.least[at]!));
  let sum = -rho;
  vectors.forEach((vector, index) => {
    let distance = 0;
    for (let at = 0; at < featureCount; at++) distance += (vector[at]! - scaled[at]!) ** 2;
    sum += weights[index]! * Math.exp(-gamma * distance);
  });
  return Math.max(0, Math.min(100, sum));
}

interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Two of the coefficients themselves, then four of the products with each of four neighbours. */
function featuresOf(plane: Plane): number[] {
  const coefficients = normalise(plane);
  const own = fitAsymmetric(coefficients.data);
  const features = [own.alpha, (own.left ** 2 + own.right ** 2) / 2];
  for (const [dx, dy] of [[1, 0], [0, 1], [1, 1], [-1, 1]] as const) {
    const { alpha, left, right } = fitAsymmetric(products(coefficients, dx, dy));
    const constant = Math.sqrt(gammaOf(1 / alpha) / gammaOf(3 / alpha));
    features.push(alpha, (right - left) * (gammaOf(2 / alpha) / gammaOf(1 / alpha)) * constant, left ** 2, right ** 2);
  }
  return features;
}

/** Less the local mean, over the local deviation, in a Gaussian window of 7 x 7 (deviation 7/6). */
function normalise({ width, height, data }: Plane): Plane {
  const means = smooth({ width, height, data });
  const squares = smooth({ width, height, data: data.map((value) => value * value) });
  const out = data.map((value, at) => (value - means[at]!) / (Math.sqrt(Math.abs(squares[at]! - means[at]! ** 2)) + 1 / 255));
  return { width, height, data: out };
}

const kernel = Array.from({ length: 7 }, (_, at) => Math.exp(-((at - 3) ** 2) / (2 * (7 / 6) ** 2)));
const kernelSum = kernel.reduce((sum, value) => sum + value, 0);

/** The last pixel goes on beyond the border, as in OpenCV's BRISQUE. */
function smooth({ width, height, data }: Plane): Float32Array {
  const clamp = (at: number, size: number): number => Math.max(0, Math.min(size - 1, at));
  const rows = new Float32Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = -3; k <= 3; k++) sum += kernel[k + 3]! * data[y * width + clamp(x + k, width)]!;
      rows[y * width + x] = sum / kernelSum;
    }
  const out = new Float32Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = -3; k <= 3; k++) sum += kernel[k + 3]! * rows[clamp(y + k, height) * width + x]!;
      out[y * width + x] = sum / kernelSum;
    }
  return out;
}

/** Beyond the border there is nothing: the product is 0 there, as in OpenCV. */
function products({ width, height, data }: Plane, dx: number, dy: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let y = 0; y + dy < height; y++) for (let x = Math.max(0, -dx); x < width && x + dx < width; x++) out[y * width + x] = data[y * width + x]! * data[(y + dy) * width + x + dx]!;
  return out;
}

/** Asymmetric generalised Gaussian by moments (Lasmar et al. 2009): exponent, and deviations at both sides. */
function fitAsymmetric(values: Float32Array): { alpha: number; left: number; right: number } {
  let [positive, negative, absolute, above, below] = [0, 0, 0, 0, 0];
  for (const value of values) {
    if (value > 0) {
      above++;
      positive += value * value;
    } else if (value < 0) {
      below++;
      negative += value * value;
    }
    absolute += Math.abs(value);
  }
  const [left, right] = [Math.sqrt(negative / Math.max(1, below)), Math.sqrt(positive / Math.max(1, above))];
  const ratio = left / Math.max(1e-9, right);
  // Zeros count here, as in the paper and in OpenCV: flat parts, and the border of the products.
  const mean = absolute / Math.max(1, values.length);
  const square = (positive + negative) / Math.max(1, values.length);
  const wanted = ((mean * mean) / Math.max(1e-12, square)) * (((ratio ** 3 + 1) * (ratio + 1)) / (ratio ** 2 + 1) ** 2);
  let best = 0.2;
  let least = Infinity;
  for (let alpha = 0.2; alpha < 10; alpha += 0.001) {
    const distance = Math.abs(gammaOf(2 / alpha) ** 2 / (gammaOf(1 / alpha) * gammaOf(3 / alpha)) - wanted);
    if (distance >= least) break;
    least = distance;
    best = alpha;
  }
  return { alpha: best, left, right };
}

/** Lanczos' approximation, g = 7. */
function gammaOf(x: number): number {
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gammaOf(1 - x));
  const terms = [676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7];
  let sum = 0.9999999999998099;
  terms.forEach((term, at) => (sum += term / (x + at)));
  const t = x + 6.5;
  return Math.sqrt(2 * Math.PI) * t ** (x - 0.5) * Math.exp(-t) * sum;
}

/** Half the size, rounded down, by cubic interpolation (a = -0.75) at the places that OpenCV's resize takes: of an odd size the steps are a little above 2. */
function halve({ width, height, data }: Plane): Plane {
  const [w, h] = [width >> 1, height >> 1];
  const [across, down] = [tapsOf(width, w), tapsOf(height, h)];
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (const [row, weight] of down[y]!) for (const [column, share] of across[x]!) sum += weight * share * data[row * width + column]!;
      out[y * w + x] = sum;
    }
  return { width: w, height: h, data: out };
}

/** For each place of the smaller size, four places of the larger one and their weights. */
function tapsOf(from: number, to: number): (readonly [number, number])[][] {
  const weightAt = (distance: number): number => {
    const t = Math.abs(distance);
    return t <= 1 ? 1.25 * t ** 3 - 2.25 * t ** 2 + 1 : t < 2 ? -0.75 * t ** 3 + 3.75 * t ** 2 - 6 * t + 3 : 0;
  };
  return Array.from({ length: to }, (_, at) => {
    const centre = ((at + 0.5) * from) / to - 0.5;
    const first = Math.floor(centre) - 1;
    return [0, 1, 2, 3].map((tap) => [Math.max(0, Math.min(from - 1, first + tap)), weightAt(centre - first - tap)] as const);
  });
}
