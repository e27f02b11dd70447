/** The small pictures that stages leave behind for the rules of grouping: their sizes, and how they are read. */

/** The grid of FocusMeasure's `map`. */
export const mapColumns = 8;
export const mapRows = 6;
/** The grid of StageOutputs' `view`. */
export const viewColumns = 20;
export const viewRows = 12;

/** Bytes from two hex digits each; null where there are not `count` of them. */
export function readBytes(text: string | null | undefined, count: number): Uint8Array | null {
  if (text?.length !== 2 * count || !/^[0-9a-f]*$/i.test(text)) return null;
  return Uint8Array.from({ length: count }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));
}
