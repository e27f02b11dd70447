/** The hash of image data: what it follows, what it does not, and what it refuses to say. Files are made here, to the byte. */
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { identifyBytes } from '../fixtures/image-hash.ts';
import { ascii, createRandom, drawScene, joinBytes, makeJpeg, makeOtherRaw, makeRaw, otherRawKinds, pngChunk, randomBytes, rawKinds } from '../fixtures/index.ts';
import { writeTiff } from '../fixtures/tiff-writer.ts';
import type { Directory, Field } from '../fixtures/tiff-writer.ts';
import { mutate } from '../fuzz/mutate.ts';
import { makeMadeSamples } from '../fuzz/samples.ts';

function imageOf(bytes: Uint8Array, name: string, most?: number): string | null {
  const identity = identifyBytes(bytes, name, most);
  if (!identity) throw new Error(`${name} is no photo`);
  return identity.imageSha256;
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = changed[at]! ^ 1;
  return changed;
}

/** Where `part` lies in `bytes`. */
function placeOf(bytes: Uint8Array, part: Uint8Array): number {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(part);
  if (at < 0) throw new Error('that part is not in the file');
  return at;
}

const scene = drawScene({ seed: 5, width: 320, height: 213 });
const picture = (): ReturnType<typeof sharp> => sharp(scene.data, { raw: { width: scene.width, height: scene.height, channels: scene.channels } });
const bytesOf = async (made: ReturnType<typeof sharp>): Promise<Uint8Array> => new Uint8Array(await made.toBuffer());
const exif = { date: '2024:05:01 12:00:00', iso: 100 };
const jpeg = await makeJpeg(scene, { exif });
const previews = [await makeJpeg(drawScene({ seed: 6, width: 320, height: 213 })), await makeJpeg(drawScene({ seed: 6, width: 160, height: 107 }))];
const otherPreviews = [await makeJpeg(drawScene({ seed: 7, width: 320, height: 213 })), await makeJpeg(drawScene({ seed: 7, width: 160, height: 107 }))];

describe('JPEG', () => {
  const image = imageOf(jpeg, 'a.jpg');
  const segment = (marker: number, content: Uint8Array): Uint8Array => joinBytes([new Uint8Array([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255]), content]);
  const inserted = (piece: Uint8Array, bytes = jpeg): Uint8Array => joinBytes([bytes.subarray(0, 2), piece, bytes.subarray(2)]);
  const scan = jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xda);

  test('is the same however many bytes come at once', async () => {
    const progressive = await makeJpeg(scene, { progressive: true });
    for (const bytes of [jpeg, progressive]) for (const most of [1, 2, 3, 61, 4096]) expect(imageOf(bytes, 'a.jpg', most)).toBe(imageOf(bytes, 'a.jpg'));
    expect(imageOf(progressive, 'a.jpg')).not.toBe(image);
  });

  test('is the same with other segments, comments, fill bytes, and with more behind it', async () => {
    const comment = segment(0xfe, ascii('what a day'));
    expect(imageOf(inserted(comment), 'a.jpg')).toBe(image);
    expect(imageOf(inserted(segment(0xe2, ascii('ICC_PROFILE\0 and so on'))), 'a.jpg')).toBe(image);
    expect(imageOf(inserted(segment(0xe1, jpeg.subarray(0, 30_000))), 'a.jpg'), 'a picture inside a segment').toBe(image);
    expect(imageOf(inserted(new Uint8Array([0xff, 0xff, 0xff])), 'a.jpg')).toBe(image);
    expect(imageOf(joinBytes([jpeg, jpeg]), 'a.jpg'), 'a second picture behind it').toBe(image);
    expect(imageOf(joinBytes([jpeg, randomBytes(1, 5_000)]), 'a.jpg')).toBe(image);
    expect(imageOf(await makeJpeg(scene), 'b.jpg'), 'without EXIF').toBe(image);
  });

  test('differs with every bit of the scan, and of the tables', () => {
    expect(scan).toBeGreaterThan(0);
    for (let at = scan + 14; at < jpeg.length - 3; at += 97) if (jpeg[at]! < 0xfe && jpeg[at - 1] !== 0xff) expect(imageOf(flip(jpeg, at), 'a.jpg'), `byte ${at}`).not.toBe(image);
    const table = jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xdb);
    expect(imageOf(flip(jpeg, table + 20), 'a.jpg')).not.toBe(image);
  });

  test('differs where it was encoded again', async () => {
    expect(imageOf(await bytesOf(sharp(jpeg).jpeg({ quality: 85 })), 'a.jpg')).not.toBe(image);
  });

  test('differs where the same scans mean other colours', () => {
    const adobe = (transform: number): Uint8Array => segment(0xee, joinBytes([ascii('Adobe'), new Uint8Array([0, 100, 0, 0, 0, 0, transform])]));
    const [rgb, ycc] = [imageOf(inserted(adobe(0)), 'a.jpg'), imageOf(inserted(adobe(1)), 'a.jpg')];
    expect(rgb).not.toBe(ycc);
    // that is what no segment means, too
    expect(ycc).toBe(image);
  });

  test('is not told where the file is cut, has a second start, or no scan', () => {
    for (const size of [20, 500, Math.floor(jpeg.length / 2), jpeg.length - 2, jpeg.length - 1]) expect(imageOf(jpeg.subarray(0, size), 'a.jpg'), `cut at ${size}`).toBe(null);
    expect(imageOf(inserted(new Uint8Array([0xff, 0xd8])), 'a.jpg')).toBe(null);
    expect(imageOf(joinBytes([jpeg.subarray(0, scan + 300), jpeg, jpeg.subarray(scan + 300)]), 'a.jpg'), 'one picture inside the scan of another').toBe(null);
    expect(imageOf(new Uint8Array([0xff, 0xd8, 0xff, 0xd9, ...new Array<number>(100).fill(0)]), 'a.jpg')).toBe(null);
    expect(imageOf(joinBytes([jpeg.subarray(0, scan), new Uint8Array([0xff, 0xd9])]), 'a.jpg')).toBe(null);
  });
});

