/** Fetches, decodes and fits pictures away from the page's own thread, which has the keys to answer. See decode.ts. */
import type { FittedAddress } from './address.ts';

export interface DecodeOrder {
  readonly id: number;
  /** With an absolute address. Null: give up what was ordered under this id. */
  readonly picture: FittedAddress | null;
}

export interface DecodeAnswer {
  readonly id: number;
  readonly bitmap: ImageBitmap | null;
}

const port = globalThis as unknown as { postMessage(answer: DecodeAnswer, transfer: Transferable[]): void };
const running = new Map<number, AbortController>();

globalThis.addEventListener('message', (event: MessageEvent<DecodeOrder>) => {
  const { id, picture } = event.data;
  if (picture === null) {
    running.get(id)?.abort();
    return;
  }
  const control = new AbortController();
  running.set(id, control);
  load(picture, control.signal)
    .then((bitmap) => port.postMessage({ id, bitmap }, [bitmap]))
    .catch(() => port.postMessage({ id, bitmap: null }, []))
    .finally(() => running.delete(id));
});

async function load({ url, width, height }: FittedAddress, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`the picture could not be had (${response.status})`);
  const whole = await createImageBitmap(await response.blob());
  signal.throwIfAborted();
  const scale = width > 0 && height > 0 ? Math.min(width / whole.width, height / whole.height) : 1;
  if (scale >= 1) return whole;
  const size = { resizeWidth: Math.max(1, Math.round(whole.width * scale)), resizeHeight: Math.max(1, Math.round(whole.height * scale)) };
  const fitted = await createImageBitmap(whole, { ...size, resizeQuality: 'high' });
  whole.close();
  return fitted;
}
