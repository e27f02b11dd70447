/** The small pictures that stages leave behind for the rules of grouping: their sizes, and how they are read. */
import { hexDigitOf } from './hash/hash.ts';

/** The grid of FocusMeasure's `map`. */
export const mapColumns = 8;
export const mapRows = 6;
/** The grid of StageOutputs' `view`. */
export const viewColumns = 20;
export const viewRows = 12;

/** Bytes from two hex digits each; null where there are not `count` of them. By hand: grouping reads those of every frame of every burst. */
export function readBytes(text: string | null | undefined, count: number): Uint8Array | null {
  if (text?.length !== 2 * count) return null;
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    const high = hexDigitOf(text.charCodeAt(2 * at));
    const low = hexDigitOf(text.charCodeAt(2 * at + 1));
    if (high < 0 || low < 0) return null;
    bytes[at] = 16 * high + low;
  }
  return bytes;
}
