/** The pictures of PNG and WebP: the chunks that hold pixels, their palette and transparency, frames of animations included. */
import { latin1, u32 } from '../../containers/reader.ts';
import { bytesOfText, give, hashOf, skip } from './stream.ts';
import type { Walk, WalkImage } from './stream.ts';

/** libpng writes chunks of 8 KiB. A hostile file may have a hundred million. */
const maxChunks = 1_000_000;

/** PNG (third edition, sections 11 and 12.5; CgBI is Apple's mark of its own coding). Frames of animations are in fcTL and fdAT. */
const pngPicture = new Set(['CgBI', 'IHDR', 'PLTE', 'tRNS', 'acTL', 'fcTL', 'fdAT']);

export const walkPng: WalkImage = function* (hash): Walk {
  if (latin1(yield give(8)) !== '\x89PNG\r\n\x1a\n') return false;
  hash(bytesOfText('png'));
  let hasHeader = false;
  /** Bytes in IDAT chunks: how they are cut into chunks says nothing. */
  let data = 0;
  for (let count = 0; count < maxChunks; count++) {
    const head = yield give(8);
    const length = u32(head, 0, false);
    const type = latin1(head, 4, 8);
    if (length > 0x7fff_ffff) return false;
    if (type === 'IEND') {
      hash(bytesOfText(`IDAT ${data}`));
      return data > 0;
    }
    hasHeader ||= type === 'IHDR' && length === 13;
    if (!hasHeader && type !== 'CgBI') return false;
    if (type === 'IDAT') {
      data += length;
      yield hashOf(length);
    } else if (pngPicture.has(type)) {
      hash(head);
      yield hashOf(length);
    } else yield skip(length);
    yield skip(4); // the checksum
  }
  return false;
};

/** WebP (RFC 9649): VP8 and VP8L pictures, ALPH transparency, ANMF frames. */
const webpPicture = new Set(['VP8 ', 'VP8L', 'ALPH', 'ANMF']);
const animationFlag = 0x02;

export const walkWebp: WalkImage = function* (hash): Walk {
  const start = yield give(12);
  if (latin1(start, 0, 4) !== 'RIFF' || latin1(start, 8, 12) !== 'WEBP') return false;
  const end = 8 + u32(start, 4, true);
  hash(bytesOfText('webp'));
  let hasPicture = false;
  let at = 12;
  for (let count = 0; count < maxChunks && at + 8 <= end; count++) {
    const head = yield give(8);
    const type = latin1(head, 0, 4);
    const length = u32(head, 4, true);
    at += 8 + length;
    if (at > end) return false;
    if (webpPicture.has(type)) {
      hasPicture ||= type !== 'ALPH';
      hash(head);
      yield hashOf(length);
    } else if (type === 'VP8X' && length === 10) {
      // Added with the first metadata; only of an animation does it say what the frames do not: the size of the canvas.
      const extended = yield give(10);
      if ((extended[0]! & animationFlag) !== 0) hash(extended.subarray(4));
    } else yield skip(length);
    if ((length & 1) === 1 && at < end) {
      at += 1;
      yield skip(1);
    }
  }
  return hasPicture && at >= end;
};
