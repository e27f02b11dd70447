/** How large the pieces are in which a TIFF picture is stored (TIFF 6.0 sections 8 and 15). */
import { numberOf, readDirectory } from './tiff.ts';
import type { TiffBlock } from './tiff.ts';

/**
 * Bytes that a decoder has to hold at once of a picture whose colours are stored one after the other (PlanarConfiguration 2): a
 * strip or tile of each. 0 for every other picture, whose strips are decoded row by row, and where nothing is said.
 */
export function planarPieceBytes(block: TiffBlock): number {
  const entries = readDirectory(block, block.first)?.entries;
  const number = (tag: number): number | null => numberOf(block, entries?.get(tag));
  if (number(0x011c) !== 2) return 0;
  const width = number(0x0142) ?? number(0x0100) ?? 0;
  const rows = number(0x0143) ?? Math.min(number(0x0116) ?? Infinity, number(0x0101) ?? 0);
  return Math.ceil((width * rows * (number(0x0115) ?? 1) * (number(0x0102) ?? 8)) / 8);
}
