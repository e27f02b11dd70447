/** The number for no light as a DNG states it; LibRaw tells other programs only the part that all colours have in common. */
import type { PhotoFormat } from '../../domain/index.ts';
import type { ByteReader } from '../containers/reader.ts';
import { numberOf, openTiff, ratiosOf, walkDirectories } from '../containers/tiff.ts';

/** PhotometricInterpretation of a mosaic (TIFF/EP). */
const colourFilterArray = 32_803;

/** Mean of BlackLevel (0xC61A, DNG 1.4) of the mosaic's directory; null where there is none. */
export function findStatedBlack(reader: ByteReader, format: PhotoFormat): number | null {
  const block = format === 'dng' || format === 'gpr' ? openTiff(reader, 0) : null;
  let found: number | null = null;
  if (block)
    walkDirectories(block, ({ entries }) => {
      if (numberOf(block, entries.get(0x0106)) !== colourFilterArray) return;
      const levels = ratiosOf(block, entries.get(0xc61a), 64);
      if (levels.length > 0) found ??= levels.reduce((sum, level) => sum + level, 0) / levels.length;
    });
  return found;
}
