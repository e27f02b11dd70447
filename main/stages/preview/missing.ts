/** Whether a RAW file lacks data that its own directories say it has: a copy that broke off, a pulled card. */
import { numbersOf, walkDirectories } from '../containers/tiff.ts';
import type { TiffBlock } from '../containers/tiff.ts';

/** Some makers write this where the place of the data is told elsewhere. */
const unknownOffset = 0xffff_ffff;

/** Strips (0x0111, 0x0117) and tiles (0x0144, 0x0145) of every directory against the length of the file. */
export function hasMissingData(block: TiffBlock): boolean {
  // The first directory itself may be behind the cut.
  let missing = block.base + block.first + 2 > block.reader.size;
  walkDirectories(block, ({ entries }) => {
    for (const [offsetTag, lengthTag] of [[0x0111, 0x0117], [0x0144, 0x0145]] as const) {
      const offsets = numbersOf(block, entries.get(offsetTag), 65_536);
      const lengths = numbersOf(block, entries.get(lengthTag), 65_536);
      missing ||= offsets.some((offset, index) => offset !== unknownOffset && block.base + offset + (lengths[index] ?? 0) > block.reader.size);
    }
  });
  return missing;
}
