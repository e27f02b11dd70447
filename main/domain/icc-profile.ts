/**
 * ICC profiles computed from published numbers: a matrix and one tone curve (ICC.1:2022 section 8.3.2, version 2 encoding), for
 * pictures whose file names their colours without giving a profile.
 */

export interface RgbSpace {
  /** x and y of red, green and blue (CIE 1931). */
  readonly primaries: readonly number[];
  readonly white: 'd65' | 'd50';
  /** A power, or the light (0..1) of a signal (0..1). */
  readonly curve: number | ((signal: number) => number);
}

/** Adobe RGB (1998), version 2005-05, section 4.3: the power is 2 and 51/256. */
const adobeRgb: RgbSpace = { primaries: [0.64, 0.33, 0.21, 0.71, 0.15, 0.06], white: 'd65', curve: 563 / 256 };
/** ROMM RGB (ISO 22028-2), with the plain power of 1.8 that Adobe's ProPhoto profile has, the one that converters write by. */
const prophotoRgb: RgbSpace = { primaries: [0.7347, 0.2653, 0.1596, 0.8404, 0.0366, 0.0001], white: 'd50', curve: 1.8 };

const named = { 'adobe-rgb': adobeRgb, 'prophoto-rgb': prophotoRgb } as const;

/** The profile of a colour space that has a name, some 500 bytes. */
export function profileOfSpace(space: keyof typeof named): Uint8Array {
  return buildIccProfile(named[space], space);
}

const d65: readonly number[] = [0.9505, 1, 1.089];
/** White of ICC's connection space. */
const d50: readonly number[] = [0.9642, 1, 0.8249];
const curvePoints = 1_024;

/** @param description ASCII, a word or two */
export function buildIccProfile(space: RgbSpace, description: string): Uint8Array {
  const columns = columnsOf(space);
  const xyz = (values: readonly number[]): Uint8Array => block('XYZ ', 12, (view) => values.forEach((value, index) => view.setInt32(8 + index * 4, Math.round(value * 65_536))));
  const name = block('desc', 4 + description.length + 1 + 78, (view) => {
    view.setUint32(8, description.length + 1);
    [...description].forEach((letter, index) => view.setUint8(12 + index, letter.charCodeAt(0)));
  });
  const tone = toneOf(space.curve);
  const parts: readonly (readonly [string, Uint8Array])[] = [
    ['desc', name],
    ['cprt', block('text', 4, () => undefined)],
    ['wtpt', xyz(d50)],
    ['rXYZ', xyz(columns[0]!)],
    ['gXYZ', xyz(columns[1]!)],
    ['bXYZ', xyz(columns[2]!)],
    ['rTRC', tone],
    ['gTRC', tone],
    ['bTRC', tone],
  ];
  return assemble(parts);
}

/** A power is one number in steps of 1/256 (ICC.1:2022 section 10.6), anything else a table. */
function toneOf(curve: RgbSpace['curve']): Uint8Array {
  if (typeof curve === 'number')
    return block('curv', 6, (view) => {
      view.setUint32(8, 1);
      view.setUint16(12, Math.round(curve * 256));
    });
  return block('curv', 4 + curvePoints * 2, (view) => {
    view.setUint32(8, curvePoints);
    for (let index = 0; index < curvePoints; index++) view.setUint16(12 + index * 2, Math.round(Math.min(1, Math.max(0, curve(index / (curvePoints - 1)))) * 65_535));
  });
}

/** Header (128 bytes), table of tags, tags; tags with the same content share it. */
function assemble(parts: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const places = new Map<Uint8Array, number>();
  let end = 128 + 4 + parts.length * 12;
  for (const [, data] of parts)
    if (!places.has(data)) {
      places.set(data, end);
      end += Math.ceil(data.length / 4) * 4;
    }
  const profile = new Uint8Array(end);
  const view = new DataView(profile.buffer);
  view.setUint32(0, end);
  view.setUint32(8, 0x02400000);
  write(profile, 12, 'mntrRGB XYZ ');
  write(profile, 36, 'acsp');
  d50.forEach((value, index) => view.setInt32(68 + index * 4, Math.round(value * 65_536)));
  view.setUint32(128, parts.length);
  parts.forEach(([tag, data], index) => {
    const at = 132 + index * 12;
    write(profile, at, tag);
    view.setUint32(at + 4, places.get(data)!);
    view.setUint32(at + 8, data.length);
    profile.set(data, places.get(data));
  });
  return profile;
}

function block(type: string, length: number, fill: (view: DataView) => void): Uint8Array {
  const data = new Uint8Array(8 + length);
  write(data, 0, type);
  fill(new DataView(data.buffer));
  return data;
}

function write(into: Uint8Array, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) into[at + index] = text.charCodeAt(index);
}

/** XYZ of full red, green and blue: scaled to add up to white (SMPTE RP 177), then adapted to D50 (Bradford). */
function columnsOf({ primaries, white }: RgbSpace): number[][] {
  const [xr = 0, yr = 1, xg = 0, yg = 1, xb = 0, yb = 1] = primaries;
  const raw = [
    [xr / yr, 1, (1 - xr - yr) / yr],
    [xg / yg, 1, (1 - xg - yg) / yg],
    [xb / yb, 1, (1 - xb - yb) / yb],
  ];
  const scale = solve(raw, white === 'd65' ? d65 : d50);
  const scaled = raw.map((column, index) => column.map((value) => value * scale[index]!));
  if (white === 'd50') return scaled;
  const bradford = [
    [1.0479298, 0.0229468, -0.0501922],
    [0.0296278, 0.9904344, -0.0170738],
    [-0.0092431, 0.0150552, 0.7521316],
  ];
  return scaled.map((column) => bradford.map((row) => row.reduce((sum, factor, axis) => sum + factor * column[axis]!, 0)));
}

/** The three weights of `columns` that add up to `target` (Cramer's rule). */
function solve(columns: readonly (readonly number[])[], target: readonly number[]): number[] {
  const determinant = ([a = [], b = [], c = []]: readonly (readonly number[])[]): number => {
    const [a0 = 0, a1 = 0, a2 = 0] = a;
    const [b0 = 0, b1 = 0, b2 = 0] = b;
    const [c0 = 0, c1 = 0, c2 = 0] = c;
    return a0 * (b1 * c2 - b2 * c1) - b0 * (a1 * c2 - a2 * c1) + c0 * (a1 * b2 - a2 * b1);
  };
  const whole = determinant(columns);
  return columns.map((_, index) => determinant(columns.map((column, at) => (at === index ? target : column))) / whole);
}
