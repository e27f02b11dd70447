/** The size of the picture that a file is about, which for RAW files is not the size in the first directory. */
import type { PhotoFormat } from '../../domain/index.ts';
import { readJpegHeader } from '../containers/jpeg.ts';
import type { ByteReader } from '../containers/reader.ts';
import { numberOf, numbersOf, openTiff, readDirectory, walkDirectories } from '../containers/tiff.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Pixels before orientation; empty where the container does not say and the EXIF size has to serve. */
export function findPictureSize(reader: ByteReader, format: PhotoFormat): PictureSize | Record<string, never> {
  if (format === 'jpeg') {
    const header = readJpegHeader(reader, 0);
    return header ? { width: header.width, height: header.height } : {};
  }
  if (format === 'rw2') return ofPanasonic(reader);
  const block = openTiff(reader, 0);
  if (!block) return {};
  let largest: PictureSize | null = null;
  walkDirectories(block, ({ entries }) => {
    const crop = numbersOf(block, entries.get(0xc620), 2); // DefaultCropSize of DNG: what is to be shown
    const width = crop.length === 2 ? crop[0]! : numberOf(block, entries.get(0x0100));
    const height = crop.length === 2 ? crop[1]! : numberOf(block, entries.get(0x0101));
    if (width && height && width <= 1e6 && height <= 1e6 && width * height > (largest ? largest.width * largest.height : 0)) largest = { width, height };
  });
  return largest ?? {};
}

/** Panasonic RW2 has tags of its own: the picture inside the sensor's borders, top, left, bottom and right (0x0004 to 0x0007). */
function ofPanasonic(reader: ByteReader): PictureSize | Record<string, never> {
  const block = openTiff(reader, 0, [42, 0x55]);
  const directory = block ? readDirectory(block, block.first) : null;
  if (!block || !directory) return {};
  const [top, left, bottom, right] = [4, 5, 6, 7].map((tag) => numberOf(block, directory.entries.get(tag)) ?? 0) as [number, number, number, number];
  return right > left && bottom > top ? { width: right - left, height: bottom - top } : {};
}
