/** Where the embedded pictures of each container are: every place that its headers name, in no order, nothing checked yet. */
import type { PhotoFormat } from '../../domain/index.ts';
import { findPngMetadata, findWebpMetadata } from '../containers/chunks.ts';
import { readCiff } from '../containers/ciff.ts';
import { findCr3Metadata, findCr3Pictures, findHeifMetadata, findHeifPictures, isCutOff } from '../containers/isobmff.ts';
import { readJpegBlocks } from '../containers/jpeg.ts';
import type { Range } from '../containers/jpeg.ts';
import { findMpfPictures } from '../containers/mpf.ts';
import { readMrwBlocks } from '../containers/mrw.ts';
import { readRafHeader } from '../containers/raf.ts';
import type { ByteReader } from '../containers/reader.ts';
import { openTiff, tiffMagicsOf } from '../containers/tiff.ts';
import type { TiffBlock } from '../containers/tiff.ts';
import { findX3fPictures, readX3fSections } from '../containers/x3f.ts';
import { findCandidates } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import { hasMissingData } from './missing.ts';

export interface Located {
  readonly candidates: readonly Candidate[];
  /** The EXIF block that speaks for the whole file. */
  readonly exif: TiffBlock | null;
  /** The maker's note where it is a block of its own. */
  readonly note?: TiffBlock | null;
  /** The file ends before its sensor data or its directories do. */
  readonly isCutOff: boolean;
}

const nothing: Located = { candidates: [], exif: null, isCutOff: false };

export function locatePictures(reader: ByteReader, format: PhotoFormat): Located {
  switch (format) {
    case 'jpeg':
      return ofJpeg(reader);
    case 'png':
      return ofBlock(blockAt(reader, findPngMetadata(reader).exif));
    case 'webp':
      return ofBlock(blockAt(reader, findWebpMetadata(reader).exif));
    case 'heif':
    case 'avif':
      return ofHeif(reader);
    case 'cr3':
      return ofCr3(reader);
    case 'raf':
      return ofRaf(reader);
    case 'mrw':
      return ofMrw(reader);
    case 'crw':
      return ofCrw(reader);
    case 'x3f':
      return ofX3f(reader);
    case 'rw2':
      return ofRw2(reader);
    default: {
      const block = openTiff(reader, 0, tiffMagicsOf(format));
      return block ? { ...ofBlock(block), isCutOff: hasMissingData(block) } : nothing;
    }
  }
}

function blockAt(reader: ByteReader, range: Range | null): TiffBlock | null {
  return range ? openTiff(reader, range.offset) : null;
}

function ofBlock(block: TiffBlock | null): Located {
  return block ? { candidates: findCandidates(block), exif: block, isCutOff: false } : nothing;
}

/** The EXIF thumbnail and what maker's notes name, and the further pictures of Multi-Picture files. */
function ofJpeg(reader: ByteReader): Located {
  const { exif, mpf } = readJpegBlocks(reader, 0);
  const own = ofBlock(blockAt(reader, exif));
  return { ...own, candidates: [...own.candidates, ...findMpfPictures(reader, mpf)] };
}

function ofHeif(reader: ByteReader): Located {
  const own = ofBlock(blockAt(reader, findHeifMetadata(reader).exif));
  return { ...own, candidates: [...findHeifPictures(reader), ...own.candidates], isCutOff: isCutOff(reader) };
}

function ofCr3(reader: ByteReader): Located {
  const { exif, note } = findCr3Metadata(reader);
  return { candidates: findCr3Pictures(reader), exif: blockAt(reader, exif), note: blockAt(reader, note), isCutOff: isCutOff(reader) };
}

/** A JPEG that has the RAW file's EXIF, and in it a thumbnail. */
function inJpeg(reader: ByteReader, jpeg: Range): Located {
  const inner = ofBlock(blockAt(reader, readJpegBlocks(reader, jpeg.offset, jpeg.length).exif));
  return { ...inner, candidates: [jpeg, ...inner.candidates] };
}

function ofRaf(reader: ByteReader): Located {
  const header = readRafHeader(reader);
  if (!header) return { ...nothing, isCutOff: true };
  const { jpeg, data } = header;
  return { ...inJpeg(reader, jpeg), isCutOff: jpeg.offset + jpeg.length > reader.size || data.offset + data.length > reader.size };
}

function ofMrw(reader: ByteReader): Located {
  const { ttw, dataEnd } = readMrwBlocks(reader);
  return { ...ofBlock(blockAt(reader, ttw)), isCutOff: ttw === null || (dataEnd !== null && dataEnd > reader.size) };
}

/** JpgFromRaw 0x2007 and ThumbnailImage 0x2008. The directory is at the end: without it the file is cut off. */
function ofCrw(reader: ByteReader): Located {
  const ciff = readCiff(reader);
  if (!ciff) return { ...nothing, isCutOff: true };
  return { ...nothing, candidates: [0x2007, 0x2008].flatMap((tag) => ciff.entries.get(tag) ?? []) };
}

/** The directory is at the end, as in CRW. */
function ofX3f(reader: ByteReader): Located {
  const sections = readX3fSections(reader);
  if (!sections) return { ...nothing, isCutOff: true };
  const inner = findX3fPictures(reader, sections).map((picture) => inJpeg(reader, picture));
  return { candidates: inner.flatMap(({ candidates }) => candidates), exif: inner.find(({ exif }) => exif)?.exif ?? null, isCutOff: false };
}

/** Panasonic's JpgFromRaw has the full EXIF and a thumbnail. */
function ofRw2(reader: ByteReader): Located {
  const block = openTiff(reader, 0, tiffMagicsOf('rw2'));
  if (!block) return nothing;
  const own = findCandidates(block);
  const inner = own.map((candidate) => inJpeg(reader, candidate));
  return {
    candidates: inner.flatMap(({ candidates }) => candidates),
    exif: inner.find(({ exif }) => exif)?.exif ?? block,
    isCutOff: hasMissingData(block),
  };
}
