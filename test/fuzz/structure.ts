/** Where the numbers that steer a reader are in a file: counts, types, offsets, lengths and sizes of every known container. */

export interface Place {
  readonly at: number;
  readonly bytes: 1 | 2 | 4 | 8;
  readonly little: boolean;
  /** `code`: a tag, a type, a marker or a name; `link`: an offset; `number`: a count, a length or a size. */
  readonly kind: 'code' | 'link' | 'number';
}

export interface Structure {
  readonly places: readonly Place[];
  /** Values that a `link` may have been meant to hold: offsets of directories, boxes and pictures. */
  readonly targets: readonly number[];
}

const mostPlaces = 6_000;
const mostDirectories = 64;

/** Looks for every TIFF block and JPEG wherever it is, and for the boxes or chunks of the file itself. */
export function findStructure(bytes: Uint8Array): Structure {
  const places: Place[] = [];
  const targets: number[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const add = (at: number, width: Place['bytes'], kind: Place['kind'], little = false): void => {
    if (at >= 0 && at + width <= bytes.length && places.length < mostPlaces) places.push({ at, bytes: width, little, kind });
  };
  const file: File = { bytes, view, add, targets };
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  if (head.slice(4, 8) === 'ftyp') findBoxes(file, 0, bytes.length, 0);
  else if (head.startsWith('\x89PNG')) findPngChunks(file);
  else if (head.startsWith('RIFF')) findRiffChunks(file);
  else if (!/^(II|MM|\xff\xd8)/.test(head) || head.includes('HEAP')) findWords(file);
  for (let at = 0; at + 8 < bytes.length; at++) {
    const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    if (a === 0x49 && b === 0x49 && (at === 0 || (c === 42 && d === 0))) findDirectories(file, at, true);
    else if (a === 0x4d && b === 0x4d && (at === 0 || (c === 0 && d === 42))) findDirectories(file, at, false);
    else if (a === 0xff && b === 0xd8 && c === 0xff) findSegments(file, at);
  }
  return { places, targets };
}

interface File {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly add: (at: number, width: Place['bytes'], kind: Place['kind'], little?: boolean) => void;
  readonly targets: number[];
}

function u32At({ view, bytes }: File, at: number, little: boolean): number {
  return at >= 0 && at + 4 <= bytes.length ? view.getUint32(at, little) : 0;
}

function u16At({ view, bytes }: File, at: number, little: boolean): number {
  return at >= 0 && at + 2 <= bytes.length ? view.getUint16(at, little) : 0;
}

/** The header and the directories that can be reached from it (TIFF 6.0), those of Exif, GPS and SubIFDs too. */
function findDirectories(file: File, base: number, little: boolean): void {
  file.add(base, 2, 'code', little);
  file.add(base + 2, 2, 'code', little);
  file.add(base + 4, 4, 'link', little);
  const waiting = [u32At(file, base + 4, little)];
  const seen = new Set<number>();
  for (let offset = waiting.shift(); offset !== undefined && seen.size < mostDirectories; offset = waiting.shift()) {
    const start = base + offset;
    const count = u16At(file, start, little);
    if (offset === 0 || seen.has(offset) || count === 0 || count > 500) continue;
    seen.add(offset);
    file.targets.push(offset);
    file.add(start, 2, 'number', little);
    for (let index = 0; index < count; index++) {
      const at = start + 2 + index * 12;
      const tag = u16At(file, at, little);
      const isShort = u16At(file, at + 2, little) === 3 && u32At(file, at + 4, little) === 1;
      file.add(at, 2, 'code', little);
      file.add(at + 2, 2, 'code', little);
      file.add(at + 4, 4, 'number', little);
      file.add(at + 8, isShort ? 2 : 4, isShort ? 'number' : 'link', little);
      const value = u32At(file, at + 8, little);
      if ([0x0111, 0x0201, 0x0144].includes(tag)) file.targets.push(value);
      if ([0x8769, 0x8825, 0xa005, 0x014a, 0x927c].includes(tag)) {
        waiting.push(value);
        const isList = u32At(file, at + 4, little) > 1 && tag === 0x014a;
        for (let sub = 0; isList && sub < 4; sub++) {
          waiting.push(u32At(file, base + value + sub * 4, little));
          file.add(base + value + sub * 4, 4, 'link', little);
        }
      }
    }
    file.add(start + 2 + count * 12, 4, 'link', little);
    waiting.push(u32At(file, start + 2 + count * 12, little));
  }
}

/** Segments of a JPEG (ITU-T T.81 annex B): markers, lengths, and all fields of frames, tables and scans. */
function findSegments(file: File, start: number): void {
  const { bytes } = file;
  let at = start + 2;
  for (let count = 0; count < 200 && at + 4 <= bytes.length; count++) {
    if (bytes[at] !== 0xff) return;
    const marker = bytes[at + 1]!;
    const length = u16At(file, at + 2, false);
    file.add(at + 1, 1, 'code');
    file.add(at + 2, 2, 'number');
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4) {
      file.add(at + 4, 1, 'number');
      file.add(at + 5, 2, 'number');
      file.add(at + 7, 2, 'number');
      for (let byte = 9; byte < Math.min(length + 2, 22); byte++) file.add(at + byte, 1, 'number');
    } else if (marker === 0xc4 || marker === 0xdb || marker === 0xdd || marker === 0xda) for (let byte = 4; byte < Math.min(length + 2, 24); byte++) file.add(at + byte, 1, 'number');
    at += 2 + length;
    // Behind a scan, the next marker that is none of the scan's own.
    while (marker === 0xda && at + 1 < bytes.length && !(bytes[at] === 0xff && bytes[at + 1]! >= 0xc0 && (bytes[at + 1]! & 0xf8) !== 0xd0)) at++;
  }
}

