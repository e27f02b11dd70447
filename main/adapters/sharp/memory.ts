/**
 * How much of a picture libvips has to hold at once. Most it reads in strips, whatever the size; a tiny file of the kinds that
 * it does not can claim gigabytes.
 */
import type { Metadata } from 'sharp';
import { coded } from '../../base/index.ts';
import type { CodedError } from '../../base/index.ts';

/** Up to so many pixels nothing is asked: the dearest kind (AVIF) then takes about {@link mostBytes}. */
export const freePixels = 64_000_000;
/** Beside the 150 MB that a decode child has anyway, and what else it works on; together well below 1 GB. */
const mostBytes = 480_000_000;

const depths: Readonly<Record<string, number>> = { uchar: 1, char: 1, ushort: 2, short: 2, uint: 4, int: 4, float: 4, complex: 8, double: 8, dpcomplex: 16 };
/**
 * Bits of the file for each pixel of a large picture: a JPEG of one even tone has 0.1 and more. Less is no photo, and to decode it
 * would take as long as a real one of that size.
 */
const fewestBits = 0.05;
/** Coefficients for each pixel, of three components. */
const subsampled: Readonly<Record<string, number>> = { '4:2:0': 1.5, '4:2:0:4': 2.5, '4:2:2': 2, '4:2:2:4': 3, '4:1:1': 1.5 };

/**
 * For a picture of more than {@link freePixels}: null where it can be decoded; `too-large` where it would take too much memory,
 * `preview-not-real` where `fileBytes` cannot hold it.
 * @param isTurnedWhole it is turned by a quarter or upside down without being shrunk before: then all its pixels are held.
 */
export function refuseForMemory(facts: Metadata, fileBytes: number, isTurnedWhole: boolean): CodedError | null {
  const { width, height } = facts;
  const bytes = width * height * (bytesHeld(facts) + (isTurnedWhole ? facts.channels * sizeOf(facts) : 0));
  if (bytes > mostBytes) return coded('too-large', `The picture claims ${width} x ${height} pixels of a kind that has to be decoded as a whole; that takes too much memory.`);
  return (fileBytes * 8) / (width * height) < fewestBits ? coded('preview-not-real', `The file is far too short to hold ${width} x ${height} pixels.`) : null;
}

/** Bytes for each pixel while decoding. */
function bytesHeld(facts: Metadata): number {
  const { format, channels } = facts;
  // Coefficients of two bytes; a picture in several scans, which sharp calls progressive, is complete only after the last.
  if (format === 'jpeg') return facts.isProgressive ? 2 * (subsampled[facts.chromaSubsampling ?? ''] ?? channels) : 0;
  if (format === 'png') return facts.isProgressive ? channels * sizeOf(facts) : 0;
  if (format === 'webp') return 4;
  // Planes of the decoder, and the colours made of them.
  if (format === 'heif') return 10;
  return 0;
}

function sizeOf(facts: Metadata): number {
  return depths[facts.depth] ?? 8;
}
