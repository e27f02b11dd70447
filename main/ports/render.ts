/**
 * Pictures that have to be computed from a file's own data because no finished JPEG is in it. Implemented by
 * adapters/libraw (sensor data) and adapters/heif (HEVC pictures).
 */
import type { CancelSignal, CodedError, Result } from '../base/index.ts';
import type { Orientation } from '../domain/index.ts';
import type { Pixels } from './pixels.ts';

export interface Rendered {
  /** 8 bits a channel, sRGB unless `profile` says otherwise, `orientation` not yet applied. */
  readonly pixels: Pixels;
  /** Edges at full size, before orientation; larger than `pixels` where half the size or a thumbnail was enough. */
  readonly full: { readonly width: number; readonly height: number };
  /** What is still to be done to the pixels as far as the decoder knows: 1 where it has done it itself. */
  readonly orientation: Orientation;
  /** ICC profile of the pixels; null = sRGB. */
  readonly profile: Uint8Array | null;
  /** What is wrong with the file although a picture came out. */
  readonly damage: CodedError | null;
}

/** How the camera itself frames its picture, as far as the file shows: pixels, before orientation. */
export interface CameraFrame {
  /** Of the largest embedded preview that is no thumbnail. */
  readonly preview: { readonly width: number; readonly height: number } | null;
  /** Of the picture with all its pixels: that preview's, if it has them, or as the metadata state it. */
  readonly full: { readonly width: number; readonly height: number } | null;
  /** What the person asked for, as shares (0..1) of that picture; where LibRaw does not know it. */
  readonly asked: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } | null;
}

export interface PictureRenderer {
  /**
   * Renders the whole file `bytes` for a long edge of `edge` pixels (null = all that there are), at a smaller scale where that
   * is large enough. Sensors have more pixels than the camera shows: what is beyond its own frame is cut off. A time limit is the
   * caller's matter.
   * Errors: format-unsupported, preview-not-real (far too few bytes for the pixels claimed), truncated, preview-broken, too-large, native-missing, cancelled.
   */
  render(bytes: Uint8Array, options: { readonly edge: number | null; readonly frame?: CameraFrame; readonly signal?: CancelSignal }): Promise<Result<Rendered>>;
}

/** The sensor's own numbers within the camera's frame, linear, before white balance. Not turned. */
export interface SensorData {
  readonly data: Uint16Array;
  /** Pixels from one row of `data` to the next. */
  readonly rowLength: number;
  /** The frame within `data`. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Colours repeat after so many pixels in both directions: 2 (Bayer) or 6 (X-Trans). */
  readonly period: 2 | 6;
  /** Numbers that the decoder states for no light (0 where it states none) and for saturation. */
  readonly black: number;
  readonly white: number;
  /** As far as the decoder knows; see Rendered. */
  readonly orientation: Orientation;
  /** What is wrong with the file although there are numbers. */
  readonly damage: CodedError | null;
}

export interface SensorReader {
  /**
   * Decodes the sensor's data of the whole file `bytes`, without making a picture of them.
   * Errors: format-unsupported (also where the file holds colours already: linear DNG, sRAW, layered sensors), preview-not-real, truncated, preview-broken, too-large, native-missing.
   */
  read(bytes: Uint8Array, frame: CameraFrame): Promise<Result<SensorData>>;
}
