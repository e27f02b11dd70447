/** Drive modes out of makers' notes made here, of each layout; real files are held against exiftool in test/oracle. */
import { describe, expect, it } from 'vitest';
import type { DriveMode } from '../../main/domain/index.ts';
import { nameBareNote, openMakerNote } from '../../main/stages/containers/maker-note.ts';
import { readerOfBytes } from '../../main/stages/containers/reader.ts';
import { canonSteps, isoOfCanon, lensOfCanon, writeCanonSerial } from '../../main/stages/metadata/canon.ts';
import { driveModeOfSigma, readDriveMode } from '../../main/stages/metadata/drive-mode.ts';

/** [tag, type, values]; types of TIFF: 1 bytes, 2 text, 3 and 4 numbers, 7 anything. */
type Entry = readonly [tag: number, type: number, values: readonly number[]];

const sizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 7: 1 };
/** Where the note stands in its block. */
const noteAt = 40;

/** A little-endian directory with its values behind it; `at` is where it begins, counted from where offsets count. */
function directoryOf(entries: readonly Entry[], at: number): Uint8Array {
  const values = entries.map(([, type, numbers]) => {
    const bytes = new Uint8Array(sizes[type]! * numbers.length);
    const view = new DataView(bytes.buffer);
    numbers.forEach((number, index) => (sizes[type] === 1 ? view.setUint8(index, number) : sizes[type] === 2 ? view.setUint16(index * 2, number & 0xffff, true) : view.setUint32(index * 4, number, true)));
    return bytes;
  });
  const head = 2 + entries.length * 12 + 4;
  const bytes = new Uint8Array(head + values.reduce((sum, value) => sum + value.length, 0));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, entries.length, true);
  let behind = head;
  entries.forEach(([tag, type, numbers], index) => {
    const place = 2 + index * 12;
    view.setUint16(place, tag, true);
    view.setUint16(place + 2, type, true);
    view.setUint32(place + 4, numbers.length, true);
    const value = values[index]!;
    if (value.length <= 4) bytes.set(value, place + 8);
    else {
      view.setUint32(place + 8, at + behind, true);
      bytes.set(value, behind);
      behind += value.length;
    }
  });
  return bytes;
}

interface Layout {
  readonly mark: string;
  /** Offsets count from the note (0), from the TIFF header in it (Nikon), or from the block. */
  readonly from: 'note' | 'block' | number;
  readonly make: string;
}

const layouts = {
  canon: { mark: '', from: 'block', make: 'Canon' },
  minolta: { mark: '', from: 'block', make: 'Minolta Co., Ltd.' },
  nikon: { mark: 'Nikon\0\u0002\u0010\0\0II*\0\u0008\0\0\0', from: 10, make: 'NIKON CORPORATION' },
  bareNikon: { mark: '', from: 'block', make: 'NIKON CORPORATION' },
  sony: { mark: 'SONY DSC \0\0\0', from: 'block', make: 'SONY' },
  bareSony: { mark: '', from: 'block', make: 'SONY' },
  fujifilm: { mark: 'FUJIFILM\u000c\0\0\0', from: 'note', make: 'FUJIFILM' },
  panasonic: { mark: 'Panasonic\0\0\0', from: 'block', make: 'Panasonic' },
  pentax: { mark: 'AOC\0II', from: 'block', make: 'PENTAX' },
  olympus: { mark: 'OLYMPUS\0II\u0003\0', from: 'note', make: 'OLYMPUS' },
  sigma: { mark: 'SIGMA\0\0\0\u0001\0', from: 'block', make: 'SIGMA' },
  leica: { mark: 'LEICA\0\0\0', from: 'block', make: 'Leica' },
} as const satisfies Record<string, Layout>;

