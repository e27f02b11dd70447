/**
 * The places in a TIFF block where cameras put finished JPEGs: the interchange-format pair and JPEG strips of every
 * directory (TIFF 6.0 section 22, TIFF Technical Note 2), Panasonic's JpgFromRaw, and the makers' own notes.
 */
import type { PreviewColorSpace } from '../../domain/index.ts';
import type { Range } from '../containers/jpeg.ts';
import { findPrivateNote } from '../containers/maker-note.ts';
import { numberOf, numbersOf, readDirectory, walkDirectories } from '../containers/tiff.ts';
import type { TiffBlock, TiffDirectory } from '../containers/tiff.ts';
import { findMakerNotePreviews } from './maker-notes.ts';

/** A place that may hold a JPEG, with the colour space that the place's own directory states. */
export interface Candidate extends Range {
  readonly colorSpace?: PreviewColorSpace;
}

/** 6 old-style JPEG, 7 JPEG, 34892 lossy JPEG of DNG, 99 some Sony; whatever is no JPEG falls out by its header. */
const jpegCompressions = new Set([6, 7, 99, 34_892]);
/** PhotometricInterpretation of sensor data: colour filter array (TIFF/EP), linear raw (DNG). Lossy DNG stores them as JPEG all the same. */
const sensorPhotometrics = new Set([32_803, 34_892]);
/** PreviewColorSpace (0xC71A, DNG 1.2). */
const previewSpaces: Readonly<Record<number, PreviewColorSpace>> = { 2: 'srgb', 3: 'adobe-rgb', 4: 'prophoto-rgb' };

/** Canon's CR2Slice (0xC640) tells how the sensor's lossless JPEG is to be cut. */
function isSensorData(block: TiffBlock, entries: TiffDirectory['entries']): boolean {
  return entries.has(0xc640) || sensorPhotometrics.has(numberOf(block, entries.get(0x0106)) ?? 0);
}

/** Ranges that may hold a JPEG, as the directories state them; what is really there is the caller's to check. */
export function findCandidates(block: TiffBlock): Candidate[] {
  const found: Candidate[] = [];
  const look = ({ entries }: TiffDirectory): void => {
    const space = previewSpaces[numberOf(block, entries.get(0xc71a)) ?? 0];
    const add = (offset: number | null, length: number | null): void => {
      if (offset === null || length === null || length < 4) return;
      found.push({ offset: block.base + offset, length, ...(space ? { colorSpace: space } : {}) });
    };
    add(numberOf(block, entries.get(0x0201)), numberOf(block, entries.get(0x0202)));
    const jpegFromRaw = entries.get(0x002e); // Panasonic RW2
    if (jpegFromRaw) found.push({ offset: jpegFromRaw.offset, length: jpegFromRaw.length });
    const compression = numberOf(block, entries.get(0x0103));
    if (compression === null || !jpegCompressions.has(compression) || isSensorData(block, entries)) return;
    const offsets = numbersOf(block, entries.get(0x0111), 2);
    const lengths = numbersOf(block, entries.get(0x0117), 2);
    // A picture cut into several strips is several JPEGs, none of them the whole.
    if (offsets.length === 1 && lengths.length === 1) add(offsets[0]!, lengths[0]!);
  };
  walkDirectories(block, look);
  const first = readDirectory(block, block.first);
  found.push(...findMakerNotePreviews(block, findPrivateNote(block, first?.entries.get(0xc634))));
  const exifOffset = numberOf(block, first?.entries.get(0x8769));
  const exif = exifOffset ? readDirectory(block, exifOffset) : null;
  if (exif) {
    look(exif);
    found.push(...findMakerNotePreviews(block, exif.entries.get(0x927c)));
  }
  return found;
}
