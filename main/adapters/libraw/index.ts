/**
 * PictureRenderer over LibRaw: sensor data to sRGB with the camera's white balance, otherwise as dcraw's defaults
 * (automatic brightness, AHD interpolation at full size, 2 x 2 sensor pixels to one at half size).
 */
import { coded, fail, ok } from '../../base/index.ts';
import type { CodedError, ErrorCode, Result } from '../../base/index.ts';
import type { Orientation } from '../../domain/index.ts';
import type { CameraFrame, PictureRenderer, Pixels, Rendered } from '../../ports/index.ts';
import { LibrawError, librawModule, loadNative } from '../../../native/index.ts';
import { separateCrwModel } from './crw.ts';
import { chooseFrame } from './frame.ts';
import type { Frame, Size } from './frame.ts';
import type { Libraw, LibrawFacts, LibrawFailure, StartLibraw } from '../../../native/index.ts';

/** Above this a picture is rendered at half size also where all pixels are wanted: the memory for more is not to be had. */
const mostFullPixels = 46_000_000;
/** Above this not even half the size is to be had in the time and memory of one file; cameras of so many pixels embed large previews. */
const mostPixels = 120_000_000;
/** For the file as it was read and LibRaw together, beside the 150 MB of a decode child: below 1 GB in all. */
const mostBytes = 840_000_000;
/** Bits of the file for each pixel of the sensor. The tightest lossy RAW (Apple QuickTake, GoPro, Kodak) have 1.5 to 2. */
const fewestBits = 0.05;
/** A rendering this little smaller than wanted is large enough, as with embedded previews. */
const enough = 0.85;

/** dcraw's flip codes as EXIF orientations (dcraw.c: flip = "50132467"[orientation & 7]). */
const orientations: readonly Orientation[] = [1, 2, 4, 3, 5, 8, 6, 7];

const codes: Readonly<Record<LibrawFailure['kind'], readonly [ErrorCode, string]>> = {
  unsupported: ['format-unsupported', 'This kind of RAW data cannot be decoded yet.'],
  truncated: ['truncated', 'The file ends too early: its RAW data are missing or incomplete.'],
  damaged: ['preview-broken', 'The RAW data in this file are damaged.'],
  'too-large': ['too-large', 'The RAW picture is larger than can be handled.'],
};

export function createRawRenderer(load: () => Promise<Result<StartLibraw>> = loadOnce()): PictureRenderer {
  return {
    async render(bytes, { edge, frame, signal }) {
      const start = await load();
      if (!start.ok) return start;
      const libraw = await start.value(mostBytes - bytes.length);
      if (signal?.aborted) return fail('cancelled', 'It was cancelled.');
      try {
        return renderFile(libraw, separateCrwModel(bytes), edge, frame ?? { preview: null, full: null, asked: null });
      } catch (error) {
        if (error instanceof LibrawError) return { ok: false, error: explain(error.failure) };
        throw error;
      }
    },
  };
}

function loadOnce(): () => Promise<Result<StartLibraw>> {
  let loading: Promise<Result<StartLibraw>> | null = null;
  return () => (loading ??= loadNative(librawModule));
}

function renderFile(libraw: Libraw, bytes: Uint8Array, edge: number | null, camera: CameraFrame): Result<Rendered> {
  // How large the picture is decides about half size, which LibRaw takes only when it opens a file; opening reads headers.
  const common = { useCameraWb: true, outputColor: 1, outputBps: 8, userFlip: 0 };
  const facts = libraw.open(bytes, { ...common, halfSize: true });
  const stated = storedSize(facts);
  const pixels = stated.width * stated.height;
  if (pixels > mostPixels) return fail('too-large', `The RAW picture claims ${stated.width} x ${stated.height} pixels.`);
  // Gutted files: LibRaw would take seconds to decode nothing, and call that a success.
  if ((bytes.length * 8) / pixels < fewestBits) return fail('preview-not-real', `The file is far too short to hold ${stated.width} x ${stated.height} pixels.`);
  const frame = chooseFrame(stated, facts, camera);
  const longEdge = Math.max(frame.width, frame.height);
  const isHalf = pixels > mostFullPixels || (edge !== null && longEdge / 2 >= edge * enough);
  if (!isHalf) libraw.open(bytes, { ...common, halfSize: false });
  const image = libraw.image();
  if (image.bits !== 8 || (image.colors !== 3 && image.colors !== 1)) return fail('preview-broken', 'The RAW decoder gave no 8-bit picture.');
  const { width, height, colors: channels, data } = image;
  return ok({
    ...cutOut({ width, height, channels, data }, stated, facts.pixel_aspect ?? 1, frame),
    orientation: orientations[facts.flip] ?? 1,
    profile: null,
    damage: damageOf(libraw.complaints),
  });
}

/** LibRaw states the size as turned for the quarter turns. */
function storedSize({ width, height, flip }: LibrawFacts): Rendered['full'] {
  return flip >= 5 ? { width: height, height: width } : { width, height };
}

/**
 * The frame's part of the picture, and its size without halving. Sensors without a 2 x 2 pattern are never halved; oblong pixels
 * come out stretched (LibRaw's `stretch`); those of slanted patterns are in another shape than stated, in which no frame can be found.
 */
function cutOut({ width, height, channels, data }: Pixels, stated: Size, aspect: number, frame: Frame): { pixels: Pixels; full: Size } {
  const [across, down] = [Math.max(1, aspect), 1 / Math.min(1, aspect)];
  const isNear = (scale: number): boolean => Math.abs(width / scale - stated.width * across) <= 3 && Math.abs(height / scale - stated.height * down) <= 3;
  const scale = [1, 0.5].find(isNear);
  if (scale === undefined) {
    const times = Math.max(1, Math.round(Math.sqrt((stated.width * stated.height) / (width * height))));
    return { pixels: { width, height, channels, data }, full: { width: width * times, height: height * times } };
  }
  const full = { width: Math.round(frame.width * across), height: Math.round(frame.height * down) };
  const [left, top] = [Math.round(frame.left * across * scale), Math.round(frame.top * down * scale)];
  const size = { width: Math.min(width - left, Math.max(1, Math.round(full.width * scale))), height: Math.min(height - top, Math.max(1, Math.round(full.height * scale))) };
  if (size.width === width && size.height === height) return { pixels: { width, height, channels, data }, full };
  const cut = new Uint8Array(size.width * size.height * channels);
  for (let row = 0; row < size.height; row++) {
    const from = ((top + row) * width + left) * channels;
    cut.set(data.subarray(from, from + size.width * channels), row * size.width * channels);
  }
  return { pixels: { ...size, channels, data: cut }, full };
}

/** LibRaw goes on where some of the data make no sense, and only complains. */
function damageOf(complaints: readonly string[]): CodedError | null {
  if (complaints.some((text) => text.includes('Unexpected end of file'))) return coded(...codes.truncated);
  return complaints.some((text) => text.includes('data corrupted')) ? coded('preview-broken', 'Parts of the RAW data in this file are damaged.') : null;
}

function explain(failure: LibrawFailure): CodedError {
  const [code, sentence] = codes[failure.kind];
  return coded(code, sentence);
}
