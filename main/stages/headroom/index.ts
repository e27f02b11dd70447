/**
 * Stage `headroom`: what the sensor holds where the preview has no tones left. Nothing is rendered: full pixels are counted in the numbers
 * as they were read out, where no white balance, tone curve or reconstruction has touched them.
 */
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { exposureColumns, exposureRows, turnPoint, writeShare } from '../../domain/index.ts';
import type { HeadroomMeasure, Orientation } from '../../domain/index.ts';
import type { Pixels, SensorData } from '../../ports/index.ts';
import { measureCells } from './cells.ts';
import type { SensorCells } from './cells.ts';
import { countNumbers, findSaturation } from './saturation.ts';

/** As stage `exposure` counts: a channel from here on has no detail left, luma up to here is black. */
const clippedFrom = 250;
const crushedTo = 5;
/** The brightest tones that a preview keeps: cells whose brightest channel is on average from here on, and nowhere clipped. */
const brightFrom = 240;
/** Fewer cells are no measure. */
const leastCells = 12;
/** Times the noise of one pixel that a tone must stand above black; at once the noise it is half lost. */
const aboveNoise = 2;
/** Where the file states no black, and the darkest pixels are at more than this share of the white, there is one that nobody states. */
const unstatedBlack = 0.02;

/** What is asked of a preview. */
interface PreviewCells {
  /** Pixels of the preview that lie on each cell. */
  readonly counts: Float64Array;
  readonly clipped: Float64Array;
  readonly crushed: Float64Array;
  /** Sum of each pixel's brightest channel. */
  readonly brightest: Float64Array;
  /** The cell of exposure's grid that each lies in. */
  readonly tile: Uint8Array;
}

/**
 * Lays the upright preview over the sensor and counts.
 * @param black the sensor's number for no light as the file itself states it, where the decoder does not know; null: it does not either
 * @param orientation how the sensor's picture is turned to stand upright
 * Errors: preview-broken for pixels that are none.
 */
export function measureHeadroom(sensor: SensorData, preview: Pixels, { black: stated, orientation }: { readonly black: number | null; readonly orientation: Orientation }): Result<HeadroomMeasure> {
  if (preview.width * preview.height < 1 || preview.data.length < preview.width * preview.height * preview.channels) return fail('preview-broken', 'The decoded picture has no pixels.');
  if (sensor.width < sensor.period || sensor.height < sensor.period) return fail('preview-broken', 'The sensor data have no pixels.');
  const counts = countNumbers(sensor);
  const darkest = findDarkest(counts, sensor.width * sensor.height);
  const isBlackKnown = sensor.black > 0 || stated !== null || darkest <= sensor.white * unstatedBlack;
  const black = sensor.black > 0 ? sensor.black : (stated ?? (isBlackKnown ? 0 : darkest));
  const saturation = findSaturation(counts, { black, white: sensor.white });
  const cells = measureCells(sensor, saturation, black);
  const shown = layOver(preview, cells, orientation);
  return ok({
    saturated: { all: meanOf(cells.all), some: meanOf(cells.some) },
    saturation: saturation.isSeen ? 'seen' : 'stated',
    ...compareHighlights(cells, shown),
    shadows: isBlackKnown ? compareShadows(cells, shown) : null,
  });
}

/** The number that a thousandth of the pixels do not exceed. */
function findDarkest(counts: readonly Uint32Array[], pixels: number): number {
  let seen = 0;
  for (let value = 0; value < 65_536; value++) {
    for (const one of counts) seen += one[value]!;
    if (seen * 1_000 >= pixels) return value;
  }
  return 0;
}

