/** Fetches, decodes and fits pictures away from the page's own thread, which has the keys to answer. See decode.ts. */
export interface DecodeOrder {
  readonly id: number;
  /** Null: give up what was ordered under this id. */
  readonly address: string | null;
  /** Where the picture is to fit, in device pixels; 0 = as it is. */
  readonly width: number;
  readonly height: number;
}

export interface DecodeAnswer {
  readonly id: number;
  readonly bitmap: ImageBitmap | null;
}

const port = globalThis as unknown as { postMessage(answer: DecodeAnswer, transfer: Transferable[]): void };
const running = new Map<number, AbortController>();

globalThis.addEventListener('message', (event: MessageEvent<DecodeOrder>) => {
  const { id, address } = event.data;
  if (address === null) {
    running.get(id)?.abort();
    return;
  }
  const control = new AbortController();
  running.set(id, control);
  load(address, event.data, control.signal)
    .then((bitmap) => port.postMessage({ id, bitmap }, [bitmap]))
    .catch(() => port.postMessage({ id, bitmap: null }, []))
    .finally(() => running.delete(id));
});

async function load(address: string, fit: { width: number; height: number }, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(address, { signal });
  if (!response.ok) throw new Error(`the picture could not be had (${response.status})`);
  const whole = await createImageBitmap(await response.blob());
  signal.throwIfAborted();
  const scale = fit.width > 0 && fit.height > 0 ? Math.min(fit.width / whole.width, fit.height / whole.height) : 1;
  if (scale >= 1) return whole;
  const size = { resizeWidth: Math.max(1, Math.round(whole.width * scale)), resizeHeight: Math.max(1, Math.round(whole.height * scale)) };
  const fitted = await createImageBitmap(whole, { ...size, resizeQuality: 'high' });
  whole.close();
  return fitted;
}