describe('PNG and WebP', () => {
  test('PNG: other chunks and another cutting of the data change nothing, data and palette do', async () => {
    const png = await bytesOf(picture().png({ palette: true }));
    const image = imageOf(png, 'a.png');
    expect(image).not.toBe(null);
    for (const most of [1, 7, 4096]) expect(imageOf(png, 'a.png', most)).toBe(image);
    const at = placeOf(png, ascii('IDAT')) - 4;
    const length = new DataView(png.buffer, png.byteOffset).getUint32(at);
    const data = png.subarray(at + 8, at + 8 + length);
    const rest = png.subarray(at + 12 + length);
    const text = pngChunk('tEXt', ascii('Comment\0hello'));
    const recut = joinBytes([png.subarray(0, at), text, pngChunk('IDAT', data.subarray(0, 100)), pngChunk('IDAT', new Uint8Array(0)), pngChunk('IDAT', data.subarray(100)), rest]);
    expect(imageOf(recut, 'a.png')).toBe(image);
    expect(imageOf(flip(png, at + 8 + 50), 'a.png')).not.toBe(image);
    expect(imageOf(flip(png, placeOf(png, ascii('PLTE')) + 5), 'a.png')).not.toBe(image);
    expect(imageOf(png.subarray(0, png.length - 12), 'a.png'), 'no end').toBe(null);
    const empty = Uint8Array.from(Buffer.from(Buffer.from(png).toString('latin1').replaceAll('IDAT', 'idAT'), 'latin1'));
    expect(imageOf(empty, 'a.png'), 'no data').toBe(null);
    expect(imageOf(joinBytes([png.subarray(0, 8), text, png.subarray(8)]), 'a.png'), 'something before the header').toBe(null);
  });

  test('WebP: the data count, transparency and frames of animations too', async () => {
    const frames = joinBytes([1, 2].map((seed) => drawScene({ seed, width: 64, height: 64 }).data));
    const animated = await bytesOf(sharp(frames, { raw: { width: 64, height: 128, channels: 3, pageHeight: 64 } }).webp({ loop: 0, delay: [100, 100] }));
    const made = { lossy: await bytesOf(picture().webp()), lossless: await bytesOf(picture().webp({ lossless: true })), alpha: await bytesOf(picture().ensureAlpha(0.4).webp()), animated };
    expect(Buffer.from(made.animated).includes('ANMF')).toBe(true);
    const images = Object.entries(made).map(([name, webp]) => {
      const image = imageOf(webp, name);
      expect(image, name).not.toBe(null);
      for (const most of [1, 7]) expect(imageOf(webp, name, most)).toBe(image);
      expect(imageOf(flip(webp, webp.length - 20), name), name).not.toBe(image);
      expect(imageOf(webp.subarray(0, webp.length - 9), name), `${name}, cut`).toBe(null);
      return image;
    });
    expect(new Set(images).size).toBe(4);
    expect(imageOf(flip(made.alpha, placeOf(made.alpha, ascii('ALPH')) + 12), 'a.webp')).not.toBe(images[2]);
  });
});

