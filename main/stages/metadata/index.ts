/** Stage `metadata`: camera, lens, exposure, capture time and orientation, whatever container they are in. */
import { ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { decodeXmp, parseXmp, turnRegion } from '../../domain/index.ts';
import type { Metadata, PhotoFormat } from '../../domain/index.ts';
import type { MetadataReader } from '../../ports/index.ts';
import { findPictureSize } from '../containers/picture-size.ts';
import type { ByteReader } from '../containers/reader.ts';
import { findTagSources } from './blocks.ts';
import { writeCompactTiff } from './compact.ts';
import { readNoteFacts } from './notes.ts';

const nothing: Metadata = {
  make: null, model: null, lens: null, serial: null, capturedAt: null, capturedMs: null, orientation: 1, exposureTime: null, fNumber: null,
  iso: null, exposureBias: null, focalLength: null, flash: null, driveMode: null, isHdr: false, width: null, height: null, rating: null, label: null, flag: null, keywords: null, hasGps: false,
};

/**
 * Reads what a photo says of itself. A photo without metadata is no error: everything is null then and the orientation 1.
 * Errors: metadata-broken; file-unreadable and file-vanished where reading itself failed.
 */
export async function readMetadata(reader: ByteReader, format: PhotoFormat, metadataReader: MetadataReader): Promise<Result<Metadata>> {
  const sources = findTagSources(reader, format);
  const block = writeCompactTiff(sources);
  const note = readNoteFacts(sources);
  const size = findPictureSize(reader, format);
  const failure = reader.failure();
  if (failure) return { ok: false, error: failure };
  if (!block) return ok({ ...nothing, driveMode: note.driveMode, isHdr: note.isHdr, ...size });
  const read = await metadataReader.read(block);
  if (!read.ok) return read;
  const { value } = read;
  const xmp = sources.xmp ? parseXmp(decodeXmp(sources.xmp)) : null;
  return ok({
    ...value,
    ...size,
    lens: value.lens ?? note.lens,
    serial: value.serial ?? note.serial ?? xmp?.serial ?? null,
    iso: value.iso ?? note.iso,
    driveMode: note.driveMode,
    isHdr: note.isHdr,
    focusPoints: note.focusPoints?.map((region) => turnRegion(region, value.orientation)) ?? null,
    rating: xmp?.rating ?? value.rating,
    label: xmp?.label ?? null,
    flag: xmp?.flag ?? null,
    keywords: xmp?.keywords ?? null,
  });
}
