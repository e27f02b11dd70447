/** Previews that only the maker's note points to (ExifTool's Nikon.pm, Pentax.pm, Olympus.pm, Minolta.pm, Sony.pm, Casio.pm). */
import type { Range } from '../containers/jpeg.ts';
import { openMakerNote } from '../containers/maker-note.ts';
import { numberOf, readDirectory } from '../containers/tiff.ts';
import type { TiffBlock, TiffDirectory, TiffEntry } from '../containers/tiff.ts';

/** Candidate ranges in bytes from the start of the file; empty for unknown or broken notes. */
export function findMakerNotePreviews(block: TiffBlock, note: TiffEntry | undefined): Range[] {
  const opened = openMakerNote(block, note);
  if (!opened) return [];
  const { maker, directory } = opened;
  switch (maker) {
    case 'nikon': {
      const previews = numberOf(opened.block, directory.entries.get(0x0011));
      return previews ? interchange(opened.block, readDirectory(opened.block, previews)) : [];
    }
    case 'pentax':
      return lengthAndStart(opened.block, directory);
    case 'casio':
      return [...lengthAndStart(opened.block, directory), ...inline(directory, 0x2000)];
    case 'olympus':
      return olympus(opened.block, directory);
    case 'sony':
      return sony(directory);
    case 'bare':
      return minolta(opened.block, directory);
    default:
      return [];
  }
}

function interchange(block: TiffBlock, directory: TiffDirectory | null): Range[] {
  return range(block, numberOf(block, directory?.entries.get(0x0201)), numberOf(block, directory?.entries.get(0x0202)));
}

/** PreviewImageLength 0x0003, PreviewImageStart 0x0004 of Pentax and Casio. */
function lengthAndStart(block: TiffBlock, directory: TiffDirectory): Range[] {
  return range(block, numberOf(block, directory.entries.get(0x0004)), numberOf(block, directory.entries.get(0x0003)));
}

/** CameraSettings 0x2020 holds PreviewImageStart 0x0101 and PreviewImageLength 0x0102, from the note's start; else as Minolta. */
function olympus(block: TiffBlock, directory: TiffDirectory): Range[] {
  const entry = directory.entries.get(0x2020);
  const at = entry?.type === 7 || entry?.type === 1 ? entry.offset - block.base : numberOf(block, entry);
  const settings = at ? readDirectory(block, at) : null;
  return [...range(block, numberOf(block, settings?.entries.get(0x0101)), numberOf(block, settings?.entries.get(0x0102))), ...minolta(block, directory)];
}

/** PreviewImage 0x2001: the JPEG itself, after 32 bytes of header in most models. */
function sony(directory: TiffDirectory): Range[] {
  const entry = directory.entries.get(0x2001);
  if (!entry || entry.length < 64) return [];
  return [
    { offset: entry.offset, length: entry.length },
    { offset: entry.offset + 32, length: entry.length - 32 },
  ];
}

/** Thumbnail 0x0081 inline; PreviewImageStart 0x0088 and PreviewImageLength 0x0089. */
function minolta(block: TiffBlock, directory: TiffDirectory): Range[] {
  return [...range(block, numberOf(block, directory.entries.get(0x0088)), numberOf(block, directory.entries.get(0x0089))), ...inline(directory, 0x0081)];
}

function inline(directory: TiffDirectory, tag: number): Range[] {
  const entry = directory.entries.get(tag);
  return entry ? [{ offset: entry.offset, length: entry.length }] : [];
}

function range(block: TiffBlock, offset: number | null, length: number | null): Range[] {
  return offset && length ? [{ offset: block.base + offset, length }] : [];
}
