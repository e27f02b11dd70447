import type { Orientation } from './photo.ts';
import type { PixelSize } from './picture-sources.ts';

/** A part of a picture, in fractions of the oriented picture: where something was measured. */
export interface Region {
  /** Left and top edge, 0..1. */
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The part that lies within the picture; null where nothing of it does, or where it is no numbers. */
export function limitRegion({ x, y, w, h }: Region): Region | null {
  if (![x, y, w, h].every(Number.isFinite)) return null;
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(1, x + w), Math.min(1, y + h)];
  return right > left && bottom > top ? { x: left, y: top, w: right - left, h: bottom - top } : null;
}

/** A rectangle of whole pixels. */
export interface PixelWindow extends PixelSize {
  readonly left: number;
  readonly top: number;
}

/**
 * The window of at most `most` pixels around the middle of a region, inside a picture of `full` pixels: what is shown of it at 100 %. Around a small
 * region more than that is seen, of a large one its middle.
 */
export function windowAround({ x, y, w, h }: Region, full: PixelSize, most: PixelSize): PixelWindow {
  const along = (from: number, length: number, whole: number, room: number): readonly [number, number] => {
    const size = Math.min(whole, room);
    return [Math.round(Math.min(whole - size, Math.max(0, (from + length / 2) * whole - size / 2))), size];
  };
  const [left, width] = along(x, w, full.width, most.width);
  const [top, height] = along(y, h, full.height, most.height);
  return { left, top, width, height };
}

/**
 * Where a window of the upright picture lies in the picture as it is stored.
 * @param stored size as stored; `orientation` (Exif 2.32 tag 0x0112) is how that is turned to stand upright
 */
export function storedWindow({ left, top, width, height }: PixelWindow, stored: PixelSize, orientation: Orientation): PixelWindow {
  const right = stored.width - width - left;
  const bottom = stored.height - height - top;
  const swapped = { width: height, height: width };
  const rightSwapped = stored.width - height - top;
  const bottomSwapped = stored.height - width - left;
  switch (orientation) {
    case 1:
      return { left, top, width, height };
    case 2:
      return { left: right, top, width, height };
    case 3:
      return { left: right, top: bottom, width, height };
    case 4:
      return { left, top: bottom, width, height };
    case 5:
      return { left: top, top: left, ...swapped };
    case 6:
      return { left: top, top: bottomSwapped, ...swapped };
    case 7:
      return { left: rightSwapped, top: bottomSwapped, ...swapped };
    case 8:
      return { left: rightSwapped, top: left, ...swapped };
  }
}
