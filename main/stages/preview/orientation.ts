/** Orientation exactly once (Exif 2.32 tag 0x0112). */
import type { Orientation } from '../../domain/index.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Sizes after turning: 5 to 8 swap the edges. */
export function uprightSize(size: Size, orientation: Orientation): Size {
  return orientation >= 5 ? { width: size.height, height: size.width } : { width: size.width, height: size.height };
}

/**
 * How a RAW file's preview is to be turned. Cameras store it as the sensor lies and the RAW's orientation holds for both;
 * some programs store it already turned: then its shape is the other one than the sensor's, and it stays as it is.
 */
export function previewOrientation(orientation: Orientation, sensor: Size | null, preview: Size): Orientation {
  if (orientation < 5 || !sensor) return orientation;
  const lies = sensor.width > sensor.height;
  const previewLies = preview.width > preview.height;
  const isSquare = sensor.width === sensor.height || preview.width === preview.height;
  return isSquare || lies === previewLies ? orientation : 1;
}
