/** Photos prepared for grouping: what the rules ask of each, computed once. */
import { folderOf } from '../../base/index.ts';
import { cameraOf } from './shoot.ts';
import { parseHash } from '../hash/hash.ts';
import type { HashBits } from '../hash/hash.ts';
import type { PhotoFacts, PhotoId } from '../photo.ts';

export interface Frame {
  readonly id: PhotoId;
  readonly path: string;
  readonly folder: string;
  /** Milliseconds since 1970, null where the file states no time. */
  readonly time: number | null;
  /** See `cameraOf`; empty where unknown. */
  readonly camera: string;
  readonly hash: HashBits | null;
  /** The hash may speak for itself. */
  readonly usable: boolean;
  /** Exposure value log2(N² / t) - log2(ISO / 100), higher = less light; null where unknown. */
  readonly ev: number | null;
  readonly bias: number | null;
  /** Milliseconds. */
  readonly exposureMs: number;
  readonly fNumber: number | null;
  readonly width: number;
  readonly height: number;
  /** Mean luma 0..1, or null. */
  readonly brightness: number | null;
  /** See {@link contentOf}. */
  readonly content: string | null;
  /** The hash of the whole file, or null. */
  readonly fileContent: string | null;
  /** The camera says that it merged exposures. */
  readonly isHdr: boolean;
  /** The camera says that it was bracketing: exposure, focus, white balance or another thing. */
  readonly isBracketing: boolean;
  /** Lens and focal length as the file states them; empty where it states neither. */
  readonly lens: string;
  readonly focalLength: number | null;
  /** As in FocusMeasure and StageOutputs: read only where a rule asks. */
  readonly map: string | null;
  readonly view: string | null;
}

export function frameOf(photo: PhotoFacts): Frame {
  const { metadata, preview } = photo;
  const hash = photo.phash === null ? null : parseHash(photo.phash);
  return {
    id: photo.id,
    path: photo.path,
    folder: folderOf(photo.path),
    time: metadata?.capturedMs ?? null,
    camera: cameraOf(metadata),
    hash,
    usable: hash !== null && photo.phashUsable,
    ev: exposureValue(metadata?.exposureTime ?? null, metadata?.fNumber ?? null, metadata?.iso ?? null),
    bias: metadata?.exposureBias ?? null,
    exposureMs: 1000 * (metadata?.exposureTime ?? 0),
    fNumber: metadata?.fNumber ?? null,
    width: preview?.width ?? 0,
    height: preview?.height ?? 0,
    brightness: photo.measures?.exposure?.mean ?? null,
    content: contentOf(photo),
    fileContent: photo.sha256,
    isHdr: metadata?.isHdr ?? false,
    isBracketing: metadata?.driveMode === 'bracketing',
    lens: metadata?.lens ?? '',
    focalLength: metadata?.focalLength ?? null,
    map: photo.measures?.focus?.map ?? null,
    view: photo.view,
  };
}

/** A lens without contacts states no aperture: then the difference between frames is in time and ISO alone. */
function exposureValue(seconds: number | null, fNumber: number | null, iso: number | null): number | null {
  if (seconds === null || seconds <= 0) return null;
  const aperture = fNumber !== null && fNumber > 0 ? 2 * Math.log2(fNumber) : 0;
  return aperture - Math.log2(seconds) - Math.log2((iso !== null && iso > 0 ? iso : 100) / 100);
}

/** Equal for equal pictures: the hash of the image data, of the file where that cannot be told; null while neither is known. */
export function contentOf(photo: Pick<PhotoFacts, 'sha256' | 'imageSha256'>): string | null {
  return photo.imageSha256 ?? photo.sha256;
}

/** Timed frames first by time, untimed after them; equal ones by path, so that the order never depends on the input's. */
export function compareFrames(a: Frame, b: Frame): number {
  if (a.time !== b.time) {
    if (a.time === null) return 1;
    if (b.time === null) return -1;
    return a.time - b.time;
  }
  return a.path < b.path ? -1 : a.path > b.path ? 1 : a.id - b.id;
}

/** What has come and what has gone from one list in order to another; a frame that is another object is another frame. */
export function diffFrames(before: readonly Frame[], after: readonly Frame[]): { readonly gone: readonly Frame[]; readonly fresh: readonly Frame[] } {
  const gone: Frame[] = [];
  const fresh: Frame[] = [];
  let old = 0;
  let now = 0;
  while (old < before.length && now < after.length) {
    if (before[old] === after[now]) {
      old++;
      now++;
    } else if (compareFrames(before[old]!, after[now]!) <= 0) gone.push(before[old++]!);
    else fresh.push(after[now++]!);
  }
  while (old < before.length) gone.push(before[old++]!);
  while (now < after.length) fresh.push(after[now++]!);
  return { gone, fresh };
}

/** So few are put in one by one: that moves memory, where merging compares. */
const fewMerged = 64;

/** Two lists in order, as one. */
export function mergeFrames(a: readonly Frame[], b: readonly Frame[]): readonly Frame[] {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
  if (b.length <= fewMerged) {
    const merged = a.slice();
    for (const frame of b) merged.splice(countUntil(merged, frame), 0, frame);
    return merged;
  }
  const merged: Frame[] = [];
  let from = 0;
  for (const frame of b) {
    while (from < a.length && compareFrames(a[from]!, frame) < 0) merged.push(a[from++]!);
    merged.push(frame);
  }
  while (from < a.length) merged.push(a[from++]!);
  return merged;
}

/** How many of these frames, in order, do not come after `last`. */
export function countUntil(frames: readonly Frame[], last: Frame): number {
  let [from, to] = [0, frames.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (compareFrames(frames[middle]!, last) <= 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
