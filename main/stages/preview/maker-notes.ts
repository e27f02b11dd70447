/**
 * Previews that only the maker's note points to. Layouts as documented by ExifTool (Nikon.pm, Pentax.pm, Olympus.pm,
 * Minolta.pm, Sony.pm): each maker counts offsets from another place.
 */
import type { Range } from '../containers/jpeg.ts';
import { latin1 } from '../containers/reader.ts';
import { numberOf, openTiff, readDirectory } from '../containers/tiff.ts';
import type { TiffBlock, TiffDirectory, TiffEntry } from '../containers/tiff.ts';

/**
 * The maker's note inside DNGPrivateData (0xC634) as Adobe's converter keeps it: `Adobe\0`, `MakN`, length, byte order,
 * original offset, note. Only notes with a header of their own still have good offsets there.
 */
export function findPrivateNote(block: TiffBlock, entry: TiffEntry | undefined): TiffEntry | undefined {
  const head = entry && entry.length > 40 ? block.reader.view(entry.offset, 30) : null;
  if (!entry || !head || latin1(head, 0, 10) !== 'Adobe\0MakN' || latin1(head, 20, 26) !== 'Nikon\0') return undefined;
  return { ...entry, offset: entry.offset + 20, length: entry.length - 20 };
}

/** Candidate ranges in bytes from the start of the file; empty for unknown or broken notes. */
export function findMakerNotePreviews(block: TiffBlock, note: TiffEntry | undefined): Range[] {
  const head = note && note.length >= 16 ? block.reader.view(note.offset, 16) : null;
  if (!note || !head) return [];
  const mark = latin1(head);
  const { offset } = note;
  const inner = (base: number, at: number, little = block.little): [TiffBlock, TiffDirectory | null] => {
    const view: TiffBlock = { reader: block.reader, base, little, first: at };
    return [view, readDirectory(view, at)];
  };
  if (mark.startsWith('Nikon\0\x02')) {
    const nikon = openTiff(block.reader, offset + 10);
    const previews = nikon ? numberOf(nikon, readDirectory(nikon, nikon.first)?.entries.get(0x0011)) : null;
    return nikon && previews ? interchange(nikon, readDirectory(nikon, previews)) : [];
  }
  if (mark.startsWith('AOC\0')) return pentax(...inner(block.base, offset - block.base + 6));
  if (mark.startsWith('PENTAX \0')) return pentax(...inner(offset, 10, mark.slice(8, 10) === 'II'));
  if (mark.startsWith('RICOH\0')) return pentax(...inner(offset, 10, mark.slice(6, 8) === 'II'));
  if (mark.startsWith('OLYMPUS\0')) return olympus(...inner(offset, 12, mark.slice(8, 10) === 'II'));
  if (mark.startsWith('OM SYSTEM\0')) return olympus(...inner(offset, 16, mark.slice(12, 14) === 'II'));
  if (mark.startsWith('SONY DSC')) return sony(inner(block.base, offset - block.base + 12)[1]);
  // Minolta and early Sony Alpha write a bare directory.
  return minolta(...inner(block.base, offset - block.base));
}

function interchange(block: TiffBlock, directory: TiffDirectory | null): Range[] {
  return range(block, numberOf(block, directory?.entries.get(0x0201)), numberOf(block, directory?.entries.get(0x0202)));
}

/** PreviewImageLength 0x0003, PreviewImageStart 0x0004. */
function pentax(block: TiffBlock, directory: TiffDirectory | null): Range[] {
  return range(block, numberOf(block, directory?.entries.get(0x0004)), numberOf(block, directory?.entries.get(0x0003)));
}

/** CameraSettings 0x2020 holds PreviewImageStart 0x0101 and PreviewImageLength 0x0102, from the note's start. */
function olympus(block: TiffBlock, directory: TiffDirectory | null): Range[] {
  const entry = directory?.entries.get(0x2020);
  const at = entry?.type === 7 || entry?.type === 1 ? entry.offset - block.base : numberOf(block, entry);
  const settings = at ? readDirectory(block, at) : null;
  return range(block, numberOf(block, settings?.entries.get(0x0101)), numberOf(block, settings?.entries.get(0x0102)));
}

/** PreviewImage 0x2001: the JPEG itself, after 32 bytes of header in most models. */
function sony(directory: TiffDirectory | null): Range[] {
  const entry = directory?.entries.get(0x2001);
  if (!entry || entry.length < 64) return [];
  return [
    { offset: entry.offset, length: entry.length },
    { offset: entry.offset + 32, length: entry.length - 32 },
  ];
}

/** Thumbnail 0x0081 inline; PreviewImageStart 0x0088 and PreviewImageLength 0x0089. */
function minolta(block: TiffBlock, directory: TiffDirectory | null): Range[] {
  const inline = directory?.entries.get(0x0081);
  return [
    ...range(block, numberOf(block, directory?.entries.get(0x0088)), numberOf(block, directory?.entries.get(0x0089))),
    ...(inline ? [{ offset: inline.offset, length: inline.length }] : []),
  ];
}

function range(block: TiffBlock, offset: number | null, length: number | null): Range[] {
  return offset && length ? [{ offset: block.base + offset, length }] : [];
}
