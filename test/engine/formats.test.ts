/** Formats that the shared photos do not have: each ends in the right picture, or in an error that says what is so. */
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Pixels } from '../../main/ports/index.ts';
import { big32, joinBytes, makeJpeg, pngChunk, randomBytes } from '../fixtures/index.ts';
import type { Field } from '../fixtures/tiff-writer.ts';
import { writeTiff } from '../fixtures/tiff-writer.ts';
import { lookAt, useDecodeBench } from './decode-kit.ts';
import { drawQuarters, readQuarters } from './quarters.ts';

const { pool, put } = useDecodeBench();

const quarters = (): ReturnType<typeof sharp> => {
  const { data, width, height, channels } = drawQuarters();
  return sharp(data, { raw: { width, height, channels } });
};

/** An animation's second frame, and a file's second page, is grey. */
async function secondFrame(): Promise<Buffer> {
  const { width, height } = drawQuarters();
  return sharp({ create: { width, height, channels: 3, background: '#808080' } }).png().toBuffer();
}

const made: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  'palette.png': () => quarters().png({ palette: true, colours: 16 }).toBuffer(),
  'deep.png': () => quarters().toColourspace('rgb16').png().toBuffer(),
  'interlaced.png': () => quarters().png({ progressive: true }).toBuffer(),
  'animated.png': async () => animatePng(await quarters().png().toBuffer(), await secondFrame()),
  'animated.webp': async () => sharp([await quarters().png().toBuffer(), await secondFrame()], { join: { animated: true } }).webp({ lossless: true }).toBuffer(),
  'lossless.webp': () => quarters().webp({ lossless: true }).toBuffer(),
  'tiled.tif': () => quarters().tiff({ tile: true, tileWidth: 128, tileHeight: 128, compression: 'deflate' }).toBuffer(),
  'big.tif': () => quarters().tiff({ bigtiff: true, compression: 'lzw' }).toBuffer(),
  'jpeg-inside.tif': () => quarters().tiff({ compression: 'jpeg', quality: 95 }).toBuffer(),
  'pyramid.tif': () => quarters().tiff({ pyramid: true, tile: true }).toBuffer(),
  'deep.tif': () => quarters().toColourspace('rgb16').tiff({ compression: 'lzw' }).toBuffer(),
  'progressive.jpg': () => quarters().jpeg({ progressive: true, quality: 95 }).toBuffer(),
  'cmyk.jpg': () => quarters().toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 95 }).toBuffer(),
  // What phones put behind the picture: a film in a box of ISO/IEC 14496-12, and bytes that no JPEG has.
  'motion.jpg': async () => joinBytes([await quarters().jpeg({ quality: 95 }).toBuffer(), new Uint8Array([0, 0, 0, 24]), new TextEncoder().encode('ftypmp42'), randomBytes(3, 90_000)]),
};

test.each(Object.keys(made))('%s', { timeout: 300_000 }, async (name) => {
  const seen = await readQuarters(pool, put(name, new Uint8Array(await made[name]!())));
  expect(seen.map(({ letters }) => letters)).toEqual(Array(4).fill('RGBW'));
});

/** APNG (PNG third edition, section 11.3.6): the default picture is the first frame, a second one follows in fdAT. */
function animatePng(first: Buffer, second: Buffer): Uint8Array {
  const chunksOf = (png: Buffer): Buffer[] => {
    const chunks: Buffer[] = [];
    for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) chunks.push(png.subarray(at, at + 12 + png.readUInt32BE(at)));
    return chunks;
  };
  const nameOf = (chunk: Buffer): string => chunk.toString('latin1', 4, 8);
  const [width, height] = [first.readUInt32BE(16), first.readUInt32BE(20)];
  const words = (...values: number[]): Uint8Array => joinBytes(values.map(big32));
  const control = (sequence: number): Uint8Array => pngChunk('fcTL', joinBytes([words(sequence, width, height, 0, 0), new Uint8Array([0, 1, 0, 10, 0, 0])]));
  const data = (png: Buffer): Buffer => Buffer.concat(chunksOf(png).filter((each) => nameOf(each) === 'IDAT').map((each) => each.subarray(8, -4)));
  const [head, ...rest] = chunksOf(first);
  return joinBytes([
    first.subarray(0, 8), head!, pngChunk('acTL', words(2, 0)), control(0),
    ...rest.filter((each) => nameOf(each) === 'IDAT'), control(1), pngChunk('fdAT', joinBytes([words(2), data(second)])), rest.at(-1)!,
  ]);
}

