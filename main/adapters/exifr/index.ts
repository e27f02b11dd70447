/** MetadataReader over exifr: EXIF (Exif 2.32) and XMP, by tag number, without exifr's own dates (they take the computer's time zone). */
import exifr from 'exifr';
import { fail, ok } from '../../base/index.ts';
import type { Metadata, Orientation } from '../../domain/index.ts';
import type { MetadataReader } from '../../ports/index.ts';
import { parseCaptureTime } from './dates.ts';
import type { CaptureTime } from './dates.ts';
import { cleanNumber, cleanText, nameOfLens } from './values.ts';

type Tags = Readonly<Record<string, unknown>>;

const options = {
  tiff: true, ifd0: {}, exif: true, gps: true, xmp: true,
  ifd1: false, interop: false, makerNote: false, userComment: false, icc: false, iptc: false, jfif: false, ihdr: false,
  translateKeys: false, translateValues: false, reviveValues: false, sanitize: true, mergeOutput: false,
};

export function createMetadataReader(): MetadataReader {
  return {
    async read(bytes) {
      let blocks: unknown;
      try {
        blocks = await exifr.parse(bytes, options);
      } catch (error) {
        // exifr throws on structures that it cannot follow; there is no other way to learn of them.
        return fail('metadata-broken', `The metadata of this file are damaged (${error instanceof Error ? error.message.slice(0, 120) : 'unknown'}).`);
      }
      return ok(metadataOf(isTags(blocks) ? blocks : {}));
    },
  };
}

/** What a file without metadata says. */
export const noMetadata: Metadata = metadataOf({});

function metadataOf(blocks: Tags): Metadata {
  const [ifd0, exif, gps] = [part(blocks, 'ifd0'), part(blocks, 'exif'), part(blocks, 'gps')];
  // exifr names XMP values by their prefix, which for this namespace was `xap` in Adobe's older programs.
  const xmp = { ...part(blocks, 'xap'), ...part(blocks, 'xmp') };
  const time = captureTime(blocks, ifd0, exif, xmp);
  const exposureTime = cleanNumber(exif[0x829a], 1e-7, 1e6) ?? powerOfTwo(cleanNumber(exif[0x9201], -20, 30), -1);
  const fNumber = cleanNumber(exif[0x829d], 0.3, 1000) ?? powerOfTwo(cleanNumber(exif[0x9202], 0.01, 20), 0.5);
  const flash = cleanNumber(exif[0x9209], 0, 255);
  return {
    make: cleanText(ifd0[0x010f]),
    // DNG cameras without EXIF name themselves in UniqueCameraModel.
    model: cleanText(ifd0[0x0110]) ?? cleanText(ifd0[0xc614]),
    lens: cleanText(exif[0xa434]) ?? cleanText(part(blocks, 'aux')['Lens']) ?? nameOfLens(exif[0xa432]) ?? nameOfLens(ifd0[0xc630]),
    serial: cleanText(exif[0xa431]) ?? cleanText(ifd0[0xc62f]),
    capturedAt: time?.text ?? null,
    capturedMs: time?.ms ?? null,
    orientation: (cleanNumber(ifd0[0x0112], 1, 8) ?? 1) as Orientation,
    exposureTime,
    fNumber,
    iso: isoOf(exif),
    exposureBias: cleanNumber(exif[0x9204], -20, 20),
    focalLength: cleanNumber(exif[0x920a], 0.1, 10_000),
    flash: flash === null ? null : (flash & 1) === 1,
    width: cleanNumber(exif[0xa002], 1, 1e6) ?? cleanNumber(ifd0[0x0100], 1, 1e6),
    height: cleanNumber(exif[0xa003], 1, 1e6) ?? cleanNumber(ifd0[0x0101], 1, 1e6),
    rating: ratingOf(xmp, ifd0),
    // The maker's note and the packet are read by the stage, which knows sidecars too.
    driveMode: null,
    isHdr: false,
    label: null,
    flag: null,
    keywords: null,
    // Cameras without a fix write the tags with 0/0 in them.
    hasGps: cleanNumber(gps[0x0002], 0, 90) !== null && cleanNumber(gps[0x0004], 0, 180) !== null,
  };
}

/**
 * The moment of exposure wins over the moment of digitising, that over what XMP says, and the file's own last change
 * (DateTime, which editors set) comes last. GPS and IPTC times are other clocks and are not used.
 */
function captureTime(blocks: Tags, ifd0: Tags, exif: Tags, xmp: Tags): CaptureTime | null {
  return (
    parseCaptureTime(exif[0x9003], exif[0x9291], exif[0x9011]) ??
    parseCaptureTime(exif[0x9004], exif[0x9292], exif[0x9012]) ??
    parseCaptureTime(exif['DateTimeOriginal']) ??
    parseCaptureTime(part(blocks, 'photoshop')['DateCreated']) ??
    parseCaptureTime(xmp['CreateDate']) ??
    parseCaptureTime(ifd0[0x0132], exif[0x9290], exif[0x9010])
  );
}

/** PhotographicSensitivity is 16 bits; above that it says 65535 and RecommendedExposureIndex or ISOSpeed has the value. */
function isoOf(exif: Tags): number | null {
  const short = cleanNumber(exif[0x8827], 1, 65_535);
  if (short !== null && short < 65_535) return short;
  return cleanNumber(exif[0x8832], 1, 1e8) ?? cleanNumber(exif[0x8833], 1, 1e8) ?? short;
}

function ratingOf(xmp: Tags, ifd0: Tags): number | null {
  const rating = cleanNumber(xmp['Rating'], -1, 5) ?? cleanNumber(ifd0[0x4746], 0, 5);
  return rating === null ? null : Math.round(rating);
}

/** APEX values (Exif 2.32 annex C): shutter speed is -log2(seconds), aperture 2 log2(F). */
function powerOfTwo(apex: number | null, factor: number): number | null {
  return apex === null ? null : 2 ** (apex * factor);
}

function part(blocks: Tags, name: string): Tags {
  const value = blocks[name];
  return isTags(value) ? value : {};
}

function isTags(value: unknown): value is Tags {
  return typeof value === 'object' && value !== null;
}

