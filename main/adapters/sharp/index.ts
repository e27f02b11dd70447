/**
 * ImageCodec over sharp (libvips, libjpeg-turbo). Everything comes out as 8-bit sRGB with the orientation applied once:
 * an embedded ICC profile is converted (libvips' icc_transform), CMYK by its profile or libvips' built-in one, 16 bits are
 * cut to 8, transparency is laid on white.
 */
import { coded, fail, ok } from '../../base/index.ts';
import type { CancelSignal, CodedError, Result } from '../../base/index.ts';
import { storedWindow, windowAround } from '../../domain/index.ts';
import type { Orientation, PixelWindow } from '../../domain/index.ts';
import type { CropWish, ImageCodec, PictureFacts, Pixels } from '../../ports/index.ts';
import { explainSharpError, explainWarnings } from './failures.ts';
import { isSrgbProfile } from './icc.ts';
import { createSharpLoader } from './load.ts';
import type { Sharp } from './load.ts';
import { freePixels, refuseForMemory } from './memory.ts';
import { wrapAsTiff } from './tiff.ts';

export { sharpModule } from './load.ts';

/** Above this many pixels a picture is `too-large`: the largest camera files are 400 megapixels (multi-shot backs). */
export const maxPixels = 450_000_000;

/** To fit the Huffman codes to a picture, libjpeg holds all of it (three bytes a pixel) and goes over it twice. */
const optimisedPixels = 16_000_000;

type Pipeline = ReturnType<Sharp>;
type Damaged = 'refuse' | 'show';

const formats: Readonly<Record<string, PictureFacts['format']>> = { jpeg: 'jpeg', png: 'png', webp: 'webp', tiff: 'tiff' };

/**
 * EXIF orientation as sharp's operations, in sharp's own order: mirroring before turning.
 * [angle clockwise, mirrored left to right, mirrored top to bottom]
 */
const turns: Readonly<Record<Orientation, readonly [number, boolean, boolean]>> = {
  1: [0, false, false],
  2: [0, true, false],
  3: [180, false, false],
  4: [0, false, true],
  5: [270, true, false],
  6: [90, false, false],
  7: [90, true, false],
  8: [270, false, false],
};

export function createSharpCodec(load: () => Promise<Result<Sharp>> = createSharpLoader()): ImageCodec {
  return {
    async probe(bytes) {
      const sharp = await load();
      if (!sharp.ok) return sharp;
      try {
        const facts = await sharp.value(bytes, { failOn: 'none', limitInputPixels: false }).metadata();
        if (facts.width * facts.height > maxPixels) return fail('too-large', `The picture claims ${facts.width} x ${facts.height} pixels.`);
        const orientation = facts.orientation ?? 1;
        return ok({
          format: facts.format === 'heif' ? (facts.compression === 'av1' ? 'avif' : 'heif') : (formats[facts.format] ?? 'other'),
          width: facts.width,
          height: facts.height,
          orientation: (orientation >= 1 && orientation <= 8 ? orientation : 1) as Orientation,
          isSrgb: facts.space === 'srgb' && (facts.icc === undefined || isSrgbProfile(facts.icc)),
        });
      } catch (error) {
        return { ok: false, error: explainSharpError(error) };
      }
    },

    async decode(bytes, options) {
      return run(load, bytes, options, pixelsFrom);
    },

    async decodeLuma(bytes, { maxPixels: most, profile = null }) {
      const facts = await this.probe(bytes);
      if (!facts.ok) return facts;
      const { width, height, orientation } = facts.value;
      const maxEdge = width * height <= most ? null : Math.floor(Math.max(width, height) * Math.sqrt(most / (width * height)));
      const decoded = await run(load, bytes, { maxEdge, orientation: 1, profile }, async (pipeline, sharp) => {
        const pixels = await pixelsFrom(pipeline.toColourspace('b-w'));
        // Of 16 bits and a profile come colours all the same.
        return pixels.channels === 1 ? pixels : pixelsFrom(sharp(pixels.data, { raw: pixels, limitInputPixels: maxPixels }).toColourspace('b-w'));
      });
      if (!decoded.ok) return decoded;
      const { width: across, height: down, data } = decoded.value;
      return ok({ width: across, height: down, data, orientation });
    },

    async finish(pixels, { maxEdge, orientation, profile }) {
      const sharp = await load();
      if (!sharp.ok) return sharp;
      const { width, height, channels } = pixels;
      const isAsWanted = orientation === 1 && (maxEdge === null || Math.max(width, height) <= maxEdge);
      try {
        const input = fromPixels(sharp.value, pixels);
        // Shrunk before its colours are converted: that costs as much again for every pixel.
        const upright = isAsWanted ? pixels : await pixelsFrom(shrink(turn(input, orientation), maxEdge));
        if (profile && channels === 3) await convertColours(sharp.value, upright, profile);
        return ok(upright);
      } catch (error) {
        return { ok: false, error: explainSharpError(error) };
      }
    },

    async resize({ width, height, channels, data }, size) {
      const sharp = await load();
      if (!sharp.ok) return sharp;
      try {
        const pipeline = sharp.value(data, { raw: { width, height, channels }, limitInputPixels: maxPixels });
        return ok(await pixelsFrom(pipeline.resize(size.width, size.height, { fit: 'fill', kernel: 'cubic' })));
      } catch (error) {
        return { ok: false, error: explainSharpError(error) };
      }
    },

    async encodeJpeg(pixels, options) {
      const sharp = await load();
      if (!sharp.ok) return sharp;
      const { width, height, channels } = pixels;
      try {
        const pipeline = shrink(fromPixels(sharp.value, pixels), options.maxEdge ?? null, isSmall(options.maxEdge));
        // libvips would convert to the profile's space; the pixels are in it already
        const tagged = options.profile && channels === 3 ? pipeline.withIccProfile('srgb') : pipeline;
        const isWhole = options.maxEdge === undefined && width * height > optimisedPixels;
        return ok(plain(await tagged.jpeg({ quality: options.quality, optimiseCoding: !isWhole && !isSmall(options.maxEdge) }).toBuffer()));
      } catch (error) {
        return { ok: false, error: explainSharpError(error) };
      }
    },

    async toJpeg(bytes, options) {
      return run(load, bytes, { ...options, isQuick: isSmall(options.maxEdge) }, async (pipeline) => {
        const whole = options.maxEdge === null ? shrink(pipeline, largestJpegEdge) : pipeline;
        const { data, info } = await whole.jpeg({ quality: options.quality, optimiseCoding: options.maxEdge !== null && !isSmall(options.maxEdge) }).toBuffer({ resolveWithObject: true });
        return { jpeg: plain(data), width: info.width, height: info.height };
      });
    },
  };
}