describe('TIFF', () => {
  const parts = [1, 2, 3].map((seed) => randomBytes(seed, 900));
  const base = (width = 30): Field[] => [
    { tag: 0x0100, kind: 'long', values: [width] },
    { tag: 0x0101, kind: 'long', values: [30] },
    { tag: 0x0102, kind: 'short', values: [8, 8, 8] },
    { tag: 0x0103, kind: 'short', values: [1] },
    { tag: 0x0106, kind: 'short', values: [2] },
    { tag: 0x0115, kind: 'short', values: [3] },
    { tag: 0x0116, kind: 'long', values: [10] },
  ];
  const strips = (data: readonly Uint8Array[]): Field[] => [
    { tag: 0x0111, kind: 'data', parts: data },
    { tag: 0x0117, kind: 'long', values: data.map(({ length }) => length) },
  ];
  const tiff = (fields: readonly Field[], little = true, next?: Directory): Uint8Array => writeTiff({ fields, ...(next ? { next } : {}) }, { little });
  const places = (offsets: readonly number[], lengths: readonly number[]): Field[] => [
    { tag: 0x0111, kind: 'long', values: offsets },
    { tag: 0x0117, kind: 'long', values: lengths },
  ];
  const plain = tiff([...base(), ...strips(parts)]);
  const image = imageOf(plain, 'a.tif');

  test('follows the strips, their order and their coding, not where they lie', () => {
    expect(image).not.toBe(null);
    const title: Field = { tag: 0x010e, kind: 'ascii', text: 'a picture of noise, with a long description' };
    expect(imageOf(tiff([title, ...base(), ...strips(parts)]), 'a.tif')).toBe(image);
    expect(imageOf(tiff([...base(31), ...strips(parts)]), 'a.tif')).not.toBe(image);
    expect(imageOf(tiff([...base(), ...strips([parts[1]!, parts[0]!, parts[2]!])]), 'a.tif')).not.toBe(image);
    for (const part of parts) expect(imageOf(flip(plain, placeOf(plain, part) + 450), 'a.tif')).not.toBe(image);
  });

  test('strips that lie in another order in the file are read again', () => {
    const head = tiff([...base(), ...places([0, 0, 0], [900, 900, 900])]).length;
    const backwards = joinBytes([tiff([...base(), ...places([head + 1800, head + 900, head], [900, 900, 900])]), parts[2]!, parts[1]!, parts[0]!]);
    expect(imageOf(backwards, 'a.tif')).toBe(image);
    expect(imageOf(backwards, 'a.tif', 100)).toBe(image);
    expect(imageOf(flip(backwards, backwards.length - 1), 'a.tif')).not.toBe(image);
  });

  test('all pages count, smaller versions do not', () => {
    const small = (seed: number): Directory => ({ fields: [{ tag: 0x00fe, kind: 'long', values: [1] }, ...base(8), ...strips([randomBytes(seed, 120)])] });
    const page = (seed: number): Directory => ({ fields: [...base(8), ...strips([randomBytes(seed, 120)])] });
    const of = (next: Directory): string | null => imageOf(tiff([...base(), ...strips(parts)], true, next), 'a.tif');
    expect(of(small(8))).toBe(image);
    expect(of(small(9))).toBe(image);
    expect(of(page(8))).not.toBe(of(page(9)));
  });

  test('nothing is told of strips that are not there, overlap, or are none', () => {
    const size = plain.length;
    expect(imageOf(tiff([...base(), ...places([200, 300], [900, 900]), { tag: 0x010e, kind: 'ascii', text: 'x'.repeat(3_000) }]), 'a.tif'), 'overlapping').toBe(null);
    expect(imageOf(tiff([...base(), ...places([size * 10], [900])]), 'a.tif'), 'behind the end').toBe(null);
    expect(imageOf(tiff([...base(), ...places([100], [0xffff_ffff])]), 'a.tif'), 'too long').toBe(null);
    expect(imageOf(tiff([...base(), ...places([100], [0])]), 'a.tif'), 'empty').toBe(null);
    expect(imageOf(tiff([...base(), ...places([100, 110], [5])]), 'a.tif'), 'one length for two').toBe(null);
    expect(imageOf(tiff(base()), 'a.tif'), 'no strips').toBe(null);
    for (const cut of [1, 500, 1_500, 2_600]) expect(imageOf(plain.subarray(0, plain.length - cut), 'a.tif'), `cut by ${cut}`).toBe(null);
  });
});