const fullBoxes = new Set(['meta', 'iref']);
const boxesOfBoxes = new Set(['meta', 'iref', 'moov', 'trak', 'mdia', 'minf', 'stbl', 'iprp', 'ipco', 'dinf', 'iinf', 'uuid', 'grpl']);

/** Boxes (ISO/IEC 14496-12), those inside boxes too; the content of the others word by word. */
function findBoxes(file: File, start: number, end: number, depth: number): void {
  let at = start;
  for (let count = 0; count < 200 && at + 8 <= end; count++) {
    const size = u32At(file, at, false);
    const type = String.fromCharCode(...file.bytes.subarray(at + 4, at + 8));
    file.add(at, 4, 'number');
    file.add(at + 4, 4, 'code');
    file.targets.push(at);
    const inside = at + 8;
    const stop = Math.min(size === 0 ? end : at + size, end);
    if (boxesOfBoxes.has(type) && depth < 8) {
      const skip = type === 'uuid' ? 16 : type === 'iinf' ? (file.bytes[inside] === 0 ? 6 : 8) : fullBoxes.has(type) ? 4 : 0;
      for (let word = inside; word < inside + skip; word += 2) file.add(word, 2, 'number');
      findBoxes(file, inside + skip, stop, depth + 1);
    } else if (type !== 'mdat' && type !== 'idat' && type !== 'free') {
      for (let word = inside; word + 2 <= Math.min(stop, inside + 400); word += 2) file.add(word, 2, 'number');
      for (let word = inside; word + 4 <= Math.min(stop, inside + 400); word += 4) file.add(word, 4, 'link');
    }
    if (size < 8) return;
    at += size;
  }
}

function findPngChunks(file: File): void {
  for (let at = 8; at + 8 <= file.bytes.length; at += 12 + u32At(file, at, false)) {
    file.add(at, 4, 'number');
    file.add(at + 4, 4, 'code');
    if (at > 8) continue;
    file.add(at + 8, 4, 'number');
    file.add(at + 12, 4, 'number');
    for (let byte = 16; byte < 21; byte++) file.add(at + byte, 1, 'number');
  }
}

function findRiffChunks(file: File): void {
  file.add(4, 4, 'number', true);
  for (let at = 12; at + 8 <= file.bytes.length; ) {
    const size = u32At(file, at + 4, true);
    file.add(at, 4, 'code', true);
    file.add(at + 4, 4, 'number', true);
    for (let byte = 8; byte < Math.min(8 + size, 24); byte++) file.add(at + byte, 1, 'number');
    at += 8 + size + (size & 1);
  }
}

/** Containers of one maker (RAF, MRW, X3F, CIFF): their numbers are words at the start and at the end. */
function findWords(file: File): void {
  const little = !(file.bytes[0] === 0x46 && file.bytes[1] === 0x55) && file.bytes[0] !== 0; // all but Fujifilm and Minolta
  const size = file.bytes.length;
  for (let at = 0; at + 4 <= Math.min(256, size); at += 4) file.add(at, 4, 'link', little);
  for (let at = Math.max(256, size - 768); at + 4 <= size; at += 2) file.add(at, at % 4 === 0 ? 4 : 2, 'link', little);
}
