/** Where a picture goes on the stage. Pure; all lengths in device pixels of the stage, shares in parts of the picture. */
import type { Region } from '../../main/domain/index.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Placement {
  /** Stage pixels per picture pixel. */
  readonly scale: number;
  /** Top left corner of the whole picture on the stage. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The whole picture, as large as the stage allows, in the middle. */
export function placeFit(picture: Size, stage: Size): Placement {
  const scale = Math.min(stage.width / picture.width, stage.height / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return { scale, left: Math.round((stage.width - width) / 2), top: Math.round((stage.height - height) / 2), width, height };
}

/** One picture pixel on one stage pixel, the spot `centre` in the middle as far as the edges allow. */
export function placeFull(picture: Size, stage: Size, centre: { readonly x: number; readonly y: number }): Placement {
  const along = (length: number, room: number, at: number): number =>
    length <= room ? Math.round((room - length) / 2) : Math.round(Math.max(room - length, Math.min(0, room / 2 - at * length)));
  return {
    scale: 1,
    left: along(picture.width, stage.width, centre.x),
    top: along(picture.height, stage.height, centre.y),
    width: picture.width,
    height: picture.height,
  };
}

/** The spot of the picture under a point of the stage, or null beside the picture. */
export function spotAt(placement: Placement, x: number, y: number): { x: number; y: number } | null {
  const spot = { x: (x - placement.left) / placement.width, y: (y - placement.top) / placement.height };
  return spot.x < 0 || spot.x > 1 || spot.y < 0 || spot.y > 1 ? null : spot;
}

/** Where a part of the picture, in fractions of it, lies on the stage. */
export function placeRegion({ left, top, width, height }: Placement, region: Region): { readonly left: number; readonly top: number; readonly width: number; readonly height: number } {
  return { left: left + region.x * width, top: top + region.y * height, width: region.w * width, height: region.h * height };
}

/** The part of a bitmap (of any resolution) that can be seen, and where it goes. */
export function visiblePart(placement: Placement, bitmap: Size, stage: Size): { source: [number, number, number, number]; target: [number, number, number, number] } | null {
  const left = Math.max(0, placement.left);
  const top = Math.max(0, placement.top);
  const right = Math.min(stage.width, placement.left + placement.width);
  const bottom = Math.min(stage.height, placement.top + placement.height);
  if (right <= left || bottom <= top) return null;
  const across = bitmap.width / placement.width;
  const down = bitmap.height / placement.height;
  return {
    source: [(left - placement.left) * across, (top - placement.top) * down, (right - left) * across, (bottom - top) * down],
    target: [left, top, right - left, bottom - top],
  };
}
