/**
 * Limits how wide a group may be: chains of small steps must not lead from one view to another. Every frame stays within a stated
 * distance of the group's medoid, the frame in the middle of all.
 */
import type { Frame } from './grouping-frames.ts';
import { hashDistance } from './hash.ts';
import type { HashBits } from './hash.ts';

/**
 * The frame nearest to what most hashes of the group say bit by bit; the earliest of equals. That is the medoid, or next to it,
 * in time that grows with the number of frames and not with its square. Null where no frame has a hash.
 */
export function findMedoid(frames: readonly Frame[]): Frame | null {
  const hashed = frames.filter((frame) => frame.hash !== null);
  if (hashed.length === 0) return null;
  const middle = majorityOf(hashed.map((frame) => frame.hash!));
  return hashed.reduce((best, frame) => (hashDistance(frame.hash!, middle) < hashDistance(best.hash!, middle) ? frame : best));
}

function majorityOf(hashes: readonly HashBits[]): HashBits {
  const counts = new Uint32Array(64);
  for (const [high, low] of hashes)
    for (let bit = 0; bit < 32; bit++) {
      counts[bit]! += (high >>> bit) & 1;
      counts[32 + bit]! += (low >>> bit) & 1;
    }
  let [high, low] = [0, 0];
  for (let bit = 0; bit < 32; bit++) {
    if (2 * counts[bit]! > hashes.length) high |= 1 << bit;
    if (2 * counts[32 + bit]! > hashes.length) low |= 1 << bit;
  }
  return [high, low];
}

/** The distance of a frame's hash, in the position that `distanceOf` prefers, to the medoid; frames without a hash are in the middle. */
export type DistanceOf = (frame: Frame, medoid: Frame) => number;

export const uprightDistance: DistanceOf = (frame, medoid) => (frame.hash && medoid.hash ? hashDistance(frame.hash, medoid.hash) : 0);

/** Cuts a group, in the order of its frames, into parts that are each within `bits` of their medoid; mostly it stays whole. */
export function limitRadius(frames: readonly Frame[], bits: number, distanceOf: DistanceOf = uprightDistance): Frame[][] {
  const parts: Frame[][] = [];
  let rest = [...frames];
  while (rest.length > 0) {
    const medoid = findMedoid(rest);
    if (!medoid) return [...parts, rest];
    // What is left over is looked at again on its own: it has a middle of its own.
    parts.push(rest.filter((frame) => distanceOf(frame, medoid) <= bits));
    rest = rest.filter((frame) => distanceOf(frame, medoid) > bits);
  }
  return parts;
}
