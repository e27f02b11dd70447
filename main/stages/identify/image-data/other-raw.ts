/** Sensor data of RAW files with layouts of their own. */
import { readCiff } from '../../containers/ciff.ts';
import { readMrwBlocks } from '../../containers/mrw.ts';
import { readRafHeader } from '../../containers/raf.ts';
import { latin1, u32 } from '../../containers/reader.ts';
import type { ByteReader } from '../../containers/reader.ts';
import { numberOf, numbersOf, openTiff, readDirectory, tiffMagicsOf } from '../../containers/tiff.ts';
import { readX3fSections } from '../../containers/x3f.ts';
import type { ImageParts } from './stream.ts';

/** Fujifilm: the block of the colour filter array; the second sensor of some models has one of its own. */
export function locateRafImage(reader: ByteReader): ImageParts | null {
  const header = readRafHeader(reader);
  const second = header && header.jpeg.offset >= 0x88 ? reader.view(0x80, 8) : null;
  const parts = header ? [header.data, ...(second ? [{ offset: u32(second, 0, false), length: u32(second, 4, false) }] : [])] : [];
  return partsNamed('raf', parts.filter(({ length }) => length > 0));
}

/** Minolta: what follows the blocks, as long as the block PRD makes it. */
export function locateMrwImage(reader: ByteReader): ImageParts | null {
  const head = reader.view(0, 8);
  const { dataEnd, size } = readMrwBlocks(reader);
  const start = head ? 8 + u32(head, 4, false) : 0;
  return dataEnd === null || dataEnd <= start ? null : partsNamed(`mrw;${size?.width},${size?.height}`, [{ offset: start, length: dataEnd - start }]);
}

/** Canon CRW: RawData 0x2005; DecoderTable 0x1835 says how it is packed. */
export function locateCrwImage(reader: ByteReader): ImageParts | null {
  const ciff = readCiff(reader);
  const data = ciff?.entries.get(0x2005);
  const table = ciff?.entries.get(0x1835);
  return data ? partsNamed('crw', [data, ...(table ? [table] : [])]) : null;
}

/** Sigma: picture sections that are no preview (type 2). */
export function locateX3fImage(reader: ByteReader): ImageParts | null {
  const sections = (readX3fSections(reader) ?? []).filter(({ id, offset, length }) => {
    const head = (id === 'IMAG' || id === 'IMA2') && length > 28 ? reader.view(offset, 12) : null;
    return head && latin1(head, 0, 4) === 'SECi' && u32(head, 8, true) !== 2;
  });
  return partsNamed('x3f', sections.map(({ offset, length }) => ({ offset, length })));
}

/** Panasonic: from RawDataOffset (0x0118), or StripOffsets in older models, to the end: StripByteCounts is not to be relied on (ExifTool's PanasonicRaw.pm). */
export function locateRw2Image(reader: ByteReader): ImageParts | null {
  const block = openTiff(reader, 0, tiffMagicsOf('rw2'));
  const directory = block ? readDirectory(block, block.first) : null;
  if (!block || !directory) return null;
  const { entries } = directory;
  const offset = numberOf(block, entries.get(0x0118)) ?? numberOf(block, entries.get(0x0111)) ?? 0;
  // Sensor size and borders, bits, compression.
  const coding = [2, 3, 4, 5, 6, 7, 10, 11].map((tag) => numbersOf(block, entries.get(tag), 4).join(',')).join(';');
  return offset <= 8 || offset >= reader.size ? null : partsNamed(`rw2;${coding}`, [{ offset, length: reader.size - offset }]);
}

function partsNamed(name: string, parts: ImageParts['parts']): ImageParts | null {
  return parts.length === 0 ? null : { about: `${name};${parts.map(({ length }) => length).join(',')};`, parts };
}
