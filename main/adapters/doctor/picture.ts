/** A drawn picture as a PNG (RFC 2083), written by Node alone: the decoders are what is to be tested. */
import { crc32, deflateSync } from 'node:zlib';
import { goldenInputs } from '../../../models/index.ts';
import type { Pixels } from '../../ports/index.ts';

/** 8-bit RGB. */
export function encodePng({ width, height, channels, data }: Pixels): Uint8Array {
  if (channels !== 3) throw new Error('only RGB is written');
  const rows = Buffer.alloc((width * 3 + 1) * height);
  // the first byte of a row is its filter: none
  for (let y = 0; y < height; y++) rows.set(data.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))]);
}

/** The small RAW file of the self-tests: sensor data for what works on nothing else. */
export function makeRawSample(): Uint8Array {
  return new Uint8Array(Buffer.from(goldenInputs.dng, 'base64'));
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