/** JPEG states sizes in 16 bits. */
const largestJpegEdge = 65_535;

interface DecodeOptions {
  readonly maxEdge: number | null;
  readonly orientation: Orientation | 'own';
  readonly profile?: Uint8Array | null;
  readonly damaged?: Damaged;
  readonly signal?: CancelSignal;
  readonly isQuick?: boolean;
  readonly crop?: CropWish;
}

/** Decodes, turns, shrinks and converts, then lets `finish` say what comes out; damage that was only warned of counts too. */
async function run<T>(
  load: () => Promise<Result<Sharp>>,
  bytes: Uint8Array,
  options: DecodeOptions,
  finish: (pipeline: Pipeline, sharp: Sharp) => Promise<T>,
): Promise<Result<T>> {
  if (options.signal?.aborted) return { ok: false, error: coded('cancelled', 'It was cancelled.') };
  const sharp = await load();
  if (!sharp.ok) return sharp;
  const show = options.damaged === 'show';
  const attempt = async (limitInputPixels: number): Promise<Result<T>> => {
    const warnings: string[] = [];
    try {
      const input = sharp.value(bytes, { failOn: show ? 'none' : 'error', limitInputPixels, sequentialRead: true });
      input.on('warning', (text: string) => warnings.push(text));
      // Shrunk before it is turned: a JPEG is then decoded at a smaller scale, and of no picture all pixels are held at once.
      const small = shrink(input, options.maxEdge, options.isQuick);
      const cut = options.crop ? await findCut(sharp.value, bytes, options.orientation, options.crop) : null;
      const upright = cut ? input.extract(cut.window) : options.orientation === 'own' ? small.autoOrient() : turn(small, options.orientation);
      const flat = upright.flatten({ background: '#ffffff' }).toColourspace('srgb');
      const complete = await completeColours(sharp.value, bytes, flat, options.profile ?? null);
      const value = await finish(cut ? turn(fromPixels(sharp.value, await pixelsFrom(complete)), cut.orientation) : complete, sharp.value);
      const damage = show ? null : explainWarnings(warnings);
      return damage ? { ok: false, error: damage } : ok(value);
    } catch (error) {
      return { ok: false, error: explainSharpError(error) };
    }
  };
  const result = await attempt(freePixels);
  if (result.ok || result.error.code !== 'too-large') return result;
  const refusal = await refuseLarge(sharp.value, bytes, options);
  return refusal ? { ok: false, error: refusal } : attempt(maxPixels);
}

/** Looks at the header of a picture with more than the usual number of pixels; null where it may be decoded as far as memory goes. */
async function refuseLarge(sharp: Sharp, bytes: Uint8Array, { maxEdge, orientation }: DecodeOptions): Promise<CodedError | null> {
  try {
    const facts = await sharp(bytes, { failOn: 'none', limitInputPixels: false }).metadata();
    if (facts.width * facts.height > maxPixels) return null; // the codec refuses it by itself
    const turned = orientation === 'own' ? (facts.orientation ?? 1) : orientation;
    return refuseForMemory(facts, bytes.length, maxEdge === null && turned > 2);
  } catch (error) {
    return explainSharpError(error);
  }
}

