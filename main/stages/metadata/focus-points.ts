/**
 * Where the camera says that it focused (ExifTool's tables of each maker). Only layouts that real files confirm: Canon AFInfo and AFInfo2, Nikon
 * AFInfo2 of the Z 8 and Z 9, Sony FocusLocation, Olympus AFAreas, Panasonic AFPointPosition.
 */
import { limitRegion } from '../../domain/index.ts';
import type { Region } from '../../domain/index.ts';
import { subDirectoryOf } from '../containers/maker-note.ts';
import type { MakerNote } from '../containers/maker-note.ts';
import { latin1, u16 } from '../containers/reader.ts';
import { numbersOf, ratiosOf } from '../containers/tiff.ts';

/** Side of the place that a mere point stands for, as a share of the picture's width and height. */
const pointSize = 0.06;
const mostWords = 8_192;

/** Regions in fractions of the picture as the sensor lies; null where the note does not say. @param model of IFD0. */
export function readFocusPoints(note: MakerNote, model: string): Region[] | null {
  const found = regionsOf(note, model).flatMap((region) => limitRegion(region) ?? []);
  return found.length > 0 ? found : null;
}

function regionsOf(note: MakerNote, model: string): Region[] {
  switch (note.maker) {
    case 'canon':
      return ofCanon(note, model);
    case 'nikon':
      return ofNikon(note);
    case 'sony':
      return ofSony(note);
    case 'olympus':
      return ofOlympus(note);
    case 'panasonic':
      return ofPanasonic(note);
    default:
      return [];
  }
}

/**
 * AFInfo2 0x0026: length, mode, number of areas n, valid ones, picture width and height, those that the areas count in, n widths, n heights, n places across
 * and n down from the middle, then bits of the areas in focus. AFInfo 0x0012 lacks the first two and has one width and height for all.
 * EOS cameras count upwards, the others downwards.
 */
function ofCanon({ block, directory }: MakerNote, model: string): Region[] {
  const second = numbersOf(block, directory.entries.get(0x0026), mostWords);
  const isSecond = second.length > 8;
  const words = isSecond ? second : numbersOf(block, directory.entries.get(0x0012), mostWords);
  const from = isSecond ? 2 : 0;
  const [count = 0, valid = 0, , , width = 0, height = 0] = words.slice(from, from + 6);
  const sizes = from + 6;
  const across = isSecond ? sizes + 2 * count : sizes + 2;
  const bits = across + 2 * count;
  if (count < 1 || width < 1 || height < 1 || words.length < bits + Math.ceil(count / 16)) return [];
  const up = /EOS/i.test(model) ? -1 : 1;
  const regions: Region[] = [];
  for (let at = 0; at < Math.min(count, valid); at++) {
    if (((words[bits + (at >> 4)]! >> (at & 15)) & 1) === 0) continue;
    const [w, h] = (isSecond ? [words[sizes + at]!, words[sizes + count + at]!] : [words[sizes]!, words[sizes + 1]!]).map((size) => Math.abs(signed(size))) as [number, number];
    regions.push(around(0.5 + signed(words[across + at]!) / width, 0.5 + (up * signed(words[across + count + at]!)) / height, w / width, h / height));
  }
  return regions;
}

/** AFInfo2 0x00B7, version 0400: from 0x3E on the picture's width and height, the area's middle across and down, its width and height. */
function ofNikon({ block, directory }: MakerNote): Region[] {
  const entry = directory.entries.get(0x00b7);
  const bytes = entry && entry.length >= 0x4a ? block.reader.view(entry.offset, 0x4a) : null;
  if (!bytes || latin1(bytes, 0, 4) !== '0400') return [];
  const [width, height, x, y, w, h] = [0x3e, 0x40, 0x42, 0x44, 0x46, 0x48].map((at) => u16(bytes, at, block.little)) as [number, number, number, number, number, number];
  return width > 0 && height > 0 && x > 0 && y > 0 ? [around(x / width, y / height, w / width, h / height)] : [];
}

/** FocusLocation 0x2027: width, height, across, down; where FocusMode 0x201B is manual (0) it is the middle and means nothing. */
function ofSony({ block, directory }: MakerNote): Region[] {
  const [width = 0, height = 0, x = 0, y = 0] = numbersOf(block, directory.entries.get(0x2027), 4);
  const [mode] = numbersOf(block, directory.entries.get(0x201b), 1);
  return width > 0 && height > 0 && x > 0 && y > 0 && mode !== 0 ? [around(x / width, y / height)] : [];
}

/** CameraSettings 0x2020: AFAreas 0x0304, corners of each in a byte each of 255ths; the second value is what cameras write for none. */
function ofOlympus(note: MakerNote): Region[] {
  const settings = subDirectoryOf(note, 0x2020);
  const areas = numbersOf(note.block, settings?.entries.get(0x0304), 64).filter((area) => area !== 0 && area !== 0x3679_4285);
  return areas.map((area) => {
    const [left, top, right, bottom] = [24, 16, 8, 0].map((bits) => ((area >>> bits) & 0xff) / 255) as [number, number, number, number];
    return { x: left, y: top, w: right - left, h: bottom - top };
  });
}

/** AFPointPosition 0x004D: two ratios, which are far beyond 1 where there is none. */
function ofPanasonic({ block, directory }: MakerNote): Region[] {
  const [x, y] = ratiosOf(block, directory.entries.get(0x004d), 2);
  return x !== undefined && y !== undefined && x > 0 && y > 0 && x < 1 && y < 1 ? [around(x, y)] : [];
}

function around(x: number, y: number, width = 0, height = 0): Region {
  const [w, h] = [Math.max(width, width === 0 ? pointSize : 0), Math.max(height, height === 0 ? pointSize : 0)];
  return { x: x - w / 2, y: y - h / 2, w, h };
}

function signed(word: number): number {
  return (word << 16) >> 16;
}
