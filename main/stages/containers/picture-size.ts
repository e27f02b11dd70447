/** The size of the picture that a file is about, which for RAW files is not the size in the first directory. */
import type { PhotoFormat } from '../../domain/index.ts';
import { readCiff } from './ciff.ts';
import { findCr3Metadata } from './isobmff.ts';
import { readJpegHeader } from './jpeg.ts';
import { readMrwBlocks } from './mrw.ts';
import { readRafHeader } from './raf.ts';
import { u32 } from './reader.ts';
import type { ByteReader } from './reader.ts';
import { numberOf, openTiff, ratiosOf, readDirectory, tiffMagicsOf, walkDirectories } from './tiff.ts';
import type { TiffBlock } from './tiff.ts';
import { readX3fHeader } from './x3f.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

const largestEdge = 1e6;

/** Pixels before orientation; null where the container does not say and the EXIF size has to serve. */
export function findPictureSize(reader: ByteReader, format: PhotoFormat): PictureSize | null {
  const size = sizeOf(reader, format);
  return size && size.width > 0 && size.height > 0 && size.width <= largestEdge && size.height <= largestEdge ? { width: size.width, height: size.height } : null;
}

function sizeOf(reader: ByteReader, format: PhotoFormat): PictureSize | null {
  switch (format) {
    case 'jpeg':
      return readJpegHeader(reader, 0);
    case 'rw2':
      return ofPanasonic(reader);
    case 'raf':
      return readRafHeader(reader)?.size ?? null;
    case 'mrw':
      return readMrwBlocks(reader).size;
    case 'x3f':
      return readX3fHeader(reader);
    case 'crw':
      return ofCrw(reader);
    case 'cr3':
      return ofCr3(reader);
    default:
      return ofTiff(openTiff(reader, 0, tiffMagicsOf(format)));
  }
}

/** The largest directory; of a DNG, DefaultCropSize (0xC620) is what is to be shown, even if a preview is larger. */
function ofTiff(block: TiffBlock | null): PictureSize | null {
  if (!block) return null;
  const largest: { whole: PictureSize | null; cropped: PictureSize | null } = { whole: null, cropped: null };
  const note = (kind: keyof typeof largest, width: number | null | undefined, height: number | null | undefined): void => {
    if (!width || !height || width > largestEdge || height > largestEdge) return;
    const other = largest[kind];
    if (!other || width * height > other.width * other.height) largest[kind] = { width, height };
  };
  walkDirectories(block, ({ entries }) => {
    const [width, height] = ratiosOf(block, entries.get(0xc620), 2).map(Math.round);
    note('cropped', width, height);
    note('whole', numberOf(block, entries.get(0x0100)), numberOf(block, entries.get(0x0101)));
  });
  return largest.cropped ?? largest.whole;
}

/** Panasonic RW2 has tags of its own: the picture inside the sensor's borders, top, left, bottom and right (0x0004 to 0x0007). */
function ofPanasonic(reader: ByteReader): PictureSize | null {
  const block = openTiff(reader, 0, tiffMagicsOf('rw2'));
  const directory = block ? readDirectory(block, block.first) : null;
  if (!block || !directory) return null;
  const [top, left, bottom, right] = [4, 5, 6, 7].map((tag) => numberOf(block, directory.entries.get(tag)) ?? 0) as [number, number, number, number];
  return right > left && bottom > top ? { width: right - left, height: bottom - top } : null;
}

/** CMT1 is a block with one directory; what follows it in the file is another block. */
function ofCr3(reader: ByteReader): PictureSize | null {
  const { ifd0 } = findCr3Metadata(reader);
  const block = ifd0 ? openTiff(reader, ifd0.offset) : null;
  const directory = block ? readDirectory(block, block.first) : null;
  const [width, height] = block ? [0x0100, 0x0101].map((tag) => numberOf(block, directory?.entries.get(tag))) : [];
  return width && height ? { width, height } : null;
}

/** ImageInfo 0x1810 starts with width and height. */
function ofCrw(reader: ByteReader): PictureSize | null {
  const ciff = readCiff(reader);
  const place = ciff?.entries.get(0x1810);
  const bytes = place && place.length >= 8 ? reader.view(place.offset, 8) : null;
  return ciff && bytes ? { width: u32(bytes, 0, ciff.little), height: u32(bytes, 4, ciff.little) } : null;
}
