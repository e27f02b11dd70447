/**
 * The one place that names libheif-js: libheif and libde265 in WebAssembly (LGPL-3.0, kept as a package of its own that can
 * be replaced). Its module exports libheif's C interface (heif.h); these are the functions used here. A `heif_error` is
 * returned through a first argument: three words, code, subcode and the address of a message.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadNative } from '../../../native/index.ts';
import type { NativeModule } from '../../../native/index.ts';
import type { Result } from '../../base/index.ts';

export interface Libheif {
  /** Replaced when the memory grows: read anew after every call. */
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _heif_context_alloc(): number;
  _heif_context_read_from_memory_without_copy(error: number, context: number, data: number, bytes: number, options: number): void;
  _heif_context_get_primary_image_handle(error: number, context: number, out: number): void;
  _heif_image_handle_get_width(handle: number): number;
  _heif_image_handle_get_height(handle: number): number;
  _heif_image_handle_get_number_of_thumbnails(handle: number): number;
  _heif_image_handle_get_list_of_thumbnail_IDs(handle: number, out: number, most: number): number;
  _heif_image_handle_get_thumbnail(error: number, handle: number, id: number, out: number): void;
  _heif_image_handle_get_raw_color_profile_size(handle: number): number;
  _heif_image_handle_get_raw_color_profile(error: number, handle: number, out: number): void;
  _heif_image_handle_get_nclx_color_profile(error: number, handle: number, out: number): void;
  _heif_decode_image(error: number, handle: number, out: number, colorspace: number, chroma: number, options: number): void;
  _heif_image_get_width(image: number, channel: number): number;
  _heif_image_get_height(image: number, channel: number): number;
  _heif_image_get_plane_readonly(image: number, channel: number, strideOut: number): number;
}

/** A libheif with a memory of its own, of at most `mostBytes`. `onRefused`: it wanted more; it may still do with less. */
export type StartLibheif = (mostBytes: number, onRefused: () => void) => Libheif;

const pageBytes = 65_536;

/**
 * Loads and compiles once; the answer starts a fresh libheif for each file, which takes some milliseconds. Fresh, because
 * WebAssembly memory never shrinks, and because nothing needs to be released in a memory that goes as a whole.
 */
export const libheifModule: NativeModule<StartLibheif> = {
  name: 'libheif-js',
  purpose: 'the HEIF decoder',
  platformPackages: () => ['libheif-js'],
  load: async () => {
    const require = createRequire(import.meta.url);
    const code = await WebAssembly.compile(await readFile(require.resolve('libheif-js/libheif-wasm/libheif.wasm')));
    const { default: create } = (await import('libheif-js/libheif-wasm/libheif.js')) as unknown as { default: (options: Record<string, unknown>) => Libheif };
    return (mostBytes, onRefused) =>
      create({
        // Its answer is what `done` answers: the exports (Emscripten without asynchronous compilation).
        instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => unknown) => {
          const instance = new WebAssembly.Instance(code, imports);
          limitMemory(instance, mostBytes, onRefused);
          return done(instance);
        },
        print: () => undefined,
        printErr: () => undefined,
      });
  },
};

/** The module makes its memory itself, for up to 2 GiB, and Emscripten lets it grow by this method alone, whose errors it takes for "no". */
function limitMemory({ exports }: WebAssembly.Instance, mostBytes: number, onRefused: () => void): void {
  const memory = Object.values(exports).find((one) => one instanceof WebAssembly.Memory)!;
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (memory.buffer.byteLength + pages * pageBytes <= mostBytes) return grow(pages);
    onRefused();
    throw new RangeError('This is more memory than a file may take.');
  };
}

/** Loads on the first call; later calls get the same answer, good or bad. */
export function createLibheifLoader(module: NativeModule<StartLibheif> = libheifModule): () => Promise<Result<StartLibheif>> {
  let loading: Promise<Result<StartLibheif>> | null = null;
  return () => (loading ??= loadNative(module));
}
