/** What a photo is, in the field's own words. Plain readonly data, no behaviour. */
import type { CodedError } from '../base/index.ts';
import type { FacesMeasure } from './faces.ts';
import type { HeadroomMeasure } from './headroom.ts';
import type { Region } from './region.ts';

export type PhotoId = number;
export type ShootId = number;

/** File kinds told by content, not by extension. `other` is a file that is no photo. */
export const photoFormats = [
  'jpeg', 'png', 'webp', 'tiff', 'avif', 'heif',
  'cr2', 'cr3', 'crw', 'nef', 'nrw', 'arw', 'sr2', 'srf', 'raf', 'orf', 'rw2', 'pef', 'dng', 'gpr', 'x3f', 'srw', 'mrw',
  '3fr', 'fff', 'iiq', 'dcr', 'kdc', 'erf', 'mef', 'raw',
  'other',
] as const;
export type PhotoFormat = (typeof photoFormats)[number];

/** EXIF 2.32 tag 0x0112: 1 = as stored ... 8 = rotate 270 clockwise. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** `continuous`: at a speed that the camera does not name. `bracketing`: of any kind, whether released one by one or continuously. */
export const driveModes = ['single', 'continuous', 'continuous-low', 'continuous-high', 'self-timer', 'bracketing', 'other'] as const;
export type DriveMode = (typeof driveModes)[number];

export interface Metadata {
  readonly make: string | null;
  readonly model: string | null;
  readonly lens: string | null;
  /** The body's serial number, as the file writes it. */
  readonly serial: string | null;
  /** ISO 8601 with the camera's own fraction and, where the file states it, offset: `2024-05-01T12:00:00.123+02:00`. */
  readonly capturedAt: string | null;
  /** The same instant as milliseconds since 1970 (local camera time read as UTC where no offset is stated). */
  readonly capturedMs: number | null;
  readonly orientation: Orientation;
  /** Exposure time in seconds. */
  readonly exposureTime: number | null;
  readonly fNumber: number | null;
  readonly iso: number | null;
  /** Exposure compensation in EV. */
  readonly exposureBias: number | null;
  /** Millimetres. */
  readonly focalLength: number | null;
  /** True where it fired. */
  readonly flash: boolean | null;
  /** How the shutter was released, where the maker's note says so. */
  readonly driveMode: DriveMode | null;
  /** The camera says that it merged several exposures into this picture. */
  readonly isHdr: boolean;
  /** Picture size as the file states it, before orientation. */
  readonly width: number | null;
  readonly height: number | null;
  /** xmp:Rating already in the file, -1..5. */
  readonly rating: number | null;
  /** xmp:Label already in the file, in the words of the program that wrote it. */
  readonly label: string | null;
  /** Pick or reject already in the file (see XmpFacts). */
  readonly flag: 'pick' | 'reject' | null;
  /** dc:subject already in the file; null where there is none. */
  readonly keywords: readonly string[] | null;
  readonly hasGps: boolean;
  /** Where the camera says that it focused, in fractions of the oriented picture; null where it does not say or is not understood. */
  readonly focusPoints?: readonly Region[] | null;
}

/** Where the shown pixels come from. `self`: the file is itself the picture. */
export type PreviewSource = 'embedded' | 'rendered' | 'self' | 'none';

/** What a person asks to see: what serves best, or one source and nothing else. */
export const sourceChoices = ['auto', 'embedded', 'rendered'] as const;
export type SourceChoice = (typeof sourceChoices)[number];

export interface PreviewInfo {
  readonly source: PreviewSource;
  /** Pixels of the largest preview, with orientation applied. */
  readonly width: number;
  readonly height: number;
}

export type Flag = 'pick' | 'reject' | 'none';
export const labelNames = ['Red', 'Yellow', 'Green', 'Blue', 'Purple'] as const;
export type LabelName = (typeof labelNames)[number];

/** What the person decided. Never written by the machine. */
export interface Marks {
  readonly flag: Flag;
  /** 0..5 */
  readonly rating: number;
  readonly label: LabelName | null;
}

export const noMarks: Marks = { flag: 'none', rating: 0, label: null };

/** A change of marks; absent keys stay as they are. */
export interface MarkChange {
  readonly flag?: Flag | undefined;
  readonly rating?: number | undefined;
  readonly label?: LabelName | null | undefined;
}

