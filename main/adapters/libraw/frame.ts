/**
 * Which part of the sensor's picture is the photo. LibRaw renders all pixels that get light; cameras show a few less, and only a
 * part where another aspect ratio or a smaller format was set. LibRaw knows what DNG's DefaultCrop says and what most
 * makers write (`raw_inset_crops`, LibRaw API documentation); what it does not know, the camera's own preview shows.
 */
import type { CameraFrame } from '../../ports/index.ts';
import type { LibrawCrop, LibrawFacts } from '../../../native/index.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels of the visible picture, from its left and top edge. */
export interface Frame extends Size {
  readonly left: number;
  readonly top: number;
}

/** Ratios that differ by less are one: previews are rounded to whole pixels, or to blocks of eight. */
const sameRatio = 0.01;
/** From that difference on the preview shows another format, if it is large enough: small ones may have black bars. */
const otherRatio = 0.02;
const leastPreview = 1_000;
/** A frame that is smaller than this share of an edge is a mistake. */
const leastShare = 0.2;
/** A size without a place is taken for the middle of the sensor, if it lacks no more than its borders. */
const borderShare = 0.9;
const unknownPlace = 0xffff;

/** @param visible LibRaw's picture at full size, not turned */
export function chooseFrame(visible: Size, facts: Pick<LibrawFacts, 'left_margin' | 'top_margin' | 'raw_inset_crops'>, camera: CameraFrame): Frame {
  const [main, second] = (facts.raw_inset_crops ?? []).map((crop) => placeCrop(visible, facts, crop));
  const whole: Frame = { left: 0, top: 0, ...visible };
  const base = main ?? centre(whole, borderless(visible, camera.full)) ?? whole;
  const asked = second ?? shareOf(base, camera.asked);
  const shape = camera.preview && lyingAs(visible, camera.preview);
  const ratio = shape ? shape.width / shape.height : null;
  const chosen = asked && (ratio === null || differs(asked, ratio) < sameRatio || differs(base, ratio) >= sameRatio) ? asked : base;
  if (!shape || ratio === null || differs(chosen, ratio) < otherRatio || Math.max(shape.width, shape.height) < leastPreview) return chosen;
  if (differs(whole, ratio) < sameRatio) return whole;
  return cutToRatio(base, ratio);
}

function differs({ width, height }: Size, ratio: number): number {
  return Math.abs(width / height / ratio - 1);
}

/** Null for no crop and for one that is not inside the picture. */
function placeCrop(visible: Size, { left_margin, top_margin }: Pick<LibrawFacts, 'left_margin' | 'top_margin'>, crop: LibrawCrop): Frame | null {
  const { cwidth: width, cheight: height } = crop;
  if (width < visible.width * leastShare || height < visible.height * leastShare || width > visible.width || height > visible.height) return null;
  const whole: Frame = { left: 0, top: 0, ...visible };
  if (crop.cleft === unknownPlace || crop.ctop === unknownPlace) return centre(whole, { width, height });
  const [left, top] = [crop.cleft - left_margin, crop.ctop - top_margin];
  return left >= 0 && top >= 0 && left + width <= visible.width && top + height <= visible.height ? { left, top, width, height } : null;
}

function shareOf(frame: Frame, shares: CameraFrame['asked']): Frame | null {
  if (!shares || !(shares.left >= 0 && shares.top >= 0 && shares.right <= 1 && shares.bottom <= 1)) return null;
  const [left, top] = [frame.left + Math.round(frame.width * shares.left), frame.top + Math.round(frame.height * shares.top)];
  const [right, bottom] = [frame.left + Math.round(frame.width * shares.right), frame.top + Math.round(frame.height * shares.bottom)];
  return right - left >= frame.width * leastShare && bottom - top >= frame.height * leastShare ? { left, top, width: right - left, height: bottom - top } : null;
}

function centre(within: Frame, size: Size | null): Frame | null {
  if (!size || size.width > within.width || size.height > within.height) return null;
  return { left: within.left + Math.floor((within.width - size.width) / 2), top: within.top + Math.floor((within.height - size.height) / 2), ...size };
}

/** The full size as it lies on the sensor, where it lacks no more than the sensor's borders. */
function borderless(visible: Size, full: Size | null): Size | null {
  const size = full && lyingAs(visible, full);
  return size && size.width >= visible.width * borderShare && size.height >= visible.height * borderShare ? size : null;
}

/** Some programs store previews turned already. */
function lyingAs(visible: Size, { width, height }: Size): Size {
  return width !== height && width > height !== visible.width > visible.height ? { width: height, height: width } : { width, height };
}

/** The largest part of that ratio, in the middle, of even size. */
function cutToRatio(frame: Frame, ratio: number): Frame {
  const even = (value: number): number => Math.max(2, 2 * Math.round(value / 2));
  const size = frame.width / frame.height > ratio ? { width: Math.min(frame.width, even(frame.height * ratio)), height: frame.height } : { width: frame.width, height: Math.min(frame.height, even(frame.width / ratio)) };
  return centre(frame, size) ?? frame;
}
