/**
 * Focus stacks: one picture taken with the focus at several distances, to be merged. Never a burst: every frame is sharp
 * somewhere else.
 *
 * What tells them: framing and exposure stay, and from frame to frame some cells of the sharpness map (FocusMeasure) gain
 * while others lose; over the whole, each cell rises to one peak and falls again, and the peaks lie in different frames.
 * In a burst all cells gain or lose together (shake), or change little. Where the camera says of each frame that it was bracketing,
 * smaller steps of the focus are enough; that it says so is never enough by itself, because it may have been the exposure.
 */
import type { Frame } from './frames.ts';
import type { GroupSettings } from './settings.ts';
import { hashDistance } from '../hash/hash.ts';
import { mapColumns, mapRows, readBytes } from '../small-pictures.ts';

const leastFrames = 3;
const mostFrames = 300;
/** In units of the map, 20 to an octave. */
const octave = 20;
/** A step of the focus is seen where so many cells gain and so many lose. */
const stepCells = 3;

interface Limits {
  /** By so much must a cell gain or lose for a step to be seen. */
  readonly step: number;
  /** A cell has been in and out of focus if it changed by this much over the set. */
  readonly moved: number;
  /** A cell may rise again by this much after its peak: measures waver. */
  readonly waver: number;
}
const usual: Limits = { step: 0.2 * octave, moved: octave, waver: 0.5 * octave };
const marked: Limits = { step: 0.1 * octave, moved: 0.5 * octave, waver: 0.25 * octave };

/** So many cells must have been, and this share of those with structure. */
const movedCells = 8;
const movedShare = 0.25;
/** Of the moved cells, so many must have one peak only. */
const onePeakShare = 0.6;
/** A frame holds a peak where this share of the moved cells is sharpest in it; so many frames must. */
const peakShare = 0.04;
const peakFrames = 3;

interface MappedFrame {
  readonly frame: Frame;
  readonly map: Uint8Array;
}

/** Finds focus stacks of three frames and more among one camera's frames in time order. */
export function findFocusStacks(frames: readonly Frame[], settings: GroupSettings): Frame[][] {
  const stacks: Frame[][] = [];
  let run: MappedFrame[] = [];
  const close = (): void => {
    if (run.length >= leastFrames) stacks.push(...stacksWithin(run));
    run = [];
  };
  for (const frame of frames) {
    const last = run.at(-1);
    if (last && (run.length >= mostFrames || !mayContinue(run[0]!.frame, last.frame, frame, settings))) close();
    const map = readBytes(frame.map, mapColumns * mapRows);
    if (!map) close();
    else {
      if (run.length > 0 && !isFocusStep(run.at(-1)!.map, map, limitsFor([run.at(-1)!.frame, frame]))) close();
      run.push({ frame, map });
    }
  }
  close();
  return stacks;
}

/** The same framing, at the same exposure, soon after. */
function mayContinue(first: Frame, last: Frame, next: Frame, settings: GroupSettings): boolean {
  if (next.time! - last.time! > settings.stackGapMs + last.exposureMs || next.camera === '') return false;
  if (next.width !== first.width || next.height !== first.height || next.fNumber !== first.fNumber || next.focalLength !== first.focalLength) return false;
  if (next.ev === null || last.ev === null || Math.abs(next.ev - last.ev) > 0.1) return false;
  if (!next.usable || !last.usable || !first.usable) return false;
  return hashDistance(next.hash!, last.hash!) <= settings.stackBits && hashDistance(next.hash!, first.hash!) <= settings.stackDriftBits;
}

function limitsFor(frames: readonly Frame[]): Limits {
  return frames.every(({ isBracketing }) => isBracketing) ? marked : usual;
}

/** Some cells gained, others lost. */
function isFocusStep(before: Uint8Array, after: Uint8Array, { step }: Limits): boolean {
  let gained = 0;
  let lost = 0;
  for (let cell = 0; cell < before.length; cell++) {
    if (before[cell] === 0 || after[cell] === 0) continue;
    const gain = after[cell]! - before[cell]!;
    if (gain >= step) gained++;
    if (-gain >= step) lost++;
  }
  return gained >= stepCells && lost >= stepCells;
}

/** The whole run, or what is left of it after a frame or two at either end that do not belong. */
function stacksWithin(run: readonly MappedFrame[]): Frame[][] {
  for (let less = 0; less <= 2 && run.length - less >= leastFrames; less++)
    for (let skipped = 0; skipped <= less; skipped++) {
      const part = run.slice(skipped, run.length - less + skipped);
      const frames = part.map(({ frame }) => frame);
      if (isFocusStack(part.map(({ map }) => map), limitsFor(frames))) return [frames];
    }
  return [];
}

function isFocusStack(maps: readonly Uint8Array[], limits: Limits): boolean {
  const peaks = new Array<number>(maps.length).fill(0);
  let structured = 0;
  let moved = 0;
  let onePeaked = 0;
  for (let cell = 0; cell < mapColumns * mapRows; cell++) {
    const values = maps.map((map) => map[cell]!);
    if (values.includes(0)) continue;
    structured++;
    const most = Math.max(...values);
    if (most - Math.min(...values) < limits.moved) continue;
    moved++;
    const peak = values.indexOf(most);
    if (!hasOnePeak(values, peak, limits)) continue;
    onePeaked++;
    peaks[peak]!++;
  }
  if (moved < movedCells || moved < movedShare * structured || onePeaked < onePeakShare * moved) return false;
  return peaks.filter((count) => count >= Math.max(1, peakShare * moved)).length >= Math.min(peakFrames, maps.length);
}

/** Towards both ends the values fall, give or take. */
function hasOnePeak(values: readonly number[], peak: number, { waver }: Limits): boolean {
  for (const side of [values.slice(peak), values.slice(0, peak + 1).reverse()]) {
    let least = Infinity;
    for (const value of side) {
      if (value > least + waver) return false;
      least = Math.min(least, value);
    }
  }
  return true;
}
