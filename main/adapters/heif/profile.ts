/**
 * An ICC profile for the colours that a HEIF file states by numbers (`nclx`, ITU-T H.273): a matrix and one tone curve
 * (ICC.1:2022 section 8.3.2, version 2 encoding). sRGB and what is so near that nobody sees it needs none.
 */

/** H.273 colour primaries: x and y of red, green, blue. White is D65 for all of these. */
const primaries: Readonly<Record<number, readonly number[]>> = {
  9: [0.708, 0.292, 0.17, 0.797, 0.131, 0.046], // BT.2020
  11: [0.68, 0.32, 0.265, 0.69, 0.15, 0.06], // DCI-P3 colours; cameras mean the display variant
  12: [0.68, 0.32, 0.265, 0.69, 0.15, 0.06], // Display P3
};
const bt709 = [0.64, 0.33, 0.3, 0.6, 0.15, 0.06];
const white: readonly number[] = [0.9505, 1, 1.089];
/** White of ICC's connection space. */
const d50: readonly number[] = [0.9642, 1, 0.8249];

const transferPq = 16;
const transferHlg = 18;
const transferLinear = 8;
/** Diffuse white of HDR pictures on a normal screen (ITU-R BT.2408), cd/m2. */
const referenceWhite = 203;
const curvePoints = 1_024;

/** The profile, or null where the picture is sRGB as far as the numbers say. */
export function profileOfNclx(colourPrimaries: number, transfer: number): Uint8Array | null {
  const curve = transfer === transferPq ? pqToDisplay : transfer === transferHlg ? hlgToDisplay : transfer === transferLinear ? (value: number) => value : null;
  const wide = primaries[colourPrimaries];
  return curve || wide ? buildProfile(wide ?? bt709, curve ?? srgbToLinear) : null;
}

function srgbToLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** SMPTE ST 2084 to light, 1 = reference white, with what is brighter rolled off instead of cut. */
function pqToDisplay(value: number): number {
  const power = value ** (1 / 78.84375);
  const nits = 10_000 * (Math.max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125);
  return rollOff(nits / referenceWhite);
}

/** ARIB STD-B67 (ITU-R BT.2100 HLG) scene light, scaled so that its reference white, signal 0.75, is 1. */
function hlgToDisplay(value: number): number {
  const [a, b, c] = [0.17883277, 0.28466892, 0.55991073];
  const scene = value <= 0.5 ? value ** 2 / 3 : (Math.exp((value - c) / a) + b) / 12;
  return rollOff(scene ** 1.2 / 0.265 ** 1.2);
}

/** Straight up to 0.75, then bending towards 1 for ever brighter light. */
function rollOff(light: number): number {
  const knee = 0.75;
  return light <= knee ? light : knee + (1 - knee) * (1 - Math.exp(-(light - knee) / (1 - knee)));
}

function buildProfile(xy: readonly number[], curve: (value: number) => number): Uint8Array {
  const columns = adaptedColumns(xy);
  const xyz = (values: readonly number[]): Uint8Array => block('XYZ ', 12, (view) => values.forEach((value, index) => view.setInt32(8 + index * 4, Math.round(value * 65_536))));
  const description = block('desc', 16 + 78, (view) => {
    view.setUint32(8, 5);
    [...'nclx'].forEach((letter, index) => view.setUint8(12 + index, letter.charCodeAt(0)));
  });
  const tone = block('curv', 4 + curvePoints * 2, (view) => {
    view.setUint32(8, curvePoints);
    for (let index = 0; index < curvePoints; index++) view.setUint16(12 + index * 2, Math.round(Math.min(1, Math.max(0, curve(index / (curvePoints - 1)))) * 65_535));
  });
  const parts: readonly (readonly [string, Uint8Array])[] = [
    ['desc', description],
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

/** XYZ of full red, green and blue: scaled to add up to D65 (SMPTE RP 177), then adapted to D50 (Bradford). */
function adaptedColumns(xy: readonly number[]): number[][] {
  const [xr = 0, yr = 1, xg = 0, yg = 1, xb = 0, yb = 1] = xy;
  const raw = [
    [xr / yr, 1, (1 - xr - yr) / yr],
    [xg / yg, 1, (1 - xg - yg) / yg],
    [xb / yb, 1, (1 - xb - yb) / yb],
  ];
  const scale = solve(raw, white);
  const bradford = [
    [1.0479298, 0.0229468, -0.0501922],
    [0.0296278, 0.9904344, -0.0170738],
    [-0.0092431, 0.0150552, 0.7521316],
  ];
  return raw.map((column, index) => bradford.map((row) => row.reduce((sum, factor, axis) => sum + factor * column[axis]! * scale[index]!, 0)));
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
