/** Minolta MRW (ExifTool's MinoltaRaw.pm): big-endian blocks before the sensor data; TTW is a TIFF block, PRD the sensor's size. */
import type { Range } from './jpeg.ts';
import { latin1, u16, u32 } from './reader.ts';
import type { ByteReader } from './reader.ts';

export interface MrwBlocks {
  readonly ttw: Range | null;
  /** Pixels of the picture as it lies. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** Where the sensor data should end; null where the layout is not known. */
  readonly dataEnd: number | null;
}

const maxBlocks = 32;

export function readMrwBlocks(reader: ByteReader): MrwBlocks {
  const head = reader.view(0, 8);
  const end = head ? 8 + u32(head, 4, false) : 0;
  let ttw: Range | null = null;
  let size: MrwBlocks['size'] = null;
  let dataBytes: number | null = null;
  let at = 8;
  for (let count = 0; count < maxBlocks && at + 8 <= end; count++) {
    const block = reader.view(at, 8);
    if (!block) break;
    const name = latin1(block, 1, 4);
    const length = u32(block, 4, false);
    if (name === 'TTW') ttw ??= { offset: at + 8, length };
    const prd = name === 'PRD' ? reader.view(at + 8, 24) : null;
    if (prd) {
      size = { width: u16(prd, 14, false), height: u16(prd, 12, false) };
      dataBytes = Math.floor((u16(prd, 8, false) * u16(prd, 10, false) * prd[16]!) / 8);
    }
    at += 8 + length;
  }
  return { ttw, size, dataEnd: dataBytes === null ? null : end + dataBytes };
}
