/**
 * Decoded pictures, made by workers. A picture that was fitted to the stage beforehand is drawn by copying it, in the frame of
 * the key; scaling a camera's picture without a graphics card takes several frames.
 */
import type { PreviewSource } from '../../main/domain/index.ts';
import { splitFit } from './address.ts';
import type { DecodeAnswer, DecodedAnswer, DecodeOrder } from './decode-worker.ts';
import type { DecodedPicture } from './store.ts';

/** A decoded picture, and what the engine said of it. */
export interface LoadedPicture extends DecodedPicture {
  readonly bitmap: ImageBitmap;
  /** Pixels of the picture as it was sent; the bitmap may have been fitted to the stage. */
  readonly sent: { readonly width: number; readonly height: number };
  readonly source: PreviewSource | null;
  /** The code of what kept better pixels away. */
  readonly refusal: string | null;
}

/** A picture that could not be had; the code is the engine's, null where there was no answer. */
export class PictureFailure extends Error {
  readonly code: string | null;

  constructor(code: string | null) {
    super('the picture could not be had');
    this.name = 'PictureFailure';
    this.code = code;
  }
}

/** Loupe pictures come one or two at a time; more workers would only take the engine's cores. */
const workerCount = 2;

interface Waiting {
  resolve(picture: LoadedPicture): void;
  reject(reason: Error): void;
}

const waiting = new Map<number, Waiting>();
let workers: Worker[] | null = null;
let nextId = 1;

function startWorkers(): Worker[] {
  return Array.from({ length: workerCount }, () => {
    const worker = new Worker(new URL('./decode-worker.ts', import.meta.url), { type: 'module', name: 'pictures' });
    worker.addEventListener('message', ({ data }: MessageEvent<DecodeAnswer>) => {
      const order = waiting.get(data.id);
      waiting.delete(data.id);
      if (!order) data.picture?.bitmap.close();
      else if (data.picture) order.resolve(loaded(data.picture));
      else order.reject(new PictureFailure(data.code));
    });
    return worker;
  });
}

function loaded({ bitmap, sentWidth, sentHeight, source, refusal }: DecodedAnswer): LoadedPicture {
  const sent = { width: sentWidth, height: sentHeight };
  const known = source === 'embedded' || source === 'rendered' || source === 'self' ? source : null;
  return { bitmap, width: bitmap.width, height: bitmap.height, sent, source: known, refusal, close: () => bitmap.close() };
}

/**
 * @param address as of address.ts; its fit, if it has one, says how large the bitmap is at most.
 * @returns a bitmap of the whole picture. Rejects with a PictureFailure where it cannot be had, and where `signal` aborts.
 */
export function loadPicture(address: string, signal: AbortSignal): Promise<LoadedPicture> {
  workers ??= startWorkers();
  const id = nextId++;
  const worker = workers[id % workers.length]!;
  const { url, ...fit } = splitFit(address);
  const picture = { url: new URL(url, document.baseURI).href, ...fit };
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    waiting.set(id, { resolve, reject });
    signal.addEventListener(
      'abort',
      () => {
        if (waiting.delete(id)) worker.postMessage({ id, picture: null } satisfies DecodeOrder);
        reject(new Error('no longer wanted'));
      },
      { once: true },
    );
    worker.postMessage({ id, picture } satisfies DecodeOrder);
  });
}
