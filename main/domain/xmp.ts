/**
 * What other programs have said of a photo in XMP (XMP specification part 1: RDF as attributes or as elements), from a packet
 * inside the file or from a sidecar. No XML parser: a few known properties are looked for, in linear time, and nothing that a
 * broken packet holds can do harm.
 */
import { labelNames } from './photo.ts';

export interface XmpFacts {
  /** xmp:Rating, -1..5, whole. */
  readonly rating: number | null;
  /** xmp:Label, in the words of the program that wrote it. */
  readonly label: string | null;
  /** Pick and reject of Adobe's programs, digiKam and Photo Mechanic, which XMP itself knows only as rating -1. */
  readonly flag: 'pick' | 'reject' | null;
  /** dc:subject, each once; where there is none, the last words of lr:hierarchicalSubject; null for none at all. */
  readonly keywords: readonly string[] | null;
  /** The kind of file that a sidecar is for (photoshop:SidecarForExtension), in lower case; null where it does not say. */
  readonly forExtension: string | null;
  /** The body's serial number (aux:SerialNumber). */
  readonly serial: string | null;
  /** The camera's time as the packet has it (exif:DateTimeOriginal, photoshop:DateCreated, xmp:CreateDate), ISO 8601. */
  readonly createdAt: string | null;
}

const mostKeywords = 500;
const longestText = 200;
/** Of a longer packet only the head is looked at: what is wanted comes before edit history and masks. */
const longestPacket = 1024 * 1024;

/** Text of a packet: UTF-16 by its byte order mark or its zero bytes, else UTF-8 (XMP specification part 1, section 7.3.1). */
export function decodeXmp(bytes: Uint8Array): string {
  const [a, b] = [bytes[0], bytes[1]];
  if ((a === 0xff && b === 0xfe) || (b === 0 && a !== 0)) return decodeUtf16(bytes, a === 0xff ? 2 : 0, true);
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0)) return decodeUtf16(bytes, a === 0xfe ? 2 : 0, false);
  return decodeUtf8(bytes);
}

export function parseXmp(packet: string): XmpFacts {
  const text = packet.slice(0, longestPacket);
  const rating = Number(propertyOf(text, ['xmp:Rating', 'xap:Rating']) ?? NaN);
  return {
    rating: rating >= -1 && rating <= 5 ? Math.round(rating) : null,
    label: propertyOf(text, ['xmp:Label', 'xap:Label']) ?? darktableLabel(text),
    flag: flagOf(text),
    keywords: keywordsOf(text),
    forExtension: propertyOf(text, ['photoshop:SidecarForExtension'])?.toLowerCase() ?? null,
    serial: propertyOf(text, ['aux:SerialNumber', 'exifEX:BodySerialNumber']),
    createdAt: propertyOf(text, ['exif:DateTimeOriginal', 'photoshop:DateCreated', 'xmp:CreateDate', 'xap:CreateDate']),
  };
}

/** True where a text has the beginnings of XMP. */
export function isXmp(text: string): boolean {
  return /<(?:x:xmpmeta|rdf:RDF)[\s>]/.test(text);
}

/** True where XMP has its end too. */
export function isWholeXmp(text: string): boolean {
  return text.includes('</rdf:RDF>') && (!text.includes('<x:xmpmeta') || text.includes('</x:xmpmeta>'));
}

/**
 * xmpDM:pick (Lightroom: 1, 0, -1), digiKam:PickLabel (1 rejected, 3 accepted), xmpDM:good and photomechanic:Tagged. A program
 * that says "neither" does not overrule another that says more.
 */
function flagOf(text: string): 'pick' | 'reject' | null {
  const stated: readonly (readonly [string, string | null, string | null])[] = [
    ['xmpDM:pick', '1', '-1'],
    ['digiKam:PickLabel', '3', '1'],
    ['xmpDM:good', 'true', 'false'],
    ['photomechanic:Tagged', 'true', null],
  ];
  for (const [name, pick, reject] of stated) {
    const value = propertyOf(text, [name])?.toLowerCase() ?? null;
    if (value !== null && value === pick) return 'pick';
    if (value !== null && value === reject) return 'reject';
  }
  return null;
}

