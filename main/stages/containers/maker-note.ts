/**
 * Opens the maker's note of an EXIF block (tag 0x927C). Layouts as documented by ExifTool (MakerNotes.pm): each maker has a mark
 * of its own and counts offsets from another place.
 */
import { latin1, u32 } from './reader.ts';
import { numberOf, openTiff, readDirectory } from './tiff.ts';
import type { TiffBlock, TiffDirectory, TiffEntry } from './tiff.ts';

/** `bare`: a directory without a mark, as Canon, Minolta, and Sony and Nikon in some cameras write it; {@link nameBareNote} tells. */
export type NoteMaker = 'canon' | 'minolta' | 'nikon' | 'pentax' | 'olympus' | 'sony' | 'panasonic' | 'fujifilm' | 'casio' | 'sigma' | 'bare';

export interface MakerNote {
  readonly maker: NoteMaker;
  /** The block that the note's offsets count in. */
  readonly block: TiffBlock;
  readonly directory: TiffDirectory;
}

interface Layout {
  readonly mark: string;
  readonly maker: NoteMaker;
  /** Offsets count from the note's start instead of from the block's. */
  readonly isOwnBase?: boolean;
  /** The directory's place in the note. */
  readonly at: number;
  /** Where in the note its own byte order is stated. */
  readonly order?: number;
}

const layouts: readonly Layout[] = [
  { mark: 'AOC\0', maker: 'pentax', at: 6 },
  { mark: 'PENTAX \0', maker: 'pentax', at: 10, isOwnBase: true, order: 8 },
  { mark: 'RICOH\0', maker: 'pentax', at: 10, isOwnBase: true, order: 6 },
  { mark: 'OLYMPUS\0', maker: 'olympus', at: 12, isOwnBase: true, order: 8 },
  { mark: 'OM SYSTEM\0', maker: 'olympus', at: 16, isOwnBase: true, order: 12 },
  { mark: 'OLYMP\0', maker: 'olympus', at: 8 },
  { mark: 'SONY DSC', maker: 'sony', at: 12 },
  { mark: 'SONY CAM', maker: 'sony', at: 12 },
  { mark: 'Panasonic\0', maker: 'panasonic', at: 12 },
  { mark: 'QVC\0', maker: 'casio', at: 6 },
  { mark: 'SIGMA\0', maker: 'sigma', at: 10 },
  { mark: 'FOVEON\0', maker: 'sigma', at: 10 },
];

/**
 * The maker's note inside DNGPrivateData (0xC634) as Adobe's converter keeps it: `Adobe\0`, `MakN`, length, byte order,
 * original offset, note. Only notes with a header of their own still have good offsets there.
 */
export function findPrivateNote(block: TiffBlock, entry: TiffEntry | undefined): TiffEntry | undefined {
  const head = entry && entry.length > 40 ? block.reader.view(entry.offset, 30) : null;
  if (!entry || !head || latin1(head, 0, 10) !== 'Adobe\0MakN' || latin1(head, 20, 26) !== 'Nikon\0') return undefined;
  return { ...entry, offset: entry.offset + 20, length: entry.length - 20 };
}

/** Null for no note and for one whose directory cannot be read. */
export function openMakerNote(block: TiffBlock, note: TiffEntry | undefined): MakerNote | null {
  const head = note && note.length >= 16 ? block.reader.view(note.offset, 16)?.slice() : null;
  if (!note || !head) return null;
  const mark = latin1(head);
  if (mark.startsWith('Nikon\0\x02')) {
    const nikon = openTiff(block.reader, note.offset + 10);
    return nikon ? made('nikon', nikon, nikon.first) : null;
  }
  if (mark.startsWith('FUJIFILM')) return made('fujifilm', { reader: block.reader, base: note.offset, little: true, first: 0 }, u32(head, 8, true));
  const layout = layouts.find((known) => mark.startsWith(known.mark)) ?? { mark: '', maker: 'bare', at: 0 };
  const base = layout.isOwnBase ? note.offset : block.base + movedBy(block, note);
  const order = layout.order === undefined ? '' : mark.slice(layout.order, layout.order + 2);
  const little = order === 'II' || (order !== 'MM' && block.little);
  return made(layout.maker, { reader: block.reader, base, little, first: 0 }, note.offset - base + layout.at);
}

/**
 * By how many bytes a program has moved the note without correcting its offsets. Canon writes behind each note a TIFF header with the
 * note's own place (ExifTool: MakerNotes.pm, "Canon footer"); 0 where there is none.
 */
function movedBy(block: TiffBlock, note: TiffEntry): number {
  const foot = note.length >= 24 ? block.reader.view(note.offset + note.length - 8, 8) : null;
  if (!foot) return 0;
  const order = latin1(foot, 0, 4);
  if (order !== 'II*\0' && order !== 'MM\0*') return 0;
  const stated = u32(foot, 4, order === 'II*\0');
  const now = note.offset - block.base;
  return stated === 0 || Math.abs(now - stated) > mostMoved ? 0 : now - stated;
}

/** Notes move within their EXIF block, which is 64 KiB in a JPEG. */
const mostMoved = 65_536;

function made(maker: NoteMaker, block: TiffBlock, at: number): MakerNote | null {
  const directory = readDirectory(block, at);
  return directory ? { maker, block: { ...block, first: at }, directory } : null;
}

/** A directory that a note keeps behind a tag of its own (Olympus), which points to it or holds it; null where it cannot be read. */
export function subDirectoryOf({ block, directory }: MakerNote, tag: number): TiffDirectory | null {
  const entry = directory.entries.get(tag);
  const at = entry?.type === 7 || entry?.type === 1 ? entry.offset - block.base : numberOf(block, entry);
  return at ? readDirectory(block, at) : null;
}

/** @param make of IFD0: the notes of these makers look alike. */
export function nameBareNote(note: MakerNote, make: string): MakerNote {
  const maker = note.maker === 'bare' ? (['canon', 'minolta', 'nikon', 'sony'] as const).find((name) => make.toLowerCase().includes(name)) : undefined;
  return maker ? { ...note, maker } : note;
}
