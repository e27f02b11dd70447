/**
 * Picks a picture's own coded data out of the bytes of a file as they pass by, so that the file is read once for both of its
 * hashes. A walk says, step by step, what to do with the bytes that come next; it never sees more of them than it asks for.
 */
import type { Range } from '../../containers/jpeg.ts';

/** A running SHA-256 (FIPS 180-4); bound to node:crypto in the worker, because stages know no platform. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** 64 hex digits. */
  finish(): string;
}

export type Step =
  /** Hands over this many bytes, at most `mostGiven`; they are valid until the next step. */
  | { readonly kind: 'give'; readonly length: number }
  | { readonly kind: 'skip' | 'hash'; readonly length: number }
  /** Hashes entropy-coded data of a JPEG up to the next marker, and hands over that marker's second byte. */
  | { readonly kind: 'scan' };

/** Returns true where the picture's data have been seen whole, false where the file is not as it should be. */
export type Walk = Generator<Step, boolean, Uint8Array>;

/** A walk over the file from its first byte; it gives what is not in the file as it stands to `hash`. */
export type WalkImage = (hash: (bytes: Uint8Array) => void) => Walk;

/** Parts of the file, in the picture's order, and in words what else tells two pictures apart (their number, sizes, coding). */
export interface ImageParts {
  readonly about: string;
  readonly parts: readonly Range[];
  /** The file itself says that this is its sensor data; what was only taken for them must be most of the file. */
  readonly isStated?: boolean;
}

export interface ImageFeed {
  /** The next bytes of the file. */
  push(chunk: Uint8Array): void;
  /** 64 hex digits, once the picture's data have come by whole; null before that, and where the file is not as it should be. */
  finish(): string | null;
}

const mostGiven = 32;

export function give(length: number): Step {
  return { kind: 'give', length };
}

export function skip(length: number): Step {
  return { kind: 'skip', length };
}

export function hashOf(length: number): Step {
  return { kind: 'hash', length };
}

/** One byte a character, as in {@link latin1}. */
export function bytesOfText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at) & 255;
  return bytes;
}

/** A walk over parts that lie one behind the other in the file. */
export function walkParts({ about, parts }: ImageParts): WalkImage {
  return function* (hash) {
    hash(bytesOfText(about));
    let at = 0;
    for (const { offset, length } of parts) {
      yield skip(offset - at);
      yield hashOf(length);
      at = offset + length;
    }
    return true;
  };
}

export function createImageFeed(walkImage: WalkImage, hasher: Hasher): ImageFeed {
  const walk = walkImage((bytes) => hasher.update(bytes));
  const held = new Uint8Array(mostGiven);
  const nothing = held.subarray(0, 0);
  const pair = new Uint8Array([0xff, 0]);
  let step: Step | null = null;
  /** Bytes still to come in this step. */
  let left = 0;
  let isWhole = false;
  /** The last byte of a scan's data so far was FF: whether it is data depends on the next one. */
  let isHalf = false;

  const advance = (answer: Uint8Array): void => {
    const next = walk.next(answer);
    step = next.done ? null : next.value;
    if (next.done) isWhole = next.value;
    left = step && step.kind !== 'scan' ? step.length : 0;
  };

  /** Where the data go on behind this chunk, its length; else the place behind the marker that ends them. */
  const scan = (chunk: Uint8Array, from: number): number => {
    let start = from;
    let at = from;
    while (at < chunk.length) {
      if (isHalf) {
        const code = chunk[at]!;
        at += 1;
        start = at;
        if (code === 0xff) continue; // a fill byte before a marker
        isHalf = false;
        if (!isData(code)) {
          held[0] = code;
          advance(held.subarray(0, 1));
          return at;
        }
        pair[1] = code;
        hasher.update(pair);
      }
      const mark = chunk.indexOf(0xff, at);
      if (mark === -1) break;
      at = mark + 1;
      if (at < chunk.length && isData(chunk[at]!)) {
        at += 1;
        continue;
      }
      if (mark > start) hasher.update(chunk.subarray(start, mark));
      start = at;
      isHalf = true;
    }
    if (start < chunk.length) hasher.update(chunk.subarray(start));
    return chunk.length;
  };

  advance(nothing);
  return {
    push(chunk) {
      let at = 0;
      while (step) {
        if (step.kind === 'scan') {
          if (at === chunk.length) return;
          at = scan(chunk, at);
          continue;
        }
        const length = Math.min(left, chunk.length - at);
        if (length > 0) {
          const bytes = chunk.subarray(at, at + length);
          if (step.kind === 'hash') hasher.update(bytes);
          else if (step.kind === 'give') held.set(bytes, step.length - left);
          at += length;
          left -= length;
        }
        if (left > 0) return;
        advance(step.kind === 'give' ? held.subarray(0, step.length) : nothing);
      }
    },
    finish: () => (isWhole ? hasher.finish() : null),
  };
}

/** A stuffed zero or a restart marker (ITU-T T.81 section B.1.1): the FF before it is part of the data. */
function isData(code: number): boolean {
  return code === 0 || (code >= 0xd0 && code <= 0xd7);
}
