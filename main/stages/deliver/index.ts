/** The metadata of a finished picture, made from its original's. */
import { latin1 } from '../containers/reader.ts';
import type { ByteReader } from '../containers/reader.ts';
import type { TagSources } from '../containers/tag-sources.ts';
import { buildExif } from './exif.ts';
import { findIptc, insertMetadata } from './segments.ts';
import { cleanXmp } from './xmp.ts';

/**
 * Puts the original's metadata into `jpeg`, an upright sRGB picture of the given size without any: EXIF, XMP and IPTC, without
 * orientation, thumbnails, maker notes and whatever else is true of the original only.
 * @param original reader of the original if that is a JPEG (for its IPTC block), else null
 */
export function keepMetadata(
  jpeg: Uint8Array,
  size: { readonly width: number; readonly height: number },
  sources: TagSources,
  original: ByteReader | null,
): Uint8Array {
  const packet = sources.xmp ? cleanXmp(latin1(sources.xmp)) : null;
  return insertMetadata(jpeg, {
    exif: buildExif(sources, size),
    xmp: packet === null ? null : Uint8Array.from(packet, (character) => character.charCodeAt(0)),
    iptc: original ? findIptc(original) : null,
  });
}