/** darktable has its colours as numbers in a list of its own; of several the first counts. */
function darktableLabel(text: string): string | null {
  const [first] = itemsOf(text, 'darktable:colorlabels');
  return first === undefined ? null : (labelNames[Number(first)] ?? null);
}

function keywordsOf(text: string): string[] | null {
  const flat = itemsOf(text, 'dc:subject');
  const words = flat.length > 0 ? flat : itemsOf(text, 'lr:hierarchicalSubject').map((path) => path.slice(path.lastIndexOf('|') + 1).trim()).filter((word) => word !== '');
  return words.length > 0 ? [...new Set(words)] : null;
}

/** The first of these properties that is there, as attribute or as simple element. */
function propertyOf(text: string, names: readonly string[]): string | null {
  for (const name of names) {
    // most are in hardly any packet, and looking for a text is far cheaper than an expression
    if (!text.includes(name)) continue;
    const attribute = new RegExp(`\\s${name}\\s{0,8}=\\s{0,8}(?:"([^"<]{0,1000})"|'([^'<]{0,1000})')`).exec(text);
    const element = attribute ? null : new RegExp(`<${name}>([^<]{0,1000})</${name}>`).exec(text);
    const value = clean(attribute?.[1] ?? attribute?.[2] ?? element?.[1] ?? '');
    if (value !== '') return value;
  }
  return null;
}

/** The items of a bag, sequence or alternative. */
function itemsOf(text: string, name: string): string[] {
  const start = text.indexOf(`<${name}>`);
  const end = start < 0 ? -1 : text.indexOf(`</${name}>`, start);
  if (end < 0) return [];
  const items: string[] = [];
  for (const match of text.slice(start, end).matchAll(/<rdf:li(?:\s[^<>]{0,200})?>([^<]{0,1000})<\/rdf:li>/g)) {
    const item = clean(match[1]!);
    if (item !== '' && items.length < mostKeywords) items.push(item);
  }
  return items;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function clean(text: string): string {
  return text
    .replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? whole;
      const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return point > 0 && point <= 0x10_ffff ? String.fromCodePoint(point) : whole;
    })
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .trim()
    .slice(0, longestText);
}

function decodeUtf16(bytes: Uint8Array, start: number, little: boolean): string {
  const text = createText();
  for (let at = start; at + 1 < bytes.length && at < 2 * longestPacket; at += 2) text.add(little ? bytes[at]! | (bytes[at + 1]! << 8) : (bytes[at]! << 8) | bytes[at + 1]!);
  return text.end();
}

/** The domain has no TextDecoder. What is no UTF-8 is taken byte by byte, as programs of old wrote it. */
function decodeUtf8(bytes: Uint8Array): string {
  const text = createText();
  const end = Math.min(bytes.length, longestPacket);
  for (let at = 0; at < end; ) {
    const first = bytes[at]!;
    if (first < 0x80) {
      text.add(first);
      at += 1;
      continue;
    }
    const length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 1;
    let point = length === 1 ? first : first & (0x7f >> length);
    let isWhole = at + length <= bytes.length;
    for (let index = 1; index < length && isWhole; index++) {
      const next = bytes[at + index]!;
      isWhole = (next & 0xc0) === 0x80;
      point = point * 64 + (next & 0x3f);
    }
    const isValid = isWhole && point <= 0x10_ffff && !(point >= 0xd800 && point < 0xe000);
    if (!isValid) text.add(first);
    else if (point < 0x1_0000) text.add(point);
    else {
      text.add(0xd800 + ((point - 0x1_0000) >> 10));
      text.add(0xdc00 + ((point - 0x1_0000) & 0x3ff));
    }
    at += isValid ? length : 1;
  }
  return text.end();
}

/** Collects UTF-16 units; a string made of many at once takes a twentieth of the time of one made unit by unit. */
function createText(): { add(unit: number): void; end(): string } {
  const parts: string[] = [];
  let units: number[] = [];
  const flush = (): void => {
    parts.push(String.fromCharCode(...units));
    units = [];
  };
  return {
    add(unit) {
      units.push(unit);
      if (units.length === 4_096) flush();
    },
    end() {
      flush();
      return parts.join('');
    },
  };
}
