/** Which colours the numbers of an embedded JPEG mean, as far as its file says. */
import type { PreviewColorSpace } from '../../domain/index.ts';
import { numberOf, readDirectory, textOf } from '../containers/tiff.ts';
import type { TiffBlock } from '../containers/tiff.ts';

/**
 * ColorSpace (Exif 2.32 tag 0xA001): 1 is sRGB, 65535 is something else, which for cameras is Adobe RGB where the
 * interoperability directory says R03 (DCF 2.0); some write 2 for it. Null where nothing is told.
 */
export function colorSpaceOf(block: TiffBlock | null): PreviewColorSpace | null {
  if (!block) return null;
  const first = readDirectory(block, block.first);
  const exifOffset = numberOf(block, first?.entries.get(0x8769));
  // Canon CR3 keeps the Exif directory as the first one of a block of its own.
  const exif = exifOffset ? readDirectory(block, exifOffset) : first;
  const space = numberOf(block, exif?.entries.get(0xa001));
  if (space === 1) return 'srgb';
  if (space === 2) return 'adobe-rgb';
  if (space !== 0xffff) return null;
  const interopOffset = numberOf(block, exif?.entries.get(0xa005));
  const interop = interopOffset ? readDirectory(block, interopOffset) : null;
  return textOf(block, interop?.entries.get(0x0001), 4) === 'R03' ? 'adobe-rgb' : null;
}