/**
 * sharp brings pictures of 16 bits that have a profile to Display P3 if they are in colour, which becomes sRGB where that is asked
 * for as a profile, and leaves grey ones as they are: those are converted in a second step, from 8 bits, and so is what has its
 * `profile` from outside.
 */
async function completeColours(sharp: Sharp, bytes: Uint8Array, pipeline: Pipeline, profile: Uint8Array | null): Promise<Pipeline> {
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  const facts = isJpeg ? null : await sharp(bytes, { failOn: 'none', limitInputPixels: false }).metadata();
  if (facts && !facts.icc && profile) {
    const pixels = await pixelsFrom(pipeline);
    return pixels.channels === 3 ? sharp(wrapAsTiff(pixels, profile), { limitInputPixels: maxPixels }).toColourspace('srgb') : sharp(pixels.data, { raw: { width: pixels.width, height: pixels.height, channels: 1 } });
  }
  if (!facts?.icc || facts.depth !== 'ushort') return pipeline;
  if (facts.space !== 'grey16') return pipeline.withIccProfile('srgb');
  const grey = await pixelsFrom(pipeline.extractChannel(0));
  return sharp(wrapAsTiff(grey, facts.icc), { limitInputPixels: maxPixels }).toColourspace('srgb');
}

/**
 * Where a part lies in the picture as it is stored, and how it is to be turned afterwards: of the whole no more than some rows are held. In
 * one pipeline sharp would turn before it cuts.
 */
async function findCut(sharp: Sharp, bytes: Uint8Array, orientation: Orientation | 'own', { region, most }: CropWish): Promise<{ window: PixelWindow; orientation: Orientation }> {
  const { width, height, orientation: stated } = await sharp(bytes, { failOn: 'none', limitInputPixels: false }).metadata();
  const own = stated !== undefined && stated >= 1 && stated <= 8 ? (stated as Orientation) : 1;
  const turned = orientation === 'own' ? own : orientation;
  const full = turned >= 5 ? { width: height, height: width } : { width, height };
  return { window: storedWindow(windowAround(region, full, most), { width, height }, turned), orientation: turned };
}

function fromPixels(sharp: Sharp, { data, width, height, channels }: Pixels): Pipeline {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: maxPixels });
}

function turn(pipeline: Pipeline, orientation: Orientation): Pipeline {
  const [angle, mirror, flip] = turns[orientation];
  let turned = pipeline;
  if (mirror) turned = turned.flop();
  if (flip) turned = turned.flip();
  return angle === 0 ? turned : turned.rotate(angle);
}

function shrink(pipeline: Pipeline, maxEdge: number | null, isQuick = false): Pipeline {
  return maxEdge === null ? pipeline : pipeline.resize(maxEdge, maxEdge, { fit: 'inside', withoutEnlargement: true, kernel: isQuick ? 'cubic' : 'lanczos3' });
}

/**
 * Up to this edge a picture is for the grid, where time counts: Huffman tables of its own would save 3 % of its bytes and take a tenth
 * more time, and so does a wider kernel than cubic (of 1,620 pixels, best of nine: 8.4 and 8.5 ms against 9.5).
 */
const smallEdge = 512;

function isSmall(maxEdge: number | null | undefined): boolean {
  return (maxEdge ?? Infinity) <= smallEdge;
}

/** Pixels whose colours are converted at once. */
const stripPixels = 4_000_000;

/** From the colours of `profile` to sRGB where the pixels are, some rows at a time: of a large picture there is no room for more copies. */
async function convertColours(sharp: Sharp, { width, height, channels, data }: Pixels, profile: Uint8Array): Promise<void> {
  const rows = Math.max(1, Math.floor(stripPixels / width));
  for (let top = 0; top < height; top += rows) {
    const at = top * width * channels;
    const strip = { width, height: Math.min(rows, height - top), channels, data: data.subarray(at, at + rows * width * channels) };
    const converted = await pixelsFrom(sharp(wrapAsTiff(strip, profile), { failOn: 'error', limitInputPixels: maxPixels }).toColourspace('srgb'));
    data.set(converted.data, at);
  }
}

async function pixelsFrom(pipeline: Pipeline): Promise<Pixels> {
  const { data, info } = await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels !== 1 && channels !== 3) throw new Error(`a decoded picture has ${channels} channels`);
  return { width, height, channels, data: plain(data) };
}

/** The same bytes as a plain Uint8Array: Buffers are another class on the other side of a process boundary. */
function plain(data: Buffer): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
