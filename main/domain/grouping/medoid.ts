/**
 * Limits how wide a group may be: chains of small steps must not lead from one view to another. Every frame stays within a stated
 * distance of the group's medoid, the frame in the middle of all.
 */
import type { Frame } from './frames.ts';
import { hashDistance, hashPositions } from '../hash/hash.ts';
import type { HashBits } from '../hash/hash.ts';

/**
 * The frame nearest to what most hashes of the group say bit by bit; the earliest of equals. That is the medoid, or next to it,
 * in time that grows with the number of frames and not with its square. Null where no frame has a hash.
 */
function findMedoid(frames: readonly Frame[]): Frame | null {
  const hashed = frames.filter((frame) => frame.hash !== null);
  if (hashed.length === 0) return null;
  const middle = majorityOf(hashed.map((frame) => frame.hash!));
  return hashed.reduce((best, frame) => (hashDistance(frame.hash!, middle) < hashDistance(best.hash!, middle) ? frame : best));
}

function majorityOf(hashes: readonly HashBits[]): HashBits {
  const counts = new Uint32Array(64);
  for (const hash of hashes) {
    const high = hash[0];
    const low = hash[1];
    for (let bit = 0; bit < 32; bit++) {
      counts[bit]! += (high >>> bit) & 1;
      counts[32 + bit]! += (low >>> bit) & 1;
    }
  }
  let high = 0;
  let low = 0;
  for (let bit = 0; bit < 32; bit++) {
    if (2 * counts[bit]! > hashes.length) high |= 1 << bit;
    if (2 * counts[32 + bit]! > hashes.length) low |= 1 << bit;
  }
  return [high, low];
}

/** The distance of a frame's hash to the medoid; frames without a hash are in the middle. Edits may be turned or mirrored. */
function distanceTo(medoid: Frame, frame: Frame): number {
  if (!frame.hash || !medoid.hash) return 0;
  const upright = hashDistance(frame.hash, medoid.hash);
  return frame.camera !== '' && frame.time !== null ? upright : Math.min(...hashPositions(frame.hash).map((position) => hashDistance(position, medoid.hash!)));
}

/** Cuts a group, in the order of its frames, into parts that are each within `bits` of their medoid; mostly it stays whole. */
export function limitRadius(frames: readonly Frame[], bits: number): (readonly Frame[])[] {
  const parts: (readonly Frame[])[] = [];
  let rest = frames;
  while (rest.length > 1) {
    const medoid = findMedoid(rest);
    if (!medoid) break;
    // What is left over is looked at again on its own: it has a middle of its own.
    const near: Frame[] = [];
    const far: Frame[] = [];
    for (const frame of rest) (distanceTo(medoid, frame) <= bits ? near : far).push(frame);
    parts.push(near);
    rest = far;
  }
  return rest.length > 0 ? [...parts, rest] : parts;
}
