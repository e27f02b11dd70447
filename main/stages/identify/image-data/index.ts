/**
 * The hash of a picture's own coded data: two files of one picture have the same, whatever their metadata, profiles, thumbnails
 * and padding are and wherever in the file things lie. Null where that cannot be told; a wrong "the same" is never an answer.
 */
import type { PhotoFormat } from '../../../domain/index.ts';
import type { ByteSource } from '../../../ports/index.ts';
import { isRange } from '../../containers/reader.ts';
import type { ByteReader } from '../../containers/reader.ts';
import { openTiff, tiffMagicsOf } from '../../containers/tiff.ts';
import { walkPng, walkWebp } from './chunks.ts';
import { locateCr3Image, locateHeifImage } from './isobmff.ts';
import { walkJpeg } from './jpeg.ts';
import { locateCrwImage, locateMrwImage, locateRafImage, locateRw2Image, locateX3fImage } from './other-raw.ts';
import { bytesOfText, createImageFeed, walkParts } from './stream.ts';
import type { Hasher, ImageParts, WalkImage } from './stream.ts';
import { locateTiffImage } from './tiff.ts';

export interface ImageHash {
  /** The next bytes of the file, from its first to its last. */
  push(chunk: Uint8Array): void;
  /** 64 hex digits or null. Reads data that do not lie in the picture's order again from `source`. */
  finish(source: ByteSource): string | null;
}

const walks: Partial<Record<PhotoFormat, WalkImage>> = { jpeg: walkJpeg, png: walkPng, webp: walkWebp };

const layouts: Partial<Record<PhotoFormat, (reader: ByteReader) => ImageParts | null>> = {
  cr3: locateCr3Image,
  heif: locateHeifImage,
  avif: locateHeifImage,
  raf: locateRafImage,
  mrw: locateMrwImage,
  crw: locateCrwImage,
  x3f: locateX3fImage,
  rw2: locateRw2Image,
  // Phase One keeps its sensor data in a block of its own, of which the directories do not tell.
  iiq: () => null,
};

/** Sensor data are most of a RAW file. Where what was taken for them is less than this share, they are somewhere else. */
const leastShare = 1 / 4;
const chunkBytes = 1024 * 1024;

/** Looks into the file's headers now; its bytes are then to be pushed in order. */
export function createImageHash(reader: ByteReader, format: PhotoFormat, hasher: Hasher): ImageHash {
  const walk = walks[format];
  if (walk) return streamed(walk, hasher);
  const found = locateImage(reader, format);
  if (!found || !isSound(found, format, reader.size)) return { push: () => undefined, finish: () => null };
  return isInOrder(found.parts) ? streamed(walkParts(found), hasher) : readAgain(found, hasher);
}

function locateImage(reader: ByteReader, format: PhotoFormat): ImageParts | null {
  const locate = layouts[format];
  if (locate) return locate(reader);
  const block = openTiff(reader, 0, tiffMagicsOf(format));
  return block ? locateTiffImage(block, format !== 'tiff') : null;
}

/** Every part inside the file, none on another, and together enough to be the picture. */
function isSound({ parts, isStated }: ImageParts, format: PhotoFormat, size: number): boolean {
  if (!parts.every(({ offset, length }) => length > 0 && isRange(offset, length, size))) return false;
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  const mayBeSmall = isStated === true || format === 'tiff' || format === 'heif' || format === 'avif';
  return parts.length > 0 && isInOrder([...parts].sort((a, b) => a.offset - b.offset)) && (mayBeSmall || bytes >= size * leastShare);
}

/** Each part begins where the one before it has ended, or later. */
function isInOrder(parts: ImageParts['parts']): boolean {
  return parts.every(({ offset }, index) => index === 0 || offset >= parts[index - 1]!.offset + parts[index - 1]!.length);
}

function streamed(walk: WalkImage, hasher: Hasher): ImageHash {
  const feed = createImageFeed(walk, hasher);
  return { push: feed.push, finish: () => feed.finish() };
}

function readAgain({ about, parts }: ImageParts, hasher: Hasher): ImageHash {
  return {
    push: () => undefined,
    finish(source) {
      hasher.update(bytesOfText(about));
      for (const { offset, length } of parts)
        for (let at = offset; at < offset + length; ) {
          const chunk = source.read(at, Math.min(chunkBytes, offset + length - at));
          if (!chunk.ok || chunk.value.length === 0) return null;
          hasher.update(chunk.value);
          at += chunk.value.length;
        }
      return hasher.finish();
    },
  };
}
