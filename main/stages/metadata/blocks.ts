/** Where each container keeps its metadata. */
import type { PhotoFormat } from '../../domain/index.ts';
import { findPngMetadata, findWebpMetadata } from '../containers/chunks.ts';
import type { MetadataRanges } from '../containers/chunks.ts';
import { readCiff } from '../containers/ciff.ts';
import { findCr3Metadata, findHeifMetadata } from '../containers/isobmff.ts';
import { readJpegBlocks } from '../containers/jpeg.ts';
import type { Range } from '../containers/jpeg.ts';
import { readMrwBlocks } from '../containers/mrw.ts';
import { readRafHeader } from '../containers/raf.ts';
import { readerOfBytes } from '../containers/reader.ts';
import type { ByteReader } from '../containers/reader.ts';
import { openTiff, readDirectory, tiffMagicsOf } from '../containers/tiff.ts';
import type { TiffBlock } from '../containers/tiff.ts';
import { writeTiff } from '../containers/tiff-writer.ts';
import type { TiffFields } from '../containers/tiff-writer.ts';
import { findX3fPictures, readX3fHeader, readX3fProperties, readX3fSections } from '../containers/x3f.ts';
import { directoriesOf } from './compact.ts';
import type { PlacedDirectory, TagSources } from '../containers/tag-sources.ts';
import { driveModeOfCanon } from './canon.ts';
import { driveModeOfSigma } from './drive-mode.ts';
import { canonWordsOfCrw, fieldsOfCrw, fieldsOfX3f } from './own-words.ts';

const nothing: TagSources = { ifd0: null, exif: null, gps: null, xmp: null, apart: null };
/** XMP beyond this is edit history and masks; the few words that are wanted come first. */
const maxXmpBytes = 512 * 1024;

/** Finds the EXIF directories and the XMP packet of a photo of `format`; all null where it has none. */
export function findTagSources(reader: ByteReader, format: PhotoFormat): TagSources {
  switch (format) {
    case 'jpeg':
      return ofJpeg(reader, { offset: 0, length: reader.size });
    case 'raf':
      return ofRaf(reader);
    case 'png':
      return ofRanges(reader, findPngMetadata(reader));
    case 'webp':
      return ofRanges(reader, findWebpMetadata(reader));
    case 'heif':
    case 'avif':
      return ofRanges(reader, findHeifMetadata(reader));
    case 'cr3':
      return ofCr3(reader);
    case 'mrw':
      return ofWindow(reader, readMrwBlocks(reader).ttw);
    case 'crw':
      return ofCrw(reader);
    case 'x3f':
      return ofX3f(reader);
    case 'rw2':
      return ofRw2(reader);
    default:
      return ofTiff(openTiff(reader, 0, tiffMagicsOf(format)));
  }
}

function ofTiff(block: TiffBlock | null): TagSources {
  if (!block) return nothing;
  const packet = readDirectory(block, block.first)?.entries.get(0x02bc);
  return { ...directoriesOf(block), xmp: packet ? copyOf(block.reader, packet) : null, apart: null };
}

/** A TIFF block with offsets of its own inside another file: read through a window, so that nothing outside it is reached. */
function ofWindow(reader: ByteReader, range: Range | null): TagSources {
  if (!range) return nothing;
  const bytes = reader.view(range.offset, Math.min(range.length, reader.size - range.offset));
  return bytes ? ofTiff(openTiff(readerOfBytes(bytes.slice()), 0)) : nothing;
}

function ofJpeg(reader: ByteReader, range: Range): TagSources {
  const blocks = readJpegBlocks(reader, range.offset, range.length);
  const xmp = blocks.xmp ? copyOf(reader, blocks.xmp) : null;
  return { ...ofWindow(reader, blocks.exif), ...(xmp ? { xmp } : {}) };
}

/** Fujifilm RAF: the camera's JPEG has it all. */
function ofRaf(reader: ByteReader): TagSources {
  const header = readRafHeader(reader);
  return header ? ofJpeg(reader, header.jpeg) : nothing;
}

/** EXIF and XMP that lie in blocks of their own. */
function ofRanges(reader: ByteReader, { exif, xmp }: MetadataRanges): TagSources {
  return { ...ofWindow(reader, exif), ...(xmp ? { xmp: copyOf(reader, xmp) } : {}) };
}

/** Canon CR3: each directory is the first one of a TIFF block of its own. */
function ofCr3(reader: ByteReader): TagSources {
  const { ifd0, exif, note, gps, xmp } = findCr3Metadata(reader);
  const first = (range: Range | null): PlacedDirectory | null => ofWindow(reader, range).ifd0;
  const placed = first(note);
  const apart = placed ? { note: { maker: 'bare' as const, ...placed }, driveMode: null } : null;
  return { ifd0: first(ifd0), exif: first(exif), gps: first(gps), xmp: xmp ? copyOf(reader, xmp) : null, apart };
}

/** Panasonic's JpgFromRaw (0x002E) has the full EXIF, the file's own directories only a part of it. */
function ofRw2(reader: ByteReader): TagSources {
  const block = openTiff(reader, 0, tiffMagicsOf('rw2'));
  const own = ofTiff(block);
  const picture = own.ifd0?.directory.entries.get(0x002e);
  const inner = picture ? ofJpeg(reader, picture) : nothing;
  return { ifd0: inner.ifd0 ?? own.ifd0, exif: inner.exif ?? own.exif, gps: inner.gps ?? own.gps, xmp: inner.xmp ?? own.xmp, apart: null };
}

/** Newer Sigma cameras put a JPEG with EXIF into the file; of the older ones only the properties speak. */
function ofX3f(reader: ByteReader): TagSources {
  const sections = readX3fSections(reader) ?? [];
  for (const picture of findX3fPictures(reader, sections)) {
    const inner = ofJpeg(reader, picture);
    if (inner.exif) return inner;
  }
  const properties = readX3fProperties(reader, sections);
  return { ...ofFields(fieldsOfX3f(readX3fHeader(reader), properties)), apart: { note: null, driveMode: driveModeOfSigma(properties.get('DRIVE') ?? '') } };
}

function ofCrw(reader: ByteReader): TagSources {
  const ciff = readCiff(reader);
  return ciff ? { ...ofFields(fieldsOfCrw(reader, ciff)), apart: { note: null, driveMode: driveModeOfCanon(canonWordsOfCrw(reader, ciff)) } } : nothing;
}

/** What a file says in words of its own, as a TIFF block made of it. */
function ofFields(fields: TiffFields): TagSources {
  return ofTiff(openTiff(readerOfBytes(writeTiff(fields)), 0));
}

function copyOf(reader: ByteReader, range: Range): Uint8Array | null {
  const bytes = reader.view(range.offset, Math.min(range.length, maxXmpBytes, Math.max(0, reader.size - range.offset)));
  return bytes ? bytes.slice() : null;
}
