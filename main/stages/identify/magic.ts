/** What the first bytes say. Sources: the formats' own specifications and, for makers' formats, ExifTool's and file(1)'s tables. */
import type { PhotoFormat } from '../../domain/index.ts';
import { latin1, u16, u32 } from '../containers/reader.ts';

export type Container = PhotoFormat | 'tiff-based';

/** HEIF brands (ISO/IEC 23008-12 annexes B and E) and those that Canon and Sony write into their HIF files. */
const heifBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1', 'mif2']);

/** The container that the head of a file shows; `other` for everything that is no photo. `head` holds the first 64 bytes or more. */
export function containerOf(head: Uint8Array): Container {
  const text = latin1(head, 0, 32);
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp';
  if (text.slice(4, 8) === 'ftyp') return brandOf(head);
  if (text.startsWith('FUJIFILMCCD-RAW ')) return 'raf';
  if (text.startsWith('\0MRM')) return 'mrw';
  if (text.startsWith('FOVb')) return 'x3f';
  if ((text.startsWith('II') || text.startsWith('MM')) && text.slice(6, 14) === 'HEAPCCDR') return 'crw';
  if (text.startsWith('IIRO') || text.startsWith('IIRS') || text.startsWith('MMOR')) return 'orf';
  if (text.startsWith('IIU\0')) return 'rw2';
  if (text.startsWith('qktk') || text.startsWith('qktn')) return 'raw'; // Apple QuickTake 100 and 150
  // BigTIFF (magic 43, offsets of 8 bytes) is no camera's: a finished picture.
  if (/^(II\x2b\0\x08\0\0\0|MM\0\x2b\0\x08\0\0)/.test(text)) return 'tiff';
  if (isTiffHead(head)) return text.slice(8, 10) === 'CR' && head[10] === 2 ? 'cr2' : 'tiff-based';
  return 'other';
}

function isTiffHead(head: Uint8Array): boolean {
  const order = latin1(head, 0, 2);
  return (order === 'II' && u16(head, 2, true) === 42) || (order === 'MM' && u16(head, 2, false) === 42);
}

/** The brands of an ISO base media file (ISO/IEC 14496-12 section 4.3); the compatible ones tell where the major does not. */
function brandOf(head: Uint8Array): Container {
  const size = Math.min(u32(head, 0, false), head.length, 512);
  if (size < 12) return 'other';
  const brands: string[] = [];
  for (let at = 8; at + 4 <= size; at += 4) if (at !== 12) brands.push(latin1(head, at, at + 4));
  if (brands[0] === 'crx ') return 'cr3';
  if (brands[0] === 'avif' || brands[0] === 'avis') return 'avif';
  if (heifBrands.has(brands[0] ?? '')) return brands.includes('avif') ? 'avif' : 'heif';
  return 'other';
}
