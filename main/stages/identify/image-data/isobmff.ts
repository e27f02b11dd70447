/** Pictures in ISO base media files: the sensor data of Canon CR3, the items of HEIF and AVIF. */
import type { Range } from '../../containers/jpeg.ts';
import { findBox, readBoxes, readHeifItems } from '../../containers/isobmff.ts';
import type { Box } from '../../containers/isobmff.ts';
import { latin1, u16, u32 } from '../../containers/reader.ts';
import type { ByteReader } from '../../containers/reader.ts';
import type { ImageParts } from './stream.ts';

const maxSamples = 10_000;
const maxBoxBytes = 65_536;

/** The samples of the track with the most sensor data (compressed by CRX: CMP1), and its description. Others hold JPEG, a small version, and metadata. */
export function locateCr3Image(reader: ByteReader): ImageParts | null {
  const movie = findBox(reader, ['moov']);
  let best: ImageParts | null = null;
  let most = 0;
  for (const track of movie ? readBoxes(reader, movie.start, movie.end).filter(({ type }) => type === 'trak') : []) {
    const table = findBox(reader, ['mdia', 'minf', 'stbl'], track);
    const boxes = table ? readBoxes(reader, table.start, table.end) : [];
    const description = textOf(reader, boxes.find(({ type }) => type === 'stsd'));
    if (!description?.includes('CMP1')) continue;
    const parts = samplesOf(reader, boxes);
    if (!parts) return null;
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    if (bytes <= most) continue;
    most = bytes;
    best = { about: `cr3;${parts.map(({ length }) => length).join(',')};${description}`, parts };
  }
  return best;
}

/** Samples of a track whose chunks hold one each, as Canon writes them (ISO/IEC 14496-12 sections 8.7.3 to 8.7.5); null for others. */
function samplesOf(reader: ByteReader, boxes: readonly Box[]): Range[] | null {
  const bytesOf = (type: string): Uint8Array | null => {
    const box = boxes.find((one) => one.type === type);
    return box?.isWhole && box.end - box.start <= maxSamples * 8 + 16 ? (reader.view(box.start, box.end - box.start)?.slice() ?? null) : null;
  };
  const [sizes, wide, narrow, chunks] = [bytesOf('stsz'), bytesOf('co64'), bytesOf('stco'), bytesOf('stsc')];
  const offsets = wide ?? narrow;
  if (!sizes || sizes.length < 12 || !offsets || offsets.length < 8) return null;
  const count = u32(sizes, 8, false);
  const common = u32(sizes, 4, false);
  const isWhole = u32(offsets, 4, false) === count && offsets.length >= 8 + count * (wide ? 8 : 4) && (common > 0 || sizes.length >= 12 + count * 4);
  const isSingle = !chunks || (u32(chunks, 4, false) === 1 && u32(chunks, 12, false) === 1);
  if (count === 0 || count > maxSamples || !isWhole || !isSingle) return null;
  return Array.from({ length: count }, (_, index) => ({
    offset: wide ? u32(wide, 8 + index * 8, false) * 4_294_967_296 + u32(wide, 12 + index * 8, false) : u32(offsets, 8 + index * 4, false),
    length: common > 0 ? common : u32(sizes, 12 + index * 4, false),
  }));
}

/** Items that are no pictures. */
const otherItems = new Set(['Exif', 'mime', 'uri ']);
/** Properties without which coded data mean nothing: decoder configurations and sizes. Rotation, mirroring and colour profile are told to whom shows it. */
const codingProperties = new Set(['hvcC', 'lhvC', 'av1C', 'avcC', 'vvcC', 'jpgC', 'ispe', 'pixi', 'auxC']);

/**
 * All picture items but thumbnails, in the file's order, with what puts tiles together (ISO/IEC 23008-12 sections 6.4 to 6.6).
 * Null for sequences, whose pictures are in tracks.
 */
export function locateHeifImage(reader: ByteReader): ImageParts | null {
  const placed = readHeifItems(reader);
  if (!placed || findBox(reader, ['moov'])) return null;
  const { items, places, boxes } = placed;
  const references = readReferences(reader, boxes.find(({ type }) => type === 'iref'));
  if (!references) return null;
  const thumbnails = new Set(references.filter(({ type }) => type === 'thmb').map(({ from }) => from));
  const pictures = items.filter(({ id, type }) => !otherItems.has(type) && !thumbnails.has(id));
  const parts: Range[] = [];
  let about = 'heif;';
  const indexOf = new Map(pictures.map(({ id }, index) => [id, index]));
  for (const { id, type } of pictures) {
    const extents = places.get(id);
    // A picture derived from another one as it is (`iden`) has no data of its own.
    if (!extents && type !== 'iden') return null;
    if (extents?.some(({ length }) => length === 0)) return null;
    about += `${type}:${(extents ?? []).map(({ length }) => length).join(',')};`;
    parts.push(...(extents ?? []));
  }
  for (const { type, from, to } of references)
    if (indexOf.has(from) && type !== 'cdsc') about += `${type}:${indexOf.get(from)}>${to.map((id) => indexOf.get(id)).join(',')};`;
  const properties = boxes.find(({ type }) => type === 'iprp');
  const container = properties ? findBox(reader, ['ipco'], properties) : null;
  for (const box of container ? readBoxes(reader, container.start, container.end) : []) {
    if (!codingProperties.has(box.type)) continue;
    const text = textOf(reader, box);
    if (text === null) return null;
    about += `${box.type}:${text.length}:${text}`;
  }
  return parts.length > 0 ? { about, parts } : null;
}

interface Reference {
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
}

/** ISO/IEC 14496-12 section 8.11.12; empty where there is no such box, null where it is broken. */
function readReferences(reader: ByteReader, box: Box | undefined): Reference[] | null {
  if (!box) return [];
  const version = reader.view(box.start, 1)?.[0] ?? 0;
  const read = version === 0 ? u16 : u32;
  const size = version === 0 ? 2 : 4;
  const found: Reference[] = [];
  for (const { type, start, end, isWhole } of readBoxes(reader, box.start + 4, box.end)) {
    const bytes = isWhole && end - start <= maxBoxBytes ? reader.view(start, end - start) : null;
    const count = bytes ? u16(bytes, size, false) : 0;
    if (!bytes || bytes.length < size + 2 + count * size) return null;
    found.push({ type, from: read(bytes, 0, false), to: Array.from({ length: count }, (_, index) => read(bytes, size + 2 + index * size, false)) });
  }
  return found;
}

/** The content of a small box, one character a byte; null where it is missing, cut off or too large. */
function textOf(reader: ByteReader, box: Box | undefined): string | null {
  const bytes = box?.isWhole && box.end - box.start <= maxBoxBytes ? reader.view(box.start, box.end - box.start) : null;
  return bytes ? latin1(bytes) : null;
}
