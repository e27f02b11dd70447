/** DNGs with real sensor data under a Bayer pattern (DNG 1.4; uncompressed): a picture's own pixels, or numbers that a test states. */
import type { Orientation } from '../../main/domain/index.ts';
import type { Pixels } from '../../main/ports/index.ts';
import { thumbnailDirectory } from '../fixtures/exif.ts';
import { writeTiff } from '../fixtures/tiff-writer.ts';
import type { Field } from '../fixtures/tiff-writer.ts';

/** @param further fields of the first directory (crops, scales) @param preview a JPEG that goes into a directory of its own, as cameras put theirs. */
export function makeMosaicDng({ width, height, channels, data }: Pixels, orientation: Orientation, further: readonly Field[] = [], preview?: Uint8Array): Uint8Array {
  const mosaic = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const colour = (y % 2) + (x % 2); // red, green / green, blue
      const value = data[(y * width + x) * channels + (channels === 3 ? colour : 0)]!;
      // Sensors count light, pictures are gamma-encoded.
      mosaic[y * width + x] = Math.round(255 * (value / 255) ** 2.2);
    }
  return writeMosaic({ width, height, bits: 8, bytes: mosaic }, orientation, further, preview);
}

/** Numbers of a sensor as they are, 16 bits, red at the left top. `further`: BlackLevel, WhiteLevel and the like. */
export function makeSensorDng({ width, height, data }: { readonly width: number; readonly height: number; readonly data: Uint16Array }, orientation: Orientation, further: readonly Field[], preview: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length * 2);
  const view = new DataView(bytes.buffer);
  data.forEach((value, at) => view.setUint16(2 * at, value, true));
  return writeMosaic({ width, height, bits: 16, bytes }, orientation, further, preview);
}

interface Mosaic {
  readonly width: number;
  readonly height: number;
  readonly bits: 8 | 16;
  readonly bytes: Uint8Array;
}

function writeMosaic({ width, height, bits, bytes }: Mosaic, orientation: Orientation, further: readonly Field[], preview?: Uint8Array): Uint8Array {
  const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1].map((value) => [value, 1] as const);
  return writeTiff(
    {
      fields: [
        { tag: 0x00fe, kind: 'long', values: [0] },
        { tag: 0x0100, kind: 'long', values: [width] },
        { tag: 0x0101, kind: 'long', values: [height] },
        { tag: 0x0102, kind: 'short', values: [bits] },
        { tag: 0x0103, kind: 'short', values: [1] },
        { tag: 0x0106, kind: 'short', values: [32_803] },
        { tag: 0x010f, kind: 'ascii', text: 'Parjanya' },
        { tag: 0x0110, kind: 'ascii', text: 'Mosaic' },
        { tag: 0x0111, kind: 'data', parts: [bytes], last: true },
        { tag: 0x0112, kind: 'short', values: [orientation] },
        { tag: 0x0115, kind: 'short', values: [1] },
        { tag: 0x0116, kind: 'long', values: [height] },
        { tag: 0x0117, kind: 'long', values: [bytes.length] },
        { tag: 0x011c, kind: 'short', values: [1] },
        { tag: 0x828d, kind: 'short', values: [2, 2] },
        { tag: 0x828e, kind: 'byte', bytes: new Uint8Array([0, 1, 1, 2]) },
        { tag: 0xc612, kind: 'byte', bytes: new Uint8Array([1, 4, 0, 0]) },
        { tag: 0xc614, kind: 'ascii', text: 'Parjanya Mosaic' },
        { tag: 0xc621, kind: 'signed-rational', values: identity },
        { tag: 0xc628, kind: 'rational', values: [[1, 1], [1, 1], [1, 1]] },
        ...further,
      ],
      ...(preview ? { next: thumbnailDirectory(preview) } : {}),
    },
    { little: true },
  );
}
