/** One photo opened for work: its bytes, what it is, and which bytes of it are the picture to be decoded. */
import { basename } from 'node:path';
import { fail, ok } from '../base/index.ts';
import type { CodedError, Result } from '../base/index.ts';
import { isSelfPicture, profileOfNclx, profileOfSpace } from '../domain/index.ts';
import type { EmbeddedPreview, Metadata, ModelId, Orientation, PhotoFormat, PreviewColorSpace, StageOutputs } from '../domain/index.ts';
import { openByteSource } from '../adapters/byte-source/index.ts';
import type { ReadBuffer } from '../adapters/byte-source/index.ts';
import type { ByteSource, ImageCodec, MetadataReader, ModelFile, ModelRunner, PictureRenderer, SensorReader } from '../ports/index.ts';
import { findNclx } from '../stages/containers/isobmff.ts';
import { insertIccProfile } from '../stages/containers/jpeg-writer.ts';
import { createReader, headLength } from '../stages/containers/reader.ts';
import type { ByteReader } from '../stages/containers/reader.ts';
import { openTiff } from '../stages/containers/tiff.ts';
import { planarPieceBytes } from '../stages/containers/tiff-pieces.ts';
import { detectFormat } from '../stages/identify/index.ts';
import type { Hasher } from '../stages/identify/index.ts';
import { readMetadata } from '../stages/metadata/index.ts';
import { colorSpaceOfJpeg } from '../stages/preview/color-space.ts';
import { choosePreview, findEmbeddedPreviews, previewOrientation } from '../stages/preview/index.ts';
import type { Room } from './room.ts';

/** What the worker's functions need; made once per process and reused for every photo. */
export interface Tools {
  readonly codec: ImageCodec;
  readonly metadataReader: MetadataReader;
  /** Sensor data of RAW files. */
  readonly rawRenderer: PictureRenderer;
  readonly sensorReader: SensorReader;
  readonly heifRenderer: PictureRenderer;
  readonly modelRunner: ModelRunner;
  /** Where `modelRunner` finds the files: those that came with the task. */
  readonly setModels: (files: Readonly<Partial<Record<ModelId, ModelFile>>>) => void;
  readonly room: Room;
  readonly buffer: ReadBuffer;
  readonly head: Uint8Array;
  readonly createHasher: () => Hasher;
  /** A throw that should not have been. */
  readonly reportBug: (where: string, error: unknown) => void;
}

export interface OpenPhoto {
  readonly source: ByteSource;
  readonly reader: ByteReader;
  readonly format: PhotoFormat;
  /** Without folders. */
  readonly name: string;
}

/** Larger files that are themselves pictures are not read into memory. */
const maxSelfBytes = 768 * 1024 * 1024;
/** For every row of such a picture the decoder goes over whole pieces; programs write them of some rows. */
const maxPieceBytes = 256 * 1024 * 1024;

export function createHead(): Uint8Array {
  return new Uint8Array(headLength);
}

/** Opens and recognises a photo. Errors: empty-file, not-a-photo, file-unreadable, file-vanished. The caller closes `source`. */
export function openPhoto(path: string, tools: Tools): Result<OpenPhoto> {
  const opened = openByteSource(path, tools.buffer);
  if (!opened.ok) return opened;
  const source = opened.value;
  const close = (error: CodedError): Result<OpenPhoto> => {
    source.close();
    return { ok: false, error };
  };
  if (source.size === 0) return close({ code: 'empty-file', message: 'The file is empty (0 bytes).', retry: false });
  const reader = createReader(source, tools.head);
  const name = basename(path);
  const format = detectFormat(reader, name);
  const failure = reader.failure();
  if (failure) return close(failure);
  if (format === 'other') return close({ code: 'not-a-photo', message: 'The content of this file is no photo.', retry: false });
  return ok({ source, reader, format, name });
}

export interface Previews {
  readonly embedded: readonly EmbeddedPreview[];
  readonly damage: CodedError | null;
}

/** The embedded previews, from an earlier answer where there is one; none for files that are themselves the picture. */
export function previewsOf(photo: OpenPhoto, known: Partial<StageOutputs>): Result<Previews> {
  if (isSelfPicture(photo.format)) return ok({ embedded: [], damage: null });
  if (known.preview && known.preview.embedded.length > 0) return ok({ embedded: known.preview.embedded, damage: null });
  return findEmbeddedPreviews(photo.reader, photo.format);
}

export async function metadataOf(photo: OpenPhoto, known: Partial<StageOutputs>, tools: Tools): Promise<Result<Metadata>> {
  return known.metadata ? ok(known.metadata) : readMetadata(photo.reader, photo.format, tools.metadataReader);
}

/** Bytes to be decoded and how they are to be turned. `bytes` is valid until the next read of the photo; a JPEG's colours are sRGB or named by its profile. */
export interface PictureBytes {
  readonly bytes: Uint8Array;
  readonly orientation: Orientation | 'own';
  readonly preview: EmbeddedPreview | null;
  /** ICC profile of a picture that states its colours by numbers only. */
  readonly profile: Uint8Array | null;
}

/** Reads the picture that serves a long edge of `edge` pixels. Errors: preview-none, too-large, truncated and those of reading. */
export function readPictureBytes(photo: OpenPhoto, previews: readonly EmbeddedPreview[], metadata: Metadata | null, edge: number | null): Result<PictureBytes> {
  const { source } = photo;
  if (isSelfPicture(photo.format)) {
    if (source.size > maxSelfBytes) return fail('too-large', 'The file is too large to be read as one picture.');
    const block = photo.format === 'tiff' ? openTiff(photo.reader, 0) : null;
    if (block && planarPieceBytes(block) > maxPieceBytes) return fail('too-large', 'The picture is stored in pieces that are too large to be decoded.');
    const space = photo.format === 'jpeg' ? colorSpaceOfJpeg(photo.reader, photo.name) : null;
    const nclx = photo.format === 'avif' ? findNclx(photo.reader) : null;
    const profile = nclx ? profileOfNclx(nclx.primaries, nclx.transfer) : null;
    const read = source.read(0, source.size);
    return read.ok ? ok({ bytes: withProfile(read.value, space), orientation: 'own', preview: null, profile }) : read;
  }
  const preview = choosePreview(previews, edge);
  if (!preview) return fail('preview-none', 'No embedded preview was found in this file.');
  const read = source.read(preview.offset, preview.length);
  if (!read.ok) return read;
  if (read.value.length < preview.length) return fail('truncated', 'The file ends inside its preview.');
  return ok({ bytes: withProfile(read.value, preview.colorSpace), orientation: orientationOf(metadata, preview), preview, profile: null });
}

/** Colours that only the file around a JPEG names are named by a profile inside it: whoever decodes it, goes by that. */
function withProfile(jpeg: Uint8Array, space: PreviewColorSpace | null): Uint8Array {
  return space === 'adobe-rgb' || space === 'prophoto-rgb' ? insertIccProfile(jpeg, profileOfSpace(space)) : jpeg;
}

/** A RAW's own orientation holds for its previews; see `previewOrientation` for those already turned. */
export function orientationOf(metadata: Metadata | null, preview: EmbeddedPreview): Orientation | 'own' {
  if (!metadata) return 'own';
  const sensor = metadata.width && metadata.height ? { width: metadata.width, height: metadata.height } : null;
  return previewOrientation(metadata.orientation, sensor, preview);
}
