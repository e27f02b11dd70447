/** Where PNG and WebP keep EXIF and XMP. */
import type { Range } from './jpeg.ts';
import { latin1, u32 } from './reader.ts';
import type { ByteReader } from './reader.ts';

export interface MetadataRanges {
  /** A TIFF block. */
  readonly exif: Range | null;
  readonly xmp: Range | null;
}

const maxChunks = 1_000;

/** PNG (third edition): chunk eXIf is a TIFF block, iTXt with keyword XML:com.adobe.xmp the XMP packet. */
export function findPngMetadata(reader: ByteReader): MetadataRanges {
  let exif: Range | null = null;
  let xmp: Range | null = null;
  const keyword = 'XML:com.adobe.xmp\0\0\0\0\0';
  let at = 8;
  for (let count = 0; count < maxChunks; count++) {
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
  return { exif, xmp };
}

/** WebP container (RFC 9649): RIFF chunks `EXIF` and `XMP `; some writers put `Exif\0\0` before the TIFF block. */
export function findWebpMetadata(reader: ByteReader): MetadataRanges {
  let exif: Range | null = null;
  let xmp: Range | null = null;
  let at = 12;
  for (let count = 0; count < maxChunks; count++) {
    const head = reader.view(at, 8);
    if (!head) break;
    const length = u32(head, 4, true);
    const name = latin1(head, 0, 4);
    if (name === 'EXIF') {
      const mark = reader.view(at + 8, 6);
      const skip = mark && latin1(mark) === 'Exif\0\0' ? 6 : 0;
      if (length > skip) exif ??= { offset: at + 8 + skip, length: length - skip };
    } else if (name === 'XMP ') xmp ??= { offset: at + 8, length };
    at += 8 + length + (length & 1);
  }
  return { exif, xmp };
}
