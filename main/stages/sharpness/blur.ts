/**
 * How wide the blur is, and whether it runs in one direction, from how gradient energy falls with the scale.
 *
 * An edge that is blurred by a Gaussian of standard deviation b, seen at a scale of s pixels (averaged over s, differenced over s), is a
 * slope of variance b² + s²/6; its gradient energy by area is the inverse of that width. So the ratio of the energies at
 * neighbouring scales tells b whatever the contrast: the principle of re-blurring (Zhuo and Sim 2011, "Defocus map estimation from a single
 * image"; Crete et al. 2007, "The blur effect"), without finding edges first. Fine texture falls faster than edges and counts as sharp.
 *
 * Noise falls faster still. What would be left at a scale if all energy at the next finer one were noise is taken off: edges and
 * texture lose the same share at every scale, so that their ratios stay, noise loses all.
 */
import { blurRange } from '../../domain/index.ts';
import { directionCount, scaleCount } from './energies.ts';

/** Below the first a picture is as sharp as pixels can be, above the last it has no detail at any scale. */
const [leastBlur, mostBlur] = blurRange;
const steps = 61;
const candidates = Array.from({ length: steps }, (_, at) => leastBlur * (mostBlur / leastBlur) ** (at / (steps - 1)));
const octaves = scaleCount - 1;
/** Logarithm of the ratio of energies between a scale and the next coarser one, for each candidate. */
const expected = candidates.map((blur) =>
  Array.from({ length: octaves }, (_, scale) => 0.5 * Math.log((blur * blur + (4 * 4 ** scale) / 6) / (blur * blur + 4 ** scale / 6))),
);
const stepEdge = Math.log(2);

/** Noise falls by 16 from scale to scale where it is white; demosaicing and a camera's noise reduction leave it coarser. */
const noiseFall = 7;
/** The flattest tiles that noise was measured on have a little less of it than others. */
const floorMargin = 1.15;
/** The finest octave is weighed less: noise cannot be told from detail there. */
const weights = [0.5, 1, 1, 0.7];
/** A ratio below the expected one may come from soft shades under sharp detail; one above it is detail. */
const belowWeight = 0.35;
/** Structure under this share of the noise says nothing, from the second on it counts in full. */
const [hiddenShare, clearShare] = [0.15, 0.7];
/**
 * Of blurs that explain the energies about as well the widest is taken: what noise hides is not called sharp. Misfits up to the first count as about as well,
 * and where noise or JPEG's quantisation make the energies doubtful up to this many times more.
 */
const [tolerance, doubtfulTolerance] = [0.004, 3];
/** Share of noise in the finest energy, and blocking, from which on the doubt is full. */
const [doubtfulNoise, doubtfulBlocking] = [0.5, 0.15];
/** Energy of edges falls with the inverse of the width, that of dense texture with its square: how much of what the coarse scales say of that is believed. */
const textureTrust = 0.5;

/**
 * Blur in pixels (standard deviation); null where there is too little structure.
 * @param energies by scale, finest first, in (levels per pixel of the scale)².
 * @param floors what of them is noise.
 * @param minEnergy structure at the third scale that is wanted, in the same unit.
 * @param doubt {@link doubtOf} the energies, 0..1.
 */
export function fitBlur(energies: ArrayLike<number>, floors: ArrayLike<number>, minEnergy: number, doubt = 0): number | null {
  const byArea = areaEnergies(energies, floors);
  const clean = withoutNoise(byArea);
  if (clean[2]! * 16 < Math.max(minEnergy, floors[2]!)) return null;
  const texture = 1 + textureTrust * Math.max(0, Math.min(1, Math.log2(clean[2]! / clean[4]!) / 2 - 1));
  const logs: number[] = [];
  const trusts: number[] = [];
  for (let octave = 0; octave < octaves; octave++) {
    logs.push(Math.min(stepEdge, Math.max(0, Math.log(clean[octave]! / clean[octave + 1]!) / texture)));
    const overNoise = (energies[octave]! - floorMargin * floors[octave]!) / Math.max(1e-9, floors[octave]!);
    trusts.push(weights[octave]! * Math.max(0, Math.min(1, (overNoise - hiddenShare) / (clearShare - hiddenShare))));
  }
  // At the finest scale nothing can be taken off: noise on a blurred picture is known by the next octave, which has no detail.
  logs[0] = Math.max(0, Math.min(Math.log(byArea[0]! / byArea[1]!) / texture, logs[1]!));
  const misfits = expected.map((ratios) => {
    let misfit = 0;
    for (let octave = 0; octave < octaves; octave++) {
      const difference = logs[octave]! - ratios[octave]!;
      misfit += trusts[octave]! * (difference < 0 ? belowWeight : 1) * difference * difference;
    }
    return misfit;
  });
  const most = Math.min(...misfits) + tolerance * (1 + doubtfulTolerance * doubt);
  return candidates[misfits.findLastIndex((misfit) => misfit <= most)]!;
}

/**
 * How little the finest energy of a tile says of detail, 0..1: what of it is noise, or how visible JPEG's blocks are, whose quantisation leaves errors in the
 * blocks too.
 * @param blocking 0..1, of the picture.
 */
