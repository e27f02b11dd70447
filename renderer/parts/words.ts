/** Numbers, facts and errors as a photographer reads them. */
import { errorTexts } from '../../main/base/index.ts';
import type { ErrorCode } from '../../main/base/index.ts';
import type { DriveMode, PreviewSource } from '../../main/domain/index.ts';

/** The sentence of an error code; codes of a newer engine have none here. */
export function sentenceOf(code: string): string {
  return code in errorTexts ? errorTexts[code as ErrorCode] : 'Something is wrong with this file.';
}

/** Where the shown pixels come from. */
export const sourceWords: Readonly<Record<PreviewSource, string>> = {
  embedded: 'Camera preview',
  rendered: 'Rendered by Parjanya',
  self: 'The file itself',
  none: 'No picture',
};

/** Steps of the work on a photo. */
export const stageWords: Record<string, string> = {
  identify: 'File content',
  metadata: 'Metadata',
  preview: 'Picture',
  phash: 'Likeness',
  focus: 'Focus',
  exposure: 'Exposure',
  faces: 'Faces',
  sharpness: 'Sharpness',
  clip: 'Aesthetics',
  headroom: 'RAW exposure',
  describe: 'Description',
};

/** How the shutter was released. */
export const driveModeWords: Readonly<Record<DriveMode, string>> = {
  single: 'Single',
  continuous: 'Continuous',
  'continuous-low': 'Continuous, low speed',
  'continuous-high': 'Continuous, high speed',
  'self-timer': 'Self-timer',
  bracketing: 'Bracketing',
  other: 'Other',
};

/** Pixels: `6000 × 4000`. */
export function writeSize({ width, height }: { readonly width: number; readonly height: number }): string {
  return `${width} × ${height}`;
}

/** 1/250 s, 0.8 s, 30 s. */
export function writeExposureTime(seconds: number): string {
  if (seconds >= 0.3) return `${Number(seconds.toFixed(1))} s`;
  return `1/${Math.round(1 / seconds)} s`;
}

/** 24.1 MB; decimal units, as cards and disks are sold. */
export function writeBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** `2024-05-01T12:00:00.123+02:00` as `1 May 2024, 12:00:00`; the camera's own clock, so no zone is applied. */
export function writeCaptureTime(iso: string): string {
  const found = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2}:\d{2})/.exec(iso);
  if (!found) return iso;
  const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
  return `${Number(found[3])} ${months[Number(found[2]) - 1] ?? found[2]} ${found[1]}, ${found[4]}`;
}

// made once: toLocaleString looks the language up for every number
const counts = new Intl.NumberFormat('en-US');

/** 1,234 */
export function writeCount(value: number): string {
  return counts.format(value);
}

export function plural(value: number, one: string, many: string): string {
  return `${writeCount(value)} ${value === 1 ? one : many}`;
}

/** A measure between 0 and 1, or any other number, short. */
export function writeMeasure(value: number): string {
  if (Number.isInteger(value)) return writeCount(value);
  return Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(1);
}

export function writeMilliseconds(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return milliseconds > 0 && milliseconds < 1 ? '<1 ms' : `${Math.round(milliseconds)} ms`;
}