test('of a file with several pages the first is shown', async () => {
  const pages = await sharp([await quarters().png().toBuffer(), await secondFrame()], { join: { animated: true } }).tiff({ compression: 'lzw' }).toBuffer();
  expect((await sharp(pages).metadata()).pages).toBe(2);
  const [seen] = await readQuarters(pool, put('pages.tif', new Uint8Array(pages)));
  expect(seen?.letters).toBe('RGBW');
});

/** A DNG of linear raw data that are a JPEG: lossy DNG (compression 34892, DNG 1.4), or said to be JPEG XL (52546, DNG 1.7). */
function makeLinearDng(jpeg: Uint8Array, { width, height }: Pixels, compression: number, isTiled: boolean): Uint8Array {
  const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1].map((value) => [value, 1] as const);
  const long = (tag: number, value: number): Field => ({ tag, kind: 'long', values: [value] });
  const data: Field = { tag: isTiled ? 0x0144 : 0x0111, kind: 'data', parts: [jpeg], last: true };
  const place = isTiled ? [long(0x0142, width), long(0x0143, height), data, long(0x0145, jpeg.length)] : [data, long(0x0116, height), long(0x0117, jpeg.length)];
  return writeTiff(
    {
      fields: [
        long(0x00fe, 0), long(0x0100, width), long(0x0101, height),
        { tag: 0x0102, kind: 'short', values: [8, 8, 8] }, { tag: 0x0103, kind: 'short', values: [compression] }, { tag: 0x0106, kind: 'short', values: [34_892] },
        { tag: 0x010f, kind: 'ascii', text: 'Parjanya' }, { tag: 0x0110, kind: 'ascii', text: 'Linear' }, { tag: 0x0112, kind: 'short', values: [1] },
        { tag: 0x0115, kind: 'short', values: [3] }, { tag: 0x011c, kind: 'short', values: [1] },
        ...place,
        { tag: 0xc612, kind: 'byte', bytes: new Uint8Array([1, 4, 0, 0]) }, { tag: 0xc614, kind: 'ascii', text: 'Parjanya Linear' },
        { tag: 0xc621, kind: 'signed-rational', values: identity }, { tag: 0xc628, kind: 'rational', values: [[1, 1], [1, 1], [1, 1]] },
      ],
    },
    { little: true },
  );
}

test('lossy DNG: its JPEG is sensor data, not a preview, and is rendered', { timeout: 300_000 }, async () => {
  const pixels = drawQuarters();
  const jpeg = await makeJpeg(pixels, { quality: 95 });
  for (const isTiled of [true, false]) {
    const path = put(`lossy-${isTiled}.dng`, makeLinearDng(jpeg, pixels, 34_892, isTiled));
    const { outputs } = await lookAt(pool, path, ['metadata', 'preview']);
    expect(outputs.preview).toEqual({ source: 'rendered', width: pixels.width, height: pixels.height, embedded: [] });
    expect((await readQuarters(pool, path)).map(({ letters }) => letters)).toEqual(Array(4).fill('RGBW'));
  }
});

test('DNG with JPEG XL and no preview: the error says that this kind cannot be decoded', async () => {
  const pixels = drawQuarters();
  const { errors } = await lookAt(pool, put('jxl.dng', makeLinearDng(randomBytes(4, 60_000), pixels, 52_546, true)), ['preview']);
  expect(errors.preview?.code).toBe('format-unsupported');
});
