/** Camera, time and exposure of files that have no EXIF: Canon CRW and early Sigma X3F, turned into EXIF's tags. */
import type { DriveMode } from '../../domain/index.ts';
import type { Ciff } from '../containers/ciff.ts';
import { f32, i16, latin1, u16, u32 } from '../containers/reader.ts';
import type { ByteReader } from '../containers/reader.ts';
import type { Field, TiffFields } from '../containers/tiff-writer.ts';
import type { X3fHeader } from '../containers/x3f.ts';
import { asciiField, dateOfSeconds, longField, rationalField, shortField } from '../containers/tiff-fields.ts';
import { driveModeOfCanon } from './drive-mode.ts';

/** EXIF's orientation for a turn clockwise in degrees. */
const orientations: Readonly<Record<number, number>> = { 90: 6, 180: 3, 270: 8 };

function turned(degrees: number): Field[] {
  const orientation = orientations[((degrees % 360) + 360) % 360];
  return orientation ? [shortField(0x0112, orientation)] : [];
}

/** Tags of ExifTool's CanonRaw.pm and Canon.pm. */
export function fieldsOfCrw(reader: ByteReader, ciff: Ciff): TiffFields {
  const { little } = ciff;
  const bytesOf = (tag: number, least: number): Uint8Array | null => {
    const place = ciff.entries.get(tag);
    return place && place.length >= least ? (reader.view(place.offset, Math.min(place.length, 512))?.slice() ?? null) : null;
  };
  const ifd0: Field[] = [];
  const exif: Field[] = [];
  const camera = bytesOf(0x080a, 4);
  if (camera) {
    const [make = '', model = ''] = latin1(camera).split('\0');
    if (make) ifd0.push(asciiField(0x010f, make));
    if (model) ifd0.push(asciiField(0x0110, model));
  }
  const image = bytesOf(0x1810, 16);
  if (image) ifd0.push(longField(0x0100, u32(image, 0, little)), longField(0x0101, u32(image, 4, little)), ...turned(u32(image, 12, little) | 0));
  const time = bytesOf(0x180e, 4);
  if (time && u32(time, 0, little) > 0) exif.push(asciiField(0x9003, dateOfSeconds(u32(time, 0, little))));
  const settings = bytesOf(0x102d, 52);
  const focal = bytesOf(0x1029, 4);
  const focalUnits = (settings && u16(settings, 50, little)) || 1;
  if (focal && u16(focal, 2, little) > 0) exif.push(rationalField(0x920a, u16(focal, 2, little) / focalUnits));
  const serial = bytesOf(0x180b, 4);
  if (serial && u32(serial, 0, little) > 0) exif.push(asciiField(0xa431, String(u32(serial, 0, little))));
  const exposure = bytesOf(0x1818, 12);
  const shot = bytesOf(0x102a, 46);
  exif.push(...exposureOf(exposure, shot, little));
  const base = bytesOf(0x101c, 2);
  const iso = isoOf(settings, shot, little) ?? (base ? u16(base, 0, little) : 0);
  if (iso) exif.push(shortField(0x8827, iso));
  return { ifd0, exif, gps: [] };
}

/** CameraSettings 0x102D and ShotInfo 0x102A, as in the notes of Canon's other files. */
export function driveModeOfCrw(reader: ByteReader, { little, entries }: Ciff): DriveMode | null {
  const words = (tag: number): number[] => {
    const place = entries.get(tag);
    const bytes = place ? reader.view(place.offset, Math.min(place.length, 64)) : null;
    return Array.from({ length: Math.floor((bytes?.length ?? 0) / 2) }, (_, index) => u16(bytes!, index * 2, little));
  };
  const settings = words(0x102d);
  return driveModeOfCanon(settings, words(0x102a)[17], undefined);
}

