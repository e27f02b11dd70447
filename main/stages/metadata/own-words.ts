/** Camera, time and exposure of files that have no EXIF: Canon CRW and early Sigma X3F, turned into EXIF's tags. */
import type { Ciff } from '../containers/ciff.ts';
import { f32, latin1, u16, u32 } from '../containers/reader.ts';
import type { ByteReader } from '../containers/reader.ts';
import type { Field, TiffFields } from '../containers/tiff-writer.ts';
import type { X3fHeader } from '../containers/x3f.ts';
import { asciiField, dateOfSeconds, longField, rationalField, shortField } from '../containers/tiff-fields.ts';
import { canonSteps, isoOfCanon, lensOfCanon } from './canon.ts';
import type { CanonWords } from './canon.ts';

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
  const words = canonWordsOfCrw(reader, ciff);
  const focal = bytesOf(0x1029, 4);
  const focalUnits = words.settings[25] || 1;
  if (focal && u16(focal, 2, little) > 0) exif.push(rationalField(0x920a, u16(focal, 2, little) / focalUnits));
  const lens = lensOfCanon(words);
  if (lens) exif.push(asciiField(0xa434, lens));
  const serial = bytesOf(0x180b, 4);
  if (serial && u32(serial, 0, little) > 0) exif.push(asciiField(0xa431, String(u32(serial, 0, little))));
  const exposure = bytesOf(0x1818, 12);
  exif.push(...exposureOf(exposure, words.shot, little));
  const base = bytesOf(0x101c, 2);
  const iso = isoOfCanon(words) ?? (base ? u16(base, 0, little) : 0);
  if (iso) exif.push(shortField(0x8827, iso));
  return { ifd0, exif, gps: [] };
}

/** CameraSettings 0x102D and ShotInfo 0x102A, as in the notes of Canon's other files. */
export function canonWordsOfCrw(reader: ByteReader, { little, entries }: Ciff): CanonWords {
  const words = (tag: number): number[] => {
    const place = entries.get(tag);
    const bytes = place ? reader.view(place.offset, Math.min(place.length, 128)) : null;
    return bytes ? Array.from({ length: bytes.length >> 1 }, (_, index) => u16(bytes, index * 2, little)) : [];
  };
  return { settings: words(0x102d), shot: words(0x102a), file: [] };
}

/** ExposureInfo 0x1818 has APEX values as floats; ShotInfo 0x102A of older models has them in Canon's own steps. */
function exposureOf(exposure: Uint8Array | null, shot: readonly number[], little: boolean): Field[] {
  const [bias, speed, aperture] = exposure
    ? [f32(exposure, 0, little), f32(exposure, 4, little), f32(exposure, 8, little)]
    : shot.length > 22
      ? [canonSteps(shot[6]!), canonSteps(shot[22]!), canonSteps(shot[21]!)]
      : [NaN, NaN, NaN];
  const fields: Field[] = [];
  if (Math.abs(speed) < 30) fields.push(rationalField(0x829a, 2 ** -speed));
  if (aperture > 0 && aperture < 20) fields.push(rationalField(0x829d, 2 ** (aperture / 2)));
  if (Math.abs(bias) < 20) fields.push(rationalField(0x9204, bias));
  return fields;
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
