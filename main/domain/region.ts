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
