/**
 * PictureRenderer over libheif: the primary image with all its tiles, 8 bits a channel, clean aperture, rotation and mirroring
 * applied by libheif itself (so that EXIF orientation must not be applied again, ISO/IEC 23008-12 section 6.5.10), colours as
 * stored with the profile that explains them. One of the file's thumbnails, where it is large enough.
 */
import { coded, fail, ok } from '../../base/index.ts';
import type { CodedError, Result } from '../../base/index.ts';
import { profileOfNclx } from '../../domain/index.ts';
import type { PictureRenderer, Pixels, Rendered } from '../../ports/index.ts';
import { explainHeifError } from './failures.ts';
import { createLibheifLoader } from './load.ts';
import type { Libheif, StartLibheif } from './load.ts';

export { libheifModule } from './load.ts';

/** heif_colorspace_RGB, heif_chroma_interleaved_RGB (8 bits) and heif_channel_interleaved. */
const [rgb, interleaved8, interleavedChannel] = [1, 10, 10];
/**
 * For the file as it was read and libheif together, below 1 GB with the rest of a decode child and the JPEG that is made. Measured with
 * HEIC files of 12 to 102 megapixels: libheif takes 7.3 bytes a pixel.
 */
const mostBytes = 760_000_000;
/** Above this the memory cannot be enough. */
const mostPixels = 120_000_000;
const mostThumbnails = 16;
/** A picture this little smaller than wanted is large enough. */
const enough = 0.85;
/** Room for one heif_error and two addresses. */
const scratchBytes = 32 + 4 * mostThumbnails;

export function createHeifRenderer(load: () => Promise<Result<StartLibheif>> = createLibheifLoader()): PictureRenderer {
  return {
    async render(bytes, { edge, signal }) {
      const start = await load();
      if (!start.ok) return start;
      if (signal?.aborted) return fail('cancelled', 'It was cancelled.');
      let isFull = false;
      const libheif = start.value(mostBytes - bytes.length, () => {
        isFull = true;
      });
      try {
        return renderFile(libheif, bytes, edge);
      } catch (error) {
        // Whatever the decoder says then.
        if (isFull) return { ok: false, error: tooLarge };
        if (error instanceof Failure) return { ok: false, error: error.coded };
        // The file drove the decoder out of its bounds; its memory is thrown away with it.
        if (error instanceof WebAssembly.RuntimeError) return fail('preview-broken', 'The HEIF picture is damaged in a way that stops its decoder.');
        throw error;
      }
    },
  };
}

const tooLarge = coded('too-large', 'The picture is larger than can be handled.');

/** Carries a coded error out of the functions of this file. */
class Failure extends Error {
  readonly coded: CodedError;

  constructor(error: CodedError) {
    super(error.message);
    this.coded = error;
  }
}

/** Nothing is released: the whole instance serves this one file. */
function renderFile(libheif: Libheif, bytes: Uint8Array, edge: number | null): Result<Rendered> {
  const data = allocate(libheif, bytes.length);
  libheif.HEAPU8.set(bytes, data);
  const scratch = allocate(libheif, scratchBytes);
  const call = caller(libheif, scratch);
  const context = libheif._heif_context_alloc();
  call((error) => libheif._heif_context_read_from_memory_without_copy(error, context, data, bytes.length, 0));
  const primary = call((error, out) => libheif._heif_context_get_primary_image_handle(error, context, out));
  const full = sizeOf(libheif, primary);
  if (full.width * full.height > mostPixels) return fail('too-large', `The picture claims ${full.width} x ${full.height} pixels.`);
  const thumbnails = edge === null ? [] : thumbnailsOf(libheif, call, primary, scratch + 32);
  const thumbnail = thumbnails.find(({ size }) => Math.max(size.width, size.height) >= edge! * enough && hasSameShape(size, full));
  // Some cameras state a size for their thumbnails that is not theirs: then the picture itself is decoded.
  const small = thumbnail ? attempt(() => decode(libheif, call, thumbnail.handle)) : null;
  const plane = small ?? decode(libheif, call, primary);
  const profile = (small && thumbnail ? profileOf(libheif, call, thumbnail.handle) : null) ?? profileOf(libheif, call, primary);
  // Last of all: a call of the decoder may move its memory.
  return ok({ pixels: takePixels(libheif, plane), full, orientation: 1, profile, damage: null });
}

type Size = Rendered['full'];
/** Runs one function of libheif that may fail; answers with the word that it wrote to `out`. */
type Call = (work: (error: number, out: number) => void) => number;

