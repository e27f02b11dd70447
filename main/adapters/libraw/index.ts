/**
 * PictureRenderer over LibRaw: sensor data to sRGB with the camera's white balance, otherwise as dcraw's defaults
 * (automatic brightness, AHD interpolation at full size, 2 x 2 sensor pixels to one at half size).
 */
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { CameraFrame, PictureRenderer, Pixels, Rendered } from '../../ports/index.ts';
import { separateCrwModel } from './crw.ts';
import { damageOf, loadLibraw, orientationOf, refuseSize, storedSize, withLibraw } from './file.ts';
import { chooseFrame } from './frame.ts';
import type { Frame, Size } from './frame.ts';
import type { Libraw, StartLibraw } from '../../../native/index.ts';

export { createSensorReader } from './sensor.ts';

/** Above this a picture is rendered at half size also where all pixels are wanted: the memory for more is not to be had. */
const mostFullPixels = 46_000_000;
/** A rendering this little smaller than wanted is large enough, as with embedded previews. */
const enough = 0.85;

export function createRawRenderer(load: () => Promise<Result<StartLibraw>> = loadLibraw): PictureRenderer {
  return {
    async render(bytes, { edge, frame, signal }) {
      return withLibraw(load, bytes, (libraw) => {
        if (signal?.aborted) return fail('cancelled', 'It was cancelled.');
        return renderFile(libraw, separateCrwModel(bytes), edge, frame ?? { preview: null, full: null, asked: null });
      });
    },
  };
}

function renderFile(libraw: Libraw, bytes: Uint8Array, edge: number | null, camera: CameraFrame): Result<Rendered> {
  // How large the picture is decides about half size, which LibRaw takes only when it opens a file; opening reads headers.
  const common = { useCameraWb: true, outputColor: 1, outputBps: 8, userFlip: 0 };
  const facts = libraw.open(bytes, { ...common, halfSize: true });
  const stated = storedSize(facts);
  const refusal = refuseSize(stated, bytes.length);
  if (refusal) return { ok: false, error: refusal };
  const pixels = stated.width * stated.height;
  const frame = chooseFrame(stated, facts, camera);
  const longEdge = Math.max(frame.width, frame.height);
  const isHalf = pixels > mostFullPixels || (edge !== null && longEdge / 2 >= edge * enough);
  if (!isHalf) libraw.open(bytes, { ...common, halfSize: false });
  const image = libraw.image();
  if (image.bits !== 8 || (image.colors !== 3 && image.colors !== 1)) return fail('preview-broken', 'The RAW decoder gave no 8-bit picture.');
  const { width, height, colors: channels, data } = image;
  return ok({
    ...cutOut({ width, height, channels, data }, stated, facts.pixel_aspect ?? 1, frame),
    orientation: orientationOf(facts),
    profile: null,
    damage: damageOf(libraw.complaints),
  });
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
