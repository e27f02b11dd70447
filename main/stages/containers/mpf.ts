/** Multi-Picture Format (CIPA DC-007): several JPEGs in one file, listed in the first one's APP2 segment. */
import type { Range } from './jpeg.ts';
import { u32 } from './reader.ts';
import type { ByteReader } from './reader.ts';
import { openTiff, readDirectory } from './tiff.ts';

const entryBytes = 16;
const maxPictures = 64;

/** The pictures behind the first one, in bytes from the start of the file; whether there is a JPEG is the caller's to check. */
export function findMpfPictures(reader: ByteReader, mpf: Range | null): Range[] {
  const block = mpf ? openTiff(reader, mpf.offset) : null;
  const list = block ? readDirectory(block, block.first)?.entries.get(0xb002) : undefined;
  const bytes = list ? reader.view(list.offset, Math.min(list.length, maxPictures * entryBytes))?.slice() : undefined;
  const found: Range[] = [];
  for (let at = 0; block && bytes && at + entryBytes <= bytes.length; at += entryBytes) {
    const length = u32(bytes, at + 4, block.little);
    const offset = u32(bytes, at + 8, block.little);
    // Offset 0 is the first picture, the file itself.
    if (offset > 0 && length > 0) found.push({ offset: block.base + offset, length });
  }
  return found;
}