function driveOf(layout: Layout, ...entries: Entry[]): DriveMode | null {
  const mark = Uint8Array.from(layout.mark, (character) => character.charCodeAt(0));
  const start = layout.from === 'block' ? noteAt : layout.from === 'note' ? 0 : -layout.from;
  const directory = directoryOf(entries, start + mark.length);
  const bytes = new Uint8Array(noteAt + mark.length + directory.length + 32);
  bytes.set(mark, noteAt);
  bytes.set(directory, noteAt + mark.length);
  const reader = readerOfBytes(bytes);
  const note = openMakerNote({ reader, base: 0, little: true, first: 0 }, { tag: 0x927c, type: 7, count: 1, offset: noteAt, length: bytes.length - noteAt });
  return note ? readDriveMode(nameBareNote(note, layout.make)) : null;
}

const canonWords = (changes: Readonly<Record<number, number>>, length = 46): number[] => Array.from({ length }, (_, index) => (index === 0 ? length * 2 : (changes[index] ?? 0)));
const texts = (text: string): number[] => [...`${text}\0`].map((character) => character.charCodeAt(0));

describe('drive mode', () => {
  it('Canon: drive, self-timer, brackets', () => {
    const canon = (drive: number, timer = 0, step = 0, bracket = 0) =>
      driveOf(layouts.canon, [0x0001, 3, canonWords({ 2: timer, 5: drive })], [0x0004, 3, canonWords({ 17: step }, 34)], [0x0093, 3, canonWords({ 3: bracket }, 20)]);
    expect([0, 1, 3, 4, 5, 6, 8, 9, 10, 2].map((drive) => canon(drive))).toEqual([
      'single', 'continuous', 'continuous', 'continuous-low', 'continuous-high', 'single', 'continuous-high', 'single', 'continuous', 'other',
    ]);
    expect([canon(0, 100), canon(0, 0x4014), canon(5, 100), canon(77)]).toEqual(['self-timer', 'self-timer', 'continuous-high', null]);
    expect([canon(5, 0, 0xffe0), canon(0, 20, 0x20), canon(0, 0, 0, 1), canon(0, 0, 0, 4)]).toEqual(['bracketing', 'bracketing', 'bracketing', 'bracketing']);
  });

  it('Canon: a list that is not as long as it says is not read', () => {
    expect(driveOf(layouts.canon, [0x0001, 3, [90, ...Array<number>(44).fill(0)]])).toBe('single');
    expect(driveOf(layouts.canon, [0x0001, 3, [139, ...Array<number>(44).fill(0)]])).toBeNull();
  });

  it('Nikon: bits, in notes with and without a mark', () => {
    for (const layout of [layouts.nikon, layouts.bareNikon])
      expect([0, 1, 0x11, 0x10, 0x50, 0x110, 8, 2, 0x20, 0x21, 4].map((bits) => driveOf(layout, [0x0089, 3, [bits]]))).toEqual([
        'single', 'continuous', 'bracketing', 'bracketing', 'bracketing', 'bracketing', 'self-timer', 'self-timer', 'single', 'continuous', 'single',
      ]);
    expect(driveOf(layouts.nikon, [0x0002, 3, [0, 200]])).toBeNull();
  });

  it('Sony: release mode, and the settings of the A-mount', () => {
    expect([0, 2, 5, 6, 8, 65535].map((mode) => driveOf(layouts.sony, [0xb049, 3, [mode]]))).toEqual(['single', 'continuous', 'bracketing', 'bracketing', 'bracketing', null]);
    const settings = (length: number, at: number, value: number) => driveOf(layouts.bareSony, [0x0114, 7, Array.from({ length }, (_, index) => (index === at ? value : 0))]);
    expect([settings(280, 9, 1), settings(364, 9, 0x12), settings(332, 253, 7), settings(332, 253, 11), settings(1_536, 0x34, 0x51), settings(2_048, 0x34, 0x21)]).toEqual([
      'single', 'continuous-low', 'bracketing', 'self-timer', 'self-timer', 'continuous-high',
    ]);
    expect(settings(300, 9, 1), 'of a length that no camera is known for').toBeNull();
  });

  it('Fujifilm, Panasonic, Pentax, Olympus, Minolta, Sigma', () => {
    expect([0, 1, 0x0a00_0002, 9].map((settings) => driveOf(layouts.fujifilm, [0x1100, 3, [0]], [0x1103, 4, [settings]]))).toEqual(['single', 'continuous-low', 'continuous-high', null]);
    expect(driveOf(layouts.fujifilm, [0x1100, 3, [1]], [0x1103, 4, [2]])).toBe('bracketing');
    const panasonic = (burst: number, timer: number) => driveOf(layouts.panasonic, [0x002a, 3, [burst]], [0x002e, 3, [timer]]);
    expect([panasonic(0, 1), panasonic(1, 0), panasonic(2, 2), panasonic(0, 3), panasonic(99, 0)]).toEqual(['single', 'continuous', 'bracketing', 'self-timer', null]);
    const pentax = (drive: number[], step = 0) => driveOf(layouts.pentax, [0x0018, 3, [step]], [0x0034, 1, drive]);
    expect([pentax([0, 0, 0, 0]), pentax([1, 0, 0, 0]), pentax([2, 0, 0, 0]), pentax([0, 2, 0, 0]), pentax([1, 0, 0, 0], 0x2002), pentax([0, 0, 0, 0], 0x1000), pentax([255, 255, 255, 255])]).toEqual([
      'single', 'continuous', 'continuous-low', 'self-timer', 'bracketing', 'single', 'other',
    ]);
    // the settings are a directory of their own inside the note
    const olympus = (...mode: number[]) => {
      const inner = directoryOf([[0x0600, 3, mode]], 0);
      // entry 0x2020 stands alone: mark 12, directory 18, then its value, whose own offsets count from the note
      return driveOf(layouts.olympus, [0x2020, 7, [...directoryOf([[0x0600, 3, mode]], 12 + 18)].slice(0, inner.length)]);
    };
    expect([olympus(0, 0, 0), olympus(1, 3, 0), olympus(2, 1, 0), olympus(5, 1, 1), olympus(5, 1, 0), olympus(9, 0, 0)]).toEqual(['single', 'continuous', 'bracketing', 'bracketing', 'other', null]);
    const minolta = (mode: number) => driveOf(layouts.minolta, [0x0003, 7, [...Array<number>(27).fill(0), mode, 0, 0, 0, 0]]);
    expect([0, 1, 2, 4, 5, 7, 50].map(minolta)).toEqual(['single', 'continuous', 'self-timer', 'bracketing', 'other', 'continuous-high', null]);
    expect(driveOf(layouts.sigma, [0x0003, 2, texts('SINGLE')])).toBe('single');
    expect(['SINGLE', 'MULTI', '10S', '2 S', 'Self Timer', 'AB', 'UP', ''].map(driveModeOfSigma)).toEqual(['single', 'continuous', 'self-timer', 'self-timer', 'self-timer', 'bracketing', 'other', null]);
  });

  it('is not made up for makers that are not known', () => {
    expect(driveOf(layouts.leica, [0x0089, 3, [1]])).toBeNull();
  });
});