export function doubtOf(energies: ArrayLike<number>, floors: ArrayLike<number>, blocking: number): number {
  return Math.min(1, Math.max(floors[0]! / Math.max(1e-9, doubtfulNoise * energies[0]!), blocking / doubtfulBlocking));
}

/** By area of the picture, a pixel of a coarse scale covering more of it, less the noise that is known. */
function areaEnergies(energies: ArrayLike<number>, floors: ArrayLike<number>): number[] {
  return Array.from({ length: scaleCount }, (_, scale) => Math.max(0, energies[scale]! - floorMargin * floors[scale]!) / 4 ** scale + 1e-6);
}

/** Less what would be left if all of the next finer scale were noise. */
function withoutNoise(byArea: readonly number[]): number[] {
  return byArea.map((energy, scale) => (scale === 0 ? energy : Math.max(energy * 0.02, energy - byArea[scale - 1]! / noiseFall)));
}

/** Structure of a tile or window at the third scale, in (levels per pixel of that scale)², without noise. */
export function structureOf(energies: ArrayLike<number>, floors: ArrayLike<number>): number {
  return withoutNoise(areaEnergies(energies, floors))[2]! * 16;
}

/** Blur by direction. */
export interface DirectedBlur {
  /** Pixels in the direction where it is widest, and across it. */
  readonly widest: number;
  readonly across: number;
  /** Direction of the widest, 0..180 degrees from right towards down in the pixels as stored. */
  readonly degrees: number;
  /** 0..1: how sure it is that the blur differs with the direction. */
  readonly sureness: number;
}

const angles = Array.from({ length: directionCount }, (_, direction) => (2 * Math.PI * direction) / directionCount);

/**
 * The blur of edges of each direction, with the wave through them that turns once in 180 degrees: motion smears edges across its way and leaves those
 * along it. Null where the structure has too few directions.
 * @param energies by scale, then direction. @param floors by scale, all directions together.
 */
export function fitDirectedBlur(energies: ArrayLike<number>, floors: readonly number[], minEnergy: number): DirectedBlur | null {
  const shares = floors.map((floor) => floor / directionCount);
  const blurs: (number | null)[] = [];
  const trusts: number[] = [];
  let strongest = 0;
  for (let direction = 0; direction < directionCount; direction++) {
    const own = Array.from({ length: scaleCount }, (_, scale) => energies[scale * directionCount + direction]!);
    strongest = Math.max(strongest, own[3]!);
    trusts.push(own[3]!);
    const blur = fitBlur(own, shares, minEnergy / directionCount / 2);
    blurs.push(blur === null ? null : Math.log(blur));
  }
  // Weighted least squares of m + p cos 2a + q sin 2a.
  const sums = { w: 0, c: 0, s: 0, cc: 0, ss: 0, cs: 0, y: 0, yc: 0, ys: 0 };
  let told = 0;
  for (let direction = 0; direction < directionCount; direction++) {
    const y = blurs[direction];
    if (y === null || y === undefined) continue;
    told++;
    const w = Math.sqrt(trusts[direction]! / strongest);
    const c = Math.cos(angles[direction]!);
    const s = Math.sin(angles[direction]!);
    sums.w += w;
    sums.c += w * c;
    sums.s += w * s;
    sums.cc += w * c * c;
    sums.ss += w * s * s;
    sums.cs += w * c * s;
    sums.y += w * y;
    sums.yc += w * y * c;
    sums.ys += w * y * s;
  }
  if (told < 5) return null;
  const solved = solve3([sums.w, sums.c, sums.s, sums.c, sums.cc, sums.cs, sums.s, sums.cs, sums.ss], [sums.y, sums.yc, sums.ys]);
  if (!solved) return null;
  const [middle, p, q] = solved;
  const swing = Math.hypot(p, q);
  let unexplained = 0;
  for (let direction = 0; direction < directionCount; direction++) {
    const y = blurs[direction];
    if (y === null || y === undefined) continue;
    const misfit = y - middle - p * Math.cos(angles[direction]!) - q * Math.sin(angles[direction]!);
    unexplained += Math.sqrt(trusts[direction]! / strongest) * misfit * misfit;
  }
  const spread = Math.sqrt(unexplained / sums.w);
  const degrees = ((Math.atan2(q, p) * 90) / Math.PI + 180) % 180;
  const limit = (log: number): number => Math.min(mostBlur, Math.max(leastBlur, Math.exp(log)));
  return { widest: limit(middle + swing), across: limit(middle - swing), degrees, sureness: swing / (swing + spread + 0.1) };
}

function solve3(m: readonly number[], y: readonly [number, number, number]): [number, number, number] | null {
  const [a, b, c, d, e, f, g, h, i] = m as [number, number, number, number, number, number, number, number, number];
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!(Math.abs(determinant) > 1e-6 * a * a * a)) return null;
  const [x, z, w] = y;
  return [
    (x * (e * i - f * h) - b * (z * i - f * w) + c * (z * h - e * w)) / determinant,
    (a * (z * i - f * w) - x * (d * i - f * g) + c * (d * w - z * g)) / determinant,
    (a * (e * w - z * h) - b * (d * w - z * g) + x * (d * h - e * g)) / determinant,
  ];
}
