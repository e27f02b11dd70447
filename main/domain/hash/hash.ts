/**
 * Perceptual hashes compared. A hash is 16 hex digits, one bit for the sign of each frequency of `hashFrequencies` (see
 * stages/phash); the number of differing bits says how unlike two pictures are: 0 the same, about 32 unrelated.
 */

/** A hash as two whole numbers of 32 bits, the first eight digits first. */
export type HashBits = readonly [number, number];

/**
 * The 64 lowest frequencies (u across, v down) of the cosine transform, by u + v, without the mean. The set is the same
 * when u and v are swapped; therefore (5, 5), the odd one of the last diagonal, is left out.
 */
export const hashFrequencies: readonly { readonly u: number; readonly v: number }[] = Array.from({ length: 121 }, (_, at) => ({ u: at % 11, v: Math.floor(at / 11) }))
  .filter(({ u, v }) => u + v > 0 && u + v <= 10 && !(u === 5 && v === 5))
  .sort((a, b) => a.u + a.v - (b.u + b.v) || a.u - b.u);

/** Null for what is no hash. By hand, and without destructuring, which makes garbage until it is compiled: grouping reads that of every photo. */
export function parseHash(hash: string): HashBits | null {
  if (hash.length !== 16) return null;
  let high = 0;
  let low = 0;
  for (let at = 0; at < 8; at++) {
    const first = hexDigitOf(hash.charCodeAt(at));
    const second = hexDigitOf(hash.charCodeAt(8 + at));
    if (first < 0 || second < 0) return null;
    high = (high << 4) | first;
    low = (low << 4) | second;
  }
  return [high, low];
}

const hexDigits = Int8Array.from({ length: 128 }, (_, code) => '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase()));

/** The value of a hex digit by its character code; -1 for what is none. By a table: it is asked some hundred times for each photo. */
export function hexDigitOf(code: number): number {
  return hexDigits[code] ?? -1;
}

/** Differing bits, 0..64. */
export function hashDistance(a: HashBits, b: HashBits): number {
  return countBits(a[0] ^ b[0]) + countBits(a[1] ^ b[1]);
}

/** Bits set in a whole number of 32 bits. */
export function countBits(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

const placeOf = new Map(hashFrequencies.map(({ u, v }, at) => [u * 11 + v, at]));
const swappedPlaces = hashFrequencies.map(({ u, v }) => placeOf.get(v * 11 + u)!);
const oddAcross = maskOf(({ u }) => u % 2 === 1);
const oddDown = maskOf(({ v }) => v % 2 === 1);

function maskOf(chosen: (frequency: { readonly u: number; readonly v: number }) => boolean): HashBits {
  const mask: [number, number] = [0, 0];
  hashFrequencies.forEach((frequency, at) => {
    if (chosen(frequency)) mask[at >> 5]! |= 1 << (31 - (at & 31));
  });
  return mask;
}

/**
 * The hashes of a picture in all eight positions (turned by quarters, mirrored), the picture itself first. Mirroring
 * changes the sign of the odd waves along that axis; a quarter turn swaps the axes as well.
 */
export function hashPositions(hash: HashBits): HashBits[] {
  const swapped: [number, number] = [0, 0];
  swappedPlaces.forEach((from, to) => {
    if ((hash[from >> 5]! >>> (31 - (from & 31))) & 1) swapped[to >> 5]! |= 1 << (31 - (to & 31));
  });
  return [hash, swapped].flatMap((upright) => {
    const mirrored = flipBits(upright, oddAcross);
    return [upright, mirrored, flipBits(upright, oddDown), flipBits(mirrored, oddDown)];
  });
}

/** What was done to a picture so that it looks like that position of another; null for the first, where nothing was. */
export const positionNames = [
  null, 'mirrored left to right', 'mirrored top to bottom', 'turned by 180°',
  'mirrored along the falling diagonal', 'turned by 90° clockwise', 'turned by 90° anticlockwise', 'mirrored along the rising diagonal',
] as const;

function flipBits(hash: HashBits, mask: HashBits): HashBits {
  return [hash[0] ^ mask[0], hash[1] ^ mask[1]];
}
