/**
 * How the shutter was released, as the maker's note says it (tables of ExifTool's Canon.pm, Nikon.pm, Sony.pm, FujiFilm.pm, Olympus.pm,
 * Panasonic.pm, Pentax.pm, Minolta.pm, Sigma.pm). Bracketing counts before self-timer, that before continuous.
 */
import type { DriveMode } from '../../domain/index.ts';
import { subDirectoryOf } from '../containers/maker-note.ts';
import type { MakerNote } from '../containers/maker-note.ts';
import { u32 } from '../containers/reader.ts';
import { numbersOf, textOf } from '../containers/tiff.ts';
import { canonWords, driveModeOfCanon } from './canon.ts';

type Words = Readonly<Record<number, DriveMode>>;

/** Null where the note does not say, or says what is not known here. */
export function readDriveMode(note: MakerNote): DriveMode | null {
  const { block, directory } = note;
  const numbers = (tag: number, count = 1): number[] => numbersOf(block, directory.entries.get(tag), count);
  switch (note.maker) {
    case 'nikon':
      return ofNikon(numbers(0x0089)[0]);
    case 'sony':
      return lookUp(sonyRelease, numbers(0xb049)[0]) ?? ofSonySettings(note);
    case 'fujifilm':
      return ofFujifilm(numbers(0x1100)[0], numbers(0x1103)[0]);
    case 'olympus':
      return ofOlympus(note);
    case 'panasonic':
      return ofPanasonic(numbers(0x002a)[0], numbers(0x002e)[0]);
    case 'pentax':
      return ofPentax(numbers(0x0034, 4), numbers(0x0018)[0]);
    case 'sigma':
      return driveModeOfSigma(textOf(block, directory.entries.get(0x0003), 32));
    case 'canon':
      return driveModeOfCanon(canonWords(note));
    case 'minolta':
      return ofMinolta(note);
    default:
      return null;
  }
}

function lookUp(words: Words, value: number | undefined): DriveMode | null {
  return value === undefined ? null : (words[value] ?? null);
}

/** Bits: 0 continuous, 1 delay, 3 self-timer, 4 exposure, 6 white-balance, 8 Active D-Lighting bracketing; others are no release mode. */
function ofNikon(bits: number | undefined): DriveMode | null {
  if (bits === undefined) return null;
  if ((bits & 0x150) !== 0) return 'bracketing';
  if ((bits & 0x0a) !== 0) return 'self-timer';
  return (bits & 1) !== 0 ? 'continuous' : 'single';
}

const sonyRelease: Words = { 0: 'single', 2: 'continuous', 5: 'bracketing', 6: 'bracketing', 8: 'bracketing' };
/** Alpha 200 to 900, and 230 to 390. */
const alphaDrive: Words = {
  1: 'single', 2: 'continuous-high', 4: 'self-timer', 5: 'self-timer', 6: 'bracketing', 7: 'bracketing', 0x0a: 'other', 0x0b: 'other', 0x12: 'continuous-low',
  0x18: 'bracketing', 0x19: 'bracketing', 0x28: 'bracketing', 0x29: 'bracketing',
};
/** Alpha 33 to 580 and the first NEX. */
const nexDrive: Words = {
  0x10: 'single', 0x21: 'continuous-high', 0x22: 'continuous-low', 0x30: 'continuous-high', 0x51: 'self-timer', 0x52: 'self-timer', 0x71: 'bracketing', 0x75: 'bracketing',
  0x91: 'bracketing', 0x92: 'bracketing', 0xc0: 'other', 0xd1: 'other', 0xd2: 'other', 0xd3: 'other', 0xd4: 'other', 0xd5: 'other', 0xd6: 'other',
};