function caller(libheif: Libheif, scratch: number): Call {
  const out = scratch + 16;
  return (work) => {
    libheif.HEAPU8.fill(0, scratch, scratch + 32);
    work(scratch, out);
    const code = wordAt(libheif, scratch);
    if (code !== 0) throw new Failure(explainHeifError(code, wordAt(libheif, scratch + 4), textAt(libheif, wordAt(libheif, scratch + 8))));
    return wordAt(libheif, out);
  };
}

function sizeOf(libheif: Libheif, handle: number): Size {
  return { width: libheif._heif_image_handle_get_width(handle), height: libheif._heif_image_handle_get_height(handle) };
}

/** The thumbnails of the primary image, smallest first. */
function thumbnailsOf(libheif: Libheif, call: Call, primary: number, list: number): { handle: number; size: Size }[] {
  const count = Math.min(libheif._heif_image_handle_get_number_of_thumbnails(primary), mostThumbnails);
  const found = libheif._heif_image_handle_get_list_of_thumbnail_IDs(primary, list, count);
  const ids = Array.from({ length: found }, (_, index) => wordAt(libheif, list + index * 4));
  return ids
    .map((id) => {
      const handle = call((error, out) => libheif._heif_image_handle_get_thumbnail(error, primary, id, out));
      return { handle, size: sizeOf(libheif, handle) };
    })
    .sort((a, b) => a.size.width * a.size.height - b.size.width * b.size.height);
}

/** Some cameras' thumbnails have black bars, others are not turned as the picture is. */
function hasSameShape(a: Size, b: Size): boolean {
  const ratio = (a.width * b.height) / (a.height * b.width);
  return ratio > 0.98 && ratio < 1.02;
}

/** Rows of three bytes a pixel in the decoder's memory, `stride` bytes apart. */
interface Plane {
  readonly width: number;
  readonly height: number;
  readonly start: number;
  readonly stride: number;
}

function decode(libheif: Libheif, call: Call, handle: number): Plane {
  const image = call((error, out) => libheif._heif_decode_image(error, handle, out, rgb, interleaved8, 0));
  let plane = 0;
  const stride = call((_, out) => {
    plane = libheif._heif_image_get_plane_readonly(image, interleavedChannel, out);
  });
  const width = libheif._heif_image_get_width(image, interleavedChannel);
  const height = libheif._heif_image_get_height(image, interleavedChannel);
  if (plane === 0 || width < 1 || height < 1 || stride < width * 3) throw new Failure(coded('preview-broken', 'The HEIF decoder gave no picture.'));
  return { width, height, start: plane, stride };
}

/** The pixels where they are, rows moved together: a copy of a large picture would be as large as it. */
function takePixels(libheif: Libheif, { width, height, start, stride }: Plane): Pixels {
  const heap = libheif.HEAPU8;
  const row = width * 3;
  if (stride !== row) for (let y = 1; y < height; y++) heap.copyWithin(start + y * row, start + y * stride, start + y * stride + row);
  return { width, height, channels: 3, data: heap.subarray(start, start + height * row) };
}

/** The stored ICC profile; else one made of the numbers of `nclx`; null for sRGB and where nothing is said. */
function profileOf(libheif: Libheif, call: Call, handle: number): Uint8Array | null {
  const bytes = libheif._heif_image_handle_get_raw_color_profile_size(handle);
  if (bytes > 0 && bytes < 16 * 1024 * 1024) {
    const at = allocate(libheif, bytes);
    call((error) => libheif._heif_image_handle_get_raw_color_profile(error, handle, at));
    return libheif.HEAPU8.slice(at, at + bytes);
  }
  // heif_color_profile_nclx: a version byte, then primaries and transfer characteristics as words. Most files have none.
  const nclx = attempt(() => call((error, out) => libheif._heif_image_handle_get_nclx_color_profile(error, handle, out)));
  return nclx === null ? null : profileOfNclx(wordAt(libheif, nclx + 4), wordAt(libheif, nclx + 8));
}

/** Null where the work ends in a failure that was foreseen. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

function allocate(libheif: Libheif, bytes: number): number {
  const at = libheif._malloc(Math.max(1, bytes));
  if (at === 0) throw new Failure(tooLarge);
  return at;
}

function wordAt(libheif: Libheif, at: number): number {
  const heap = libheif.HEAPU8;
  return new DataView(heap.buffer, heap.byteOffset).getUint32(at, true);
}

function textAt(libheif: Libheif, at: number): string {
  let text = '';
  for (let index = at; index > 0 && text.length < 200 && libheif.HEAPU8[index]; index++) text += String.fromCharCode(libheif.HEAPU8[index]!);
  return text;
}
