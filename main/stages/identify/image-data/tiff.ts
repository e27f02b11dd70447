/**
 * The picture of a TIFF file or of a RAW file built as one: strips (TIFF 6.0 section 3) or tiles (section 15) of the directory
 * that the file is about, with the tags without which they mean nothing.
 */
import type { Range } from '../../containers/jpeg.ts';
import { isRange, latin1 } from '../../containers/reader.ts';
import { numberOf, numbersOf, walkDirectories } from '../../containers/tiff.ts';
import type { TiffBlock, TiffDirectory } from '../../containers/tiff.ts';
import { rawPhotometrics } from '../tiff-based.ts';
import type { ImageParts } from './stream.ts';

/** Real pictures have at most some ten thousand. */
const maxParts = 65_536;
/** A ColorMap of 16 bits has 393,216. */
const maxTableBytes = 524_288;
/** Size, bits, compression, photometric interpretation, fill order, samples, rows, planes, predictor, tiles, extra samples, format. */
const codingTags = [0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x010a, 0x0115, 0x0116, 0x011c, 0x013d, 0x0142, 0x0143, 0x0152, 0x0153];
/** Data outside of the strips that decoding needs: ColorMap and JPEGTables. */
const tableTags = [0x0140, 0x015b];

interface Picture extends ImageParts {
  readonly bytes: number;
  readonly isStated: boolean;
  /** NewSubfileType (0x00FE): bit 0 marks a smaller version of another picture; null where it is not said. */
  readonly isReduced: boolean | null;
}

/**
 * All pictures of the file that are not smaller versions of others. RAW files are careless about saying so: of those that do
 * not, the one with the most data counts. Null where there is none, or where a picture's own tags contradict the file.
 */
export function locateTiffImage(block: TiffBlock, isRaw: boolean): ImageParts | null {
  const pictures: Picture[] = [];
  let isBroken = false;
  walkDirectories(block, (directory) => {
    const picture = pictureOf(block, directory);
    if (picture === 'broken') isBroken = true;
    else if (picture && picture.isReduced !== true) pictures.push(picture);
  });
  const largest = pictures.reduce<Picture | null>((best, picture) => (best && best.bytes >= picture.bytes ? best : picture), null);
  if (isBroken || !largest) return null;
  const chosen = isRaw ? pictures.filter((picture) => picture === largest || picture.isReduced === false) : pictures;
  return { about: `tiff;${chosen.map(({ about }) => about).join('|')}`, parts: chosen.flatMap(({ parts }) => parts), isStated: chosen.some((picture) => picture.isStated) };
}

/** Null for a directory without a picture of its own; `broken` where its data cannot be where it says. */
function pictureOf(block: TiffBlock, { entries }: TiffDirectory): Picture | null | 'broken' {
  const kind = numberOf(block, entries.get(0x00fe));
  const isReduced = kind === null ? null : (kind & 1) === 1;
  // Sony names the same data as one strip and as tiles.
  const tags = [[0x0111, 0x0117], [0x0144, 0x0145]].find(([offsets]) => entries.has(offsets!));
  if (!tags) return null;
  const [offsetEntry, lengthEntry] = [entries.get(tags[0]!), entries.get(tags[1]!)];
  const offsets = numbersOf(block, offsetEntry, maxParts);
  const lengths = numbersOf(block, lengthEntry, maxParts);
  const parts: Range[] = offsets.map((offset, index) => ({ offset: block.base + offset, length: lengths[index] ?? 0 })).filter(({ length }) => length > 0);
  const isWhole =
    offsets.length > 0 &&
    offsets.length === offsetEntry!.count &&
    lengths.length === lengthEntry?.count &&
    offsets.length === lengths.length &&
    parts.every(({ offset, length }) => isRange(offset, length, block.reader.size));
  const tables = isWhole ? tablesOf(block, entries) : null;
  if (!isWhole || tables === null) return isReduced === true ? null : 'broken';
  const coding = codingTags.map((tag) => numbersOf(block, entries.get(tag), 8).join(',')).join(';');
  const isStated = isReduced === false && rawPhotometrics.has(numberOf(block, entries.get(0x0106)) ?? 0);
  return { about: `${coding};${lengths.join(',')};${tables}`, parts, bytes: parts.reduce((sum, { length }) => sum + length, 0), isReduced, isStated };
}

function tablesOf(block: TiffBlock, entries: TiffDirectory['entries']): string | null {
  let text = '';
  for (const tag of tableTags) {
    const entry = entries.get(tag);
    const bytes = entry && entry.length <= maxTableBytes ? block.reader.view(entry.offset, entry.length) : null;
    if (entry && !bytes) return null;
    text += bytes ? `${tag}:${bytes.length}:${latin1(bytes)}` : '';
  }
  return text;
}
