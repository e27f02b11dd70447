/** Facts of photos for the tests of pure rules. */
import type { EyeMeasure, EyeState, FaceMeasure, FacesMeasure, FocusMeasure, Measures, Metadata, PhotoFacts } from '../../main/domain/index.ts';

export const plainMetadata: Metadata = {
  make: 'Maker', model: 'Model', lens: null, capturedAt: null, capturedMs: null, orientation: 1, exposureTime: 0.01, fNumber: 4,
  iso: 100, exposureBias: 0, focalLength: 50, flash: false, driveMode: null, isHdr: false, width: 6000, height: 4000, rating: null, label: null, flag: null, keywords: null, serial: null, hasGps: false,
};

export const sharpFocus: FocusMeasure = { sharpness: 0.85, texture: 0.7, motion: 0.05, noise: 0.002, blocking: 0, map: '', region: { x: 0.4, y: 0.4, w: 0.1, h: 0.1 } };
export const goodMeasures: Measures = {
  focus: sharpFocus,
  exposure: { mean: 0.45, clippedHigh: 0.01, crushedLow: 0.01, p1: 0.03, p99: 0.95 },
};

export function measuresWith(focus: Partial<FocusMeasure>, exposure: Partial<NonNullable<Measures['exposure']>> = {}): Measures {
  return { focus: { ...sharpFocus, ...focus }, exposure: { ...goodMeasures.exposure!, ...exposure } };
}

export function eye(state: EyeState): EyeMeasure {
  return { state, why: state === 'unknown' ? 'small' : null, openness: null, ratio: null, corners: null, width: 30 };
}

export function face(left: EyeState, right: EyeState, importance = 1): FaceMeasure {
  return { box: { x: 0.3, y: 0.2, w: 0.2, h: 0.3 }, score: 0.9, importance, sharpness: 0.5, pose: null, eyes: { left: eye(left), right: eye(right) } };
}

export function facesOf(...faces: FaceMeasure[]): FacesMeasure {
  return { faces, edge: 1600 };
}

/** A good photo; `seconds` is its capture time, null for none. */
export function photoFacts(id: number, seconds: number | null, hash: string, change: Partial<PhotoFacts> = {}, tags: Partial<Metadata> = {}): PhotoFacts {
  return {
    id,
    path: `day/IMG_${String(id).padStart(4, '0')}.JPG`,
    format: 'jpeg',
    bytes: 1_000_000,
    sha256: id.toString(16).padStart(64, '0'),
    imageSha256: null,
    metadata: { ...plainMetadata, capturedMs: seconds === null ? null : Math.round(1_700_000_000_000 + 1_000 * seconds), ...tags },
    preview: { source: 'self', width: 6000, height: 4000 },
    phash: hash,
    phashUsable: true,
    view: null,
    measures: goodMeasures,
    errors: [],
    pairId: null,
    ...change,
  };
}

/** Four hashes at least 24 bits from each other. */
export const scenes = ['0f3c5a9612e7b84d', 'f0c35a69ed184bb2', '33aa0ff0c55c9669', 'cc55f00f3aa36996'] as const;

/** The hash with this many of its bits changed, spread evenly. */
export function changeBits(hash: string, count: number): string {
  let value = BigInt(`0x${hash}`);
  for (let at = 0; at < count; at++) value ^= 1n << BigInt((at * 7) % 64);
  return value.toString(16).padStart(16, '0');
}
