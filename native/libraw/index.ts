/**
 * LibRaw compiled to WebAssembly (libraw-wasm 1.6: LibRaw 0.22.1, LGPL 2.1 or CDDL 1.0), in plain Node.
 *
 * The package is made for a browser's worker; its inner module runs in Node when it gets its memory and its compiled code
 * from here and never fetches. It is built with threads but starts none (there is no OpenMP in Emscripten), so no `Worker`
 * is provided: should a later version want one, that is a failure with a name and no wait without end.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { NativeModule } from '../load.ts';
import { explainLibrawError } from './failures.ts';
import type { LibrawFailure } from './failures.ts';

export type { LibrawFailure } from './failures.ts';

/** What LibRaw says of a file before it decodes it. */
export interface LibrawFacts {
  /** Of the picture at full size, turned as `flip` says. */
  readonly width: number;
  readonly height: number;
  /** dcraw's code: 0 as stored, 3 half a turn, 5 a quarter anticlockwise, 6 a quarter clockwise; 1, 2, 4 and 7 mirrored. */
  readonly flip: number;
  /** Where the picture is on the sensor, not turned. */
  readonly left_margin: number;
  readonly top_margin: number;
  /** What the maker frames of it, in pixels of the sensor: the picture itself, then what the person asked for. Empty in older versions. */
  readonly raw_inset_crops?: readonly LibrawCrop[];
  /** Width of a pixel over its height; the picture is stretched so that they become square. Absent in older versions: 1. */
  readonly pixel_aspect?: number;
  /** Which colour is where: 0 where each pixel has all, 9 for X-Trans, 1 for Leaf's own order, else dcraw's code of a pattern of 2 x 8. */
  readonly filters?: number;
  /** Levels of no light and of saturation: right once the numbers were decoded. */
  readonly color_data?: { readonly black: number; readonly maximum: number };
}

/** A size of 0 where there is none, a place of 65535 where it is not known. */
export interface LibrawCrop {
  readonly cleft: number;
  readonly ctop: number;
  readonly cwidth: number;
  readonly cheight: number;
}

/** Interleaved samples, rows top to bottom. */
export interface LibrawImage {
  readonly width: number;
  readonly height: number;
  readonly colors: number;
  readonly bits: number;
  readonly data: Uint8Array;
}

/** The sensor's numbers with its borders, rows top to bottom; the size is that of the visible part. */
export interface LibrawSensor {
  readonly raw_width: number;
  readonly raw_height: number;
  readonly left_margin: number;
  readonly top_margin: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint16Array;
}

/** Settings by the names of libraw-wasm's index.d.ts. */
export type LibrawSettings = Readonly<Record<string, number | boolean>>;

interface Processor {
  open(bytes: Uint8Array, settings: LibrawSettings): void;
  metadata(full: boolean): LibrawFacts | undefined;
  imageData(): LibrawImage | undefined;
  rawImageData(): LibrawSensor | undefined;
  delete(): void;
}

/** One file's LibRaw with a memory of its own. Every call throws only {@link LibrawError}. */
export interface Libraw {
  open(bytes: Uint8Array, settings: LibrawSettings): LibrawFacts;
  image(): LibrawImage;
  /** The undemosaiced numbers and the facts once they were decoded (levels change with decoding); null where there is no mosaic. */
  sensor(): { readonly sensor: LibrawSensor; readonly facts: LibrawFacts } | null;
  /** What LibRaw complained of while it went on: `data corrupted at 1378`. */
  readonly complaints: readonly string[];
}

export class LibrawError extends Error {
  readonly failure: LibrawFailure;

  constructor(failure: LibrawFailure) {
    super(failure.detail);
    this.name = 'LibrawError';
    this.failure = failure;
  }
}

/** `mostBytes`: of its memory, which has to hold the file, the sensor's data and the picture. */
export type StartLibraw = (mostBytes: number) => Promise<Libraw>;

/** 64 KiB pages; the first is what libraw-wasm is compiled for (256 MiB of addresses, of which only touched pages take memory). */
const firstPages = 4_096;
/** A file that needs more is too large, whether it really is or only says so. */
const mostPages = 16_384;
const pageBytes = 65_536;

/**
 * Loads and compiles once; the answer starts a fresh LibRaw for each file, which takes some milliseconds. Fresh, because
 * WebAssembly memory never shrinks, and because libraw-wasm compiles LibRaw without unwinding: after a failure its
 * memory is in no known state (measured: the next file may then wait for a lock for ever).
 */
export const librawModule: NativeModule<StartLibraw> = {
  name: 'libraw-wasm',
  purpose: 'the RAW decoder',
  platformPackages: () => ['libraw-wasm'],
  load: async () => {
    const { default: createModule } = await import('libraw-wasm/dist/libraw.js');
    const code = await WebAssembly.compile(await readFile(createRequire(import.meta.url).resolve('libraw-wasm/dist/libraw.wasm')));
    return async (mostBytes) => {
      const maximum = Math.min(mostPages, Math.max(firstPages, Math.floor(mostBytes / pageBytes)));
      const memory = new WebAssembly.Memory({ initial: firstPages, maximum, shared: true });
      const complaints: string[] = [];
      const options = {
        wasmMemory: memory,
        instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void) => {
          void WebAssembly.instantiate(code, imports).then((instance) => done(instance, code));
          return {};
        },
        print: () => undefined,
        printErr: (text: string) => complaints.length < 100 && complaints.push(text),
      };
      const { LibRaw } = await withoutWaitAsync(() => createModule(options));
      return startProcessor(LibRaw as new () => Processor, memory, complaints);
    };
  },
};

/**
 * Emscripten waits for messages of other threads with Atomics.waitAsync, which keeps the whole memory alive for ever; without
 * it (as in older browsers) it does not wait. Looked for in the synchronous part of the start only.
 */
function withoutWaitAsync<T>(start: () => T): T {
  const { waitAsync } = Atomics;
  Reflect.deleteProperty(Atomics, 'waitAsync');
  try {
    return start();
  } finally {
    Object.defineProperty(Atomics, 'waitAsync', { value: waitAsync, writable: true, configurable: true, enumerable: false });
  }
}

function startProcessor(LibRaw: new () => Processor, memory: WebAssembly.Memory, complaints: readonly string[]): Libraw {
  let processor: Processor | null = null;
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new LibrawError(explainLibrawError(error, memory));
    }
  };
  const missing = (): never => {
    throw new Error('LibRaw gave no answer');
  };
  return {
    complaints,
    open: (bytes, settings) =>
      guard(() => {
        processor = new LibRaw();
        processor.open(bytes, settings);
        return processor.metadata(true) ?? missing();
      }),
    image: () => guard(() => processor?.imageData() ?? missing()),
    sensor: () =>
      guard(() => {
        const sensor = processor?.rawImageData();
        return sensor ? { sensor, facts: processor?.metadata(true) ?? missing() } : null;
      }),
  };
}
