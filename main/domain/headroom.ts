/** What a RAW file holds beyond the ends of its preview, as measured in the sensor's own data, and what that is worth to a judgement. */
import { readShares } from './sharpness-map.ts';

/**
 * Sensor data held against the preview. Shares are of the picture as the camera frames it. A preview that cannot be laid over the sensor
 * exactly (lens correction) moves what is told at edges by some pixels, not the sums.
 */
export interface HeadroomMeasure {
  /** Share of the sensor's squares (2 x 2 pixels; 6 x 6 of X-Trans) of which all pixels are saturated, and of which some are. */
  readonly saturated: { readonly all: number; readonly some: number };
  /** Whether saturation was seen as a heap of pixels at one level, or is what the file states. */
  readonly saturation: 'seen' | 'stated';
  readonly highlights: {
    /** What is clipped in the preview, by what the sensor has there: all tones, some of the colours (which can be reconstructed), nothing. */
    readonly held: number;
    readonly partly: number;
    readonly gone: number;
    /** EV from the brightest tones that the preview keeps to the first saturated colour; null where the preview has no such tones. */
    readonly ev: number | null;
  };
  /** Null where the file does not state the sensor's black. */
  readonly shadows: {
    /** What is black in the preview, by whether its mean stands at least twice above the noise of one pixel. */
    readonly lifted: number;
    readonly lost: number;
    /** EV by which the middle of what is black in the preview stands above that noise, 0 or more; null where nothing is black. */
    readonly ev: number | null;
  } | null;
  /** `partly`, `gone` and `held` of each cell of exposure's grid, one character each (see sharpness-map.ts). */
  readonly map: { readonly held: string; readonly partly: string; readonly gone: string };
}

/** How much of a clipped or black pixel still counts as lost: tones that are there need one slider, colours that are made up are made up. */
const costOf = { held: 0.2, partly: 0.5, gone: 1, lifted: 0.2, lost: 1 } as const;

/** 0..1: by how much lost highlights count after what the sensor holds; 1 where that was not measured. */
export function highlightCost(headroom: HeadroomMeasure | null | undefined): number {
  if (!headroom) return 1;
  const { held, partly, gone } = headroom.highlights;
  const sum = held + partly + gone;
  return sum > 0 ? (held * costOf.held + partly * costOf.partly + gone * costOf.gone) / sum : 1;
}

/** The same for lost shadows. */
export function shadowCost(headroom: HeadroomMeasure | null | undefined): number {
  if (!headroom?.shadows) return 1;
  const { lifted, lost } = headroom.shadows;
  const sum = lifted + lost;
  return sum > 0 ? (lifted * costOf.lifted + lost * costOf.lost) / sum : 1;
}

/** Of what is lost as shown, this share that is not lost makes a rejection too sure of itself. */
const muchLess = 0.5;

/** True where so much of what is clipped, or black, is there after all that nobody should throw the photo away for it. */
export function isMuchRecoverable(headroom: HeadroomMeasure | null | undefined, end: 'highlights' | 'shadows'): boolean {
  return (end === 'highlights' ? highlightCost(headroom) : shadowCost(headroom)) <= 1 - (1 - costOf.held) * muchLess;
}

/** Below this share of what is clipped or black, it is not worth a word of its own. */
const leastShare = 0.02;

/** A sentence on highlights: what is clipped in the preview, and what the RAW has of it. */
export function describeHighlights({ highlights }: HeadroomMeasure): string {
  const { held, partly, gone, ev } = highlights;
  const sum = held + partly + gone;
  if (sum <= 0) return 'Nothing is clipped as shown.';
  const parts = [
    [held, `recoverable from the RAW${ev !== null && ev >= 0.05 ? ` (${ev.toFixed(1)} EV above what is shown)` : ''}`],
    [partly, 'with some colours saturated, which can be reconstructed'],
    [gone, 'lost on the sensor too'],
  ] as const;
  const told = parts.filter(([share]) => share >= sum * leastShare);
  const [only] = told;
  const clipped = `${capitalise(writePercent(sum))} clipped as shown`;
  if (told.length === 1 && only) return `${clipped}: all of it ${only[1]}.`;
  return `${clipped}: ${told.map(([share, words]) => `${writePercent(share)} ${words}`).join(', ')}.`;
}

/** A sentence on shadows, as for highlights. */
export function describeShadows({ shadows }: HeadroomMeasure): string {
  if (!shadows) return 'Black: cannot tell, the file does not state the black of its sensor.';
  const { lifted, lost, ev } = shadows;
  const sum = lifted + lost;
  if (sum <= 0) return 'Nothing is black as shown.';
  const black = `${capitalise(writePercent(sum))} black as shown`;
  if (lifted < sum * leastShare) return `${black}: all of it in the sensor's noise.`;
  const above = ev !== null && ev >= 0.05 ? ` (the middle of it by ${ev.toFixed(1)} EV)` : '';
  if (lost < sum * leastShare) return `${black}: all of it above the sensor's noise${above}.`;
  return `${black}: ${writePercent(lifted)} above the sensor's noise${above}, ${writePercent(lost)} in it.`;
}

function capitalise(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

function writePercent(share: number): string {
  const percent = 100 * share;
  return percent > 0 && percent < 0.05 ? 'less than 0.1 %' : `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}

/** Cells of exposure's grid as shares of each. */
export function readHeadroomMap({ map }: HeadroomMeasure): { readonly held: readonly number[]; readonly partly: readonly number[]; readonly gone: readonly number[] } {
  return { held: readShares(map.held), partly: readShares(map.partly), gone: readShares(map.gone) };
}
