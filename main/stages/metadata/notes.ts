/** The few things that only the maker's note says and that it says plainly (ExifTool's tables of each maker). */
import type { DriveMode, Region } from '../../domain/index.ts';
import { findPrivateNote, nameBareNote, openMakerNote, subDirectoryOf } from '../containers/maker-note.ts';
import type { MakerNote } from '../containers/maker-note.ts';
import { bigEndianValue } from '../containers/tiff-writer.ts';
import { u32 } from '../containers/reader.ts';
import { numberOf, numbersOf, textOf } from '../containers/tiff.ts';
import type { PlacedDirectory, TagSources } from '../containers/tag-sources.ts';
import { canonWords, isoOfCanon, lensOfCanon, writeCanonSerial } from './canon.ts';
import { readDriveMode } from './drive-mode.ts';
import { readFocusPoints } from './focus-points.ts';
import { readHdr } from './hdr.ts';

export interface NoteFacts extends BodyFacts {
  readonly driveMode: DriveMode | null;
  readonly isHdr: boolean;
  /** In fractions of the picture as the sensor lies. */
  readonly focusPoints: readonly Region[] | null;
}

interface BodyFacts {
  readonly lens: string | null;
  readonly serial: string | null;
  readonly iso: number | null;
}

const nothing: BodyFacts = { lens: null, serial: null, iso: null };

/** The drive mode, places of the focus, lens names that are written as text (or, by Nikon, as four ratios), serial numbers, and ISO of cameras that leave it out of EXIF. */
export function readNoteFacts({ ifd0, exif, apart }: TagSources): NoteFacts {
  const found = apart?.note ?? findNote(ifd0, exif);
  if (!found) return { ...nothing, driveMode: apart?.driveMode ?? null, isHdr: readHdr(exif, null), focusPoints: null };
  const ofIfd0 = (tag: number): string => (ifd0 ? textOf(ifd0.block, ifd0.directory.entries.get(tag), 64) : '');
  const note = nameBareNote(found, ofIfd0(0x010f));
  return { ...readBodyFacts(note, ofIfd0(0x0110)), driveMode: readDriveMode(note), isHdr: readHdr(exif, note), focusPoints: readFocusPoints(note, ofIfd0(0x0110)) };
}

/** In the Exif directory, or where Adobe's DNG converter puts it. */
function findNote(ifd0: PlacedDirectory | null, exif: PlacedDirectory | null): MakerNote | null {
  const own = exif ? openMakerNote(exif.block, exif.directory.entries.get(0x927c)) : null;
  if (own || !ifd0) return own;
  const kept = findPrivateNote(ifd0.block, ifd0.directory.entries.get(0xc634));
  return kept ? openMakerNote(ifd0.block, kept) : null;
}

function readBodyFacts(note: MakerNote, model: string): BodyFacts {
  const { block, directory } = note;
  const text = (tag: number): string | null => clean(textOf(block, directory.entries.get(tag), 128));
  switch (note.maker) {
    case 'nikon': {
      const iso = numbersOf(block, directory.entries.get(0x0002), 2)[1];
      return { lens: nikonLens(note), serial: text(0x001d) ?? text(0x00a0), iso: iso || null };
    }
    case 'panasonic':
      return { ...nothing, lens: text(0x0051) };
    case 'olympus':
      return olympusEquipment(note);
    case 'pentax':
      return { ...nothing, serial: text(0x0229) };
    case 'sigma':
      return { ...nothing, serial: text(0x0002) };
    case 'canon': {
      const words = canonWords(note);
      const serial = numberOf(block, directory.entries.get(0x000c));
      return { lens: text(0x0095) ?? lensOfCanon(words), serial: serial ? writeCanonSerial(serial, model) : null, iso: isoOfCanon(words) };
    }
    default:
      return nothing;
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
  return { ...nothing, lens: clean(textOf(block, equipment?.entries.get(0x0203), 128)), serial: clean(textOf(block, equipment?.entries.get(0x0101), 64)) };
}

/** Only what can be printed; cameras fill fields that they have no word for with anything. */
function clean(text: string): string | null {
  return /^[\x20-\x7e]+$/.test(text) && /[A-Za-z0-9]/.test(text) && !/^(None|N\/?A|NO-LENS)$/i.test(text) ? text : null;
}
