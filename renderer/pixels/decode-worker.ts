/** Fetches, decodes and fits pictures away from the page's own thread, which has the keys to answer. See decode.ts. */
import { pictureHeaders } from '../../main/contract/pictures.ts';
import type { FittedAddress } from './address.ts';

export interface DecodeOrder {
  readonly id: number;
  /** With an absolute address. Null: give up what was ordered under this id. */
  readonly picture: FittedAddress | null;
}

export interface DecodedAnswer {
  readonly bitmap: ImageBitmap;
  /** Pixels of the picture as it was sent. */
  readonly sentWidth: number;
  readonly sentHeight: number;
  /** As the engine says; null where it does not. */
  readonly source: string | null;
  /** The code of what kept better pixels away. */
  readonly refusal: string | null;
}

export interface DecodeAnswer {
  readonly id: number;
  /** Null where the picture could not be had; `code` says why as far as it is known. */
  readonly picture: DecodedAnswer | null;
  readonly code: string | null;
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
    .then((answer) => port.postMessage({ id, ...answer }, answer.picture ? [answer.picture.bitmap] : []))
    .catch(() => port.postMessage({ id, picture: null, code: null }, []))
    .finally(() => running.delete(id));
});

async function load({ url, width, height }: FittedAddress, signal: AbortSignal): Promise<Omit<DecodeAnswer, 'id'>> {
  const response = await fetch(url, { signal });
  if (!response.ok) return { picture: null, code: await codeOf(response) };
  const whole = await createImageBitmap(await response.blob());
  signal.throwIfAborted();
  const facts = {
    sentWidth: whole.width,
    sentHeight: whole.height,
    source: response.headers.get(pictureHeaders.source),
    refusal: response.headers.get(pictureHeaders.refusal),
  };
  const scale = width > 0 && height > 0 ? Math.min(width / whole.width, height / whole.height) : 1;
  if (scale >= 1) return { picture: { bitmap: whole, ...facts }, code: null };
  const size = { resizeWidth: Math.max(1, Math.round(whole.width * scale)), resizeHeight: Math.max(1, Math.round(whole.height * scale)) };
  const fitted = await createImageBitmap(whole, { ...size, resizeQuality: 'high' });
  whole.close();
  return { picture: { bitmap: fitted, ...facts }, code: null };
}

/** The code in a refusal's body. */
async function codeOf(response: Response): Promise<string | null> {
  const body: unknown = await response.json().catch(() => null);
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string' ? body.code : null;
}
