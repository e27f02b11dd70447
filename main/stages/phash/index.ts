/**
 * Stage `phash`: a 64-bit perceptual hash from the discrete cosine transform (Zauner 2010, "Implementation and benchmarking
 * of perceptual image hash functions"): 32 x 32 mean brightnesses, the 64 lowest frequencies without the mean, one bit each
 * for their sign. Whole numbers throughout, so that arm64 and x86 give the same hash.
 *
 * The sign rather than the comparison with the median, and a set of frequencies that is the same when the axes are swapped:
 * so the hash of the turned or mirrored picture follows from the hash itself (domain/hash relies on the order of bits).
 */
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { hashFrequencies, viewColumns, viewRows } from '../../domain/index.ts';
import type { StageOutputs } from '../../domain/index.ts';
import type { Pixels } from '../../ports/index.ts';
import { shrinkToCells, side } from './shrink.ts';

/** cos((2 x + 1) u pi / 64) in 1/4096, by u and x. Rounding leaves room for any platform's last bit of Math.cos. */
const frequencies = 11;
const cosines = Int32Array.from({ length: frequencies * side }, (_, at) =>
  Math.round(4096 * Math.cos(((2 * (at % side) + 1) * Math.floor(at / side) * Math.PI) / (2 * side))),
);


/** A frequency counts as seen from this amplitude on, in 8-bit levels; what is weaker may be noise. */
const minAmplitude = 0.35;
/** With fewer seen than this the bits are mostly noise: two such pictures may have the same hash by chance. */
const minSeen = 20;

/**
 * Hashes an upright picture. `hash` is 16 hex digits; `usable` is false where there is too little in the picture for it to
 * mean anything (black, white, fog, clear sky). Errors: preview-broken for pixels that are none.
 */
export function computePhash(pixels: Pixels): Result<StageOutputs['phash']> {
  const { width, height, channels, data } = pixels;
  if (width < 1 || height < 1 || data.length < width * height * channels) return fail('preview-broken', 'The decoded picture has no pixels.');
  if (width < side || height < side) return ok({ hash: '0'.repeat(16), usable: false, view: '00'.repeat(viewColumns * viewRows) });
  const cells = shrinkToCells(pixels);
  const coefficients = transform(cells);
  let hash = '';
  for (let at = 0; at < 64; at += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit++) digit = 2 * digit + (coefficients[at + bit]! > 0 ? 1 : 0);
    hash += digit.toString(16);
  }
  return ok({ hash, usable: coefficients.filter((value) => Math.abs(value) >= minAmplitude * perLevel).length >= minSeen, view: viewOf(cells) });
}

/** A wave of one 8-bit level of amplitude makes a coefficient of this size: cells of 1/16, cosines of 1/64 each way after the shift, a quarter of 1024 cells. */
const perLevel = 16 * 64 * 64 * 256;

/** The cells once more, fewer and in 8 bits: the nearest share of each, in whole numbers. */
function viewOf(cells: Int32Array): string {
  const across = sharesOf(viewColumns);
  const down = sharesOf(viewRows);
  let view = '';
  for (const rows of down)
    for (const columns of across) {
      let sum = 0;
      let weight = 0;
      for (const [y, high] of rows)
        for (const [x, wide] of columns) {
          sum += cells[y * side + x]! * wide * high;
          weight += wide * high;
        }
      view += Math.min(255, Math.floor(sum / (16 * weight))).toString(16).padStart(2, '0');
    }
  return view;
}

/** For each of `count` places: the cells under it with the parts (of `count`) of each that belong to it. */
function sharesOf(count: number): (readonly [number, number])[][] {
  return Array.from({ length: count }, (_, place) => {
    const [from, to] = [place * side, (place + 1) * side];
    return Array.from({ length: side }, (_, cell) => [cell, Math.min(to, (cell + 1) * count) - Math.max(from, cell * count)] as const).filter(([, part]) => part > 0);
  });
}

/** The chosen frequencies of the two-dimensional cosine transform, in whole numbers. */
function transform(cells: Int32Array): number[] {
  const lines = new Float64Array(side * frequencies);
  for (let y = 0; y < side; y++)
    for (let u = 0; u < frequencies; u++) {
      let sum = 0;
      for (let x = 0; x < side; x++) sum += cells[y * side + x]! * cosines[u * side + x]!;
      lines[y * frequencies + u] = Math.round(sum / 64);
    }
  return hashFrequencies.map(({ u, v }) => {
    let sum = 0;
    for (let y = 0; y < side; y++) sum += lines[y * frequencies + u]! * cosines[v * side + y]!;
    return Math.round(sum / 64);
  });
}
