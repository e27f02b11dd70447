/** The few things that only the maker's note says and that it says plainly (ExifTool's tables of each maker). */
import type { DriveMode } from '../../domain/index.ts';
import { findPrivateNote, openMakerNote, subDirectoryOf } from '../containers/maker-note.ts';
import type { MakerNote } from '../containers/maker-note.ts';
import { bigEndianValue } from '../containers/tiff-writer.ts';
import { u32 } from '../containers/reader.ts';
import { numberOf, textOf } from '../containers/tiff.ts';
import type { PlacedDirectory, TagSources } from '../containers/tag-sources.ts';
import { readDriveMode } from './drive-mode.ts';

export interface NoteFacts extends BodyFacts {
  readonly driveMode: DriveMode | null;
}

interface BodyFacts {
  readonly lens: string | null;
  readonly serial: string | null;
}

/** The drive mode, lens names that are written as text (or, by Nikon, as four ratios), and serial numbers; null for everything else. */
export function readNoteFacts({ ifd0, exif, apart }: TagSources): NoteFacts {
  const note = apart?.note ?? findNote(ifd0, exif);
  if (!note) return { lens: null, serial: null, driveMode: apart?.driveMode ?? null };
  const make = ifd0 ? textOf(ifd0.block, ifd0.directory.entries.get(0x010f), 64) : '';
  return { ...readBodyFacts(note, make), driveMode: readDriveMode(note, make) };
}

/** In the Exif directory, or where Adobe's DNG converter puts it. */
function findNote(ifd0: PlacedDirectory | null, exif: PlacedDirectory | null): MakerNote | null {
  const own = exif ? openMakerNote(exif.block, exif.directory.entries.get(0x927c)) : null;
  if (own || !ifd0) return own;
  const kept = findPrivateNote(ifd0.block, ifd0.directory.entries.get(0xc634));
  return kept ? openMakerNote(ifd0.block, kept) : null;
}

function readBodyFacts(note: MakerNote, make: string): BodyFacts {
  const { block, directory } = note;
  const text = (tag: number): string | null => clean(textOf(block, directory.entries.get(tag), 128));
  switch (note.maker) {
    case 'nikon':
      return { lens: nikonLens(note), serial: text(0x001d) };
    case 'panasonic':
      return { lens: text(0x0051), serial: null };
    case 'olympus':
      return olympusEquipment(note);
    case 'sigma':
      return { lens: null, serial: text(0x0002) };
    case 'bare': {
      // Canon, Minolta and old Sony look alike here; only Canon's tags are these.
      if (!/^canon/i.test(make)) return { lens: null, serial: null };
      const serial = numberOf(block, directory.entries.get(0x000c));
      return { lens: text(0x0095), serial: serial ? String(serial) : null };
    }
    default:
      return { lens: null, serial: null };
  }
}

/** Lens 0x0084: shortest and longest focal length, smallest F-numbers at both. */
function nikonLens({ block, directory }: MakerNote): string | null {
  const entry = directory.entries.get(0x0084);
  const bytes = entry?.type === 5 && entry.count === 4 ? bigEndianValue(block, entry, 32) : null;
  if (!bytes) return null;
  const values = [0, 8, 16, 24].map((at) => Math.round((u32(bytes, at, false) / u32(bytes, at + 4, false)) * 10) / 10);
  const [short, long, wide, tele] = values as [number, number, number, number];
  if (!(short > 0 && long > 0 && wide > 0 && tele > 0) || !values.every((value) => value < 10_000)) return null;
  return `${short === long ? short : `${short}-${long}`}mm f/${wide === tele ? wide : `${wide}-${tele}`}`;
}

/** Equipment 0x2010: SerialNumber 0x0101, LensModel 0x0203. */
function olympusEquipment(note: MakerNote): BodyFacts {
  const { block } = note;
  const equipment = subDirectoryOf(note, 0x2010);
  return { lens: clean(textOf(block, equipment?.entries.get(0x0203), 128)), serial: clean(textOf(block, equipment?.entries.get(0x0101), 64)) };
}

/** Only what can be printed; cameras fill fields that they have no word for with anything. */
function clean(text: string): string | null {
  return /^[\x20-\x7e]+$/.test(text) && /[A-Za-z0-9]/.test(text) && !/^(None|N\/?A|NO-LENS)$/i.test(text) ? text : null;
}
