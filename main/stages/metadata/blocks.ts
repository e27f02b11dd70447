/** Where each container keeps its metadata. */
import type { PhotoFormat } from '../../domain/index.ts';
import { findCr3Metadata, findHeifMetadata } from '../containers/isobmff.ts';
import { readJpegBlocks } from '../containers/jpeg.ts';
import type { Range } from '../containers/jpeg.ts';
import { latin1, readerOfBytes, u32 } from '../containers/reader.ts';
import type { ByteReader } from '../containers/reader.ts';
import { openTiff, readDirectory } from '../containers/tiff.ts';
import type { TiffBlock } from '../containers/tiff.ts';
import { directoriesOf } from './compact.ts';
import type { PlacedDirectory, TagSources } from './compact.ts';

const nothing: TagSources = { ifd0: null, exif: null, gps: null, xmp: null };
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
      return ofPng(reader);
    case 'webp':
      return ofWebp(reader);
    case 'heif':
    case 'avif':
      return ofHeif(reader);
    case 'cr3':
      return ofCr3(reader);
    case 'mrw':
      return ofMrw(reader);
    case 'rw2':
      return ofTiff(openTiff(reader, 0, [42, 0x55]));
    case 'orf':
      return ofTiff(openTiff(reader, 0, [42, 0x4f52, 0x5352]));
    default:
      return ofTiff(openTiff(reader, 0));
  }
}

function ofTiff(block: TiffBlock | null): TagSources {
  if (!block) return nothing;
  const packet = readDirectory(block, block.first)?.entries.get(0x02bc);
  return { ...directoriesOf(block), xmp: packet ? copyOf(block.reader, packet) : null };
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

/** Fujifilm RAF: the camera's JPEG lies at the place that the header names (bytes 84 and 88, big-endian). */
function ofRaf(reader: ByteReader): TagSources {
  const head = reader.view(84, 8);
  return head ? ofJpeg(reader, { offset: u32(head, 0, false), length: u32(head, 4, false) }) : nothing;
}

/** PNG (third edition): chunk eXIf is a TIFF block, iTXt with keyword XML:com.adobe.xmp the XMP packet. */
function ofPng(reader: ByteReader): TagSources {
  let exif: Range | null = null;
  let xmp: Range | null = null;
  const keyword = 'XML:com.adobe.xmp\0\0\0\0\0';
  let at = 8;
  for (let count = 0; count < 1_000; count++) {
    const head = reader.view(at, 8);
    if (!head) break;
    const length = u32(head, 0, false);
    const name = latin1(head, 4, 8);
    if (name === 'IEND') break;
    if (name === 'eXIf') exif ??= { offset: at + 8, length };
    else if (name === 'iTXt' && length > keyword.length) {
      const text = reader.view(at + 8, keyword.length);
      if (text && latin1(text) === keyword) xmp ??= { offset: at + 8 + keyword.length, length: length - keyword.length };
    }
    at += 12 + length;
  }
  return { ...ofWindow(reader, exif), ...(xmp ? { xmp: copyOf(reader, xmp) } : {}) };
}

/** WebP container (RFC 9649): RIFF chunks `EXIF` and `XMP `; some writers put `Exif\0\0` before the TIFF block. */
function ofWebp(reader: ByteReader): TagSources {
  let exif: Range | null = null;
  let xmp: Range | null = null;
  let at = 12;
  for (let count = 0; count < 1_000; count++) {
    const head = reader.view(at, 8);
    if (!head) break;
    const length = u32(head, 4, true);
    const name = latin1(head, 0, 4);
    if (name === 'EXIF') {
      const mark = reader.view(at + 8, 6);
      const skip = mark && latin1(mark) === 'Exif\0\0' ? 6 : 0;
      exif ??= { offset: at + 8 + skip, length: length - skip };
    } else if (name === 'XMP ') xmp ??= { offset: at + 8, length };
    at += 8 + length + (length & 1);
  }
  return { ...ofWindow(reader, exif), ...(xmp ? { xmp: copyOf(reader, xmp) } : {}) };
}

function ofHeif(reader: ByteReader): TagSources {
  const { exif, xmp } = findHeifMetadata(reader);
  return { ...ofWindow(reader, exif), ...(xmp ? { xmp: copyOf(reader, xmp) } : {}) };
}

/** Canon CR3: each directory is the first one of a TIFF block of its own. */
function ofCr3(reader: ByteReader): TagSources {
  const { ifd0, exif, gps, xmp } = findCr3Metadata(reader);
  const first = (range: Range | null): PlacedDirectory | null => ofWindow(reader, range).ifd0;
  return { ifd0: first(ifd0), exif: first(exif), gps: first(gps), xmp: xmp ? copyOf(reader, xmp) : null };
}

/** Minolta MRW: blocks of four-letter names after the header; TTW is a TIFF block. */
function ofMrw(reader: ByteReader): TagSources {
  let at = 8;
  for (let count = 0; count < 32; count++) {
    const head = reader.view(at, 8);
    if (!head) break;
    const length = u32(head, 4, false);
    if (latin1(head, 0, 4) === '\0TTW') return ofWindow(reader, { offset: at + 8, length });
    at += 8 + length;
  }
  return nothing;
}

function copyOf(reader: ByteReader, range: Range): Uint8Array | null {
  const bytes = reader.view(range.offset, Math.min(range.length, maxXmpBytes, Math.max(0, reader.size - range.offset)));
  return bytes ? bytes.slice() : null;
}
