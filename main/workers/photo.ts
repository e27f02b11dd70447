/** One photo opened for work: its bytes, what it is, and which bytes of it are the picture to be decoded. */
import { basename } from 'node:path';
import { fail, ok } from '../base/index.ts';
import type { CodedError, Result } from '../base/index.ts';
import { isSelfPicture } from '../domain/index.ts';
import type { EmbeddedPreview, Metadata, Orientation, PhotoFormat, StageOutputs } from '../domain/index.ts';
import { openByteSource } from '../adapters/byte-source/index.ts';
import type { ReadBuffer } from '../adapters/byte-source/index.ts';
import type { ByteSource, ImageCodec, MetadataReader, PictureRenderer } from '../ports/index.ts';
import { createReader, headLength } from '../stages/containers/reader.ts';
import type { ByteReader } from '../stages/containers/reader.ts';
import { detectFormat } from '../stages/identify/index.ts';
import type { Hasher } from '../stages/identify/index.ts';
import { readMetadata } from '../stages/metadata/index.ts';
import { choosePreview, findEmbeddedPreviews, previewOrientation } from '../stages/preview/index.ts';

/** What the worker's functions need; made once per process and reused for every photo. */
export interface Tools {
  readonly codec: ImageCodec;
  readonly metadataReader: MetadataReader;
  /** Sensor data of RAW files. */
  readonly rawRenderer: PictureRenderer;
  readonly heifRenderer: PictureRenderer;
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
}

/** Larger files that are themselves pictures are not read into memory. */
const maxSelfBytes = 768 * 1024 * 1024;

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
  const format = detectFormat(reader, basename(path));
  const failure = reader.failure();
  if (failure) return close(failure);
  if (format === 'other') return close({ code: 'not-a-photo', message: 'The content of this file is no photo.', retry: false });
  return ok({ source, reader, format });
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

/** Bytes to be decoded and how they are to be turned. `bytes` is valid until the next read of the photo. */
export interface PictureBytes {
  readonly bytes: Uint8Array;
  readonly orientation: Orientation | 'own';
  readonly preview: EmbeddedPreview | null;
}

/** Reads the picture that serves a long edge of `edge` pixels. Errors: preview-none, too-large, truncated and those of reading. */
export function readPictureBytes(photo: OpenPhoto, previews: readonly EmbeddedPreview[], metadata: Metadata | null, edge: number | null): Result<PictureBytes> {
  const { source } = photo;
  if (isSelfPicture(photo.format)) {
    if (source.size > maxSelfBytes) return fail('too-large', 'The file is too large to be read as one picture.');
    const read = source.read(0, source.size);
    return read.ok ? ok({ bytes: read.value, orientation: 'own', preview: null }) : read;
  }
  const preview = choosePreview(previews, edge);
  if (!preview) return fail('preview-none', 'No embedded preview was found in this file.');
  const read = source.read(preview.offset, preview.length);
  if (!read.ok) return read;
  if (read.value.length < preview.length) return fail('truncated', 'The file ends inside its preview.');
  return ok({ bytes: read.value, orientation: orientationOf(metadata, preview), preview });
}

/** A RAW's own orientation holds for its previews; see `previewOrientation` for those already turned. */
export function orientationOf(metadata: Metadata | null, preview: EmbeddedPreview): Orientation | 'own' {
  if (!metadata) return 'own';
  const sensor = metadata.width && metadata.height ? { width: metadata.width, height: metadata.height } : null;
  return previewOrientation(metadata.orientation, sensor, preview);
}
