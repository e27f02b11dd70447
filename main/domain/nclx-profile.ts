/**
 * An ICC profile for the colours that a HEIF or AVIF file states by numbers (`nclx`, ITU-T H.273). sRGB and what is so near that nobody
 * sees it needs none.
 */
import { buildIccProfile } from './icc-profile.ts';

/** H.273 colour primaries: x and y of red, green, blue. White is D65 for all of these. */
const primaries: Readonly<Record<number, readonly number[]>> = {
  9: [0.708, 0.292, 0.17, 0.797, 0.131, 0.046], // BT.2020
  11: [0.68, 0.32, 0.265, 0.69, 0.15, 0.06], // DCI-P3 colours; cameras mean the display variant
  12: [0.68, 0.32, 0.265, 0.69, 0.15, 0.06], // Display P3
};
const bt709 = [0.64, 0.33, 0.3, 0.6, 0.15, 0.06];

const transferPq = 16;
const transferHlg = 18;
const transferLinear = 8;
/** Diffuse white of HDR pictures on a normal screen (ITU-R BT.2408), cd/m2. */
const referenceWhite = 203;

/** The profile, or null where the picture is sRGB as far as the numbers say. */
export function profileOfNclx(colourPrimaries: number, transfer: number): Uint8Array | null {
  const curve = transfer === transferPq ? pqToDisplay : transfer === transferHlg ? hlgToDisplay : transfer === transferLinear ? (value: number) => value : null;
  const wide = primaries[colourPrimaries];
  return curve || wide ? buildIccProfile({ primaries: wide ?? bt709, white: 'd65', curve: curve ?? srgbToLinear }, 'nclx') : null;
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
