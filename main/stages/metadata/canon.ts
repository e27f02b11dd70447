/** What Canon keeps in lists of 16-bit numbers, alike in makers' notes and in CRW files (ExifTool's Canon.pm). */
import type { DriveMode } from '../../domain/index.ts';
import type { MakerNote } from '../containers/maker-note.ts';
import { numbersOf } from '../containers/tiff.ts';

export interface CanonWords {
  /** CameraSettings, from its first word, which is its own length in bytes. */
  readonly settings: readonly number[];
  readonly shot: readonly number[];
  /** FileInfo; empty in CRW. */
  readonly file: readonly number[];
}

/** The lists of a maker's note; empty where they are missing or are no such lists. */
export function canonWords({ block, directory }: MakerNote): CanonWords {
  const words = (tag: number): number[] => {
    const entry = directory.entries.get(tag);
    const found = numbersOf(block, entry, 64);
    return found[0] === entry?.length ? found : [];
  };
  return { settings: words(0x0001), shot: words(0x0004), file: words(0x0093) };
}

/** Word 5 of CameraSettings (ContinuousDrive); absent: a mode that has no name yet. */
const drives: Readonly<Record<number, DriveMode>> = {
  0: 'single', 1: 'continuous', 2: 'other', 3: 'continuous', 4: 'continuous-low', 5: 'continuous-high', 6: 'single', 8: 'continuous-high', 9: 'single', 10: 'continuous',
};

/** Word 2 of CameraSettings is the self-timer, 17 of ShotInfo the step of an exposure bracket, 3 of FileInfo the kind of bracket. */
export function driveModeOfCanon({ settings, shot, file }: CanonWords): DriveMode | null {
  const drive = settings[5];
  if (drive === undefined) return null;
  const bracket = file[3] ?? 0;
  if ((shot[17] ?? 0) !== 0 || (bracket >= 1 && bracket <= 4)) return 'bracketing';
  const word = drives[drive] ?? null;
  return word === 'single' && ((settings[2] ?? 0) & 0x0fff) !== 0 ? 'self-timer' : word;
}

/** Words 23 to 25 of CameraSettings: longest and shortest focal length, and their unit. Only where nothing names the lens. */
export function lensOfCanon({ settings }: CanonWords): string | null {
  const [long = 0, short = 0, unit = 0] = settings.slice(23, 26);
  const [from, to] = [short, long].map((length) => Math.round((length / (unit || 1)) * 10) / 10) as [number, number];
  if (from <= 0 || to < from || to > 10_000) return null;
  return `${from === to ? from : `${from}-${to}`}mm`;
}

const cameraIso: Readonly<Record<number, number>> = { 16: 50, 17: 100, 18: 200, 19: 400, 20: 800 };

/** Word 16 of CameraSettings (CameraISO), else AutoISO times BaseISO of ShotInfo. */
export function isoOfCanon({ settings, shot }: CanonWords): number | null {
  const word = settings[16] ?? 0;
  const told = (word & 0x4000) !== 0 && word !== 0x7fff ? word & 0x3fff : (cameraIso[word] ?? null);
  if (told) return told;
  const [auto, base] = [signed(shot[1] ?? 0), signed(shot[2] ?? 0)];
  const iso = Math.round((2 ** (auto / 32) * 2 ** (base / 32) * 100) / 32);
  return base > 0 && iso > 0 && iso < 65_535 ? iso : null;
}

/**
 * Thirty-seconds of a step, thirds written as 12 and 20 (ExifTool: CanonEv).
 * @param word 16 bits, not yet signed
 */
export function canonSteps(word: number): number {
  const value = signed(word);
  const rest = Math.abs(value) & 0x1f;
  const exact = rest === 0x0c ? 32 / 3 : rest === 0x14 ? 64 / 3 : rest;
  return (Math.sign(value) * (Math.abs(value) - rest + exact)) / 32;
}

/** As it stands on the body: six digits on the EOS-1D and 1Ds, ten on the others. */
export function writeCanonSerial(serial: number, model: string): string {
  return String(serial).padStart(/EOS-1D/i.test(model) ? 6 : 10, '0');
}

function signed(word: number): number {
  return (word << 16) >> 16;
}