describe("Canon's words", () => {
  it('give ISO, lens and serial number', () => {
    const words = (settings: Readonly<Record<number, number>>, shot: Readonly<Record<number, number>> = {}) => ({ settings: canonWords(settings), shot: canonWords(shot, 34), file: [] });
    expect([isoOfCanon(words({ 16: 18 })), isoOfCanon(words({ 16: 0x4000 | 1600 })), isoOfCanon(words({ 16: 0x7fff }, { 1: 0, 2: 160 })), isoOfCanon(words({}))]).toEqual([200, 1600, 100, null]);
    expect([lensOfCanon(words({ 23: 55, 24: 18, 25: 1 })), lensOfCanon(words({ 23: 346, 24: 173, 25: 32 })), lensOfCanon(words({ 23: 50, 24: 50, 25: 1 })), lensOfCanon(words({}))]).toEqual(['18-55mm', '5.4-10.8mm', '50mm', null]);
    expect([writeCanonSerial(123456789, 'Canon EOS 400D DIGITAL'), writeCanonSerial(1234, 'Canon EOS-1D Mark II')]).toEqual(['0123456789', '001234']);
    expect([0x20, 0x0c, 0x14, 0xffec, 0].map(canonSteps)).toEqual([1, 1 / 3, 2 / 3, -2 / 3, 0]);
  });
});