describe('RAW', () => {
  for (const kind of [...rawKinds, ...otherRawKinds])
    test(`${kind}: the sensor data alone`, () => {
      const make = (seed: number, jpegs: readonly Uint8Array[], iso: number): Uint8Array => {
        const options = { previews: jpegs, exif: { ...exif, iso }, rawBytes: 60_000, seed };
        return rawKinds.includes(kind as never) ? makeRaw(kind as (typeof rawKinds)[number], options) : makeOtherRaw(kind as (typeof otherRawKinds)[number], options);
      };
      const bytes = make(1, previews, 100);
      const image = imageOf(bytes, `a.${kind}`);
      expect(image).not.toBe(null);
      for (const most of [1_000, 4_097]) expect(imageOf(bytes, `a.${kind}`, most)).toBe(image);
      expect(imageOf(make(1, previews, 3200), `a.${kind}`), 'other metadata').toBe(image);
      // the size of the sensor stays; the fixture takes it from the preview's
      expect(imageOf(make(1, otherPreviews, 100), `a.${kind}`), 'other previews').toBe(image);
      expect(imageOf(make(2, previews, 100), `a.${kind}`), 'another frame').not.toBe(image);
      const noise = randomBytes(1, 60_000).subarray(30_000, 30_100).map((byte) => (byte === 0xff && (kind === 'cr2' || kind === 'dng') ? 0xfe : byte));
      const at = placeOf(bytes, noise);
      for (let bit = 0; bit < 8; bit++) {
        const changed = bytes.slice();
        changed[at + bit] = changed[at + bit]! ^ (1 << bit);
        expect(imageOf(changed, `a.${kind}`), `bit ${bit}`).not.toBe(image);
      }
      for (const size of [bytes.length - 5_000, Math.floor(bytes.length * 0.6)]) expect(imageOf(bytes.subarray(0, size), `a.${kind}`), `cut at ${size}`).not.toBe(image);
    });

  test('a thumbnail is not taken for the sensor data that cannot be found', () => {
    const thumbnail: Field[] = [
      { tag: 0x010f, kind: 'ascii', text: 'SONY' },
      { tag: 0x0103, kind: 'short', values: [6] },
      { tag: 0x0111, kind: 'data', parts: [previews[1]!] },
      { tag: 0x0117, kind: 'long', values: [previews[1]!.length] },
    ];
    expect(imageOf(joinBytes([writeTiff({ fields: thumbnail }, { little: true }), randomBytes(4, 200_000)]), 'a.arw')).toBe(null);
  });
});

test('AVIF: picture items count', async () => {
  const avif = await bytesOf(picture().avif({ effort: 0 }));
  const image = imageOf(avif, 'a.avif');
  expect(image).not.toBe(null);
  expect(imageOf(flip(avif, avif.length - 40), 'a.avif')).not.toBe(image);
  expect(imageOf(avif.subarray(0, avif.length - 40), 'a.avif')).toBe(null);
});

test('damaged files end in a hash or in none, and never in that of another file', async () => {
  const samples = await makeMadeSamples();
  // Some samples have the same picture, turned differently.
  const images = samples.map(({ name, bytes }) => ({ name, image: imageOf(bytes, name) }));
  const { next: random } = createRandom(99);
  for (let seed = 0; seed < 1_500; seed++) {
    const mutant = mutate(samples, seed);
    const identity = identifyBytes(mutant.bytes, mutant.name, 1 + Math.floor(random() * 70_000));
    if (!identity?.imageSha256) continue;
    const owners = images.filter(({ image }) => image === identity.imageSha256).map(({ name }) => name);
    if (owners.length > 0) expect(mutant.damages.includes('splice') || owners.includes(mutant.name), `${seed}: ${mutant.name} taken for ${owners.join()}`).toBe(true);
  }
});
