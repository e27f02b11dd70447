/** The part of a DNG's picture that the person asked for. */
import type { PhotoFormat } from '../../domain/index.ts';
import type { CameraFrame } from '../../ports/index.ts';
import type { ByteReader } from '../containers/reader.ts';
import { openTiff, ratiosOf, walkDirectories } from '../containers/tiff.ts';

/** DefaultUserCrop (0xC7B5, DNG 1.4): top, left, bottom and right as shares of the default crop. Null where it is all or not there. */
export function findUserCrop(reader: ByteReader, format: PhotoFormat): CameraFrame['asked'] {
  const block = format === 'dng' || format === 'gpr' ? openTiff(reader, 0) : null;
  let found: CameraFrame['asked'] = null;
  if (block)
    walkDirectories(block, ({ entries }) => {
      const [top, left, bottom, right] = ratiosOf(block, entries.get(0xc7b5), 4);
      if (top === undefined || left === undefined || bottom === undefined || right === undefined) return;
      if (top > 0 || left > 0 || bottom < 1 || right < 1) found ??= { left, top, right, bottom };
    });
  return found;
}