/** ExposureInfo 0x1818 has APEX values as floats; ShotInfo 0x102A of older models has them in Canon's own steps. */
function exposureOf(exposure: Uint8Array | null, shot: Uint8Array | null, little: boolean): Field[] {
  const [bias, speed, aperture] = exposure
    ? [f32(exposure, 0, little), f32(exposure, 4, little), f32(exposure, 8, little)]
    : shot
      ? [canonSteps(shot, 6, little), canonSteps(shot, 22, little), canonSteps(shot, 21, little)]
      : [NaN, NaN, NaN];
  const fields: Field[] = [];
  if (Math.abs(speed) < 30) fields.push(rationalField(0x829a, 2 ** -speed));
  if (aperture > 0 && aperture < 20) fields.push(rationalField(0x829d, 2 ** (aperture / 2)));
  if (Math.abs(bias) < 20) fields.push(rationalField(0x9204, bias));
  return fields;
}

/** Thirty-seconds of a step, thirds written as 12 and 20 (ExifTool: CanonEv). */
function canonSteps(words: Uint8Array, index: number, little: boolean): number {
  const value = i16(words, index * 2, little);
  const rest = Math.abs(value) & 0x1f;
  const exact = rest === 0x0c ? 32 / 3 : rest === 0x14 ? 64 / 3 : rest;
  return (Math.sign(value) * (Math.abs(value) - rest + exact)) / 32;
}

const cameraIso: Readonly<Record<number, number>> = { 16: 50, 17: 100, 18: 200, 19: 400, 20: 800 };

/** CameraISO of CameraSettings, else BaseISO times AutoISO of ShotInfo. */
function isoOf(settings: Uint8Array | null, shot: Uint8Array | null, little: boolean): number | null {
  const word = settings ? u16(settings, 32, little) : 0;
  const told = (word & 0x4000) !== 0 && word !== 0x7fff ? word & 0x3fff : (cameraIso[word] ?? null);
  if (told) return told;
  if (!shot) return null;
  const [auto, base] = [i16(shot, 2, little), i16(shot, 4, little)];
  const iso = Math.round((2 ** (auto / 32) * 2 ** (base / 32) * 100) / 32);
  return base > 0 && iso > 0 && iso < 65_535 ? iso : null;
}

/** Properties by ExifTool's SigmaRaw.pm. */
export function fieldsOfX3f(header: X3fHeader | null, properties: ReadonlyMap<string, string>): TiffFields {
  const ifd0: Field[] = [];
  const exif: Field[] = [];
  const text = (name: string, tag: number, to: Field[]): void => {
    const value = properties.get(name)?.trim();
    if (value) to.push(asciiField(tag, value));
  };
  const number = (name: string): number | null => {
    const value = Number(properties.get(name) ?? NaN);
    return Number.isFinite(value) ? value : null;
  };
  text('CAMMANUF', 0x010f, ifd0);
  text('CAMMODEL', 0x0110, ifd0);
  text('CAMSERIAL', 0xa431, exif);
  const seconds = number('TIME');
  if (seconds && seconds > 0 && seconds < 4_294_967_296) exif.push(asciiField(0x9003, dateOfSeconds(seconds)));
  const iso = number('ISO');
  if (iso && iso > 0 && iso < 65_535) exif.push(shortField(0x8827, Math.round(iso)));
  for (const [name, tag] of [['SHUTTER', 0x829a], ['APERTURE', 0x829d], ['FLENGTH', 0x920a], ['EXPCOMP', 0x9204]] as const) {
    const value = number(name);
    if (value !== null && Math.abs(value) < 100_000 && (tag === 0x9204 || value > 0)) exif.push(rationalField(tag, value));
  }
  const flash = properties.get('FLASH');
  if (flash) exif.push(shortField(0x9209, flash === 'ON' ? 1 : 0));
  const range = /^(\d+(?:\.\d+)?)(?: to (\d+(?:\.\d+)?))?$/.exec(properties.get('LENSFRANGE') ?? '');
  if (range) exif.push(asciiField(0xa434, `${range[1]}${range[2] ? `-${range[2]}` : ''}mm`));
  if (header) ifd0.push(longField(0x0100, header.width), longField(0x0101, header.height), ...turned(header.rotation));
  return { ifd0, exif, gps: [] };
}
