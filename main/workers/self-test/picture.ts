/** The picture of all self-tests, drawn by whole numbers: the same bytes on every machine. */
import type { Pixels } from '../../ports/index.ts';

/** 8-bit RGB: slopes, edges at several angles, a disc and fine texture. */
export function drawTestPicture(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  let state = 1;
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) {
      // Park and Miller's minimal standard generator; products stay below 2^53
      state = (state * 48_271) % 2_147_483_647;
      // in hundredths of the picture, so that it is the same at every size
      const [u, v] = [Math.floor((x * 1_000) / width), Math.floor((y * 1_000) / height)];
      const isDisc = (u - 620) ** 2 + (v - 420) ** 2 < 200 ** 2;
      const isStripe = Math.floor((u + 2 * v) / 90) % 4 === 0;
      const isBoard = v > 700 && (Math.floor(u / 60) + Math.floor(v / 60)) % 2 === 0;
      const grain = v > 500 ? (state >> 16) % 25 : 0;
      const base = Math.floor((u * 120) / 1_000) + Math.floor((v * 60) / 1_000) + grain;
      data[at] = Math.min(255, base + (isDisc ? 90 : 0) + (isBoard ? 50 : 0));
      data[at + 1] = Math.min(255, base + (isStripe ? 60 : 10) + (isBoard ? 30 : 0));
      data[at + 2] = Math.min(255, 150 - Math.floor(base / 2) + (isDisc ? 20 : 0));
    }
  return { width, height, channels: 3, data };
}

/** Means of the channels over an 8 x 6 grid of cells, row by row; the last columns and rows may be left out. */
export function meansOf({ width, height, channels, data }: Pixels): number[] {
  const [columns, rows] = [Math.max(1, Math.floor(width / 8)), Math.max(1, Math.floor(height / 6))];
  const means: number[] = [];
  for (let row = 0; row < 6; row++)
    for (let column = 0; column < 8; column++)
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let y = row * rows; y < (row + 1) * rows; y++)
          for (let x = column * columns; x < (column + 1) * columns; x++) sum += data[(y * width + x) * channels + channel] ?? 0;
        means.push(Math.round((100 * sum) / (rows * columns)) / 100);
      }
  return means;
}
