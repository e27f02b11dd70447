/** Exposure brackets: one picture taken at several exposures, to be merged or chosen from. Never a burst. */
import type { Frame } from './frames.ts';
import type { GroupSettings } from './settings.ts';
import { hashDistance } from '../hash/hash.ts';

const maxFrames = 9;
/** Two exposures closer than this are the same exposure. */
const sameExposure = 0.25;
/** Steps of one bracket may differ by this much (cameras round to thirds). */
const stepTolerance = 0.4;
/** Two frames alone are a bracket only where the camera says that it compensated by this much. */
const minBiasOfTwo = 0.6;
/** The same where the camera says of each frame that it was bracketing: it may do so in thirds. */
const markedStep = 0.3;
/** Long exposures are waited for, up to this. */
const maxExposureMs = 60_000;

/**
 * Finds brackets among one camera's frames in time order. A bracket is a run of frames, each soon after the last, of one scene,
 * all exposed differently in even steps; repeated exposures begin a new one. Where the mean brightness is known it
 * must follow the exposure: automatic exposure that follows changing light leaves the picture as bright as it was. That the camera says it was
 * bracketing makes smaller steps enough, and nothing else: it may have been the focus or the white balance.
 */
export function findBrackets(ofCamera: readonly Frame[], settings: GroupSettings): Frame[][] {
  const frames = ofCamera.filter((frame) => frame.ev !== null || frame.bias !== null);
  const brackets: Frame[][] = [];
  for (let start = 0; start + 1 < frames.length; ) {
    const run = runFrom(frames, start, settings);
    let length = run.length;
    while (length >= 2 && !isBracket(run.slice(0, length), settings)) length--;
    if (length >= 2) brackets.push(run.slice(0, length));
    start += Math.max(1, length);
  }
  return brackets;
}

/** The longest run from `start` whose frames may belong together and are all exposed differently. */
function runFrom(frames: readonly Frame[], start: number, settings: GroupSettings): Frame[] {
  const first = frames[start]!;
  const run = [first];
  for (let at = start + 1; at < frames.length && run.length < maxFrames; at++) {
    const last = run.at(-1)!;
    const next = frames[at]!;
    if (next.time! - last.time! > settings.bracketGapMs + Math.min(maxExposureMs, last.exposureMs)) break;
    if (next.width !== first.width || next.height !== first.height || !mayBeSameScene(first, next, last, settings)) break;
    if (run.some((other) => Math.abs(lightOf(other, next)) < sameExposure)) break;
    run.push(next);
  }
  return run;
}

/** A frame too dark or too bright for a hash is of the same scene as its neighbour by time alone. */
function mayBeSameScene(first: Frame, next: Frame, last: Frame, settings: GroupSettings): boolean {
  if (!next.usable || (!first.usable && !last.usable)) return true;
  const isNear = (frame: Frame): boolean => frame.usable && hashDistance(frame.hash!, next.hash!) <= settings.bracketBits;
  return isNear(first) || isNear(last);
}

/** How many EV more light `b` had than `a`, by exposure where both state it, else by compensation. */
function lightOf(a: Frame, b: Frame): number {
  if (a.ev !== null && b.ev !== null) return a.ev - b.ev;
  return a.bias !== null && b.bias !== null ? b.bias - a.bias : 0;
}

function isBracket(run: readonly Frame[], settings: GroupSettings): boolean {
  const first = run[0]!;
  if (run.some((frame) => frame.fNumber !== first.fNumber)) return false;
  const byLight = [...run].sort((a, b) => lightOf(b, a));
  const darkest = byLight[0]!;
  const brightest = byLight.at(-1)!;
  if (darkest.brightness !== null && brightest.brightness !== null && brightest.brightness - darkest.brightness < 0.02) return false;
  const isMarked = run.every((frame) => frame.isBracketing);
  if (run.length === 2) {
    const bias = darkest.bias !== null && brightest.bias !== null ? brightest.bias - darkest.bias : 0;
    const light = lightOf(darkest, brightest);
    if (isMarked && (bias >= markedStep || light >= minBiasOfTwo)) return light >= markedStep;
    return bias >= minBiasOfTwo && light >= minBiasOfTwo / 2;
  }
  const steps = byLight.slice(1).map((frame, at) => lightOf(byLight[at]!, frame));
  const smallest = Math.min(...steps);
  return smallest >= (isMarked ? Math.min(markedStep, settings.bracketStep) : settings.bracketStep) - 0.1 && Math.max(...steps) - smallest <= stepTolerance;
}
