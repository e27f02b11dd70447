/**
 * Writes the few tags that are wanted into one small TIFF block (TIFF 6.0 section 2). That way the metadata reader is given
 * the same clean form for every container, nothing larger than a few KiB, and no structure that a broken file made up.
 */
import { numberOf, readDirectory } from '../containers/tiff.ts';
import type { TiffBlock, TiffDirectory } from '../containers/tiff.ts';
import { bigEndianValue, writeTiff } from '../containers/tiff-writer.ts';
import type { Field } from '../containers/tiff-writer.ts';
import type { PlacedDirectory, TagSources } from '../containers/tag-sources.ts';

const wanted = {
  ifd0: [0x0100, 0x0101, 0x010f, 0x0110, 0x0112, 0x0132, 0x4746, 0xc614, 0xc62f, 0xc630],
  exif: [
    0x829a, 0x829d, 0x8827, 0x8832, 0x8833, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9201, 0x9202, 0x9204, 0x9209, 0x920a,
    0x9290, 0x9291, 0x9292, 0xa002, 0xa003, 0xa431, 0xa432, 0xa434,
  ],
  gps: [0x0001, 0x0002, 0x0003, 0x0004],
} as const;
/** TIFF/EP and some DNG writers keep exposure and time in IFD0; they are taken from there where the Exif directory lacks them. */
const inIfd0Too = wanted.exif.filter((tag) => tag < 0xa000);
const maxValueBytes = 2_048;

/** Finds the Exif and GPS directories that `ifd0` of a block points to. */
export function directoriesOf(block: TiffBlock): Pick<TagSources, 'ifd0' | 'exif' | 'gps'> {
  const first = readDirectory(block, block.first);
  const place = (directory: TiffDirectory | null): PlacedDirectory | null => (directory ? { block, directory } : null);
  const follow = (tag: number): PlacedDirectory | null => {
    const offset = numberOf(block, first?.entries.get(tag));
    return offset ? place(readDirectory(block, offset)) : null;
  };
  return { ifd0: place(first), exif: follow(0x8769), gps: follow(0x8825) };
}

/** The block, big-endian: header, IFD0, Exif and GPS directories, values; null where there is nothing in it. */
export function writeCompactTiff(sources: TagSources): Uint8Array | null {
  const ifd0 = collect(sources.ifd0, wanted.ifd0);
  const exif = collect(sources.exif, wanted.exif);
  const known = new Set(exif.map((field) => field.tag));
  exif.push(...collect(sources.ifd0, inIfd0Too.filter((tag) => !known.has(tag))));
  const gps = collect(sources.gps, wanted.gps);
  if (sources.xmp && sources.xmp.length > 0) ifd0.push({ tag: 0x02bc, type: 1, count: sources.xmp.length, value: sources.xmp });
  if (ifd0.length + exif.length + gps.length === 0) return null;
  return writeTiff({ ifd0, exif, gps });
}

function collect(source: PlacedDirectory | null, tags: readonly number[]): Field[] {
  if (!source) return [];
  const fields: Field[] = [];
  for (const tag of tags) {
    const entry = source.directory.entries.get(tag);
    const value = entry ? bigEndianValue(source.block, entry, maxValueBytes) : null;
    if (!entry || !value) continue;
    const text = entry.type === 2 ? cutAtNul(value) : null;
    fields.push({ tag, type: entry.type, count: text ? text.length : entry.count, value: text ?? value });
  }
  return fields;
}

/** ASCII ends at its first NUL (TIFF 6.0 section 2); what cameras leave behind it is old memory. Blanks for an empty text. */
function cutAtNul(text: Uint8Array): Uint8Array {
  const end = text.indexOf(0);
  if (end < 0) return text;
  return end === 0 ? new Uint8Array([0x20]) : text.subarray(0, end);
}