function layOver({ width, height, channels, data }: Pixels, { columns, rows }: SensorCells, orientation: Orientation): PreviewCells {
  const cells = columns * rows;
  const [counts, clipped, crushed, brightest] = [0, 1, 2, 3].map(() => new Float64Array(cells)) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const back = orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
  const tile = new Uint8Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    const { x, y } = turnPoint(((cell % columns) + 0.5) / columns, (Math.floor(cell / columns) + 0.5) / rows, orientation);
    tile[cell] = Math.floor(y * exposureRows) * exposureColumns + Math.floor(x * exposureColumns);
  }
  for (let y = 0; y < height; y++)
    for (let x = 0, from = y * width * channels; x < width; x++, from += channels) {
      const stored = turnPoint((x + 0.5) / width, (y + 0.5) / height, back);
      const cell = Math.min(rows - 1, Math.floor(stored.y * rows)) * columns + Math.min(columns - 1, Math.floor(stored.x * columns));
      const red = data[from]!;
      const green = channels === 1 ? red : data[from + 1]!;
      const blue = channels === 1 ? red : data[from + 2]!;
      const most = red > green ? (red > blue ? red : blue) : green > blue ? green : blue;
      if (most >= clippedFrom) clipped[cell]!++;
      if ((77 * red + 150 * green + 29 * blue + 128) >> 8 <= crushedTo) crushed[cell]!++;
      brightest[cell]! += most;
      counts[cell]!++;
    }
  return { counts, clipped, crushed, brightest, tile };
}

/** Within a cell, what is clipped in the preview is taken for the fullest of the sensor. */
function compareHighlights({ all, some, fullest }: SensorCells, shown: PreviewCells): Pick<HeadroomMeasure, 'highlights' | 'map'> {
  const tiles = exposureColumns * exposureRows;
  const [held, partly, gone, inTile] = [0, 1, 2, 3].map(() => new Float64Array(tiles)) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const kept: number[] = [];
  const over: number[] = [];
  for (let cell = 0; cell < all.length; cell++) {
    const count = shown.counts[cell]!;
    if (count === 0) continue;
    const clipped = shown.clipped[cell]! / count;
    const lost = Math.min(clipped, all[cell]!);
    const mixed = Math.min(clipped - lost, some[cell]!);
    const tile = shown.tile[cell]!;
    gone[tile]! += lost * count;
    partly[tile]! += mixed * count;
    held[tile]! += (clipped - lost - mixed) * count;
    inTile[tile]! += count;
    if (clipped === 0 && shown.brightest[cell]! >= brightFrom * count) kept.push(fullest[cell]!);
    if (clipped > 0.99) over.push(fullest[cell]!);
  }
  const total = inTile.reduce((sum, count) => sum + count, 0);
  const of = (parts: Float64Array): number => round(parts.reduce((sum, part) => sum + part, 0) / total);
  const write = (parts: Float64Array): string => Array.from(parts, (part, tile) => writeShare(inTile[tile]! > 0 ? part / inTile[tile]! : 0)).join('');
  // Where the preview goes from no tone that bright to white at once, its white begins about where its darkest white is.
  const level = kept.length >= leastCells ? quantile(kept, 0.5) : over.length >= leastCells ? quantile(over, 0.05) : null;
  const ev = level === null || level <= 0 ? null : Math.max(0, -Math.log2(level));
  return {
    highlights: { held: of(held), partly: of(partly), gone: of(gone), ev: ev === null ? null : Math.round(100 * ev) / 100 },
    map: { held: write(held), partly: write(partly), gone: write(gone) },
  };
}

function compareShadows({ signal, noise }: SensorCells, shown: PreviewCells): HeadroomMeasure['shadows'] {
  const order = Array.from(signal.keys()).filter((cell) => shown.counts[cell]! > 0).sort((a, b) => signal[a]! - signal[b]!);
  // Of the darkest cells, where there is hardly any light to add noise of its own; never below the step of the numbers.
  const floor = Math.max(0.5, quantile(order.slice(0, Math.max(1, Math.ceil(order.length / 20))).map((cell) => noise[cell]!), 0.5));
  let [lifted, lost, total] = [0, 0, 0];
  const above: number[] = [];
  for (const cell of order) {
    const crushed = shown.crushed[cell]!;
    total += shown.counts[cell]!;
    if (crushed === 0) continue;
    if (signal[cell]! >= aboveNoise * floor) lifted += crushed;
    else lost += crushed;
    if (crushed * 2 >= shown.counts[cell]!) above.push(Math.max(0, Math.log2(Math.max(1e-6, signal[cell]! / (aboveNoise * floor)))));
  }
  return { lifted: round(lifted / total), lost: round(lost / total), ev: above.length > 0 ? Math.round(100 * quantile(above, 0.5)) / 100 : null };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function meanOf(values: Float32Array): number {
  return round(values.reduce((sum, value) => sum + value, 0) / values.length);
}

function round(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
