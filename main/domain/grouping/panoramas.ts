/**
 * Panoramas: one picture taken in pieces, to be joined. Each frame shows the scene of the one before moved to one side, at the same
 * exposure and focal length, a few seconds later; three frames and more go on in the same direction.
 */
import type { Frame } from './frames.ts';
import type { GroupSettings } from './settings.ts';
import { hashDistance } from '../hash/hash.ts';
import { readBytes, viewColumns, viewRows } from '../small-pictures.ts';
import { findOverlap } from '../view-overlap.ts';

const leastFrames = 3;
/** Exposure may be automatic; a piece of sky changes it a little. In EV. */
const sameExposure = 0.5;
/** In cells of the view, 20 across: a fifth of the picture at least, or it is a burst with a moving camera. */
const leastMove = 4;
/** Moves of one panorama are about alike, in cells. */
const moveTolerance = 6;
/** Bits of the hash: a fifth of the picture further, 20 and more differ. */
const sameView = 12;
/** What the two frames have in common must agree, and much better than the frames as they stand. */
const leastLikeness = 0.84;
const leastGain = 3;

interface Move {
  readonly axis: 'across' | 'down';
  readonly cells: number;
}

/** Finds panoramas of three frames and more among one camera's frames in time order. */
export function findPanoramas(frames: readonly Frame[], settings: GroupSettings): Frame[][] {
  const panoramas: Frame[][] = [];
  let run: Frame[] = [];
  let way: Move | null = null;
  const close = (): void => {
    if (run.length >= leastFrames) panoramas.push(run);
    run = [];
    way = null;
  };
  for (const frame of frames) {
    const last = run.at(-1);
    if (!last) {
      run = [frame];
      continue;
    }
    const move = moveBetween(last, frame, settings);
    if (move && (way === null || goesOn(way, move))) {
      run.push(frame);
      way = move;
      continue;
    }
    const turnsBack = move !== null;
    close();
    // where the direction changes, the last frame may be the first of the next row
    run = turnsBack && panoramas.at(-1)?.at(-1) !== last ? [last, frame] : [frame];
    way = run.length === 2 ? move : null;
  }
  close();
  return panoramas;
}

function goesOn(before: Move, now: Move): boolean {
  return before.axis === now.axis && Math.sign(before.cells) === Math.sign(now.cells) && Math.abs(before.cells - now.cells) <= moveTolerance;
}

/** By how much the second frame looks further, if it shows the same scene; null otherwise. */
function moveBetween(a: Frame, b: Frame, settings: GroupSettings): Move | null {
  if (a.camera === '' || b.time! - a.time! > settings.panoramaGapMs + a.exposureMs) return null;
  if (a.width !== b.width || a.height !== b.height || a.focalLength !== b.focalLength) return null;
  if (a.ev === null || b.ev === null || Math.abs(a.ev - b.ev) > sameExposure) return null;
  // Frames that look the same have not been moved: most frames of bursts end here.
  if (a.hash && b.hash && hashDistance(a.hash, b.hash) <= sameView) return null;
  const [first, second] = [readBytes(a.view, viewColumns * viewRows), readBytes(b.view, viewColumns * viewRows)];
  const overlap = first && second ? findOverlap(first, second) : null;
  if (!overlap || overlap.likeness < leastLikeness || 1 - overlap.still < leastGain * (1 - overlap.likeness)) return null;
  const axis = Math.abs(overlap.across) >= Math.abs(overlap.down) ? 'across' : 'down';
  return Math.abs(overlap[axis]) >= leastMove ? { axis, cells: overlap[axis] } : null;
}