/** CameraSettings 0x0114 of the A-mount, whose length tells which cameras wrote it; big-endian words, later bytes. */
function ofSonySettings({ block, directory }: MakerNote): DriveMode | null {
  const entry = directory.entries.get(0x0114);
  const byteAt = (at: number): number | undefined => (entry ? block.reader.view(entry.offset + at, 1)?.[0] : undefined);
  switch (entry?.length) {
    case 280:
    case 364:
      return lookUp(alphaDrive, byteAt(0x04 * 2 + 1));
    case 332: {
      const mode = byteAt(0x7e * 2 + 1);
      // here 11 is a self-timer that takes several
      return mode === 11 ? 'self-timer' : lookUp(alphaDrive, mode);
    }
    case 1_536:
    case 2_048:
      return lookUp(nexDrive, byteAt(0x34));
    default:
      return null;
  }
}

/** AutoBracketing 0x1100 (2 is pre-shot or with and without flash), DriveSettings 0x1103 whose lowest byte is the mode. */
function ofFujifilm(bracketing: number | undefined, settings: number | undefined): DriveMode | null {
  if (bracketing === 1) return 'bracketing';
  return settings === undefined ? null : lookUp({ 0: 'single', 1: 'continuous-low', 2: 'continuous-high' }, settings & 0xff);
}

/** CameraSettings 0x2020: DriveMode 0x0600 with mode, shot number and, where the mode is 5, bits of what is bracketed. */
function ofOlympus(note: MakerNote): DriveMode | null {
  const settings = subDirectoryOf(note, 0x2020);
  const [mode, , bits] = numbersOf(note.block, settings?.entries.get(0x0600), 3);
  if (mode === 5) return bits === undefined || bits === 0 ? 'other' : 'bracketing';
  return lookUp({ 0: 'single', 1: 'continuous', 2: 'bracketing', 3: 'bracketing', 4: 'bracketing' }, mode);
}

/** BurstMode 0x002A, SelfTimer 0x002E (0 and 1 are off). */
function ofPanasonic(burst: number | undefined, timer: number | undefined): DriveMode | null {
  const word = lookUp({ 0: 'single', 1: 'continuous', 2: 'bracketing', 3: 'bracketing', 4: 'continuous', 8: 'bracketing', 17: 'continuous', 18: 'bracketing' }, burst);
  return word !== 'bracketing' && timer !== undefined && timer > 1 ? 'self-timer' : word;
}

/** DriveMode 0x0034: drive, timer, remote control, multiple exposure; AutoBracketing 0x0018: the step, 0x1000 and 0x2000 being its unit. */
function ofPentax([drive, timer]: readonly number[], bracketing: number | undefined): DriveMode | null {
  if (drive === undefined) return null;
  if (((bracketing ?? 0) & 0x0fff) !== 0) return 'bracketing';
  if (timer === 1 || timer === 2) return 'self-timer';
  return lookUp({ 0: 'single', 1: 'continuous', 2: 'continuous-low', 3: 'continuous-high', 4: 'continuous', 255: 'other' }, drive);
}

/** CameraSettings 0x0001 (the first DiMAGE) and 0x0003: big-endian numbers of four bytes, the seventh of which is the mode. */
function ofMinolta({ block, directory }: MakerNote): DriveMode | null {
  const entry = directory.entries.get(0x0003) ?? directory.entries.get(0x0001);
  const bytes = entry && entry.length >= 28 ? block.reader.view(entry.offset + 24, 4) : null;
  if (!bytes) return null;
  return lookUp({ 0: 'single', 1: 'continuous', 2: 'self-timer', 4: 'bracketing', 5: 'other', 6: 'continuous-high', 7: 'continuous-high' }, u32(bytes, 0, false));
}

/** The words of Sigma's notes and of the properties of an X3F. */
export function driveModeOfSigma(word: string): DriveMode | null {
  const text = word.trim().toUpperCase();
  if (text === '') return null;
  if (/^SINGLE/.test(text)) return 'single';
  if (/^(MULTI|CONTINUOUS|SEQUENCE)/.test(text)) return 'continuous';
  if (/^(\d+ ?S\b|\d+S$|SELF)/.test(text)) return 'self-timer';
  return /^(AB|AUTO BRACKET|BRACKET)/.test(text) ? 'bracketing' : 'other';
}
