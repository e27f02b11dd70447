/**
 * The picture of a JPEG (ITU-T T.81 annex B): its tables, frame and scans up to the first end marker, without APPn and COM. What
 * stands behind it, the further pictures and films of phones, does not count.
 */
import { latin1, u16 } from '../../containers/reader.ts';
import { bytesOfText, give, hashOf, skip } from './stream.ts';
import type { Walk, WalkImage } from './stream.ts';

/** A progressive picture of four components has some fifty; a hostile file may have a million. */
const maxSegments = 20_000;
const mostPeeked = 18;

/** What the marker segments that are left out say of the colours; see {@link colorsOf}. */
interface ColorHints {
  isJfif: boolean;
  /** The transform of an Adobe segment: 0 none, 1 YCbCr, 2 YCCK. */
  adobe: number | null;
  /** Identifiers of the frame's components. */
  components: string;
}

export const walkJpeg: WalkImage = function* (hash): Walk {
  const start = yield give(2);
  if (start[0] !== 0xff || start[1] !== 0xd8) return false;
  hash(bytesOfText('jpeg'));
  const hints: ColorHints = { isJfif: false, adobe: null, components: '' };
  let hasScan = false;
  let marker: number | null = null;
  for (let count = 0; count < maxSegments; count++) {
    marker ??= yield* readMarker();
    if (marker === 0xd9) {
      hash(bytesOfText(`\xff\xd9${colorsOf(hints)}`));
      return hasScan;
    }
    // No segment: a second picture inside the first, a restart outside of a scan, or no marker at all.
    if (marker === null || marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8) || marker === 0xff) return false;
    const head = yield give(2);
    const size = u16(head, 0, false) - 2;
    if (size < 0) return false;
    if (isMetadata(marker)) yield* passMetadata(marker, size, hints);
    else {
      hash(new Uint8Array([0xff, marker, head[0]!, head[1]!]));
      yield* passSegment(marker, size, hints, hash);
    }
    if (marker === 0xda) {
      if (hints.components === '') return false;
      hasScan = true;
      marker = (yield { kind: 'scan' })[0]!;
    } else marker = null;
  }
  return false;
};

/** The second byte of a marker, fill bytes left out; null where there is none. */
function* readMarker(): Generator<ReturnType<typeof give>, number | null, Uint8Array> {
  if ((yield give(1))[0] !== 0xff) return null;
  for (let count = 0; count < maxSegments; count++) {
    const code = (yield give(1))[0]!;
    if (code !== 0xff) return code;
  }
  return null;
}

function isMetadata(marker: number): boolean {
  return (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;
}

function* passMetadata(marker: number, size: number, hints: ColorHints): Generator<ReturnType<typeof give>, void, Uint8Array> {
  const isHint = marker === 0xe0 || marker === 0xee;
  const peeked = isHint ? Math.min(size, mostPeeked) : 0;
  if (peeked > 0) {
    const text = latin1(yield give(peeked));
    if (marker === 0xe0) hints.isJfif ||= text.startsWith('JFIF\0');
    else if (text.startsWith('Adobe') && peeked >= 12) hints.adobe = text.charCodeAt(11);
  }
  yield skip(size - peeked);
}

/** Hashes the content of a segment; of a frame it also notes the components (section B.2.2). */
function* passSegment(marker: number, size: number, hints: ColorHints, hash: (bytes: Uint8Array) => void): Generator<ReturnType<typeof give>, void, Uint8Array> {
  const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
  const peeked = isFrame ? Math.min(size, mostPeeked) : 0;
  if (peeked > 0) {
    const bytes = yield give(peeked);
    hash(bytes);
    for (let at = 6; at < Math.min(peeked, 6 + bytes[5]! * 3); at += 3) hints.components += String.fromCharCode(bytes[at]!);
  }
  yield hashOf(size - peeked);
}

/**
 * How decoders take the components (libjpeg's default_decompress_parms): APP0 and APP14 say it, and where they were taken away
 * the components' names do. Two pictures of equal scans in other colours are not the same.
 */
function colorsOf({ isJfif, adobe, components }: ColorHints): string {
  if (components.length === 3) return isJfif || (adobe ?? (components === 'RGB' ? 0 : 1)) !== 0 ? 'YCbCr' : 'RGB';
  if (components.length === 4) return adobe === null ? 'CMYK' : adobe === 2 ? 'inverted YCCK' : 'inverted CMYK';
  return '';
}