/** How far the machine has come with one photo. */
export type PhotoState = 'new' | 'seen' | 'done' | 'failed' | 'not-a-photo';

/** One photo as the rules of grouping and verdict see it. */
export interface PhotoFacts {
  readonly id: PhotoId;
  readonly path: string;
  readonly format: PhotoFormat;
  readonly bytes: number;
  readonly sha256: string | null;
  /** Of the picture's own coded data, whatever the file's metadata; see StageOutputs.identify. */
  readonly imageSha256: string | null;
  readonly metadata: Metadata | null;
  readonly preview: PreviewInfo | null;
  /** 16 hex digits. */
  readonly phash: string | null;
  /** False where the picture has too little texture for the hash to mean anything. */
  readonly phashUsable: boolean;
  /** The picture as 20 x 12 brightnesses, see StageOutputs; null where it was not looked at. */
  readonly view: string | null;
  readonly measures: Measures | null;
  readonly errors: readonly CodedError[];
  /** The other half of a RAW+JPEG pair; set on both halves. */
  readonly pairId: PhotoId | null;
}

/** Raw measures, stored as measured; scores are derived from them so that a changed weight re-ranks at once. */
export interface Measures {
  readonly focus: FocusMeasure | null;
  readonly exposure: ExposureMeasure | null;
  /** Absent or null where faces were not looked for. */
  readonly faces?: FacesMeasure | null;
  /** 1..10, how people would rate it; absent or null where it was not measured. */
  readonly aesthetic?: number | null;
  /** Of the picture with all its pixels, once it was looked at: it then counts instead of `focus`. */
  readonly sharpness?: SharpnessMeasure | null;
  /** What the sensor holds beyond the preview; absent or null where nobody asked, and where it cannot be told. */
  readonly headroom?: HeadroomMeasure | null;
}

/** Blur in each part of the largest picture in the file; judgeFocus tells what it means. Tiles lie in equal columns and rows over the oriented picture. */
export interface SharpnessMeasure {
  /** Pixels that were looked at, orientation applied. */
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  /** Width of the blur, one character a tile, row by row (see sharpness-map.ts): pixels as standard deviation, where it has a direction that of the widest. */
  readonly blur: string;
  /** Its direction where it has one, one character a tile. */
  readonly motion: string;
  /** Standard deviation of the noise, 0..1 of full scale. */
  readonly noise: number;
  /** What stands out most to the eye (spectral residual); null where nothing does. */
  readonly salient: Region | null;
  /** Where the camera says that it focused; null where that is not known. */
  readonly focusPoints: readonly Region[] | null;
}

export interface FocusMeasure {
  /** 0..1, 1 = sharp; comparable between photos of different subjects only roughly. */
  readonly sharpness: number;
  /** 0..1: share of the picture with enough structure to judge focus at all. */
  readonly texture: number;
  /** 0..1: how one-sided the blur is (camera shake or subject motion). */
  readonly motion: number;
  /** Standard deviation of the noise in the flattest parts, 0..1 of full scale. */
  readonly noise: number;
  /** 0..1: how much the 8 x 8 blocks of JPEG compression show. */
  readonly blocking: number;
  /**
   * How fine the structure is in each cell of an 8 x 6 grid over the oriented picture, row by row, two hex digits each: 0 where there is no
   * structure, else 20 times the binary logarithm of fine over coarse gradient energy, plus 121. Empty where nothing can be told.
   */
  readonly map: string;
  /** The sharpest region, in fractions of the oriented picture. */
  readonly region: Region;
}

export interface ExposureMeasure {
  /** Mean luma, 0..1, of the gamma-encoded picture. */
  readonly mean: number;
  /** Share of pixels with a channel at or above 250 of 255. */
  readonly clippedHigh: number;
  /** Share of pixels with luma at or below 5 of 255. */
  readonly crushedLow: number;
  /** 1st and 99th percentile of luma, 0..1. */
  readonly p1: number;
  readonly p99: number;
  /** Shares clipped and crushed, and mean luma, of 12 x 8 cells over the oriented picture, one character each (see sharpness-map.ts). */
  readonly map?: { readonly clipped: string; readonly crushed: string; readonly mean: string };
}
