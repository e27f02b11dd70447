/**
 * The EXIF of a finished picture: what the original says of camera, exposure, time, place and rights, and what has become true
 * of the new picture (upright, sRGB, its own size). Maker notes and thumbnails are left behind: the notes' offsets would be
 * wrong, and a thumbnail may show what was cut away.
 */
import { bigEndianValue, writeTiff } from '../containers/tiff-writer.ts';
import type { Field } from '../containers/tiff-writer.ts';
import { longField, shortField } from '../containers/tiff-fields.ts';
import type { PlacedDirectory, TagSources } from '../containers/tag-sources.ts';

/** Exif 2.32 tables 4, 7, 8 and 15 without what describes the old file; Windows' XP texts and ratings are in wide use. */
const kept = {
  ifd0: [
    0x010e, 0x010f, 0x0110, 0x011a, 0x011b, 0x0128, 0x0131, 0x0132, 0x013b, 0x013c, 0x4746, 0x4749, 0x8298, 0x9c9b, 0x9c9c,
    0x9c9d, 0x9c9e, 0x9c9f,
  ],
  exif: [
    0x829a, 0x829d, 0x8822, 0x8824, 0x8827, 0x8830, 0x8831, 0x8832, 0x8833, 0x8834, 0x8835, 0x9000, 0x9003, 0x9004, 0x9010,
    0x9011, 0x9012, 0x9101, 0x9201, 0x9202, 0x9203, 0x9204, 0x9205, 0x9206, 0x9207, 0x9208, 0x9209, 0x920a, 0x9286, 0x9290,
    0x9291, 0x9292, 0x9400, 0x9401, 0x9402, 0x9403, 0x9404, 0x9405, 0xa000, 0xa215, 0xa217, 0xa300, 0xa301, 0xa401, 0xa402,
    0xa403, 0xa404, 0xa405, 0xa406, 0xa407, 0xa408, 0xa409, 0xa40a, 0xa40c, 0xa420, 0xa430, 0xa431, 0xa432, 0xa433, 0xa434,
    0xa435, 0xa460, 0xa461, 0xa462, 0xa500,
  ],
  gps: Array.from({ length: 0x20 }, (_, tag) => tag),
} as const;
const maxValueBytes = 8_192;
/** An APP1 segment holds 65,533 bytes, six of them `Exif` and two NULs. */
const maxBlockBytes = 65_000;

/** What a JPEG's EXIF must have (Exif 2.32 table 17): 72 dpi, centred YCbCr as baseline JPEG has it, Exif 2.32, Y Cb Cr, Flashpix 1.0. */
const requiredIfd0: readonly Field[] = [
  { tag: 0x011a, type: 5, count: 1, value: new Uint8Array([0, 0, 0, 72, 0, 0, 0, 1]) },
  { tag: 0x011b, type: 5, count: 1, value: new Uint8Array([0, 0, 0, 72, 0, 0, 0, 1]) },
  shortField(0x0128, 2),
  shortField(0x0213, 1),
];
const requiredExif: readonly Field[] = [
  { tag: 0x9000, type: 7, count: 4, value: new Uint8Array([0x30, 0x32, 0x33, 0x32]) },
  { tag: 0x9101, type: 7, count: 4, value: new Uint8Array([1, 2, 3, 0]) },
  { tag: 0xa000, type: 7, count: 4, value: new Uint8Array([0x30, 0x31, 0x30, 0x30]) },
];

/** A TIFF block for a picture of `width` x `height` pixels, at most 65,000 bytes. */
export function buildExif(sources: Omit<TagSources, 'xmp'>, size: { readonly width: number; readonly height: number }): Uint8Array {
  const block = write(sources, size, maxValueBytes);
  // Only texts are long; without them everything always fits.
  return block.length <= maxBlockBytes ? block : write(sources, size, 256);
}

function write(sources: Omit<TagSources, 'xmp'>, size: { readonly width: number; readonly height: number }, maxValue: number): Uint8Array {
  const ifd0 = collect(sources.ifd0, kept.ifd0, maxValue);
  const exif = collect(sources.exif, kept.exif, maxValue);
  // TIFF/EP and some DNG writers keep exposure and time in IFD0.
  const known = new Set(exif.map(({ tag }) => tag));
  exif.push(...collect(sources.ifd0, kept.exif.filter((tag) => tag < 0xa000 && !known.has(tag)), maxValue));
  if (!ifd0.some(({ tag }) => tag === 0x0110)) ifd0.push(...collect(sources.ifd0, [0xc614], maxValue).map((field) => ({ ...field, tag: 0x0110 })));
  ifd0.push(shortField(0x0112, 1));
  exif.push(shortField(0xa001, 1), longField(0xa002, size.width), longField(0xa003, size.height));
  const complete = (fields: Field[], required: readonly Field[]): Field[] => [...fields, ...required.filter(({ tag }) => !fields.some((field) => field.tag === tag))];
  return writeTiff({ ifd0: complete(ifd0, requiredIfd0), exif: complete(exif, requiredExif), gps: collect(sources.gps, kept.gps, maxValue) });
}

function collect(source: PlacedDirectory | null, tags: readonly number[], maxValue: number): Field[] {
  if (!source) return [];
  const fields: Field[] = [];
  for (const tag of tags) {
    const entry = source.directory.entries.get(tag);
    const value = entry ? bigEndianValue(source.block, entry, maxValue) : null;
    if (!entry || !value) continue;
    if (entry.type !== 2) fields.push({ tag, type: entry.type, count: entry.count, value });
    else {
      const text = endWithNul(value);
      fields.push({ tag, type: 2, count: text.length, value: text });
    }
  }
  return fields;
}

/** ASCII with one NUL at its end (TIFF 6.0 section 2); one in the middle stays, for Copyright is two texts: photographer, NUL, editor. */
function endWithNul(value: Uint8Array): Uint8Array {
  let end = value.length;
  while (end > 0 && value[end - 1] === 0) end -= 1;
  const text = new Uint8Array(end + 1);
  text.set(value.subarray(0, end));
  return text;
}
