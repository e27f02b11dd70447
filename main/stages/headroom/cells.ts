/** The sensor in cells that a preview can be laid over: how much of each is saturated, how bright it is, and how noisy. */
import type { SensorData } from '../../ports/index.ts';
import { placesOf } from './saturation.ts';
import type { Saturation } from './saturation.ts';

export interface SensorCells {
  readonly columns: number;
  readonly rows: number;
  /** Shares of each cell's squares. */
  readonly all: Float32Array;
  readonly some: Float32Array;
  /** Mean of each cell's fullest colour, as a share of what saturates it. */
  readonly fullest: Float32Array;
  /** Mean number above black, and its noise (standard deviation of one pixel). */
  readonly signal: Float32Array;
  readonly noise: Float32Array;
}

/** More cells tell no more, because no preview can be laid over them that exactly. */
const mostCells = 400;

/** @param black the number for no light */
export function measureCells(sensor: SensorData, saturation: Saturation, black: number): SensorCells {
  const { data, rowLength, left, top, period } = sensor;
  const [across, down] = [Math.floor(sensor.width / period), Math.floor(sensor.height / period)];
  const scale = Math.min(1, mostCells / Math.max(1, across, down));
  const [columns, rows] = [Math.max(1, Math.round(across * scale)), Math.max(1, Math.round(down * scale))];
  const cells = columns * rows;
  const places = placesOf(sensor);
  const counts = new Float64Array(cells);
  const [all, some, fullest, signal, noise] = [0, 1, 2, 3, 4].map(() => new Float32Array(cells)) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
  const sums = new Float64Array(cells * places);
  const squares = new Float64Array(cells);
  const compared = new Float64Array(cells);
  const columnOf = Uint16Array.from({ length: across }, (_, x) => Math.floor((x * columns) / across));
  const inSquare = period * period;
  for (let y = 0; y < down; y++) {
    const row = Math.floor((y * rows) / down) * columns;
    for (let x = 0; x < across; x++) {
      const cell = row + columnOf[x]!;
      let full = 0;
      for (let dy = 0; dy < period; dy++) {
        const from = (top + y * period + dy) * rowLength + left + x * period;
        for (let dx = 0; dx < period; dx++) {
          const value = data[from + dx]!;
          const place = places === 4 ? dy * 2 + dx : 0;
          if (value >= saturation.from[place]!) full++;
          sums[cell * places + place]! += value;
          if (x + 1 < across) {
            const step = value - data[from + dx + period]!;
            squares[cell]! += step * step;
          }
        }
      }
      if (x + 1 < across) compared[cell]! += inSquare;
      if (full === inSquare) all[cell]!++;
      else if (full > 0) some[cell]!++;
      counts[cell]!++;
    }
  }
  for (let cell = 0; cell < cells; cell++) {
    const count = counts[cell]!;
    if (count === 0) continue;
    all[cell]! /= count;
    some[cell]! /= count;
    let total = 0;
    for (let place = 0; place < places; place++) {
      const mean = sums[cell * places + place]! / ((count * inSquare) / places) - black;
      total += mean / places;
      fullest[cell] = Math.max(fullest[cell]!, mean / Math.max(1, saturation.level[place]! - black));
    }
    signal[cell] = total;
    // Neighbours of one colour differ by noise twice.
    noise[cell] = compared[cell]! > 0 ? Math.sqrt(squares[cell]! / compared[cell]! / 2) : 0;
  }
  return { columns, rows, all, some, fullest, signal, noise };
}
