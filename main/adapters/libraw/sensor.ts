/** SensorReader over LibRaw: the mosaic as it was unpacked, with LibRaw's levels for it (`unpack`, `imgdata.rawdata.raw_image`). */
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { CameraFrame, SensorData, SensorReader } from '../../ports/index.ts';
import type { Libraw } from '../../../native/index.ts';
import { separateCrwModel } from './crw.ts';
import { damageOf, loadLibraw, orientationOf, refuseSize, storedSize, withLibraw } from './file.ts';
import { chooseFrame } from './frame.ts';

/** LibRaw's memory has the numbers and the file, ours the numbers once more: half a gigabyte for the largest of these. */
const mostPixels = 110_000_000;
/** LibRaw's code for X-Trans. */
const xTrans = 9;
/** dcraw's codes of patterns that repeat after 2 x 8 are above this; below are its special orders. */
const leastPattern = 1_000;

export function createSensorReader(): SensorReader {
  return { read: (bytes, frame) => withLibraw(loadLibraw, bytes, (libraw) => readFile(libraw, separateCrwModel(bytes), frame)) };
}

const noMosaic = 'This kind of RAW data holds colours that were computed already, not what the sensor saw.';

function readFile(libraw: Libraw, bytes: Uint8Array, camera: CameraFrame): Result<SensorData> {
  const opened = libraw.open(bytes, { userFlip: 0, halfSize: true });
  const stated = storedSize(opened);
  const refusal = refuseSize(stated, bytes.length);
  if (refusal) return { ok: false, error: refusal };
  if (stated.width * stated.height > mostPixels) return fail('too-large', `The RAW picture claims ${stated.width} x ${stated.height} pixels.`);
  const filters = opened.filters ?? 0;
  if (filters !== xTrans && filters < leastPattern) return fail('format-unsupported', noMosaic);
  const found = libraw.sensor();
  if (!found) return fail('format-unsupported', noMosaic);
  const { sensor, facts } = found;
  const { left_margin: left, top_margin: top, raw_width: rowLength, data } = sensor;
  // Slanted sensors are stated as they look when turned.
  if (sensor.width !== stated.width || sensor.height !== stated.height || left + stated.width > rowLength || data.length < (top + stated.height) * rowLength)
    return fail('format-unsupported', 'The sensor of this camera is laid out in a way that cannot be compared with its preview yet.');
  const frame = chooseFrame(stated, opened, camera);
  return ok({
    data,
    rowLength,
    left: left + frame.left,
    top: top + frame.top,
    width: frame.width,
    height: frame.height,
    period: filters === xTrans ? 6 : 2,
    black: facts.color_data?.black ?? 0,
    white: facts.color_data?.maximum ?? 0,
    orientation: orientationOf(opened),
    damage: damageOf(libraw.complaints),
  });
}
