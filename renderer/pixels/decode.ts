/**
 * Decoded pictures, made by workers. A picture that was fitted to the stage beforehand is drawn by copying it, in the frame of
 * the key; scaling a camera's picture without a graphics card takes several frames.
 */
import { splitFit } from './address.ts';
import type { DecodeAnswer, DecodeOrder } from './decode-worker.ts';

/** Loupe pictures come one or two at a time; more workers would only take the engine's cores. */
const workerCount = 2;

interface Waiting {
  resolve(bitmap: ImageBitmap): void;
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
      if (!order) data.bitmap?.close();
      else if (data.bitmap) order.resolve(data.bitmap);
      else order.reject(new Error('the picture could not be had'));
    });
    return worker;
  });
}

/**
 * @param address as of address.ts; its fit, if it has one, says how large the bitmap is at most.
 * @returns a bitmap of the whole picture. Rejects where it cannot be had or `signal` aborts.
 */
export function loadBitmap(address: string, signal: AbortSignal): Promise<ImageBitmap> {
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
