/** Stage `headroom` on one photo: the sensor's data of the whole file, held against the preview that the other stages have seen. */
import { fail } from '../base/index.ts';
import type { Result } from '../base/index.ts';
import { isRawData } from '../domain/index.ts';
import type { HeadroomMeasure, Metadata } from '../domain/index.ts';
import type { Pixels } from '../ports/index.ts';
import { findStatedBlack } from '../stages/headroom/black.ts';
import { measureHeadroom } from '../stages/headroom/index.ts';
import type { OpenPhoto, Tools } from './photo.ts';
import { frameOf, orientationFor, readWhole, statedSize } from './render.ts';

/** Errors: format-unsupported where the file holds no sensor data that can be told, and those of reading and of SensorReader. */
export async function lookAtHeadroom(photo: OpenPhoto, metadata: Metadata | null, preview: Pixels, tools: Tools): Promise<Result<HeadroomMeasure>> {
  if (!isRawData(photo.format)) return fail('format-unsupported', 'The file holds no more than the picture as it is.');
  const stated = statedSize(metadata);
  tools.room.forRendering(stated && stated.width * stated.height);
  const frame = frameOf(photo, stated);
  const black = findStatedBlack(photo.reader, photo.format);
  const read = readWhole(photo.source);
  if (!read.ok) return read;
  const sensor = await tools.sensorReader.read(read.value, frame);
  if (!sensor.ok) return sensor;
  if (sensor.value.damage) return { ok: false, error: sensor.value.damage };
  return measureHeadroom(sensor.value, preview, { black, orientation: orientationFor(true, metadata, sensor.value.orientation) });
}
