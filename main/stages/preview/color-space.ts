/** Which colours the numbers of a JPEG mean, as far as its file says. */
import type { PreviewColorSpace } from '../../domain/index.ts';
import { readJpegHeader } from '../containers/jpeg.ts';
import { openMakerNote } from '../containers/maker-note.ts';
import type { NoteMaker } from '../containers/maker-note.ts';
import type { ByteReader } from '../containers/reader.ts';
import { numberOf, openTiff, readDirectory, textOf } from '../containers/tiff.ts';
import type { TiffBlock, TiffDirectory, TiffEntry } from '../containers/tiff.ts';

/** ColorSpace 65535: another one than sRGB, and nothing in the block says which. */
const uncalibrated = 'uncalibrated';
type Told = PreviewColorSpace | typeof uncalibrated | null;

/** The colour space by a block of EXIF; null where nothing is told. `canonNote`: the maker's note where it is a block of its own (CR3). */
export function colorSpaceOf(block: TiffBlock | null, canonNote: TiffBlock | null = null): PreviewColorSpace | null {
  const told = block ? readColorSpace(block) : null;
  if (told !== null && told !== uncalibrated) return told;
  const note = canonNote ? readDirectory(canonNote, canonNote.first) : null;
  return note ? spaceByTag('bare', canonNote!, note) : null;
}

/**
 * The colour space of a file that is a JPEG. `name`: Adobe RGB pictures have an underscore as the first letter of their names (DCF
 * 2.0 section 5.3.2), which serves where EXIF says no more than that it is not sRGB.
 */
export function colorSpaceOfJpeg(reader: ByteReader, name: string): PreviewColorSpace | null {
  const header = readJpegHeader(reader, 0);
  if (!header || header.components !== 3) return null;
  if (header.hasIcc) return 'icc';
  const block = header.exif ? openTiff(reader, header.exif.offset) : null;
  const told = block ? readColorSpace(block) : null;
  return told === uncalibrated ? (name.startsWith('_') ? 'adobe-rgb' : null) : told;
}

/**
 * ColorSpace (Exif 2.32 tag 0xA001): 1 is sRGB, 65535 is something else, which for cameras is Adobe RGB where the
 * interoperability directory says R03 (DCF 2.0); some write 2 for it. RAW files often lack that directory: then the maker's note
 * tells.
 */
function readColorSpace(block: TiffBlock): Told {
  const first = readDirectory(block, block.first);
  const exifOffset = numberOf(block, first?.entries.get(0x8769));
  // Canon CR3 keeps the Exif directory as the first one of a block of its own.
  const exif = exifOffset ? readDirectory(block, exifOffset) : first;
  const space = numberOf(block, exif?.entries.get(0xa001));
  if (space === 1) return 'srgb';
  if (space === 2) return 'adobe-rgb';
  const interopOffset = space === 0xffff ? numberOf(block, exif?.entries.get(0xa005)) : null;
  const interop = interopOffset ? readDirectory(block, interopOffset) : null;
  if (textOf(block, interop?.entries.get(0x0001), 4) === 'R03') return 'adobe-rgb';
  return spaceOfNote(block, exif?.entries.get(0x927c)) ?? (space === 0xffff ? uncalibrated : null);
}

/** Tag and number that say Adobe RGB (ExifTool's Nikon.pm, Canon.pm, Pentax.pm). */
const adobeInNote: Partial<Record<NoteMaker, readonly [tag: number, value: number]>> = { nikon: [0x001e, 2], bare: [0x00b4, 2], pentax: [0x0037, 1] };

function spaceOfNote(block: TiffBlock, entry: TiffEntry | undefined): PreviewColorSpace | null {
  const note = openMakerNote(block, entry);
  return note ? spaceByTag(note.maker, note.block, note.directory) : null;
}

function spaceByTag(maker: NoteMaker, block: TiffBlock, directory: TiffDirectory): PreviewColorSpace | null {
  const [tag, value] = adobeInNote[maker] ?? [];
  return tag !== undefined && numberOf(block, directory.entries.get(tag)) === value ? 'adobe-rgb' : null;
}
