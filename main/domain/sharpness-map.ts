/** Maps of measures as one character a cell: how they are written and read. */

/** A character for each number; `-` says that there is nothing to tell. */
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const nothing = '-';
/** Of directions: there are too few edges to tell, or the blur is alike in all. */
export const noDegrees = nothing;
export const allDirections = '=';

/** Blur goes from the first to the second in equal ratios over 61 steps, in pixels (standard deviation). */
export const blurRange = [0.3, 20] as const;
const blurSteps = 60;
const degreesStep = 3;

/** One character. @param blur pixels (standard deviation), or null. */
export function writeBlur(blur: number | null): string {
  if (blur === null) return nothing;
  const [least, most] = blurRange;
  const at = Math.round((blurSteps * Math.log(blur / least)) / Math.log(most / least));
  return digits[Math.max(0, Math.min(blurSteps, at))]!;
}

/** One character. @param degrees 0..180. */
export function writeDegrees(degrees: number): string {
  return digits[Math.round(degrees / degreesStep) % (180 / degreesStep)]!;
}

/** Pixels for each character; null where there is nothing to tell. */
export function readBlurs(map: string): (number | null)[] {
  const [least, most] = blurRange;
  return Array.from(map, (digit) => {
    const at = digits.indexOf(digit);
    return at < 0 ? null : least * (most / least) ** (at / blurSteps);
  });
}

/** Degrees 0..180 for each character; null where the blur has no direction. */
export function readDegrees(map: string): (number | null)[] {
  return Array.from(map, (digit) => {
    const at = digits.indexOf(digit);
    return at < 0 ? null : at * degreesStep;
  });
}

/** One character for a share, 0..1 in sixtieths. */
export function writeShare(share: number): string {
  return digits[Math.round(60 * Math.max(0, Math.min(1, share)))]!;
}

/** Shares 0..1. */
export function readShares(map: string): number[] {
  return Array.from(map, (digit) => Math.max(0, digits.indexOf(digit)) / 60);
}
