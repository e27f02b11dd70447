/** One file in LibRaw: how it is started, what is refused before decoding, and what its failures mean. */
import { coded } from '../../base/index.ts';
import type { CodedError, ErrorCode, Result } from '../../base/index.ts';
import type { Orientation } from '../../domain/index.ts';
import { LibrawError, librawModule, loadNative } from '../../../native/index.ts';
import type { Libraw, LibrawFacts, LibrawFailure, StartLibraw } from '../../../native/index.ts';
import type { Size } from './frame.ts';

/** Above this not even half the size is to be had in the time and memory of one file; cameras of so many pixels embed large previews. */
const mostPixels = 120_000_000;
/** For the file as it was read and LibRaw together, beside the 150 MB of a decode child: below 1 GB in all. */
const mostBytes = 840_000_000;
/** Bits of the file for each pixel of the sensor. The tightest lossy RAW (Apple QuickTake, GoPro, Kodak) have 1.5 to 2. */
const fewestBits = 0.05;

/** dcraw's flip codes as EXIF orientations (dcraw.c: flip = "50132467"[orientation & 7]). */
const orientations: readonly Orientation[] = [1, 2, 4, 3, 5, 8, 6, 7];

const codes: Readonly<Record<LibrawFailure['kind'], readonly [ErrorCode, string]>> = {
  unsupported: ['format-unsupported', 'This kind of RAW data cannot be decoded yet.'],
  truncated: ['truncated', 'The file ends too early: its RAW data are missing or incomplete.'],
  damaged: ['preview-broken', 'The RAW data in this file are damaged.'],
  'too-large': ['too-large', 'The RAW picture is larger than can be handled.'],
};

let loading: Promise<Result<StartLibraw>> | null = null;

/** Compiled once in a process, whatever it is used for. */
export function loadLibraw(): Promise<Result<StartLibraw>> {
  return (loading ??= loadNative(librawModule));
}

/** Starts a fresh LibRaw for `bytes` and lets it work; what it throws becomes a coded failure. */
export async function withLibraw<T>(load: () => Promise<Result<StartLibraw>>, bytes: Uint8Array, work: (libraw: Libraw) => Result<T>): Promise<Result<T>> {
  const start = await load();
  if (!start.ok) return start;
  const libraw = await start.value(mostBytes - bytes.length);
  try {
    return work(libraw);
  } catch (error) {
    if (error instanceof LibrawError) return { ok: false, error: explain(error.failure) };
    throw error;
  }
}

/** LibRaw states the size as turned for the quarter turns. */
export function storedSize({ width, height, flip }: LibrawFacts): Size {
  return flip >= 5 ? { width: height, height: width } : { width, height };
}

export function orientationOf({ flip }: LibrawFacts): Orientation {
  return orientations[flip] ?? 1;
}

/** Why a file of `bytes` bytes that claims so many pixels is not even tried; null where it may be. */
export function refuseSize({ width, height }: Size, bytes: number): CodedError | null {
  const pixels = width * height;
  if (pixels > mostPixels) return coded('too-large', `The RAW picture claims ${width} x ${height} pixels.`);
  // Gutted files: LibRaw would take seconds to decode nothing, and call that a success.
  return (bytes * 8) / pixels < fewestBits ? coded('preview-not-real', `The file is far too short to hold ${width} x ${height} pixels.`) : null;
}

/** LibRaw goes on where some of the data make no sense, and only complains. */
export function damageOf(complaints: readonly string[]): CodedError | null {
  if (complaints.some((text) => text.includes('Unexpected end of file'))) return coded(...codes.truncated);
  return complaints.some((text) => text.includes('data corrupted')) ? coded('preview-broken', 'Parts of the RAW data in this file are damaged.') : null;
}

function explain(failure: LibrawFailure): CodedError {
  const [code, sentence] = codes[failure.kind];
  return coded(code, sentence);
}
