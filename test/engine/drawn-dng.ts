/** The drawn sensor as a file. */
import sharp from 'sharp';
import type { Orientation } from '../../main/domain/index.ts';
import { drawSensor, drawnBlack, drawnWhite } from '../unit/drawn-sensor.ts';
import { makeSensorDng } from './mosaic-dng.ts';

/** A DNG of the drawn sensor, with the drawn preview as a camera would put it, stored as the sensor lies. */
export async function makeDrawnDng(orientation: Orientation, isBlackStated = true): Promise<Uint8Array> {
  const { sensor, preview } = drawSensor(1_200, 800);
  const jpeg = await sharp(preview.data, { raw: { width: preview.width, height: preview.height, channels: 1 } }).jpeg({ quality: 98 }).toBuffer();
  const levels = [...(isBlackStated ? [{ tag: 0xc61a, kind: 'short' as const, values: [drawnBlack] }] : []), { tag: 0xc61d, kind: 'long' as const, values: [drawnWhite] }];
  return makeSensorDng(sensor, orientation, levels, new Uint8Array(jpeg));
}
